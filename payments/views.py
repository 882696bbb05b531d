"""The way to the payment page and back."""

from dataclasses import replace
from datetime import timedelta
from functools import wraps

import structlog
from allauth.account.internal.flows.logout import logout
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from payments import checkout
from payments.checkout import saved_customer
from payments.models import CheckoutSession
from payments.settlement import page_calls
from shop.catalog.stock import OutOfStock
from shop.http.client_address import network
from shop.http.same_origin import View, require_same_origin
from shop.orders import cart as carts
from shop.orders.additions.reminder import forget_box, keep_box
from shop.orders.cart import TooManyOfOne
from shop.orders.chosen_amount import NotNamed
from shop.orders.delivery.destination import destination
from shop.orders.delivery.terms import Terms
from shop.orders.models import Order
from shop.orders.subscriptions.rules import NotTogether
from shop.orders.views import cart_page
from shop.orders.visitor import keep_visitor, known_visitor, visitor
from shop.stripe_client import AccountUnknown
from shop.transitions import IllegalTransition

log = structlog.get_logger(__name__)

# After that people wonder, and are offered a press of their own.
LATE = timedelta(seconds=30)


def post_only(view: View) -> View:
    """Answer 405 with a way on: a reloaded refusal or a restored tab asks for the same address."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST":
            return view(request, *args, **kwargs)
        response = _stopped(request, _("You pay from your cart. Nothing was charged."), status=405)
        response["Allow"] = "POST"
        return response

    return guarded


@post_only
@require_same_origin
def create_checkout_session(request: HttpRequest) -> HttpResponse:
    """Start a checkout: one item if named, else the cart, else the shop's default item."""
    keep_box(request)
    buyer = _buyer(request)
    try:
        known = buyer.user.email if buyer.user else ""
        buyer = replace(
            buyer,
            reminder=checkout.reminder_wanted(request.POST, known),
            withdrawal=checkout.withdrawal_agreed(request.POST),
        )
        items, cart = checkout.wanted(request.POST, carts.current(request))
        session = checkout.start(buyer, items, cart=cart, promised=checkout.promised(request.POST))
    except (checkout.BadRequest, NotNamed, checkout.NothingToBuy) as error:
        return _stopped(request, " ".join([str(error), _("Nothing was charged.")]), status=400)
    except (TooManyOfOne, NotTogether, checkout.NotDelivered, checkout.NotTaxed) as error:
        return _stopped(request, " ".join([str(error), _("Nothing was charged.")]), status=409)
    except OutOfStock as error:
        return _stopped(request, _how_many_left(error), status=409)
    except AccountUnknown:
        return _stopped(request, _(REFUSED), status=503)
    except checkout.TaxNotReady as error:
        return _stopped(request, " ".join([str(error), _("Nothing was charged.")]), status=503)
    except checkout.ConsentMissing as error:
        return _without_consent(request, str(error))
    except checkout.CartChanged as error:
        messages.warning(request, " ".join([str(error), _("Please look at your cart once more.")]))
        return redirect("orders:cart", permanent=False)
    except checkout.AlreadyPaid as error:
        return redirect(_success_address(error.session))
    except checkout.TooMany as error:
        return _too_many(request, error)
    forget_box(request)
    return _to_payment_page(request, session, buyer)


def _without_consent(request: HttpRequest, sentence: str) -> HttpResponse:
    """The cart with the sentence at its box; who asked for one thing past it has no box to tick."""
    if "cart" in request.POST:
        return cart_page(request, unticked=sentence, status=400)
    return _stopped(request, " ".join([sentence, _("Nothing was charged.")]), status=400)


@post_only
@require_same_origin
def pay_again(request: HttpRequest, token: str) -> HttpResponse:
    """A payment page of one's own for an order that is not paid yet, or no more."""
    order = get_object_or_404(Order, token=token)
    buyer = _buyer(request)
    try:
        session = checkout.pay_again(order, buyer)
    except IllegalTransition:
        return _stopped(request, _("Nothing is to be paid for this order."), status=409)
    except (checkout.NotAgain, TooManyOfOne) as error:
        messages.warning(request, " ".join([str(error), _("Nothing was charged.")]))
        return redirect("orders:cart", permanent=False)
    except checkout.AlreadyPaid as error:
        return redirect(_success_address(error.session))
    except AccountUnknown:
        return _stopped(request, _(REFUSED), status=503)
    except checkout.TaxNotReady as error:
        return _stopped(request, " ".join([str(error), _("Nothing was charged.")]), status=503)
    except OutOfStock as error:
        return _stopped(request, _how_many_left(error), status=409)
    except checkout.TooMany as error:
        return _too_many(request, error)
    return _to_payment_page(request, session, buyer)


@post_only
def not_you(request: HttpRequest) -> HttpResponse:
    """Forget who kept a card: the next payment page opens for nobody in particular. It is not the
    owner of the log-in who is here, where there is one.
    """
    if request.user.is_authenticated:
        logout(request, show_message=False)
        messages.success(request, _("You are logged out."))
        return redirect("orders:cart", permanent=False)
    saved_customer.forget(request)
    messages.success(request, _("The next payment page opens without your saved card."))
    return redirect("orders:cart", permanent=False)


@require_GET
@never_cache
def waiting(request: HttpRequest, token: str) -> HttpResponse:
    """Stripe has not answered yet: tries again when it is time to, and goes on by itself."""
    order = get_object_or_404(Order, token=token)
    session = order.checkout_sessions.order_by("-created_at").first()
    if session is not None and not session.url:
        page_calls.carry_out_what_is_due(session)
        session.refresh_from_db()
        order.refresh_from_db()
    if session is not None and session.url and session.status == CheckoutSession.Status.OPEN:
        if _is_theirs(request, session):
            return _to_payment_page(request, session)
        return render(request, "payments/own_page.html", {"order": order})
    if order.status == Order.Status.CANCELLED or (session and session.was_refused):
        return _stopped(request, _why_refused(session), status=409)
    if order.status != Order.Status.PENDING and session and session.stripe_session_id:
        return redirect(_success_address(session))
    is_late = session is not None and timezone.now() - session.created_at > LATE
    response = render(request, "payments/waiting.html", {"order": order, "is_late": is_late})
    response["Refresh"] = "10" if is_late else "2"
    return response


@require_GET
@never_cache
def cancelled(request: HttpRequest) -> HttpResponse:
    """The customer came back without paying: nothing was charged, the cart is as it was."""
    cart = carts.current(request)
    if cart is None or not cart.lines.exists():
        return render(request, "payments/cancelled.html")
    sentences = [
        _("You left the payment page before paying, so nothing was charged there."),
        _("Your cart is as you left it."),
    ]
    messages.warning(request, " ".join(sentences))
    return redirect("orders:cart", permanent=False)


REFUSED = gettext_noop(
    "The payment page could not be opened. Nothing was charged, and your cart is as it was."
)
NOT_TAXED = gettext_noop(
    "The tax for this order cannot be worked out at the moment, so it cannot be paid. Nothing was"
    " charged, and your cart is as it was."
)


def _buyer(request: HttpRequest) -> checkout.Buyer:
    return checkout.Buyer(
        visitor=visitor(request),
        network=network(request),
        user=request.user if request.user.is_authenticated else None,
        language=get_language() or settings.LANGUAGE_CODE,
        country=destination(request, Terms.now()),
    )


def _to_payment_page(
    request: HttpRequest, session: CheckoutSession, buyer: checkout.Buyer | None = None
) -> HttpResponse:
    """303 to Stripe's page; to the waiting page while it is not known; nowhere else.

    Whoever is sent there to pay what they asked for is known from then on.
    """
    order = session.order
    if session.was_refused or (order is not None and order.status == Order.Status.CANCELLED):
        return _stopped(request, _why_refused(session), status=502)
    if not session.url or not (buyer is None or _opened_by(session, buyer)):
        address = reverse("payments:waiting", args=[order.token if order else ""])
    elif page_calls.is_stripes(session.url, settings.CHECKOUT_ORIGINS):
        address = session.url
    else:
        log.error("payment page on a foreign host", url=session.url)
        return _stopped(request, _(REFUSED), status=502)
    if buyer is not None:
        keep_visitor(request, buyer.visitor)
    return HttpResponse(status=303, headers={"Location": address})


def _why_refused(session: CheckoutSession | None) -> str:
    return _(NOT_TAXED if session and checkout.was_refused_for_tax(session) else REFUSED)


def _opened_by(session: CheckoutSession, buyer: checkout.Buyer) -> bool:
    return session.is_opened_by(visitor=buyer.visitor, user=buyer.user)


def _is_theirs(request: HttpRequest, session: CheckoutSession) -> bool:
    """Whether this browser or its user opened the page; nobody else is sent to it."""
    user = request.user if request.user.is_authenticated else None
    return session.is_opened_by(visitor=known_visitor(request), user=user)


def _success_address(session: CheckoutSession) -> str:
    return f"/success?session_id={session.stripe_session_id}"


def _how_many_left(error: OutOfStock) -> str:
    if error.available <= 0:
        return _("%(thing)s is sold out. Nothing was charged.") % {"thing": error.variant.name}
    return _("Only %(number)s of %(thing)s left. Nothing was charged.") % {
        "number": error.available,
        "thing": error.variant.name,
    }


def _too_many(request: HttpRequest, error: checkout.TooMany) -> HttpResponse:
    response = render(request, "429.html", {"sentence": str(error)}, status=429)
    response["Retry-After"] = str(error.retry_after)
    return response


def _stopped(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    return render(request, "payments/stopped.html", {"sentence": sentence}, status=status)
