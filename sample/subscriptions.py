"""What the demo sells again and again: soap each month, bath salts each quarter, a membership."""

import uuid

from django.db import transaction

from shop.catalog import publishing, stock
from shop.catalog.models import Category, Image, Price, Product, Stock, Variant

SLUG = "circle-of-the-tides"
SKU = "CIRCLE-TIDES"
PICTURE = "shoreline-field-guide"
TRIAL_DAYS = 14
# {SKU: (how often, in months, {currency: minor units})}, a little below what it costs once.
BESIDE_ONCE = {
    "SOAP-KELP": (1, {"eur": 650, "usd": 750}),
    "SALTS-FORESHORE": (3, {"eur": 1700, "usd": 1900}),
}
MEMBERSHIP = {"eur": 500, "usd": 550}
# Nobody counts members; the shop takes nothing that is not there.
ENOUGH = 1_000_000


@transaction.atomic
def set_subscriptions(address: str) -> None:
    """For a shop that sells nothing so; `address` is that of its picture, with a gap for a name."""
    if Price.objects.exclude(interval="").exists():
        return
    for variant in Variant.objects.filter(sku__in=BESIDE_ONCE):
        months, amounts = BESIDE_ONCE[variant.sku]
        for currency, amount in amounts.items():
            _ask(variant, currency, amount, months=months)
    _membership(address)


def _membership(address: str) -> None:
    category = Category.objects.order_by("pk").first()
    if category is None or Product.objects.filter(slug=SLUG).exists():
        return
    product = Product.objects.create(
        slug=SLUG,
        title="Circle of the Tides",
        description="Once a month a letter from the workshop, with a pattern, a recipe and the"
        " tide table of our coast. It comes by e-mail.",
        translations={
            "de": {
                "title": "Kreis der Gezeiten",
                "description": "Einmal im Monat ein Brief aus der Werkstatt, mit einem"
                " Schnittmuster, einem Rezept und dem Gezeitenkalender unserer Küste. Er kommt per"
                " E-Mail.",
            }
        },
        category=category,
        status=Product.Status.ACTIVE,
    )
    Image.objects.create(
        product=product, source=address.format(PICTURE), alt="A small book about the shore"
    )
    variant = Variant.objects.create(product=product, sku=SKU, requires_shipping=False)
    for currency, amount in MEMBERSHIP.items():
        _ask(variant, currency, amount, trial_days=TRIAL_DAYS)
    Stock.objects.get_or_create(variant=variant)
    stock.adjust(variant.pk, ENOUGH, reason="members", cause_kind="delivery", cause_id=uuid.uuid4())
    publishing.tell(product)


def _ask(
    variant: Variant, currency: str, amount: int, *, months: int = 1, trial_days: int | None = None
) -> None:
    price = Price(
        currency=currency,
        unit_amount=amount,
        interval=Price.Interval.MONTH,
        interval_count=months,
        trial_days=trial_days,
    )
    publishing.replace(variant, price)
