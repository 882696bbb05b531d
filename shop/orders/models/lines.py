"""The lines of an order, with the words and prices of their day."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import translation

from shop.catalog.models import Price, Variant
from shop.money import Money, step
from shop.orders.models.order import Order
from shop.translation.translated import Translated, further_languages


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    def left(self) -> dict[int, int]:
        """What is still to be sent, {variant id: units}."""
        return _by_variant((line.variant_id, line.left) for line in self)

    def out_of_cart(self) -> dict[int, int]:
        """What the cart had of it: also what was not bought in the end. {variant id: units}"""
        return _by_variant((line.variant_id, line.ordered or line.quantity) for line in self)

    def taken_off(self) -> dict[int, int]:
        """What was taken off, {variant id: units}."""
        return _by_variant((line.variant_id, line.removed) for line in self)


def _by_variant(counts: Iterable[tuple[int, int]]) -> dict[int, int]:
    units: dict[int, int] = {}
    for variant_id, count in counts:
        if count:
            units[variant_id] = units.get(variant_id, 0) + count
    return units


class OrderLine(Translated):
    """One thing bought, with the name, price and amount of its day.

    Its title and choice are the shop's own words: staff pack by them.
    """

    TRANSLATED = ("title", "choice")

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    variant = models.ForeignKey(Variant, models.PROTECT, related_name="+")
    price = models.ForeignKey(Price, models.PROTECT, related_name="+")
    sku = models.CharField("SKU", max_length=64)
    title = models.CharField(max_length=255)
    choice = models.CharField(max_length=255, blank=True)
    unit_amount = models.BigIntegerField()
    quantity = models.PositiveIntegerField()
    # How many were ordered where fewer were bought: the payment page let the customer choose.
    ordered = models.PositiveIntegerField(null=True, blank=True)
    # Units taken off the order before the final capture (see OrderReduction).
    removed = models.PositiveIntegerField(default=0)
    # What is taken off it, written with the line; by settle, where the payment page has it.
    discount = models.BigIntegerField(null=True, blank=True)
    tax = models.BigIntegerField(null=True, blank=True)
    total = models.BigIntegerField(null=True, blank=True)

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_line_per_position"),
            models.CheckConstraint(
                name="line_quantities_make_sense",
                condition=Q(quantity__gte=1, removed__lte=models.F("quantity"), unit_amount__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def amount(self) -> Money:
        """Unit price times quantity, before discount and tax."""
        return Money(self.unit_amount * self.quantity, self.order.currency)

    @property
    def discounted(self) -> Money:
        """What the line costs, before tax that comes on top."""
        return Money(self.amount.amount - (self.discount or 0), self.order.currency)

    @property
    def left(self) -> int:
        """Units that are still to be sent."""
        return self.quantity - self.removed

    def worth_of(self, units: int) -> Money:
        """What `units` of those that are left cost the customer, discount and tax included.

        To the cent: however they are taken off, all of them are worth the line's total.
        """
        return Money(
            self._cost_of(self.left) - self._cost_of(self.left - units), self.order.currency
        )

    def _cost_of(self, units: int) -> int:
        total = self.discounted.amount if self.total is None else self.total
        if units == self.quantity:
            return total
        parts = step(self.order.currency)
        return total * units // self.quantity // parts * parts

    @property
    def unit_price(self) -> Money:
        return Money(self.unit_amount, self.order.currency)

    @property
    def title_read(self) -> str:
        """The title in the reader's language, as it was on the day of the order.

        Lines older than that is kept have the product's, while it is called what it was then.
        """
        if self.translations:
            return self.translated("title")
        product = self.variant.product
        return product.translated("title") if product.title == self.title else self.title

    @property
    def choice_read(self) -> str:
        """The choice likewise."""
        if self.translations:
            return self.translated("choice")
        is_same = self.variant.choice[:255] == self.choice
        return self.variant.translated_choice if is_same else self.choice


def words_of(variant: Variant) -> dict[str, Any]:
    """What a line says of a variant: in the shop's own words, and in each further language."""
    translations: dict[str, dict[str, str]] = {}
    for language in further_languages():
        with translation.override(language):
            title, choice = variant.product.translated("title"), variant.translated_choice
        texts = {"title": title, "choice": choice[:255]}
        translations[language] = {field: text for field, text in texts.items() if text}
    return {
        "title": variant.product.title,
        "choice": variant.choice[:255],
        "translations": translations,
    }
