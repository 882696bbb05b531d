"""The key: whose it is, what it may do, which mode it sells in, and whether the clocks agree."""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from fulfillment.doctor.amiss import Amiss
from payments.models import WebhookEvent
from payments.stripe import inspection
from payments.stripe.errors import OutcomeUnknown
from shop import stripe_client
from shop.work import Outcome

# A signature that is five minutes old is refused; this is early enough to mend the clock.
LARGEST_CLOCK_ERROR = timedelta(seconds=60)
LATELY = timedelta(hours=24)


def mode() -> str:
    """Test or live, and whether events of the other mode arrive here."""
    ours, other = ("live", "test") if settings.STRIPE_LIVE else ("test", "live")
    strangers = WebhookEvent.objects.filter(
        outcome=Outcome.WRONG_MODE, created_at__gt=timezone.now() - LATELY
    ).count()
    if strangers:
        raise Amiss(
            f"The key is of {ours} mode, and {strangers} events of {other} mode came in a day.",
            mend=f"Remove the {other} mode's endpoint for {settings.SITE_URL}/webhook in Stripe's "
            "Dashboard, or use the key of that mode.",
        )
    return f"{ours} mode, at {settings.STRIPE_API_BASE}"


def is_taken() -> str:
    """Whether Stripe takes the key at all."""
    try:
        inspection.ask_account()
    except OutcomeUnknown as error:
        if error.status != 401:
            raise
        raise Amiss(
            f"Stripe refuses the key {_shown()}.",
            mend="Put a valid key into STRIPE_SECRET_KEY and restart web, worker and beat. What "
            "waits goes on by itself.",
        ) from error
    return f"Stripe takes the key {_shown()}"


def account() -> str:
    """Whether the account that Stripe names is the one that the shop files its rows under."""
    try:
        known, told_by = stripe_client.whose_key()
    except stripe_client.AccountUnknown as error:
        raise Amiss("Nobody says which account the key belongs to.", mend=str(error)) from error
    named = inspection.ask_account().account
    if named and not known.startswith(f"{named}/"):
        raise Amiss(
            f"Stripe says that the key belongs to {named}; rows are filed under {known}.",
            mend="Use a key of the account that the shop has sold with.",
        )
    return f"account {known} ({told_by})"


def rights() -> str:
    """Whether the key may do all that the shop does."""
    if missing := inspection.missing_rights():
        raise Amiss(
            f"The key lacks rights: {', '.join(missing)}.",
            mend="Give them to the restricted key in Stripe's Dashboard, Developers, API keys.",
        )
    return f"the key has all {len(inspection.needed_rights())} rights"


def clock() -> str:
    """This machine's clock against Stripe's and the database's."""
    there = inspection.ask_account().at
    if there is not None:
        _compare(abs(timezone.now() - there), "Stripe's", "web and workers")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (database,) = cursor.fetchone()
    _compare(abs(timezone.now() - database), "the database's", "this machine or the database's")
    return "this machine, the database and Stripe agree what time it is"


def _compare(error: timedelta, whose: str, where: str) -> None:
    if error > LARGEST_CLOCK_ERROR:
        raise Amiss(
            f"This machine's clock is {error.total_seconds():.0f} s apart from {whose}: signatures "
            "and leases go by it.",
            mend=f"Let the machines of {where} set their clocks: timedatectl set-ntp 1.",
        )


def _shown() -> str:
    """Enough of the key to know it by in the Dashboard, and no more."""
    return f"{settings.STRIPE_SECRET_KEY[:8]}…{settings.STRIPE_SECRET_KEY[-4:]}"
