"""The price page: variants in a list, new prices typed for many and saved in one go."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from shop.catalog import publishing
from shop.catalog.admin.categories import tree_choices
from shop.catalog.admin.forms import MoneyField
from shop.catalog.admin.prices import price_in_words
from shop.catalog.category_tree import Tree
from shop.catalog.models import Price, Product, Variant
from shop.catalog.stripe_plan import queue

VIEW, CHANGE = "catalog.view_price", "catalog.change_price"
PER_PAGE = 50
MOST_PRODUCTS = 200


class FilterForm(forms.Form):
    """Which variants are listed, and in which currency; what is odd is left out."""

    q = forms.CharField(max_length=100, required=False, label="Title or SKU")
    category = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    status = forms.ChoiceField(
        choices=[("", "any status"), *Product.Status.choices], required=False
    )
    kind = forms.ChoiceField(
        choices=[("", "any price"), ("reduced", "reduced"), ("none", "without a price")],
        required=False,
        label="Price",
    )
    currency = forms.ChoiceField(required=False)
    products = forms.RegexField(r"\A\d{1,18}(,\d{1,18})*\Z", required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["category"] = forms.TypedChoiceField(
            choices=[("", "any category"), *tree_choices()],
            coerce=int,
            empty_value=None,
            required=False,
        )
        codes = [(code, code.upper()) for code in settings.CURRENCIES_OFFERED]
        self.fields["currency"] = forms.ChoiceField(choices=codes, required=False)
        self.fields["products"].widget = forms.HiddenInput()
        self.is_valid()

    @property
    def code(self) -> str:
        return str(self.cleaned_data.get("currency") or settings.DEFAULT_CURRENCY)

    @property
    def is_used(self) -> bool:
        return any(value for name, value in self.cleaned_data.items() if name != "currency")

    def variants(self) -> QuerySet[Variant]:
        found = Variant.objects.select_related("product").order_by(
            "product__title", "product_id", "position", "pk"
        )
        asked = self.cleaned_data
        if text := asked.get("q"):
            found = found.filter(Q(sku__icontains=text) | Q(product__title__icontains=text))
        if category := asked.get("category"):
            tree = Tree.read()
            branch = tree.branch(tree.by_id[category])
            found = found.filter(product__category__in=branch)
        if status := asked.get("status"):
            found = found.filter(product__status=status)
        if products := asked.get("products"):
            found = found.filter(product__in=products.split(",")[:MOST_PRODUCTS])
        current = Price.objects.current().filter(currency=self.code)
        if asked.get("kind") == "reduced":
            reduced = current.filter(regular_amount__isnull=False)
            found = found.filter(pk__in=reduced.values("variant"))
        elif asked.get("kind") == "none":
            found = found.exclude(pk__in=current.values("variant"))
        return found


class RowForm(forms.Form):
    """One variant: the price that was seen, and perhaps a new one."""

    seen = forms.CharField(max_length=16, required=False)

    def __init__(self, variant: Variant, price: Price | None, currency: str, data: Any) -> None:
        super().__init__(data, prefix=str(variant.pk))
        self.variant, self.price, self.currency = variant, price, currency
        self.fields["new_price"] = MoneyField(currency)
        self.fields["regular"] = MoneyField(currency)
        for name, words in (("new_price", "New price"), ("regular", "Regular price")):
            self.fields[name].widget.attrs["aria-label"] = f"{words} of {variant.sku}"

    @property
    def price_in_words(self) -> str:
        return price_in_words(self.price) if self.price else "none"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        is_alone = "new_price" in cleaned and cleaned["new_price"] is None
        if cleaned.get("regular") and is_alone:
            self.add_error("new_price", "Type the reduced price as well.")
        return cleaned

    @property
    def is_typed(self) -> bool:
        return bool(self.errors) or self.cleaned_data["new_price"] is not None

    def set(self, now: Price | None) -> str:
        """Set what was typed, unless the price is another than was seen; what changed, in words."""
        before, self.price = self.price_in_words, now
        typed = self.cleaned_data
        if typed["seen"] != (now.key if now else ""):
            self.add_error(
                "new_price",
                f"Somebody set it to {self.price_in_words} meanwhile. Save again to replace it.",
            )
            return ""
        try:
            price = publishing.set_price(self.variant, typed["new_price"], regular=typed["regular"])
        except publishing.NotReduced as error:
            self.add_error("regular", str(error))
            return ""
        return "" if price == now else f"{self.variant.sku}: {before} → {price_in_words(price)}."


def page(request: HttpRequest) -> HttpResponse:
    """List variants; set the prices that are typed, all of them or none."""
    asked = FilterForm(request.GET)
    if request.method != "POST":
        return _list(request, asked)
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    sent = request.POST.getlist("variant")[:PER_PAGE]
    # As many digits as a key can have.
    ids = [int(text) for text in sent if text.isdecimal() and len(text) <= 18]
    variants = Variant.objects.select_related("product").filter(pk__in=ids)
    in_order = sorted(variants, key=lambda variant: ids.index(variant.pk))
    rows = _rows(in_order, asked.code, request.POST)
    changed = save(rows, asked.code, request)
    if changed is None:
        return _page(request, asked, {"rows": rows, "is_wrong": True}, status=400)
    said = f"{changed} price{'' if changed == 1 else 's'} changed." if changed else "No change."
    messages.success(request, said)
    return redirect(f"{reverse('admin:edit_prices')}?{request.GET.urlencode()}")


@transaction.atomic
def save(rows: list[RowForm], currency: str, request: HttpRequest) -> int | None:
    """How many prices were changed; None, and nothing is changed, when any row is wrong."""
    typed = [row for row in rows if row.is_valid() and row.is_typed]
    ids = [row.variant.pk for row in typed]
    # Whoever sets one of these prices waits, so that none changes after the look.
    list(
        Variant.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=ids)
        .order_by("pk")
    )
    now = _prices(ids, currency)
    changes = [(row, row.set(now.get(row.variant.pk))) for row in typed]
    if any(row.errors for row in rows):
        transaction.set_rollback(True)
        return None
    changes = [(row, words) for row, words in changes if words]
    queue.queue_many(row.variant.pk for row, _ in changes)
    log = admin.site.get_model_admin(Product).log_change
    for row, words in changes:
        log(request, row.variant.product, f"Price of {words}")
    return len(changes)


def _list(request: HttpRequest, asked: FilterForm) -> HttpResponse:
    found = Paginator(asked.variants(), PER_PAGE).get_page(request.GET.get("page"))
    rows = _rows(list(found.object_list), asked.code, None)
    query = request.GET.copy()
    query.pop("page", None)
    return _page(request, asked, {"rows": rows, "page": found, "query": query.urlencode()})


def _rows(variants: Sequence[Variant], currency: str, data: Any) -> list[RowForm]:
    prices = _prices((variant.pk for variant in variants), currency)
    return [RowForm(variant, prices.get(variant.pk), currency, data) for variant in variants]


def _prices(variant_ids: Iterable[int], currency: str) -> dict[int, Price]:
    current = Price.objects.current().filter(variant__in=list(variant_ids), currency=currency)
    return {price.variant_id: price for price in current}


def _page(
    request: HttpRequest, asked: FilterForm, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shared = {
        **admin.site.each_context(request),
        "title": "Prices",
        "asked": asked,
        "currency": asked.code.upper(),
        "may_change": request.user.has_perm(CHANGE),
    }
    return render(request, "admin/catalog/prices.html", {**shared, **context}, status=status)
