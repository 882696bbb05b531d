"""Stock of many things by delta: a delivery or a stocktake in one go, with the orders it hits."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fulfillment import stocktake
from fulfillment.stocktake import Hit
from payments.capture_queue import one_time_buttons
from shop.catalog.models import Variant
from shop.http.client_address import address as client_address

MOST = 50


class RowForm(forms.Form):
    """A change of one thing by so many units; empty: it stays."""

    delta = forms.IntegerField(
        min_value=-1_000_000,
        max_value=1_000_000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "size": 8}),
    )

    def __init__(self, variant: Variant, data: Any) -> None:
        super().__init__(data, prefix=str(variant.pk))
        self.variant, self.stock = variant, variant.stock
        self.fields["delta"].widget.attrs["aria-label"] = f"Change {variant.sku} by"

    def clean_delta(self) -> int | None:
        delta: int | None = self.cleaned_data["delta"]
        on_hand = self.stock.on_hand
        if delta and on_hand + delta < min(0, on_hand):
            raise forms.ValidationError(f"Only {on_hand} are on hand.")
        return delta


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=200, help_text="One for all of them, as “delivery of 12 May”."
    )


@dataclass(frozen=True)
class Foretold:
    """What a change will do to one variant."""

    variant: Variant
    delta: int
    after: int
    hits: list[Hit]


def change(request: HttpRequest) -> HttpResponse:
    """Ask for the changes, show whom they hit, then carry them out."""
    if request.method == "POST" and "ticket" in request.POST:
        return _carry_out(request)
    ids = [text for text in request.GET.getlist("variant") if text.isdecimal() and len(text) <= 18]
    stocked = Variant.objects.filter(pk__in=ids[:MOST], stock__isnull=False)
    variants = list(stocked.select_related("stock", "product").order_by("sku"))
    data = request.POST if request.method == "POST" else None
    rows = [RowForm(variant, data) for variant in variants]
    reason = ReasonForm(data)
    if data is None:
        return _page(request, {"rows": rows, "reason": reason, "left_out": len(ids) > MOST})
    # Every form is asked, so that every bad field gets its sentence.
    wrong = [form for form in (*rows, reason) if not form.is_valid()]
    typed = [] if wrong else [(row.variant, row.cleaned_data["delta"]) for row in rows]
    typed = [(variant, delta) for variant, delta in typed if delta]
    if not (wrong or typed):
        reason.add_error(None, "Nothing would change: no units are typed.")
    if not typed:
        return _page(request, {"rows": rows, "reason": reason}, status=400)
    return _preview(request, typed, reason.cleaned_data["reason"])


def _preview(request: HttpRequest, typed: Iterable[tuple[Variant, int]], why: str) -> HttpResponse:
    foretold = [
        Foretold(
            variant, delta, variant.stock.on_hand + delta, stocktake.orders_hit(variant, delta)
        )
        for variant, delta in typed
    ]
    changes = [
        {
            "variant": change.variant.pk,
            "delta": change.delta,
            "foretold": [hit.order.number for hit in change.hits],
            "nonce": str(uuid.uuid4()),
        }
        for change in foretold
    ]
    orders = {hit.order.pk: hit.order for change in foretold for hit in change.hits}
    missing = stocktake.missing_right(orders.values(), request.user)
    context = {
        "foretold": foretold,
        "why": why,
        "orders": len(orders),
        "missing_right": missing,
        "ticket": "" if missing else one_time_buttons.seal({"reason": why, "changes": changes}),
    }
    return _page(request, context)


def _carry_out(request: HttpRequest) -> HttpResponse:
    """Each change in its own transaction: locks go orders before stock for every one of them."""
    try:
        ticket = one_time_buttons.unseal(request.POST["ticket"])
        changes, reason = ticket["changes"], ticket["reason"]
    except (one_time_buttons.Outdated, KeyError):
        messages.error(request, "The page is outdated. Nothing was done.")
        return redirect("admin:catalog_stock_changelist")
    variants = Variant.objects.in_bulk([change["variant"] for change in changes])
    called_off: list[str] = []
    done = 0
    for change in changes:
        variant = variants[change["variant"]]
        try:
            orders = stocktake.adjust_once(
                variant,
                change["delta"],
                reason=reason,
                # An order of two things may have been called off for the first of them.
                foretold=[number for number in change["foretold"] if number not in called_off],
                nonce=change["nonce"],
                actor=request.user,
                address=client_address(request),
            )
            called_off += [order.number for order in orders]
            done += 1
        except (one_time_buttons.AlreadyPressed, stocktake.NeedsMoneyRight, ValueError) as error:
            messages.warning(request, f"{variant.sku}: {error}")
        except stocktake.OrdersHitHaveChanged as error:
            messages.warning(
                request,
                f"{variant.sku} is not changed: other orders would be hit by now ({error}). "
                "Look again.",
            )
    if done:
        ending = f" Called off: {', '.join(called_off)}." if called_off else ""
        messages.success(request, f"{done} of {len(changes)} changed.{ending}")
    return redirect(address(variants))


def address(variant_ids: Iterable[int]) -> str:
    """The page for these variants."""
    query = "&".join(f"variant={pk}" for pk in variant_ids)
    return f"{reverse('admin:change_stocks')}?{query}"


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    shared = {
        **admin.site.each_context(request),
        "title": "Change stock",
        "most": MOST,
        "here": request.get_full_path(),
    }
    return render(request, "admin/stock/change_many.html", {**shared, **context}, status=status)
