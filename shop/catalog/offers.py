"""What can be bought of one product: each variant with its price and what is left of it."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Prefetch

from shop.catalog.models import Image, Price, Product, Stock, Variant
from shop.money import Money

# At or below it people are told how many are left.
LOW_STOCK = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """One variant as it is sold now; without a price it is not for sale."""

    variant: Variant
    price: Price | None
    stock: Stock | None
    image: Image | None

    @property
    def available(self) -> int:
        return self.stock.available if self.stock and self.price else 0

    @property
    def is_available(self) -> bool:
        return self.available > 0

    @property
    def is_low(self) -> bool:
        return 0 < self.available <= LOW_STOCK

    @property
    def is_on_backorder(self) -> bool:
        """Sold before it is here."""
        return (
            self.is_available
            and self.stock is not None
            and self.stock.on_hand <= self.stock.reserved
        )

    @property
    def money(self) -> Money | None:
        return self.price.money if self.price else None


def offers(product: Product, currency: str = "") -> list[Offer]:
    """The active variants of `product`, whose images were read already, in their order.

    Prices are those in `currency`, else in the shop's own.
    """
    prices = Price.objects.current().filter(currency=currency or settings.DEFAULT_CURRENCY)
    variants = (
        product.variants.filter(is_active=True)
        .select_related("stock", "image")
        .prefetch_related(Prefetch("prices", prices, to_attr="current_prices"))
    )
    first = next(iter(product.images.all()), None)
    return [_offer(variant, first) for variant in variants]


def chosen(found: list[Offer], sku: str) -> Offer | None:
    """The one asked for by its SKU, else the first that can be had, else the first."""
    asked = [offer for offer in found if offer.variant.sku == sku]
    available = [offer for offer in found if offer.is_available]
    return next(iter(asked or available or found), None)


def _offer(variant: Variant, first: Image | None) -> Offer:
    prices: list[Price] = getattr(variant, "current_prices", [])
    return Offer(
        variant,
        price=prices[0] if prices else None,
        stock=getattr(variant, "stock", None),
        image=variant.image or first,
    )
