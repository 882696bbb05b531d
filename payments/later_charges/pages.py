"""Where the mail about a charge that failed leads: what it is for, and the way to pay it."""

from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from payments.later_charges import asking
from payments.models import CheckoutSession, LaterCharge
from payments.settlement import page_calls
from shop.http.client_address import network
from shop.orders.visitor import known_visitor
from shop.stripe_client import AccountUnknown

log = structlog.get_logger(__name__)

Status = LaterCharge.Status


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def later_charge(request: HttpRequest, token: str) -> HttpResponse:
    """Programs follow links in mails, too: only the button opens a page of Stripe's."""
    charge = get_object_or_404(
        LaterCharge.objects.select_related("order", "method__customer"), token=token
    )
    if request.method == "POST":
        return _to_stripe(request, charge)
    if {"back", "wait"} & set(request.GET):
        asking.look(charge)
        charge.refresh_from_db(fields=["status"])
    page = charge.sessions.filter(status=CheckoutSession.Status.OPEN).first()
    if "wait" in request.GET and page is not None:
        return _onward(request, charge, page)
    return _shown(request, charge, is_back="back" in request.GET and page is not None)


def _to_stripe(request: HttpRequest, charge: LaterCharge) -> HttpResponse:
    user: Any = request.user
    try:
        page = asking.open_page(
            charge,
            language=get_language() or settings.LANGUAGE_CODE,
            network=network(request),
            visitor=known_visitor(request),
            user=user if user.is_authenticated else None,
        )
    except asking.NothingToPay:
        return redirect("payments:later_charge", token=charge.token)
    except asking.TooMany as error:
        response = render(request, "429.html", {"sentence": str(error)}, status=429)
        response["Retry-After"] = "60"
        return response
    except AccountUnknown:
        return _shown(request, charge, failed=True, status=503)
    return _onward(request, charge, page)


def _onward(request: HttpRequest, charge: LaterCharge, page: CheckoutSession) -> HttpResponse:
    """303 to Stripe's page; the page that waits while it is not known; nowhere else."""
    if page.status != CheckoutSession.Status.OPEN:
        return _shown(request, charge, failed=True, status=502)
    if not page.url:
        response = _shown(request, charge, is_waiting=True)
        address = reverse("payments:later_charge", args=[charge.token])
        response["Refresh"] = f"2; url={address}?wait"
        return response
    if not page_calls.is_stripes(page.url, settings.CHECKOUT_ORIGINS):
        log.error("payment page on a foreign host", url=page.url)
        return _shown(request, charge, failed=True, status=502)
    return HttpResponse(status=303, headers={"Location": page.url})


def _shown(
    request: HttpRequest,
    charge: LaterCharge,
    *,
    is_back: bool = False,
    is_waiting: bool = False,
    failed: bool = False,
    status: int = 200,
) -> HttpResponse:
    is_under_way = is_back or charge.status == Status.CHARGING or asking.is_under_way(charge)
    may_pay = charge.status == Status.ASKED and not (is_under_way or is_waiting)
    context = {
        "charge": charge,
        "order": charge.order,
        "is_paid": charge.status == Status.PAID,
        "is_under_way": is_under_way,
        "is_waiting": is_waiting,
        "failed": failed,
        "may_pay": may_pay,
    }
    response = render(request, "payments/later_charge.html", context, status=status)
    if is_back and charge.status == Status.ASKED:
        response["Refresh"] = "5"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response
