"""The customer's order page."""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from fulfillment.digital import rights, shown
from fulfillment.models import Shipment
from fulfillment.order_links import links
from fulfillment.order_page import status
from payments import method_names
from payments.models import LaterCharge, Payment
from payments.views import pay_again
from shop.accounts.customers.access import customer_of
from shop.http import languages
from shop.orders.models import Order
from shop.orders.visitor import is_visitor


@never_cache
@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    """The order as it stands now. Whoever has only the link sees personal data masked."""
    parcels = "shipments__lines__order_line__variant__product"
    orders = Order.objects.with_confirmation().prefetch_related(parcels)
    order = get_object_or_404(orders, token=token)
    told = status.standing(order)
    text = told.text
    payment = _payment(order)
    lines = list(order.lines.select_related("variant__product", "variant__image"))
    is_sent = any(line.variant.requires_shipping for line in lines)
    is_digital = not all(line.variant.requires_shipping for line in lines)
    response = render(
        request,
        "fulfillment/order.html",
        {
            "order": order,
            "balance": told.balance,
            "status_text": text,
            "money_text": told.money,
            "why": told.why,
            "voucher": told.voucher,
            "payment_page": status.open_page(order) if text.may_go_on_paying else None,
            "steps": status.steps(order, told.balance, is_sent=is_sent),
            "lines": lines,
            "is_sent": is_sent,
            "handed_out": shown.of(order) if is_digital else [],
            "why_closed": rights.why_closed(order, told.balance) if is_digital else "",
            "shipments": [
                shipment
                for shipment in order.shipments.all()
                if shipment.status != Shipment.Status.CANCELLED
            ],
            "stripe_invoice": payment.session.stripe_invoice if payment and payment.session else {},
            "documents": status.documents(order, told.balance),
            "payment": payment,
            "later_charges": _later_charges(order),
            "period": getattr(payment, "subscription_invoice", None),
            "paid_with": method_names.name_of(payment) if payment else "",
            "may_keep": may_keep(request, order),
            # Who is logged in has the portal in the account.
            "portal_login_page": "" if customer_of(request) else settings.PORTAL_LOGIN_PAGE,
            "person": _person(order, in_full=is_shown_in_full(request, order)),
        },
    )
    if text.refresh:
        response["Refresh"] = str(text.refresh)
    response["X-Robots-Tag"] = "noindex, nofollow"
    # `no-referrer` would turn the Origin of the page's own form into `null`.
    response["Referrer-Policy"] = "same-origin"
    return response


# Whose own origin may post here is asked there.
@csrf_exempt
@never_cache
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Where a mail leads who left without paying: the order's page, whose button opens a payment.

    Programs follow links in mails, too: looking takes no stock. A POST pays at once.
    """
    if request.method == "POST":
        return pay_again(request, token)
    return redirect("fulfillment:order", token=token)


def is_theirs(request: HttpRequest, order: Order) -> bool:
    """Whether this browser session or its user ordered."""
    if is_visitor(request, order.visitor):
        return True
    return order.user_id is not None and request.user.pk == order.user_id


def may_keep(request: HttpRequest, order: Order) -> bool:
    """Whether whoever looks may put the order into an account: they ordered it, it is in none, and
    they are not logged in with another address.
    """
    if order.user_id is not None or not order.email or not is_theirs(request, order):
        return False
    user = customer_of(request)
    return user is None or user.email.lower() == order.email.lower()


def is_shown_in_full(request: HttpRequest, order: Order) -> bool:
    """Whether they ordered, or come from the mail that was asked for lately."""
    return is_theirs(request, order) or links.is_opened_by(order, request.GET.get("key", ""))


def _payment(order: Order) -> Payment | None:
    payments = order.payments.filter(purpose__in=Payment.OWN).select_related(
        "session", "subscription_invoice__subscription"
    )
    return payments.order_by("-created_at").first()


def _later_charges(order: Order) -> list[LaterCharge]:
    """What is owed besides, or was paid; what came to nothing is nobody's business any more."""
    status = LaterCharge.Status
    told = [status.CHARGING, status.ASKED, status.PAID]
    return list(order.later_charges.filter(status__in=told))


def _person(order: Order, *, in_full: bool) -> dict[str, Any]:
    """Who ordered and where to; letters become dots for those who only have the link."""
    # The country says little, and helps to know one's own order.
    masked_lines = [*map(masked, address_lines(order, with_country=False)), country_name(order)]
    names = names_of(order)
    address = [*names, *address_lines(order)] if in_full else [*map(masked, names), *masked_lines]
    return {
        "in_full": in_full,
        "email": order.email if in_full else masked_email(order.email),
        "address": [part for part in address if part],
    }


def names_of(order: Order) -> list[str]:
    """Whom the parcel or the card names, and the names that were asked for besides."""
    names = [order.name, order.individual_name, order.business_name]
    return list(dict.fromkeys(filter(None, names)))


def address_lines(order: Order, *, with_country: bool = True) -> list[str]:
    """The shipping address line by line, as "1010 Wien" and "Austria"."""
    return lines_of(order.shipping_address, with_country=with_country)


def lines_of(address: dict[str, Any], *, with_country: bool = True) -> list[str]:
    """An address line by line."""
    parts = {key: str(value or "") for key, value in address.items()}
    town = f"{parts.get('postal_code', '')} {parts.get('city', '')}".strip()
    country = country_of(address) if with_country else ""
    lines = [parts.get("line1"), parts.get("line2"), town, parts.get("state"), country]
    return [line for line in lines if line]


def country_name(order: Order) -> str:
    """Where it is sent to."""
    return country_of(order.shipping_address)


def country_of(address: dict[str, Any]) -> str:
    """The country's name; a code that has no name stays a code."""
    code = str(address.get("country") or "")
    return languages.country_name(code)


def masked(text: str) -> str:
    """The first letter of each word, so that its owner knows it: "Mara Lind" is "M••• L•••"."""
    return re.sub(r"(\w)\w*", r"\1•••", text)


def masked_email(address: str) -> str:
    name, _, host = address.rpartition("@")
    return (
        f"{name[:1]}•••@{masked(host.rpartition('.')[0])}.{host.rpartition('.')[2]}" if name else ""
    )
