"""Categories: the shelves of the shop, as a tree."""

from django.db import models
from django.urls import reverse

from shop.translation.translated import Translated


class Category(Translated):
    """A shelf of the shop, or a part of one: categories form a tree."""

    TRANSLATED = ("name", "description")

    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100, unique=True)
    description = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "categories"
        constraints = [
            *Translated.Meta.constraints,
            models.UniqueConstraint(
                fields=["parent", "name"], name="one_name_per_shelf", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:category", args=[self.slug])
