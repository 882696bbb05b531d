"""Pictures of products, and the work of fetching them."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from shop.catalog.models.products import Product
from shop.translation.translated import Translated
from shop.work import Work


class Image(Translated):
    """A picture of a product. `name` is the stem of its files: `<name>-<width>.<format>`."""

    TRANSLATED = ("alt",)

    product = models.ForeignKey(Product, models.CASCADE, related_name="images")
    position = models.PositiveIntegerField(default=0)
    alt = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=1000, help_text="Where the picture came from.")
    name = models.CharField(max_length=200, blank=True, editable=False)
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    widths = ArrayField(models.PositiveIntegerField(), default=list, blank=True, editable=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            *Translated.Meta.constraints,
            models.UniqueConstraint(fields=["product", "source"], name="one_image_per_source"),
        ]

    def __str__(self) -> str:
        return self.alt or self.source


class PictureFetch(Work):
    """A picture that a catalog names by its web address, to be fetched and written anew."""

    TASK: ClassVar[str] = "catalog.fetch_picture"
    DRAIN_TASK: ClassVar[str] = "catalog.drain_picture_fetches"
    QUEUE: ClassVar[str] = "catalog"
    MAX_ATTEMPTS: ClassVar[int] = 12

    image = models.ForeignKey(Image, models.CASCADE, related_name="fetches")

    class Meta(Work.Meta):
        constraints: ClassVar[list[Any]] = [*Work.Meta.constraints]

    def __str__(self) -> str:
        return self.image.source[:200]
