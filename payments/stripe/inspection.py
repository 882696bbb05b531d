"""What a key may do, where Stripe sends its events, what time it is there; nothing is changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import stripe
from django.conf import settings

from payments.stripe.errors import translated
from shop.orders.tax import mode as tax
from shop.stripe_client import client

# No object has this id: a call that is allowed is answered with 404 and does nothing.
NONE = "holdfast_doctor"


@dataclass(frozen=True)
class Endpoint:
    """Where Stripe sends events, which ones, and in the words of which API version."""

    url: str
    enabled: bool
    events: frozenset[str]
    api_version: str


@dataclass(frozen=True)
class Answer:
    """That Stripe took the key, and what time it said it was."""

    account: str
    at: datetime | None


@dataclass(frozen=True)
class TaxSettings:
    """Whether automatic tax can be asked for, and what is missing, by Stripe's names."""

    is_active: bool
    missing: list[str]


def api_version() -> str:
    """The version that every call names."""
    return stripe.api_version or ""


def ask_account() -> Answer:
    """Who the key belongs to; a key that may not read that has an empty account.

    Raises Refused, OutcomeUnknown: of status 401 when the key itself is refused.
    """
    with translated():
        try:
            account = client().v1.accounts.retrieve_current()
        except stripe.PermissionError as error:
            return Answer("", _moment(error.headers))
        answer = account.last_response
        return Answer(str(account.id), _moment(answer.headers if answer else None))


def endpoints() -> list[Endpoint]:
    """All webhook endpoints of the account. Raises Refused, OutcomeUnknown."""
    with translated():
        listed = client().v1.webhook_endpoints.list({"limit": 100})
        return [
            Endpoint(
                endpoint.url,
                endpoint.status == "enabled",
                frozenset(endpoint.enabled_events),
                endpoint.api_version or "",
            )
            for endpoint in listed.auto_paging_iter()
        ]


def missing_rights() -> list[str]:
    """What the shop needs and the key may not, in the Dashboard's words.

    Raises OutcomeUnknown, Refused when Stripe says neither yes nor no.
    """
    return [right for right, ask in needed_rights().items() if not _is_allowed(ask)]


def needed_rights() -> dict[str, Callable[[stripe.StripeClient], object]]:
    """Calls that change nothing, by the right that each needs."""
    by_stripe = STRIPE_TAX_RIGHTS if tax.is_by_stripe() else {}
    return {
        **RIGHTS,
        **(TAX_RIGHTS if tax.is_on() else by_stripe),
        **(INVOICE_RIGHTS if settings.INVOICE_CREATION else {}),
        **(CODE_RIGHTS if settings.ALLOW_PROMOTION_CODES else {}),
    }


def tax_settings() -> TaxSettings:
    """Whether Stripe Tax can work something out. Raises Refused, OutcomeUnknown."""
    with translated():
        found = client().v1.tax.settings.retrieve()
        pending = found.status_details.pending
        missing = (pending.missing_fields if pending else None) or []
        return TaxSettings(found.status == "active", list(missing))


def _is_allowed(ask: Callable[[stripe.StripeClient], object]) -> bool:
    with translated():
        try:
            ask(client())
        except stripe.PermissionError:
            return False
        except stripe.InvalidRequestError as error:
            if error.http_status != 404:
                raise
    return True


def _moment(headers: object) -> datetime | None:
    """The time of an answer, by the clock of who gave it."""
    said = {str(name).lower(): value for name, value in dict(headers or {}).items()}.get("date")  # type: ignore[call-overload]
    try:
        return parsedate_to_datetime(said).astimezone(UTC) if said else None
    except ValueError:
        return None


RIGHTS: dict[str, Callable[[stripe.StripeClient], object]] = {
    "Checkout Sessions: write": lambda it: it.v1.checkout.sessions.expire(NONE),
    "PaymentIntents: write": lambda it: it.v1.payment_intents.cancel(NONE),
    "Refunds: write": lambda it: it.v1.refunds.update(NONE, {"metadata": {}}),
    "Customers: write": lambda it: it.v1.customers.update(NONE, {"metadata": {}}),
    "Payment Methods: write": lambda it: it.v1.payment_methods.detach(NONE),
    "Setup Intents: read": lambda it: it.v1.setup_intents.list({"limit": 1}),
    "Mandates: read": lambda it: it.v1.mandates.retrieve(NONE),
    "Subscriptions: write": lambda it: it.v1.subscriptions.update(NONE, {"metadata": {}}),
    "Invoices: read": lambda it: it.v1.invoices.list({"limit": 1}),
    "Customer portal: write": lambda it: it.v1.billing_portal.configurations.update(
        NONE, {"metadata": {}}
    ),
    "Products: write": lambda it: it.v1.products.update(NONE, {"metadata": {}}),
    "Prices: write": lambda it: it.v1.prices.update(NONE, {"metadata": {}}),
    "Charges: read": lambda it: it.v1.charges.list({"limit": 1}),
    "Disputes: read": lambda it: it.v1.disputes.list({"limit": 1}),
    "Events: read": lambda it: it.v1.events.list({"limit": 1}),
    "Reviews: read": lambda it: it.v1.reviews.list({"limit": 1}),
    "Early Fraud Warnings: read": lambda it: it.v1.radar.early_fraud_warnings.list({"limit": 1}),
    "Webhook Endpoints: read": lambda it: it.v1.webhook_endpoints.list({"limit": 1}),
}
# Only where rates are told (TAX_MODE).
TAX_RIGHTS: dict[str, Callable[[stripe.StripeClient], object]] = {
    "Tax Rates: write": lambda it: it.v1.tax_rates.update(NONE, {"metadata": {}}),
}
# Only where Stripe Tax works it out.
STRIPE_TAX_RIGHTS: dict[str, Callable[[stripe.StripeClient], object]] = {
    "Tax Settings: read": lambda it: it.v1.tax.settings.retrieve(),
}
# Only where Stripe makes invoices (INVOICE_CREATION).
INVOICE_RIGHTS: dict[str, Callable[[stripe.StripeClient], object]] = {
    "Invoices: read": lambda it: it.v1.invoices.list({"limit": 1}),
}
# Only where the payment page takes codes (ALLOW_PROMOTION_CODES).
CODE_RIGHTS: dict[str, Callable[[stripe.StripeClient], object]] = {
    "Coupons: write": lambda it: it.v1.coupons.update(NONE, {"metadata": {}}),
    "Promotion Codes: write": lambda it: it.v1.promotion_codes.update(NONE, {"metadata": {}}),
}
