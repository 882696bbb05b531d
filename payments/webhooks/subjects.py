"""What an event is about."""

import uuid
from typing import Any

from django.db.models import Q

from payments import recovered
from payments.models import CheckoutSession, Customer, Payment, Subscription, WebhookEvent
from payments.stripe import gateway
from shop import stripe_client, work
from shop.models import Installation

# What is told of those who pay, whatever they buy.
OF_CUSTOMERS = ("customer.", "payment_method.", "mandate.")
OF_SUBSCRIPTIONS = ("customer.subscription.", "invoice.")


def customer_of(event: WebhookEvent) -> Customer | None:
    """Whom an event is about: by their own id, or by a method that is or was kept for them."""
    account = stripe_client.account()
    told = event.payload["data"]["object"]
    before = event.payload["data"].get("previous_attributes") or {}
    method = told.get("payment_method") if told.get("object") == "mandate" else told.get("id")
    names = [
        value
        for source in (told, before)
        for value in (source.get("customer"), source.get("customer_account"), source.get("id"))
        if isinstance(value, str) and value
    ]
    known = Customer.objects.filter(account=account)
    return (
        known.filter(Q(stripe_customer_id__in=names) | Q(stripe_account_id__in=names)).first()
        or known.filter(methods__stripe_payment_method_id=str(method or "-")).first()
    )


def subscription_of(event: WebhookEvent) -> Subscription | CheckoutSession | None:
    """The subscription that an event, or its invoice, is about; by our marks, the page that began
    it. None for what is none of ours.

    Raises TryLater for a page that the shop does not know yet.
    """
    account = stripe_client.account()
    told = event.payload["data"]["object"]
    if told.get("object") == "invoice":
        told = (told.get("parent") or {}).get("subscription_details") or {}
        stripe_id = told.get("subscription")
    else:
        stripe_id = told.get("id")
    stripe_id = stripe_id if isinstance(stripe_id, str) else ""
    known = Subscription.objects.filter(account=account, stripe_subscription_id=stripe_id or "-")
    if row := known.first():
        return row
    marks = told.get("metadata") or {}
    if marks.get("shop") != Installation.current() or not _is_uuid(marks.get("session")):
        return None
    page = CheckoutSession.objects.filter(pk=marks["session"], account=account).first()
    if page is None or page.stripe_session_id is None:
        raise work.TryLater(f"The page {marks['session']} of {stripe_id} is not known.")
    return page


def locate(event: WebhookEvent) -> CheckoutSession | Payment | None:
    """What an event is about: by our Stripe ids, by metadata, or through its PaymentIntent.

    Raises recovered.NotPaid for what happens on a copy of an expired page before that is paid.
    """
    account = stripe_client.account()
    session = CheckoutSession.objects.filter(
        account=account, stripe_session_id=event.object_id
    ).first()
    if session is not None:
        return session
    if payment := _payment(event, account):
        return payment
    if copy := _copy(event, account):
        return copy
    return _by_metadata(event, account) or _through_payment_intent(event, account)


def _payment(event: WebhookEvent, account: str) -> Payment | None:
    """By its PaymentIntent, or by the charge where that is all the event names."""
    payments = Payment.objects.filter(account=account)
    charge = event.payload["data"]["object"].get("charge")
    charge_id = charge[:255] if isinstance(charge, str) else ""
    if event.payment_intent_id or not charge_id:
        known = Q(stripe_payment_intent_id=event.payment_intent_id or "-")
        return payments.filter(known).first()
    payment = payments.filter(stripe_charge_id=charge_id).first()
    event.payment_intent_id = (
        payment.stripe_payment_intent_id if payment else gateway.payment_of_charge(charge_id)
    )
    event.save(update_fields=["payment_intent_id"])
    return payment or payments.filter(stripe_payment_intent_id=event.payment_intent_id).first()


def _copy(event: WebhookEvent, account: str) -> CheckoutSession | None:
    """A page that Stripe copied from one of ours: it and its payment carry our marks as well."""
    if event.metadata_shop != Installation.current():
        return None
    stripe_object = event.payload["data"]["object"]
    if stripe_object.get("object") == "checkout.session":
        is_copy = bool(stripe_object.get("recovered_from"))
        return recovered.adopt(event.object_id, account) if is_copy else None
    marked = str((stripe_object.get("metadata") or {}).get("session"))
    # Only one that has expired is ever copied.
    pages = CheckoutSession.objects.filter(account=account, status=CheckoutSession.Status.EXPIRED)
    page = pages.filter(pk=marked).first() if _is_uuid(marked) else None
    if page is None or not event.payment_intent_id:
        return None
    origin = gateway.session_of_payment(event.payment_intent_id)
    is_copy = origin is not None and origin[0] != page.stripe_session_id
    return recovered.adopt(origin[0], account) if origin and is_copy else None


def _by_metadata(event: WebhookEvent, account: str) -> CheckoutSession | None:
    """A session's own event may come before the answer to its creation."""
    marks = event.payload["data"]["object"].get("metadata") or {}
    if event.metadata_shop != Installation.current() or not _is_uuid(marks.get("session")):
        return None
    session = CheckoutSession.objects.filter(pk=marks["session"], account=account).first()
    if session is not None and session.stripe_session_id is None:
        stripe_object = event.payload["data"]["object"]
        if stripe_object.get("object") == "checkout.session":
            session.stripe_session_id = event.object_id
        elif event.payment_intent_id and (
            origin := gateway.session_of_payment(event.payment_intent_id)
        ):
            session.stripe_session_id = origin[0]
    return session if session is not None and session.stripe_session_id else None


def _through_payment_intent(event: WebhookEvent, account: str) -> CheckoutSession | None:
    """By Stripe's own session of the payment. After a restore only its marks say whose it is."""
    origin = event.payment_intent_id and gateway.session_of_payment(event.payment_intent_id)
    if not origin:
        return None
    stripe_id, marks = origin
    sessions = CheckoutSession.objects.filter(account=account)
    if session := sessions.filter(stripe_session_id=stripe_id).first():
        return session
    if marks.get("shop") != Installation.current():
        return None
    event.metadata_shop, event.metadata_order = marks["shop"][:64], marks.get("order", "")[:64]
    event.save(update_fields=["metadata_shop", "metadata_order"])
    ours = marks.get("session", "")
    session = sessions.filter(pk=ours).first() if _is_uuid(ours) else None
    if session is not None and session.stripe_session_id:
        return recovered.adopt(stripe_id, account)
    if session is not None:
        session.stripe_session_id = stripe_id
    return session


def _is_uuid(value: Any) -> bool:
    try:
        uuid.UUID(str(value))
    except ValueError:
        return False
    return True
