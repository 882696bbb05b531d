"""The pages of saved payment methods, and the way to Stripe's portal."""

import uuid
from typing import Any

import structlog
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payments.models import CheckoutSession, SavedMethod
from payments.saved_methods import adding, changes, needs, portal
from payments.saved_methods.changes import Change
from payments.saved_methods.owned import customer_of, method_of
from payments.saved_methods.shown import described, shown
from payments.settlement import page_calls
from shop import clock
from shop.accounts.customers.access import customer_required
from shop.http.client_address import network
from shop.stripe_client import AccountUnknown

log = structlog.get_logger(__name__)

LIST = "payments:methods"


@customer_required
@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    context = {"rows": shown(user), "has_portal": customer_of(user) is not None}
    return render(request, "payments/saved_methods/list.html", context)


@customer_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The terms; who goes on is sent to Stripe's page, which shows them, too."""
    language = get_language() or settings.LANGUAGE_CODE
    if request.method != "POST":
        context = {"terms": adding.terms(language)["text"]}
        return render(request, "payments/saved_methods/add.html", context)
    try:
        session = adding.start(_user(request), language=language, network=network(request))
    except adding.TooMany as error:
        response = render(request, "429.html", {"sentence": str(error)}, status=429)
        response["Retry-After"] = "60"
        return response
    except AccountUnknown:
        return _not_now(request)
    return _onward(request, session)


@customer_required
@require_safe
def added(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """Back from Stripe's page, or on the way to it while it is not made yet."""
    session = get_object_or_404(
        CheckoutSession, pk=session_id, user=_user(request), mode=CheckoutSession.Mode.SETUP
    )
    adding.look(session)
    if session.status == CheckoutSession.Status.COMPLETE:
        messages.success(request, _("The payment method is saved."))
        return redirect(LIST)
    if session.stripe_session_id is not None and session.status == CheckoutSession.Status.OPEN:
        # From here somebody came who was waiting; from Stripe nobody comes before it is complete,
        # though its answers may be late.
        return _onward(request, session) if "wait" in request.GET else _being_saved(request)
    return _onward(request, session)


@customer_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, method_id: uuid.UUID) -> HttpResponse:
    """Asks first, as it cannot be undone."""
    method = _method(request, method_id)
    if method.status == SavedMethod.Status.DETACHED:
        messages.info(request, _("This payment method is removed."))
        return redirect(LIST)
    if request.method != "POST":
        used_for = needs.needs([method]).get(method.stripe_payment_method_id, [])
        row = described(method, clock.now(), used_for=used_for)
        context = {"row": row, "ways_out": needs.ways_out(method)}
        return render(request, "payments/saved_methods/remove.html", context)
    try:
        done = changes.remove(method)
    except needs.StillNeeded as why:
        messages.warning(request, str(why))
        return redirect(LIST)
    _say(
        request,
        done,
        well=_("The payment method is removed."),
        later=_("The payment method is being removed. This takes a moment."),
    )
    return redirect(LIST)


@customer_required
@require_POST
def default(request: HttpRequest, method_id: uuid.UUID) -> HttpResponse:
    """What is taken where nothing else is named."""
    method = _method(request, method_id)
    if method.status == SavedMethod.Status.DETACHED or method.customer.stripe_account_id:
        messages.warning(request, _("This payment method cannot be made the default."))
        return redirect(LIST)
    _say(
        request,
        changes.make_default(method),
        well=_("This is your default payment method now."),
        later=_("Your default payment method is being changed. This takes a moment."),
    )
    return redirect(LIST)


@customer_required
@require_POST
def manage(request: HttpRequest) -> HttpResponse:
    """To Stripe's portal."""
    language = get_language() or settings.LANGUAGE_CODE
    try:
        address = portal.address(_user(request), language=language)
    except portal.NothingThere:
        messages.info(request, _("There is nothing to manage yet: nothing of yours is saved."))
        return redirect(LIST)
    if not address:
        return _not_now(request)
    if not page_calls.is_stripes(address, settings.PORTAL_ORIGINS):
        log.error("portal on a foreign host", url=address)
        return _not_now(request)
    return HttpResponse(status=303, headers={"Location": address})


def _user(request: HttpRequest) -> Any:
    """Whom `customer_required` let in."""
    return request.user


def _method(request: HttpRequest, method_id: uuid.UUID) -> SavedMethod:
    """One of their own; anybody else's is as unknown as one that there is not."""
    method = method_of(request.user, method_id)
    if method is None:
        raise Http404
    return method


def _onward(request: HttpRequest, session: CheckoutSession) -> HttpResponse:
    """303 to Stripe's page; to the page that waits while it is not known; nowhere else."""
    if session.status != CheckoutSession.Status.OPEN:
        return _not_now(request, status=502 if session.was_refused else 409)
    if not session.url:
        response = render(request, "payments/saved_methods/waiting.html", {"session": session})
        address = reverse("payments:method_added", args=[session.pk])
        response["Refresh"] = f"2; url={address}?wait"
        return response
    if not page_calls.is_stripes(session.url, settings.CHECKOUT_ORIGINS):
        log.error("setup page on a foreign host", url=session.url)
        return _not_now(request, status=502)
    return HttpResponse(status=303, headers={"Location": session.url})


def _being_saved(request: HttpRequest) -> HttpResponse:
    response = render(request, "payments/saved_methods/waiting.html")
    response["Refresh"] = "2"
    return response


def _say(request: HttpRequest, done: Change, *, well: str, later: str) -> None:
    if done == Change.DONE:
        messages.success(request, well)
    elif done == Change.UNDER_WAY:
        messages.info(request, later)
    else:
        messages.warning(request, _("That could not be done. Please look at the list."))


def _not_now(request: HttpRequest, *, status: int = 503) -> HttpResponse:
    return render(request, "payments/saved_methods/not_now.html", status=status)
