"""The page after paying."""

import re
from datetime import timedelta

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from fulfillment.order_page import status
from fulfillment.order_page.page import is_theirs, may_keep
from fulfillment.order_page.wording import not_known_yet
from payments.models import CheckoutSession
from payments.settlement import page_calls
from shop import stripe_client
from shop.orders.models import Order
from shop.stripe_client import AccountUnknown

log = structlog.get_logger(__name__)

SESSION_ID = re.compile(r"cs_\w{10,}", re.ASCII)

# After that the answer is a person's, and comes by mail.
LOOKS_AGAIN_FOR = timedelta(minutes=10)


@require_GET
@never_cache
def success(request: HttpRequest) -> HttpResponse:
    """The truth about the purchase, before and after the webhook; it trusts no address alone."""
    session = _session(request.GET.get("session_id", "")[:255].replace("\x00", "") or "-")
    is_known = page_calls.look(session)
    order = get_object_or_404(Order, pk=session.order_id)
    mine = is_theirs(request, order)
    told = status.standing(order)
    # Only who has finished Stripe's page is sent here, and that cannot be paid a second time.
    text = told.text if is_known or not told.text.may_go_on_paying else not_known_yet()
    response = render(
        request,
        "fulfillment/success.html",
        {
            "order": order,
            "mine": mine,
            "may_keep": may_keep(request, order),
            "status_text": text,
            "balance": told.balance,
            "money_text": told.money,
            "why": told.why,
            "voucher": told.voucher if mine else None,
            "taxes": told.balance.taxes_due if mine else [],
            "stripe_invoice": session.stripe_invoice if mine else {},
            "documents": status.documents(order, told.balance) if mine else [],
            "lines": order.lines.select_related("variant__product") if mine else [],
        },
    )
    response["X-Robots-Tag"] = "noindex"
    # While the answer is still to come the page looks again by itself.
    if text.refresh and timezone.now() - session.created_at < LOOKS_AGAIN_FOR:
        response["Refresh"] = str(text.refresh)
    return response


def _session(stripe_session_id: str) -> CheckoutSession:
    """Whose page it is; one that Stripe copied from ours is met here first, or by its event."""
    account = _of_our_account()
    sessions = CheckoutSession.objects.select_related("order")
    known = sessions.filter(stripe_session_id=stripe_session_id, **account).first()
    may_be_a_copy = settings.CHECKOUT_RECOVERY == "stripe" and SESSION_ID.fullmatch(
        stripe_session_id
    )
    if known is None and may_be_a_copy and account:
        known = page_calls.copy_of(stripe_session_id, account["account"])
    if known is None:
        raise Http404("No such page.")
    return known


def _of_our_account() -> dict[str, str]:
    """Only the present account's; while nobody says which that is, no customer is turned away."""
    try:
        return {"account": stripe_client.account()}
    except AccountUnknown as error:
        log.info("account unknown", why=str(error))
        return {}
