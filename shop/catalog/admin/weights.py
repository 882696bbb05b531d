"""What is sent without anybody knowing how heavy it is: it counts as the heaviest there is."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from shop.catalog.models import Product, Variant


class WeightFilter(admin.SimpleListFilter):
    """Products of which some variant that is sold is sent, and has no weight."""

    title = "weight"
    parameter_name = "weight"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("missing", "Missing, though it is sent")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        if self.value() != "missing":
            return queryset
        unweighed = Variant.objects.filter(
            product=OuterRef("pk"), is_active=True, requires_shipping=True, grams=0
        )
        return queryset.filter(Exists(unweighed))
