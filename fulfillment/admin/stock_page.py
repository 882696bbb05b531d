"""Stock by delta: what a delivery or a stocktake changes, and the orders it hits."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from fulfillment import shipping, stocktake
from payments.capture_queue import one_time_buttons
from shop.catalog.models import Variant
from shop.http.client_address import address

MOST_HISTORY = 50


class AdjustForm(forms.Form):
    """A change by so many units, never a new total."""

    delta = forms.IntegerField(
        label="Change by", min_value=-1_000_000, max_value=1_000_000, help_text="As 12 or -3."
    )
    reason = forms.CharField(max_length=200)

    def clean_delta(self) -> int:
        delta: int = self.cleaned_data["delta"]
        if delta == 0:
            raise forms.ValidationError("Nothing would change.")
        return delta


def adjust(request: HttpRequest, variant_id: int) -> HttpResponse:
    """Ask for the change, show whom it hits, then carry it out."""
    variant = get_object_or_404(Variant.objects.select_related("stock", "product"), pk=variant_id)
    if request.method == "POST" and "ticket" in request.POST:
        return _carry_out(request, variant)
    form = AdjustForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _preview(request, variant, form)
    return _page(request, variant, {"form": form}, status=400 if form.errors else 200)


def _preview(request: HttpRequest, variant: Variant, form: AdjustForm) -> HttpResponse:
    delta, reason = form.cleaned_data["delta"], form.cleaned_data["reason"]
    stock = variant.stock
    if stock.on_hand + delta < min(0, stock.on_hand):
        form.add_error("delta", f"Only {stock.on_hand} are on hand.")
        return _page(request, variant, {"form": form}, status=400)
    hits = stocktake.orders_hit(variant, delta)
    missing = stocktake.missing_right([hit.order for hit in hits], request.user)
    ticket = one_time_buttons.seal(
        {
            "variant": variant.pk,
            "delta": delta,
            "reason": reason,
            "foretold": [hit.order.number for hit in hits],
            "nonce": str(uuid.uuid4()),
        }
    )
    context = {
        "form": form,
        "delta": delta,
        "reason": reason,
        "after": stock.on_hand + delta,
        "hits": hits,
        "missing_right": missing,
        "ticket": "" if missing else ticket,
    }
    return _page(request, variant, context)


def _carry_out(request: HttpRequest, variant: Variant) -> HttpResponse:
    try:
        ticket = _ticket(request, variant)
        orders = stocktake.adjust_once(
            variant,
            ticket["delta"],
            reason=ticket["reason"],
            foretold=ticket["foretold"],
            nonce=ticket["nonce"],
            actor=request.user,
            address=address(request),
        )
    except one_time_buttons.AlreadyPressed as error:
        messages.info(request, str(error))
    except (one_time_buttons.Outdated, stocktake.NeedsMoneyRight, ValueError) as error:
        messages.error(request, str(error))
    except stocktake.OrdersHitHaveChanged as error:
        messages.error(request, f"Other orders would be hit by now: {error}. Look again.")
    else:
        numbers = ", ".join(order.number for order in orders)
        called_off = f" Called off: {numbers}." if orders else ""
        messages.success(request, f"Changed by {ticket['delta']:+}.{called_off}")
    return redirect("admin:adjust_stock", variant_id=variant.pk)


def _ticket(request: HttpRequest, variant: Variant) -> dict[str, Any]:
    ticket = one_time_buttons.unseal(request.POST["ticket"])
    if ticket.get("variant") != variant.pk:
        raise one_time_buttons.Outdated("The button belongs to another thing. Nothing was done.")
    return ticket


def _page(
    request: HttpRequest, variant: Variant, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    variant.stock.refresh_from_db()
    [aside] = Variant.objects.filter(pk=variant.pk).values_list(shipping.units_in_parcels("pk"))
    shared = {
        **admin.site.each_context(request),
        "title": f"Stock of {variant}",
        "variant": variant,
        "stock": variant.stock,
        "in_parcels": aside[0],
        "shelf": max(variant.stock.on_hand + aside[0], 0),
        "history": variant.stock.movements.order_by("-at", "-pk")[:MOST_HISTORY],
    }
    return render(request, "admin/stock/adjust.html", {**shared, **context}, status=status)
