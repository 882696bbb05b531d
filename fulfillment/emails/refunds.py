"""Refunds as the customer is told of them: each that succeeded once, and in one mail only; and
each that came back.

Each has its mail. Of several that wait at the same time, the first tells of all.
"""

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from fulfillment.models import Email
from payments.models import Payment, Refund
from shop.orders.models import Order
from shop.work import Outcome

# Made up once. A mail is about a UUID, and a refund is known by Stripe's name for it.
REFUNDS = uuid.UUID("245b8b56-d2c4-4960-88d2-43b55704e1ae")
FAREWELLS = [Email.Template.CANCELLED, Email.Template.OUT_OF_STOCK]


def occasion(refund: Refund) -> uuid.UUID:
    """What the mail of this refund is about."""
    return uuid.uuid5(REFUNDS, f"{refund.account} {refund.stripe_refund_id}")


def succeeded(order: Order) -> QuerySet[Refund]:
    """A hold that was let go is no refund: its money had never been taken."""
    return Refund.objects.filter(
        payment__order=order, is_release=False, status="succeeded"
    ).select_related("payment")


def failed(order: Order) -> QuerySet[Refund]:
    """Those that the customer's bank did not take."""
    return Refund.objects.filter(
        payment__order=order, is_release=False, status="failed"
    ).select_related("payment")


def told_by(email: Email) -> Refund | None:
    """The refund that the mail is about, as long as it is as the mail says: there, or back."""
    tells_of = failed if email.template == Email.Template.REFUND_FAILED else succeeded
    refunds = tells_of(email.order)
    return next((refund for refund in refunds if occasion(refund) == email.about), None)


def made_together(email: Email) -> list[Email]:
    """The mails of further refunds of the order that wait to be sent, first first.

    In the same currency: the mail says how much they are together.
    """
    refund = told_by(email)
    if refund is None or email.template != Email.Template.REFUNDED:
        return []
    same = succeeded(email.order).filter(currency=refund.currency)
    waiting = Email.objects.open().filter(
        template=email.template,
        about__in=[occasion(one) for one in same if not is_told_elsewhere(one)],
    )
    return list(waiting.exclude(pk=email.pk).order_by("created_at", "pk"))


def is_for_an_earlier_mail(email: Email, together: Iterable[Email]) -> bool:
    """Whether one that was written before it will tell of its refund too."""
    return any((one.created_at, one.pk) < (email.created_at, email.pk) for one in together)


def finish_told(email: Email, together: Iterable[Email]) -> None:
    """What this mail told of as well is told; runs in the transaction that finishes it."""
    Email.objects.open().filter(pk__in=[one.pk for one in together]).update(
        status=Email.Status.DONE,
        outcome=Outcome.TOLD,
        detail=f"in the mail about refund {told_by(email)}"[:200],
        finished_at=timezone.now(),
        lease_token=None,
        lease_until=None,
        last_error="",
    )


def is_told_elsewhere(refund: Refund) -> bool:
    """Whether the mail that the order is cancelled says where this money is.

    One that was sent before the money came could not.
    """
    payment = refund.payment
    if payment.purpose not in Payment.OWN:
        return False
    farewells = Email.objects.filter(order=payment.order_id, template__in=FAREWELLS)
    came_at = payment.captured_at or refund.created_at
    return farewells.exclude(sent_at__lt=came_at).exists()
