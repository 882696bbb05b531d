"""What Stripe has to be told of the catalog: the difference between what is and what was told.

A variant is a Product at Stripe, a price a Price. What was told stands in the finished sync rows;
ids that belong to another account count as absent.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.db.models import QuerySet

from shop.catalog.models import (
    CatalogSync,
    Price,
    Product,
    StripeOffer,
    SyncConflict,
    Variant,
)
from shop.catalog.stripe_plan import pictures
from shop.models import Installation
from shop.work import Outcome

Kind = CatalogSync.Kind
# The outcomes of a sync row: Stripe has it, we took it over from Stripe, or Stripe has refused it.
TOLD = Outcome.TOLD
TAKEN = Outcome.TAKEN_OVER
REFUSED = Outcome.REFUSED
# Fields that are cleared at Stripe by sending them empty.
CLEARABLE = ("description", "images", "tax_code")
# It stands under the name on the payment page; the whole description has no room there.
LONGEST_DESCRIPTION = 500
CHUNK = 500
# Kind, variant and price: what a row is about, whatever its parameters.
WorkKey = tuple[str, int, int | None]


@dataclass(frozen=True)
class Change:
    """One call to Stripe that would bring a variant or a price in step."""

    kind: Kind
    variant: Variant
    parameters: dict[str, Any]
    price: Price | None = None

    @property
    def work(self) -> WorkKey:
        return self.kind, self.variant.pk, self.price.pk if self.price else None

    @property
    def action(self) -> str:
        """create, update or archive."""
        if self.kind == Kind.UPDATE_PRODUCT and self.parameters.get("active") is False:
            return "archive"
        return self.kind.partition("_")[0]

    def __str__(self) -> str:
        about = f"price {self.price}" if self.price else "product"
        return f"{self.action} {about} of {self.variant.sku} ({self.variant})"


@dataclass(frozen=True)
class Told:
    """What this account was told, what it refused and what is disputed about some variants."""

    account: str
    products: dict[int, dict[str, Any]]
    prices: dict[int, dict[str, Any]]
    archived: set[int]
    refused: dict[WorkKey, dict[str, Any]]
    # The fields that were changed on both sides; nobody is told of them until a person decides.
    disputed: dict[int, set[str]]
    # Prices that somebody made at Stripe, and that staff do not want.
    declined: set[str]

    @classmethod
    def about(cls, variants: Iterable[Variant], account: str) -> Self:
        variants = list(variants)
        rows = CatalogSync.objects.filter(variant__in=variants, stripe_account=account)
        agreed = rows.filter(status=CatalogSync.Status.DONE, outcome__in=[TOLD, TAKEN])
        told = cls(account, {}, {}, set(), {}, {}, set())
        for row in agreed.order_by("finished_at"):
            told._add(row)
        for row in rows.filter(status=CatalogSync.Status.DEAD, outcome=REFUSED):
            told.refused[work_of(row)] = row.parameters
        for variant_id, field in SyncConflict.objects.filter(
            variant__in=variants, stripe_account=account, status=SyncConflict.Status.OPEN
        ).values_list("variant_id", "field"):
            told.disputed.setdefault(variant_id, set()).add(field)
        declined = StripeOffer.objects.filter(
            variant__in=variants, stripe_account=account, status=StripeOffer.Status.DECLINED
        )
        told.declined.update(declined.values_list("stripe_id", flat=True))
        return told

    def _add(self, row: CatalogSync) -> None:
        match row.kind:
            case Kind.CREATE_PRODUCT:
                self.products[row.variant_id] = filled(row.parameters)
            case Kind.UPDATE_PRODUCT:
                before = self.products.get(row.variant_id, {})
                self.products[row.variant_id] = filled({**before, **row.parameters})
            case Kind.CREATE_PRICE | Kind.UPDATE_PRICE if row.price_id:
                before = self.prices.get(row.price_id, {})
                options = before.get("currency_options", {}) | row.parameters.get(
                    "currency_options", {}
                )
                self.prices[row.price_id] = {
                    **before,
                    **row.parameters,
                    "currency_options": options,
                }
            case Kind.ARCHIVE_PRICE if row.price_id:
                self.archived.add(row.price_id)

    def options(self, price: Price) -> dict[str, dict[str, Any]]:
        """{currency: amount} that both sides last agreed on for this Price."""
        options: dict[str, dict[str, Any]] = self.prices.get(price.pk, {}).get(
            "currency_options", {}
        )
        return options

    def disputes_a_price(self, variant: Variant) -> bool:
        """None of its prices is told until all are decided."""
        return any(field.startswith("price") for field in self.disputed.get(variant.pk, ()))

    def knows(self, thing: Variant | Price) -> bool:
        """Whether the stored Stripe id was made in this account."""
        number = thing.stripe_price_id if isinstance(thing, Price) else thing.stripe_product_id
        return bool(number) and thing.stripe_account == self.account

    def has_refused(self, change: Change) -> bool:
        """Whether just this was refused: the same call would get the same answer."""
        refused = self.refused.get(change.work)
        return refused is not None and {**refused, "id": ""} == {**change.parameters, "id": ""}


def work_of(row: CatalogSync) -> WorkKey:
    """What a row is about; two rows about the same are one piece of work."""
    return row.kind, row.variant_id, row.price_id


def plan(account: str) -> Iterator[Change]:
    """Every change that Stripe has not been told yet."""
    shop = Installation.current()
    variants = []
    for variant in with_all_parts(Variant.objects.order_by("pk")).iterator(chunk_size=CHUNK):
        variants.append(variant)
        if len(variants) == CHUNK:
            yield from _changes_of_all(variants, account, shop)
            variants = []
    yield from _changes_of_all(variants, account, shop)


def with_all_parts(variants: "QuerySet[Variant]") -> "QuerySet[Variant]":
    """The variants with all that `changes` reads."""
    return variants.select_related("product", "image").prefetch_related("prices", "product__images")


def _changes_of_all(variants: list[Variant], account: str, shop: str) -> Iterator[Change]:
    told = Told.about(variants, account)
    for variant in variants:
        yield from changes(variant, told, shop)


def changes(variant: Variant, told: Told, shop: str) -> Iterator[Change]:
    """What Stripe has to be told of this variant, in the order of the calls."""
    wanted = product_parameters(variant, shop)
    if told.knows(variant):
        if update := _update(variant, wanted, told):
            yield Change(Kind.UPDATE_PRODUCT, variant, update)
    elif wanted["active"]:
        yield Change(Kind.CREATE_PRODUCT, variant, wanted)
    else:
        return
    if not told.disputes_a_price(variant):
        yield from _changes_of_prices(variant, told, shop, is_sold=wanted["active"])


def _update(variant: Variant, wanted: dict[str, Any], told: Told) -> dict[str, Any]:
    """All undisputed fields if one of them is not as it was told, else nothing."""
    empty = dict.fromkeys(CLEARABLE, "")
    before = {**empty, **told.products.get(variant.pk, {})}
    disputed = told.disputed.get(variant.pk, set())
    update = {name: value for name, value in {**empty, **wanted}.items() if name not in disputed}
    return update if any(before.get(name) != value for name, value in update.items()) else {}


def _changes_of_prices(
    variant: Variant, told: Told, shop: str, *, is_sold: bool
) -> Iterator[Change]:
    prices = sorted(variant.prices.all(), key=lambda price: price.pk)
    for price in prices if is_sold else []:
        if not price.is_active or price in options_of(variant):
            continue
        wanted = price_parameters(variant, price, shop)
        if not told.knows(price):
            yield Change(Kind.CREATE_PRICE, variant, wanted, price)
        elif not _says_all(told.prices.get(price.pk, {}), marks := marks_of(wanted)):
            yield Change(Kind.UPDATE_PRICE, variant, marks, price)
    for price in prices:
        # The old price goes after the new one has come: there is always one to pay.
        if not price.is_active and told.knows(price) and price.pk not in told.archived:
            yield Change(Kind.ARCHIVE_PRICE, variant, {"active": False}, price)


def main_price(variant: Variant) -> Price | None:
    """The current price that is the variant's Price at Stripe: the one in the shop's currency."""
    current = [price for price in variant.prices.all() if price.is_active and not price.interval]
    current.sort(key=lambda price: (price.currency != settings.DEFAULT_CURRENCY, price.currency))
    return next(iter(current), None)


def options_of(variant: Variant) -> list[Price]:
    """The current prices in further currencies: `currency_options` of the main one."""
    main = main_price(variant)
    return [
        price
        for price in variant.prices.all()
        if price.is_active and not price.interval and price != main
    ]


def marks_of(parameters: dict[str, Any]) -> dict[str, Any]:
    """What may change of a price, and tells it as ours."""
    names = ("lookup_key", "transfer_lookup_key", "metadata", "currency_options")
    return {name: parameters[name] for name in names if name in parameters}


def _says_all(told: dict[str, Any], marks: dict[str, Any]) -> bool:
    # Stripe keeps the currencies that it was told of; one that we no longer sell in is not used.
    options = told.get("currency_options", {})
    return all(told.get(name) == marks[name] for name in ("lookup_key", "metadata")) and all(
        options.get(currency) == option
        for currency, option in marks.get("currency_options", {}).items()
    )


def product_parameters(variant: Variant, shop: str) -> dict[str, Any]:
    """What Stripe's Product of a variant should say; `shop` is the installation's name."""
    product = variant.product
    return filled(
        {
            "name": str(variant),
            "active": variant.is_active and product.status == Product.Status.ACTIVE,
            "description": description_of(product.description),
            "images": pictures.addresses(variant.image, product.images.all()),
            "shippable": variant.requires_shipping,
            "tax_code": variant.tax_code,
            "metadata": {"shop": shop, "sku": variant.sku},
        }
    )


def description_of(text: str) -> str:
    """Its first paragraph, as far as there is room."""
    opening, _, _ = text.replace("\r\n", "\n").partition("\n\n")
    return opening[:LONGEST_DESCRIPTION]


def price_parameters(variant: Variant, price: Price, shop: str) -> dict[str, Any]:
    """What Stripe's Price of this price should say; `shop` is the installation's name."""
    parameters = {
        "currency": price.currency,
        **amount_of(price),
        "product": variant.stripe_product_id,
        # It stays with what is current: the new price takes it from the old one.
        "lookup_key": lookup_key(variant, price, shop),
        "transfer_lookup_key": True,
        "metadata": {"shop": shop, "sku": variant.sku, "price": price.key},
    }
    if price.interval:
        parameters["recurring"] = rhythm_of(price)
    elif price.is_active and price == main_price(variant) and (options := options_of(variant)):
        parameters["currency_options"] = {one.currency: amount_of(one) for one in options}
    return parameters


def lookup_key(variant: Variant, price: Price, shop: str) -> str:
    """As "3f2a…:MUG-KELP:eur", for a subscription "…:eur:1month"."""
    key = f"{shop}:{variant.sku}:{price.currency}"
    return f"{key}:{price.interval_count}{price.interval}" if price.interval else key


def rhythm_of(price: Price) -> dict[str, Any]:
    """How often it is paid; nothing for once."""
    if not price.interval:
        return {}
    return {"interval": price.interval, "interval_count": price.interval_count}


def amount_of(price: Price) -> dict[str, Any]:
    """The amount as Stripe's parameters say it, in minor units: fixed, or to be chosen."""
    if not price.is_chosen:
        return {"unit_amount": price.unit_amount}
    bounds = {
        "minimum": price.minimum_amount,
        "preset": price.unit_amount,
        "maximum": price.maximum_amount,
    }
    return {"custom_unit_amount": {"enabled": True, **bounds}}


def filled(parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters that say something, without the id that a creation chooses."""
    return {
        name: value for name, value in parameters.items() if value not in ("", []) and name != "id"
    }
