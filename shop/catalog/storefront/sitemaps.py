"""What search engines should look at: published products, categories, the home page."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max
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
    def items(self) -> list[Category]:
        return list(
            Category.objects.annotate(changed_at=Max("products__updated_at")).exclude(
                products=None, children=None
            )
        )

    def lastmod(self, item: Category) -> datetime | None:
        return item.changed_at  # type: ignore[attr-defined, no-any-return]


class ProductSitemap(OnThisSite):
    limit = 5000

    def items(self) -> ProductQuerySet:
        return Product.objects.listed().only("slug", "updated_at").order_by("pk")

    def lastmod(self, item: Product) -> datetime:
        return item.updated_at


SITEMAPS = {"pages": PageSitemap, "categories": CategorySitemap, "products": ProductSitemap}
