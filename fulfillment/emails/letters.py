"""What the customer is told by mail: once per occasion, and only while it is true."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from fulfillment.balance import balance_of
from fulfillment.digital import shown
from fulfillment.emails import later, refunds, refusals, reminders
from fulfillment.emails.sending import composed, hand_over, shop_context, written
from fulfillment.emails.why_cancelled import why_cancelled
from fulfillment.emails.why_failed import why_failed
from fulfillment.models import Document, Email, Shipment
from payments.models import Payment, Subscription
from shop import work
from shop.accounts.language import language_of
from shop.money import Money
from shop.orders.models import Order, OrderLine
from shop.work import Outcome

Template = Email.Template
Status = Order.Status

CONFIRMED_OR_LATER = [Status.CONFIRMED, Status.PARTLY_SHIPPED, Status.SHIPPED, Status.COMPLETED]
# A mail whose occasion has passed would contradict the order page; it is not sent.
TRUE_WHILE = {
    Template.RECEIVED: [Status.CONFIRMED],
    Template.CONFIRMED: CONFIRMED_OR_LATER,
    Template.PROCESSING: [Status.PROCESSING],
    Template.VOUCHER: [Status.PROCESSING],
    Template.VOUCHER_ENDS: [Status.PROCESSING],
    Template.PAYMENT_FAILED: [Status.PAYMENT_FAILED],
    Template.RECOVERY: [Status.EXPIRED],
    Template.CANCELLED: [Status.CANCELLED],
    Template.OUT_OF_STOCK: [Status.CANCELLED],
    Template.TRIAL: [Status.CANCELLED],
    Template.SHIPPED: [Status.PARTLY_SHIPPED, Status.SHIPPED, Status.COMPLETED],
    Template.REFUNDED: list(Status),
    Template.REFUND_FAILED: list(Status),
    Template.KEYS: CONFIRMED_OR_LATER,
    Template.LATER_CHARGED: list(Status),
    Template.LATER_ASKED: list(Status),
}
# By then the mail before it is sent, or is tried again.
SOON = timedelta(seconds=10)


def queue(template: "Email.Template", order: Order, *, about: uuid.UUID | None = None) -> None:
    """Write the mail, once per template and occasion; nothing for an order without an address."""
    if not _address(template, order):
        return
    email, made = Email.objects.get_or_create(
        template=template, about=about or order.pk, defaults={"order": order}
    )
    if made:
        email.ring()


def _address(template: str, order: Order) -> str:
    """The one from the payment page; of an order that was left before that, the one in the cart."""
    return order.recovery_email if template == Template.RECOVERY else order.email


def send(email: Email) -> None:
    """Send the mail if it is still true; no transaction is open while the mail server is asked."""
    order = Order.objects.get(pk=email.order_id)
    if not is_true(email, order):
        work.finish(email, Outcome.OVERTAKEN)
        return
    together = refunds.made_together(email)
    if refunds.is_for_an_earlier_mail(email, together):
        raise work.TryLater("An earlier mail tells of it too.", after=SOON)
    hand_over(compose(email, order, together))
    with transaction.atomic():
        work.finish(email, Outcome.SENT)
        refunds.finish_told(email, together)
        Email.objects.filter(pk=email.pk).update(sent_at=timezone.now())


def is_true(email: Email, order: Order) -> bool:
    """Whether what the mail says is still so."""
    if order.status not in TRUE_WHILE[Template(email.template)]:
        return False
    if email.template == Template.REFUNDED:
        refund = refunds.told_by(email)
        return refund is not None and not refunds.is_told_elsewhere(refund)
    if email.template == Template.REFUND_FAILED:
        return refunds.told_by(email) is not None
    if email.template == Template.RECOVERY:
        return reminders.is_wanted(order)
    if email.template in later.TEMPLATES:
        return later.is_true(email)
    if email.template in {Template.VOUCHER, Template.VOUCHER_ENDS}:
        return waiting_voucher(order) is not None
    if email.template in {Template.RECEIVED, Template.CONFIRMED} and order.cancel_requested_at:
        return False
    # Once the parcel is opened, "confirmed" says more.
    return email.template != Template.RECEIVED or not order.shipments.exists()


def compose(email: Email, order: Order, together: Sequence[Email] = ()) -> EmailMultiAlternatives:
    """The mail in text and HTML, in the language that the customer has chosen for all mails, else
    in the one that they read when they ordered.

    Its Message-ID is the row's, so that a repeat is known as one. `together` are the mails whose
    refunds it tells of as well.
    """
    language = language_of(order.user) or order.language
    return composed(lambda: _written(email, order, together), language=language)


def _written(email: Email, order: Order, together: Sequence[Email]) -> EmailMultiAlternatives:
    context = _context(email, order, [email, *together])
    headers: dict[str, str] = {}
    if email.template == Template.RECOVERY:
        context["off_url"], headers = refusals.way_out(order)
    to = _address(email.template, order)
    return written(email.template, context, to=to, row=email, headers=headers)


def _context(email: Email, order: Order, told: Sequence[Email]) -> dict[str, Any]:
    """Everything the templates need, read now, so that a template reads nothing itself."""
    lines = list(order.lines.select_related("variant__product"))
    return {
        "order": order,
        "lines": lines,
        "taken_off": [line for line in lines if line.removed],
        "balance": balance_of(order),
        "why": why_cancelled(order) or _why_failed(email, order),
        "payment": waiting_voucher(order),
        "period": getattr(order, "subscription_invoice", None),
        "subscription_url": _subscription_url(order),
        "documents": [one for each in told for one in told_documents(each, order)],
        "stripe_invoices": stripe_invoices(email, order),
        **later.context(email),
        **_parcel(email),
        **_sent_back(told),
        **_handed_out(email, order),
        "has_parcel": order.shipments.exists(),
        "has_digital": any(_is_digital(line) for line in lines),
        "order_url": settings.SITE_URL + _place(email, order),
        "days_to_pay": reminders.DAYS_TO_PAY,
        **shop_context(),
    }


def _subscription_url(order: Order) -> str:
    """Where what an order is a period of can be changed and ended; empty for other orders."""
    period = getattr(order, "subscription_invoice", None)
    # A trial has an order of its own, and no period yet.
    begun = Subscription.objects.filter(session__order=order)
    row = period.subscription if period else begun.first()
    return settings.SITE_URL + row.address if row is not None else ""


def _is_digital(line: OrderLine) -> bool:
    """Whether it is bought and never lies on a shelf."""
    variant = line.variant
    return bool(line.left) and not (variant.requires_shipping or variant.product.is_given)


def told_documents(email: Email, order: Order) -> list[Document]:
    """Those of what the mail tells: the money that was taken, or that went back."""
    documents = order.documents.defer("content")
    if email.template == Template.CONFIRMED:
        return list(documents.filter(kind=Document.Kind.INVOICE, payment__later_charge=None))
    if email.template == Template.LATER_CHARGED:
        ours = documents.filter(kind=Document.Kind.INVOICE)
        return list(ours.filter(payment__later_charge=email.about))
    if email.template in refunds.FAREWELLS:
        return list(documents)
    refund = refunds.told_by(email) if email.template == Template.REFUNDED else None
    return list(documents.filter(refund=refund)) if refund else []


def stripe_invoices(email: Email, order: Order) -> list[dict[str, str]]:
    """Those that Stripe made, in the mail that says that the money was taken."""
    if email.template != Template.CONFIRMED:
        return []
    paid = order.checkout_sessions.filter(stripe_invoice__has_key="number")
    return [session.stripe_invoice for session in paid]


def _place(email: Email, order: Order) -> str:
    """Where the mail leads."""
    is_to_pay = email.template == Template.RECOVERY
    return reverse(f"fulfillment:{'pay' if is_to_pay else 'order'}", args=[order.token])


def _why_failed(email: Email, order: Order) -> str:
    return why_failed(order) if email.template == Template.PAYMENT_FAILED else ""


def waiting_voucher(order: Order) -> Payment | None:
    """The payment whose voucher the customer still has to pay, if there is one."""
    payments = order.payments.filter(status=Payment.Status.REQUIRES_ACTION, later_charge=None)
    return next((payment for payment in payments if payment.waits_with_voucher), None)


def _parcel(email: Email) -> dict[str, Any]:
    shipment = Shipment.objects.filter(pk=email.about).first()
    if shipment is None:
        return {}
    lines = shipment.lines.select_related("order_line__variant__product")
    return {"shipment": shipment, "parcel": list(lines.order_by("order_line__position"))}


def _handed_out(email: Email, order: Order) -> dict[str, Any]:
    """What is digital and was not taken off, with links that begin to count their days now."""
    if email.template not in {Template.CONFIRMED, Template.KEYS}:
        return {}
    found = [one for one in shown.of(order) if one.line.left]
    if email.template == Template.KEYS:
        found = [one for one in found if one.delivery.pk == email.about]
    return {"handed_out": found, "agreed": shown.agreed(order), "days": settings.DOWNLOAD_DAYS}


BESIDES = {Payment.Purpose.LATER, Payment.Purpose.PRORATED}


def _sent_back(told: Sequence[Email]) -> dict[str, Any]:
    about_refunds = {Template.REFUNDED, Template.REFUND_FAILED}
    found = [refunds.told_by(email) for email in told if email.template in about_refunds]
    made = [refund for refund in found if refund]
    if not made:
        return {}
    amounts = [Money(refund.amount, refund.currency) for refund in made]
    extra = [
        amount
        for amount, refund in zip(amounts, made, strict=True)
        if refund.payment.purpose == Payment.Purpose.EXTRA
    ]
    return {
        "sent_back": sum(amounts[1:], amounts[0]),
        "in_parts": amounts if len(amounts) > 1 else [],
        "of_second_payment": sum(extra[1:], extra[0]) if extra else None,
        "was_paid_twice": len(extra) == len(made),
        # Of what was paid besides, the sums of the order say nothing.
        "is_besides": any(refund.payment.purpose in BESIDES for refund in made),
    }
