"""The customer's order page."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fulfillment import balance
from fulfillment.models import Shipment
from fulfillment.order_page import status
from payments import method_names
from payments.models import Payment
from shop.http.languages import locale
from shop.orders.models import Order
from shop.orders.visitor import is_visitor


@never_cache
@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    """The order as it stands now. Whoever has only the link sees personal data masked."""
    parcels = "shipments__lines__order_line__variant__product"
    found = get_object_or_404(Order.objects.prefetch_related(parcels), token=token)
    money = balance.of(found)
    now = status.of(found, money)
    payment = _payment(found)
    response = render(
        request,
        "fulfillment/order.html",
        {
            "order": found,
            "balance": money,
            "standing": now,
            "steps": status.steps(found, money),
            "lines": found.lines.select_related("variant__product", "variant__image"),
            "shipments": [
                shipment
                for shipment in found.shipments.all()
                if shipment.status != Shipment.Status.CANCELLED
            ],
            "payment": payment,
            "paid_with": method_names.in_words(payment) if payment else "",
            "person": _person(found, in_full=_is_theirs(request, found)),
        },
    )
    if now.refresh:
        response["Refresh"] = str(now.refresh)
    response["X-Robots-Tag"] = "noindex, nofollow"
    # `no-referrer` would turn the Origin of the page's own form into `null`.
    response["Referrer-Policy"] = "same-origin"
    return response


def _is_theirs(request: HttpRequest, found: Order) -> bool:
    """Whether this browser session or its user ordered."""
    if is_visitor(request, found.visitor):
        return True
    return found.user_id is not None and request.user.pk == found.user_id


def _payment(found: Order) -> Payment | None:
    return found.payments.filter(purpose=Payment.Purpose.CHECKOUT).order_by("-created_at").first()


def _person(found: Order, *, in_full: bool) -> dict[str, Any]:
    """Who ordered and where to; letters become dots for those who only have the link."""
    if in_full:
        told = [found.name, *address_lines(found)]
        return {"in_full": True, "email": found.email, "address": [part for part in told if part]}
    # The country says little, and helps to know one's own order.
    place = [*map(masked, address_lines(found, with_country=False)), country_name(found)]
    told = [masked(found.name), *place]
    return {
        "in_full": False,
        "email": masked_email(found.email),
        "address": [part for part in told if part],
    }


def address_lines(order: Order, *, with_country: bool = True) -> list[str]:
    """The shipping address line by line, as "1010 Wien" and "Austria"."""
    parts = {key: str(value or "") for key, value in order.shipping_address.items()}
    town = f"{parts.get('postal_code', '')} {parts.get('city', '')}".strip()
    country = country_name(order) if with_country else ""
    lines = [parts.get("line1"), parts.get("line2"), town, parts.get("state"), country]
    return [line for line in lines if line]


def country_name(order: Order) -> str:
    """Where it is sent to; a code that has no name stays a code."""
    code = str(order.shipping_address.get("country") or "")
    return str(locale().territories.get(code, code))


def masked(text: str) -> str:
    """The first letter of each word, so that its owner knows it: "Mara Lind" is "M••• L•••"."""
    return re.sub(r"(\w)\w*", r"\1•••", text)


def masked_email(address: str) -> str:
    name, _, host = address.rpartition("@")
    return (
        f"{name[:1]}•••@{masked(host.rpartition('.')[0])}.{host.rpartition('.')[2]}" if name else ""
    )
