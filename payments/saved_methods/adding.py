"""A payment method is added on a page of Stripe's that sells nothing (`setup` mode).

The row of the page, with the terms that are shown, and the frozen request are committed before
Stripe is called.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from payments import session_parameters, stripe_requests
from payments.models import CheckoutSession, Customer, SavedMethod, StripeRequest
from payments.settlement import next_look, page_calls
from shop.accounts.models import User

Mode, Status = CheckoutSession.Mode, CheckoutSession.Status
# A page that is about to end is no good to be sent to.
STILL_GOOD = timedelta(minutes=5)


class TooMany(Exception):
    """Too many pages were opened here within a minute."""


def terms(language: str) -> dict[str, str]:
    """What adding one agrees to, by its words and their version."""
    return session_parameters.terms(SavedMethod.SetUpBy.SETUP, language)


def start(user: Any, *, language: str, network: str) -> CheckoutSession:
    """Open the page, or find the one that is open. Without an answer it has no address yet.

    Raises TooMany, AccountUnknown.
    """
    account = page_calls.account()
    session, request = _commit(user, account, language=language, network=network)
    if request is not None:
        page_calls.carry_out(request)
    session.refresh_from_db()
    return session


@transaction.atomic(durable=True)
def _commit(
    user: Any, account: str, *, language: str, network: str
) -> tuple[CheckoutSession, StripeRequest | None]:
    # A second press waits here for the first one's commit, and finds its page.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    theirs = CheckoutSession.objects.filter(visitor_key=_key(user), mode=Mode.SETUP)
    now = timezone.now()
    good = theirs.filter(status=Status.OPEN, account=account, expires_at__gt=now + STILL_GOOD)
    agreed = terms(language)
    for session in good.order_by("-created_at")[:1]:
        if session.saving == agreed:
            return session, None
    lately = theirs.filter(created_at__gt=now - timedelta(minutes=1)).count()
    if lately >= settings.CHECKOUT_RATE_LIMIT:
        raise TooMany(_("You have opened many pages. Please wait a minute."))
    mine = Customer.of(visitor=None, user=user).filter(account=account)
    session = CheckoutSession.objects.create(
        mode=Mode.SETUP,
        account=account,
        customer=mine.order_by("-saved_at").first(),
        user=user,
        saving=agreed,
        visitor_key=_key(user),
        network=network,
        **next_look.of_new_page(),
    )
    added = reverse("payments:method_added", args=[session.pk])
    frozen = session_parameters.setup_parameters(
        session,
        language=language,
        success_url=settings.SITE_URL + added,
        cancel_url=settings.SITE_URL + reverse("payments:methods"),
    )
    return session, stripe_requests.new_session_request(session, frozen)


def _key(user: Any) -> str:
    """Under what their pages of this kind are counted."""
    return f"setup:{user.pk}"


def look(session: CheckoutSession) -> None:
    """Go on with a page that is not made yet, or read what was done on it."""
    if session.stripe_session_id is None:
        page_calls.carry_out_what_is_due(session)
    elif session.status == Status.OPEN:
        page_calls.look(session)
    session.refresh_from_db()
