"""What is asked of Stripe about subscriptions: what is true of one now, and of its invoices."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from payments.stripe.billing.facts import (
    InvoiceFacts,
    SubscriptionFacts,
    invoice_facts,
    subscription_facts,
)
from payments.stripe.errors import translated
from shop.stripe_client import client, plain


@dataclass(frozen=True)
class Told:
    """A subscription and those of its invoices that were asked for, the oldest first."""

    subscription: SubscriptionFacts
    invoices: list[InvoiceFacts]


def read_subscription(subscription_id: str, *, since: datetime | None = None) -> Told:
    """The subscription as it is now, and its invoices from `since` on.

    Raises Refused, OutcomeUnknown.
    """
    with translated():
        told = plain(client().v1.subscriptions.retrieve(subscription_id))
        return Told(subscription_facts(told), _invoices(subscription_id, since))


def _invoices(subscription_id: str, since: datetime | None) -> list[InvoiceFacts]:
    wanted: Any = {"subscription": subscription_id, "limit": 100, "expand": ["data.payments"]}
    if since is not None:
        wanted["created"] = {"gte": int(since.timestamp())}
    page = client().v1.invoices.list(wanted)
    rows = [plain(invoice) for invoice in page.auto_paging_iter()]
    found = [invoice_facts(invoice, _lines(invoice)) for invoice in rows]
    return sorted(found, key=lambda facts: facts.created_at)


def _lines(invoice: dict[str, Any]) -> list[dict[str, Any]]:
    listed = invoice["lines"]
    if not listed["has_more"]:
        return list(listed["data"])
    page = client().v1.invoices.line_items.list(invoice["id"], {"limit": 100})
    return [plain(line) for line in page.auto_paging_iter()]
