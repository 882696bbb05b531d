"""The page of Stripe's where a customer pays what they owe beside an order, and only that."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from payments import stripe_requests
from payments.later_charges.charging import locked
from payments.models import CheckoutSession, Customer, LaterCharge, Payment, StripeRequest
from payments.session_parameters.words import locale_of
from payments.settlement import next_look, page_calls

Status = CheckoutSession.Status
UNDER_WAY = [
    Payment.Status.REQUIRES_ACTION,
    Payment.Status.PROCESSING,
    Payment.Status.AUTHORIZED,
]


class NothingToPay(Exception):
    """It is paid, was dropped, or its payment is under way."""


class TooMany(Exception):
    """Too many pages were opened for it within a minute."""


def is_under_way(charge: LaterCharge) -> bool:
    """Whether a payment for it was made that has not come yet."""
    return charge.order.payments.filter(later_charge=charge, status__in=UNDER_WAY).exists()


def open_page(
    charge: LaterCharge,
    *,
    language: str,
    network: str,
    visitor: uuid.UUID | None = None,
    user: Any = None,
) -> CheckoutSession:
    """Open the page, or find the one that is open. Without an answer it has no address yet.

    Raises NothingToPay, TooMany, AccountUnknown.
    """
    page_calls.account()
    look(charge)
    session, request = _commit(
        charge, language=language, network=network, visitor=visitor, user=user
    )
    if request is not None:
        page_calls.carry_out(request)
    session.refresh_from_db()
    return session


@transaction.atomic(durable=True)
def _commit(
    charge: LaterCharge, *, language: str, network: str, visitor: uuid.UUID | None, user: Any
) -> tuple[CheckoutSession, StripeRequest | None]:
    # A second press waits here for the first one's commit, and finds its page.
    charge = locked(charge)
    if charge.status != LaterCharge.Status.ASKED or is_under_way(charge):
        raise NothingToPay
    page = charge.sessions.filter(status=Status.OPEN).first()
    if page is not None:
        return page, None
    now = timezone.now()
    lately = charge.sessions.filter(created_at__gt=now - timedelta(minutes=1)).count()
    if lately >= settings.CHECKOUT_RATE_LIMIT:
        raise TooMany(_("You have opened many pages. Please wait a minute."))
    session = CheckoutSession.objects.create(
        account=charge.account,
        later_charge=charge,
        customer=_customer(charge, visitor=visitor, user=user),
        visitor=visitor,
        user=user,
        network=network,
        **next_look.of_new_page(),
    )
    frozen = parameters(session, charge, language=language)
    return session, stripe_requests.new_session_request(session, frozen)


def _customer(charge: LaterCharge, *, visitor: uuid.UUID | None, user: Any) -> Customer | None:
    """Named to nobody but its owner: a link can be passed on, and the page shows what is saved."""
    customer = charge.method.customer
    theirs = Customer.of(visitor=visitor, user=user).filter(account=charge.account)
    return theirs.filter(pk=customer.pk).first()


def parameters(session: CheckoutSession, charge: LaterCharge, *, language: str) -> dict[str, Any]:
    """The whole request, as plain JSON: one line for just this amount, taken at once."""
    place = reverse("payments:later_charge", args=[charge.token])
    marks = {**stripe_requests.marks(charge), "session": str(session.pk)}
    with override(language):
        name, order = charge.for_what, _("Order %(number)s") % {"number": charge.order.number}
    thing = {"name": name, "description": f"{charge.words} ({order})"}
    price = {"currency": charge.currency, "unit_amount": charge.amount, "product_data": thing}
    customer = session.customer
    return {
        "mode": session.mode,
        "line_items": [{"price_data": price, "quantity": 1}],
        "success_url": f"{settings.SITE_URL}{place}?back",
        "cancel_url": f"{settings.SITE_URL}{place}",
        "locale": locale_of(language),
        "expires_at": int(session.expires_at.timestamp()),
        "client_reference_id": str(charge.pk),
        "metadata": marks,
        # A session's metadata is not copied to its PaymentIntent.
        "payment_intent_data": {
            "metadata": marks,
            "description": stripe_requests.description(charge),
        },
        "branding_settings": {"display_name": settings.SHOP_NAME, **settings.BRANDING},
        "adaptive_pricing": {"enabled": False},
        **(customer.named if customer is not None else {}),
    }


def look(charge: LaterCharge) -> None:
    """Go on with a page that is not made yet, or read what was done on it."""
    page = charge.sessions.filter(status=Status.OPEN).first()
    if page is None:
        return
    if page.stripe_session_id is None:
        page_calls.carry_out_what_is_due(page)
    else:
        page_calls.look(page)
