"""What search engines should look at: published products, categories, the home page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.urls import reverse

from shop.catalog.models import Category, Product, ProductQuerySet


class OnThisSite(Sitemap[Any]):
    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class PageSitemap(OnThisSite):
    def items(self) -> list[str]:
        return [
            "catalog:home",
            "catalog:help",
            "catalog:terms",
            "catalog:privacy",
            "catalog:imprint",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class CategorySitemap(OnThisSite):
    """Those that have something to show, with when the last of it changed."""

    def items(self) -> list[Category]:
        below = Category.objects.filter(parent=OuterRef("pk"))
        return list(
            Category.objects.annotate(changed_at=_changed_at())
            .filter(Q(changed_at__isnull=False) | Exists(below))
            .order_by("pk")
        )

    def lastmod(self, item: Category) -> datetime | None:
        return item.changed_at  # type: ignore[attr-defined, no-any-return]

    def get_latest_lastmod(self) -> datetime | None:
        return _newest_change()


class ProductSitemap(OnThisSite):
    limit = 5000

    def items(self) -> "Parts":
        return Parts(Product.objects.listed())

    def lastmod(self, item: Product) -> datetime:
        return item.updated_at

    def get_latest_lastmod(self) -> datetime | None:
        # By itself it would ask every product.
        return _newest_change()


class Parts:
    """Products as a paginator wants them: only those of the page are read, by their keys."""

    ordered = True

    def __init__(self, products: ProductQuerySet) -> None:
        self._products = products

    def count(self) -> int:
        return self._products.count()

    def __iter__(self) -> Iterator[Product]:
        return self._products.only("slug", "updated_at").order_by("pk").iterator()

    def __getitem__(self, part: slice) -> list[Product]:
        keys = self._products.order_by("pk").values("pk")[part]
        return list(Product.objects.filter(pk__in=keys).only("slug", "updated_at").order_by("pk"))


def _changed_at() -> Subquery:
    """When the newest change of a category's products was."""
    products = Product.objects.listed().filter(category=OuterRef("pk"))
    return Subquery(products.order_by("-updated_at").values("updated_at")[:1])


def _newest_change() -> datetime | None:
    """Of all that is listed: the newest of each category's newest."""
    found = Category.objects.annotate(changed_at=_changed_at()).aggregate(at=Max("changed_at"))
    newest: datetime | None = found["at"]
    return newest


SITEMAPS = {"pages": PageSitemap, "categories": CategorySitemap, "products": ProductSitemap}
