"""What Stripe has to be told of the catalog: the difference between what is and what was told.

A variant is a Product at Stripe, a price a Price. What was told stands in the finished sync rows;
ids that belong to another account count as absent.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db.models import QuerySet

from shop.catalog.models import CatalogSync, Image, Price, Product, Variant
from shop.catalog.pictures import address
from shop.models import Installation

Kind = CatalogSync.Kind
# The outcomes of a sync row: Stripe has it, or Stripe has refused it.
TOLD = "told"
REFUSED = "refused"
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
        if self.kind == Kind.UPDATE_PRODUCT and not self.parameters["active"]:
            return "archive"
        return self.kind.partition("_")[0]

    def __str__(self) -> str:
        about = f"price {self.price}" if self.price else "product"
        return f"{self.action} {about} of {self.variant.sku} ({self.variant})"


@dataclass(frozen=True)
class Told:
    """What this account was told, and what it refused, about some variants."""

    account: str
    products: dict[int, dict[str, Any]]
    archived: set[int]
    refused: dict[WorkKey, dict[str, Any]]

    @classmethod
    def about(cls, variants: Iterable[Variant], account: str) -> Self:
        rows = CatalogSync.objects.filter(variant__in=variants, stripe_account=account)
        told = rows.filter(status=CatalogSync.Status.DONE, outcome=TOLD).order_by("finished_at")
        products: dict[int, dict[str, Any]] = {}
        archived = set()
        for row in told:
            if row.kind in {Kind.CREATE_PRODUCT, Kind.UPDATE_PRODUCT}:
                products[row.variant_id] = filled(row.parameters)
            elif row.kind == Kind.ARCHIVE_PRICE and row.price_id:
                archived.add(row.price_id)
        refused = {
            work_of(row): row.parameters
            for row in rows.filter(status=CatalogSync.Status.DEAD, outcome=REFUSED)
        }
        return cls(account, products, archived, refused)

    def knows(self, thing: Variant | Price) -> bool:
        """Whether the stored Stripe id was made in this account."""
        number = thing.stripe_price_id if isinstance(thing, Price) else thing.stripe_product_id
        return bool(number) and thing.stripe_account == self.account

    def has_refused(self, change: Change) -> bool:
        """Whether just this was refused: the same call would get the same answer."""
        refused = self.refused.get(change.work)
        return refused is not None and {**refused, "id": ""} == {**change.parameters, "id": ""}


def work_of(row: CatalogSync) -> WorkKey:
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
        if told.products.get(variant.pk) != wanted:
            update = {**dict.fromkeys(CLEARABLE, ""), **wanted}
            yield Change(Kind.UPDATE_PRODUCT, variant, update)
    elif wanted["active"]:
        yield Change(Kind.CREATE_PRODUCT, variant, wanted)
    else:
        return
    prices = sorted(variant.prices.all(), key=lambda price: price.pk)
    for price in prices:
        if price.is_active and wanted["active"] and not told.knows(price):
            yield Change(Kind.CREATE_PRICE, variant, price_parameters(variant, price, shop), price)
    for price in prices:
        # The old price goes after the new one has come: there is always one to pay.
        if not price.is_active and told.knows(price) and price.pk not in told.archived:
            yield Change(Kind.ARCHIVE_PRICE, variant, {"active": False}, price)


def product_parameters(variant: Variant, shop: str) -> dict[str, Any]:
    product = variant.product
    return filled(
        {
            "name": str(variant),
            "active": variant.is_active and product.status == Product.Status.ACTIVE,
            "description": product.description.split("\n\n")[0][:LONGEST_DESCRIPTION],
            "images": [picture] if (picture := picture_address(variant)) else [],
            "shippable": variant.requires_shipping,
            "tax_code": variant.tax_code,
            "metadata": {"shop": shop, "sku": variant.sku},
        }
    )


def price_parameters(variant: Variant, price: Price, shop: str) -> dict[str, Any]:
    return {
        "currency": price.currency,
        "unit_amount": price.unit_amount,
        "product": variant.stripe_product_id,
        # It stays with what is current: the new price takes it from the old one.
        "lookup_key": f"{shop}:{variant.sku}:{price.currency}",
        "transfer_lookup_key": True,
        "metadata": {"shop": shop, "sku": variant.sku, "price": price.key},
    }


def filled(parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters that say something, without the id that a creation chooses."""
    return {
        name: value for name, value in parameters.items() if value not in ("", []) and name != "id"
    }


def picture_address(variant: Variant) -> str:
    """Where Stripe's servers can fetch the picture; empty when they could not."""
    image = variant.image or next(iter(variant.product.images.all()), None)
    found = web_address(image) if image else ""
    return found if is_public(found) else ""


def web_address(image: Image) -> str:
    if not image.name:
        return image.source
    try:
        path = address(image.name, max(image.widths))
    except ValueError:
        # The rendition was not collected: no picture is better than no sync.
        return ""
    return urljoin(settings.SITE_URL, path)


def is_public(web: str) -> bool:
    """https, and neither a bare host name nor an address of a private network."""
    parts = urlsplit(web)
    host = parts.hostname or ""
    if parts.scheme != "https" or "." not in host:
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return True
