"""The menu of the staff site: pages and lists grouped by what staff come to do.

What is not named here stands in the last group, so that nothing gets lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

REST = "More"


@dataclass(frozen=True)
class Rows:
    """The list of a model, under a title of its own where the model's name says less."""

    label: str
    title: str = ""


@dataclass(frozen=True)
class Page:
    """A page that no model has."""

    title: str
    url_name: str
    permission: str


MENU: dict[str, tuple[Rows | Page, ...]] = {
    "Orders": (
        Rows("orders.Order"),
        Page("Payments to capture", "admin:capture_queue", "payments.view_payment"),
        Rows("fulfillment.Shipment", "Parcels"),
        Rows("fulfillment.DigitalDelivery", "Downloads"),
        Rows("fulfillment.Document", "Invoices and credit notes"),
        Rows("payments.LaterCharge", "Charged later"),
        Rows("payments.Subscription"),
        Rows("payments.Refund"),
        Rows("payments.Dispute"),
    ),
    "Products": (
        Rows("catalog.Product"),
        Rows("catalog.Category"),
        Rows("catalog.OptionWord", "Option words"),
        Rows("catalog.Fact", "Facts"),
        Rows("catalog.DigitalGood", "Digital goods"),
        Rows("catalog.LicenseKey", "License keys"),
    ),
    "Prices": (
        Page("Change prices", "admin:edit_prices", "catalog.view_price"),
        Rows("catalog.Price", "All prices, old and new"),
    ),
    "Stock": (
        Rows("catalog.Stock", "Stock now"),
        Rows("catalog.StockMovement"),
        Rows("fulfillment.StockAlert", "Who waits for what"),
    ),
    "Discounts": (Rows("orders.Discount", "Discounts and codes"),),
    "Delivery, tax and texts": (
        Rows("orders.DeliveryMethod"),
        Rows("orders.TaxRate"),
        Rows("orders.Question", "Questions on the payment page"),
        Rows("orders.PageText", "Texts on the payment page"),
    ),
    "Catalog at Stripe": (
        Rows("catalog.SyncConflict", "Conflicts to decide"),
        Rows("catalog.UnclaimedStripeObject", "Objects to adopt or leave"),
        Rows("catalog.CatalogSync", "Changes told to Stripe"),
    ),
    "People": (
        Rows("fulfillment.ContactMessage", "Messages to the shop"),
        Rows("fulfillment.OrderLink", "Links to orders asked for"),
        Rows("accounts.User"),
        Rows("auth.Group"),
        Rows("mfa.Authenticator", "Second factors"),
        Rows("payments.Customer"),
        Rows("payments.SavedMethod", "Saved payment methods"),
        Rows("accounts.LoginFailure"),
        Rows("accounts.PasswordReset"),
        Rows("accounts.AccountMail"),
    ),
    "Looking closer": (
        Rows("payments.Payment"),
        Rows("payments.CheckoutSession"),
        Rows("payments.MoneyEntry"),
        Rows("payments.MoneyAction"),
        Rows("payments.RiskSign"),
        Rows("payments.PortalConfiguration", "Stripe's customer portal"),
        Rows("orders.OrderTransition"),
        Rows("orders.OrderHold"),
        Rows("orders.OrderReduction"),
        Rows("fulfillment.Preparation", "Stock checks"),
        Rows("fulfillment.Email", "Mails"),
        Rows("fulfillment.BackInStock", "Mails about what is back"),
        Rows("fulfillment.SubscriptionMail", "Mails about subscriptions"),
        Rows("payments.StripeRequest"),
        Rows("payments.WebhookEvent"),
        Rows("payments.TaxRateSync"),
        Rows("payments.DiscountSync"),
    ),
}


def groups(request: HttpRequest, apps: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The menu for this person, in the form of Django's list of apps and their models."""
    lists = {
        model["model"]._meta.label: {**model, "label": model["model"]._meta.label_lower}
        for app in apps
        for model in app["models"]
    }
    found = []
    for name, entries in MENU.items():
        shown = [_entry(request, entry, lists) for entry in entries]
        found.append(_group(name, [one for one in shown if one]))
    found.append(_group(REST, list(lists.values())))
    return [group for group in found if group["models"]]


def _entry(
    request: HttpRequest, entry: Rows | Page, lists: dict[str, dict[str, Any]]
) -> dict[str, Any] | None:
    """The entry if this person may see it; a list is taken out of `lists`."""
    if isinstance(entry, Rows):
        model = lists.pop(entry.label, None)
        return model and {**model, "name": entry.title or model["name"]}
    if not request.user.has_perm(entry.permission):
        return None
    address = reverse(entry.url_name)
    return {"name": entry.title, "label": entry.url_name, "admin_url": address, "is_page": True}


def _group(name: str, models: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "app_label": name.partition(",")[0].lower().replace(" ", "-"),
        "app_url": "",
        "has_module_perms": True,
        "models": models,
    }
