"""The variants in which products are bought."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from shop.catalog.models.barcodes import MOST_DIGITS, is_barcode
from shop.catalog.models.price_span_triggers import OF_VARIANTS, follow_lowest
from shop.catalog.models.products.product import Product
from shop.catalog.models.tax_class import is_tax_code


class Variant(models.Model):
    """What is really bought: one SKU. At Stripe it is a Product."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="variants")
    sku = models.CharField("SKU", max_length=64, unique=True)
    option_values = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    requires_shipping = models.BooleanField(default=True)
    grams = models.PositiveIntegerField(default=0)
    # Its own, and never taken from the weight in its parcel: that has a jar around it.
    content = models.DecimalField(
        max_digits=10,
        decimal_places=3,
        null=True,
        blank=True,
        help_text="How much is in it, in the unit in which its product says contents.",
    )
    tax_code = models.CharField(
        max_length=20,
        blank=True,
        validators=[is_tax_code],
        help_text="Of Stripe Tax, as txcd_99999999; empty: the shop's own default.",
    )
    barcode = models.CharField(
        max_length=MOST_DIGITS,
        blank=True,
        default="",
        db_default="",
        validators=[is_barcode],
        help_text="The GTIN of the trade (EAN, UPC, ISBN); empty where there is none.",
    )
    low_stock_threshold = models.PositiveIntegerField(
        "low from",
        null=True,
        blank=True,
        help_text="With so few left it counts as low; empty: as the shop does for all.",
    )
    image = models.ForeignKey("Image", models.SET_NULL, null=True, blank=True, related_name="+")
    stripe_account = models.CharField(max_length=80, blank=True, editable=False)
    stripe_product_id = models.CharField(max_length=255, blank=True, editable=False)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(Upper("sku"), name="variant_by_sku_in_any_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "option_values"], name="one_variant_per_choice"
            ),
            models.UniqueConstraint(
                fields=["stripe_account", "stripe_product_id"],
                condition=~Q(stripe_product_id=""),
                name="stripe_product_is_one_variant",
            ),
            models.CheckConstraint(
                name="content_is_some", condition=Q(content__isnull=True) | Q(content__gt=0)
            ),
        ]
        triggers = [follow_lowest("lowest_follows_variant", pgtrigger.Update, OF_VARIANTS)]

    def __str__(self) -> str:
        return f"{self.product.title} ({self.choice})" if self.choice else self.product.title

    @property
    def is_on_sale(self) -> bool:
        """Whether customers can have it at all, whatever is in stock."""
        return self.is_active and self.product.status == Product.Status.ACTIVE

    @property
    def name(self) -> str:
        """What customers call it, in the present language."""
        title, choice = self.product.translated("title"), self.translated_choice
        return f"{title} ({choice})" if choice else title

    @property
    def choice(self) -> str:
        """The chosen options in words, as "Sand / Large"; empty for a product without options."""
        return " / ".join(self.option_values)

    @property
    def translated_choice(self) -> str:
        """The same as customers read it in the present language."""
        return " / ".join(self.translated_values)

    @property
    def translated_values(self) -> list[str]:
        return [self.product.translated_word("options", value) for value in self.option_values]
