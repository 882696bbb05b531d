"""Which account the present key belongs to, and what is filed under older names of it."""

import hashlib
import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import stripe
import structlog
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from shop.models import StripeAccount
from shop.stripe_client.clients import client
from shop.stripe_client.refiling import newest, refile
from shop.work import Away

log = structlog.get_logger(__name__)

# Stripe's 403 to a restricted key says whose it is: "… on account 'acct_…'. …".
NAMED_IN_REFUSAL = re.compile(r"\bacct_\w+")
# So the release before named the account of a restricted key.
MADE_OF_KEY = "key-"
NOBODY_SAYS = (
    "Stripe does not say which account this key belongs to. Set STRIPE_ACCOUNT to the acct_… of"
    " the Dashboard (Settings, Account details)."
)
# Columns whose ids Stripe makes up itself: no other account has the same.
MADE_BY_STRIPE: dict[str, Callable[[Any], Any]] = {
    "stripe_session_id": lambda v1: v1.checkout.sessions,
    "stripe_payment_intent_id": lambda v1: v1.payment_intents,
    "stripe_price_id": lambda v1: v1.prices,
}
# In seconds. At first somebody may be waiting for the page; then below a task's time limit.
REFILE_AT_FIRST, REFILE_FOR = 3, 20
# No transaction that began under the older name is open for longer.
WRITTEN_WITHIN = timedelta(minutes=5)


class AccountUnknown(Away):
    """Stripe does not say which account a new key belongs to: it is away, or refuses the key."""


def account() -> str:
    """`<account id>/<mode>`: what stored Stripe ids are told apart by.

    Asked of Stripe once per key and kept in the database. Raises AccountUnknown.
    """
    row = _row()
    if row is None or _is_doubtful(row):
        row = _learn(row)
    return row.account


def known_account() -> str:
    """The same as far as the database knows it: no call, so it may stand in a transaction.

    Empty for a key that was never used.
    """
    return known_accounts().first() or ""


def known_accounts() -> "QuerySet[StripeAccount, str]":
    """The same as a condition of another query; it finds at most one."""
    return _rows_of_key().values_list("account", flat=True)


def whose_key() -> tuple[str, str]:
    """The account of the present key and from where that is known, for people. May ask Stripe.

    Raises AccountUnknown, whose sentence says what to do.
    """
    known = account()
    row = _row()
    told_by = StripeAccount.ToldBy(row.told_by).label if row and row.told_by else "told by Stripe"
    if settings.STRIPE_ACCOUNT and not known.startswith(f"{settings.STRIPE_ACCOUNT}/"):
        told_by += f"; STRIPE_ACCOUNT says {settings.STRIPE_ACCOUNT}, which is another"
    return known, told_by


def keep_known() -> None:
    """Learn whose the present key is, and file under it what stands under older names of it.

    Called again and again by beat: a key that was rolled is known before anybody needs it, and
    what was being written while the name changed is filed, too. Raises AccountUnknown.
    """
    known = account()
    for row in _named_after_keys():
        _recognize(row, known)
    for row in StripeAccount.objects.exclude(formerly=""):
        is_all = _refile(row, seconds=REFILE_FOR)
        if is_all and row.named_at and timezone.now() - row.named_at > WRITTEN_WITHIN:
            same = StripeAccount.objects.filter(pk=row.pk, formerly=row.formerly)
            same.update(formerly="")


def _rows_of_key() -> "QuerySet[StripeAccount]":
    return StripeAccount.objects.filter(key_fingerprint=_fingerprint())


def _row() -> StripeAccount | None:
    return _rows_of_key().first()


def _fingerprint() -> str:
    key = f"{settings.STRIPE_API_BASE} {settings.STRIPE_SECRET_KEY}"
    return hashlib.sha256(key.encode()).hexdigest()


def _is_doubtful(row: StripeAccount) -> bool:
    """Whether it has to be asked again: made of the key, or taken from a setting since changed."""
    said = settings.STRIPE_ACCOUNT
    was_set = row.told_by == StripeAccount.ToldBy.SETTING and said
    return row.account.startswith(MADE_OF_KEY) or bool(was_set and row.account != _in_mode(said))


def _in_mode(account_id: str) -> str:
    return f"{account_id}/{_mode()}"


def _mode() -> str:
    return "live" if settings.STRIPE_LIVE else "test"


def _learn(row: StripeAccount | None) -> StripeAccount:
    """Ask whose the key is, keep that, and file anew what stands under names made of keys."""
    known, told_by = _ask()
    if row is None:
        new = {"account": known, "told_by": told_by, "named_at": timezone.now()}
        row, _ = StripeAccount.objects.get_or_create(key_fingerprint=_fingerprint(), defaults=new)
    else:
        _rename(row, known, told_by)
    try:
        for other in _named_after_keys():
            _recognize(other, row.account)
    except AccountUnknown as error:
        # Beat asks again: what this key is needed for does not wait for it.
        log.info("names made of keys are left", why=str(error))
    return row


def _ask() -> tuple[str, StripeAccount.ToldBy]:
    """What Stripe says, else the setting, else whose objects the key reads."""
    try:
        own = client(retries=2).v1.accounts.retrieve_current().id
        return _in_mode(own), StripeAccount.ToldBy.STRIPE
    except stripe.PermissionError as error:
        if named := NAMED_IN_REFUSAL.search(error.user_message or ""):
            return _in_mode(named.group()), StripeAccount.ToldBy.REFUSAL
    except stripe.StripeError as error:
        raise AccountUnknown(error.user_message or str(error)) from error
    if settings.STRIPE_ACCOUNT:
        return _in_mode(settings.STRIPE_ACCOUNT), StripeAccount.ToldBy.SETTING
    for known in _known_names():
        if _reads_something_of(known):
            return known, StripeAccount.ToldBy.OBJECT
    raise AccountUnknown(NOBODY_SAYS)


def _known_names() -> list[str]:
    """The accounts of this mode that other keys belong to, by their true names."""
    others = StripeAccount.objects.filter(account__endswith=f"/{_mode()}")
    true = others.exclude(account__startswith=MADE_OF_KEY)
    return list(true.order_by("-pk").values_list("account", flat=True).distinct())


def _named_after_keys() -> "QuerySet[StripeAccount]":
    """Older keys of this mode whose account the release before named after them."""
    made = StripeAccount.objects.filter(
        account__startswith=MADE_OF_KEY, account__endswith=f"/{_mode()}"
    )
    return made.exclude(told_by=StripeAccount.ToldBy.NOBODY)


def _recognize(row: StripeAccount, known: str) -> None:
    """An older key was this account's too, if what was made with it is found with the present one.

    Raises AccountUnknown when that cannot be told now.
    """
    if _reads_something_of(row.account):
        _rename(row, known, StripeAccount.ToldBy.OBJECT)
    else:
        StripeAccount.objects.filter(pk=row.pk, account=row.account).update(
            told_by=StripeAccount.ToldBy.NOBODY
        )


def _rename(row: StripeAccount, known: str, told_by: StripeAccount.ToldBy) -> None:
    """Know the account by its true name, and file what is newest under that at once."""
    formerly = row.account if row.account != known else row.formerly
    is_theirs = StripeAccount.objects.filter(account=formerly).exclude(pk=row.pk).exists()
    row.account, row.told_by, row.named_at = known, told_by, timezone.now()
    # A name that another key bears is not only this one's.
    row.formerly = "" if is_theirs else formerly
    row.save(update_fields=["account", "told_by", "formerly", "named_at"])
    if row.formerly:
        _refile(row, seconds=REFILE_AT_FIRST)
        log.warning("account known by another name", formerly=formerly, account=known)


def _refile(row: StripeAccount, *, seconds: float) -> bool:
    """File anew for so long, at least a first lot; whether nothing was left."""
    until = time.monotonic() + seconds
    while refile(row.formerly, row.account):
        if time.monotonic() >= until:
            return False
    return True


def _reads_something_of(account_name: str) -> bool:
    """Whether the present key reads the newest of what is filed under an account.

    Raises AccountUnknown when that cannot be told now.
    """
    not_allowed = ""
    for column, service in MADE_BY_STRIPE.items():
        stripe_id = newest(account_name, column)
        if not stripe_id:
            continue
        try:
            service(client(retries=2).v1).retrieve(stripe_id)
        except stripe.InvalidRequestError as error:
            if error.code != "resource_missing":
                raise AccountUnknown(error.user_message or str(error)) from error
        except stripe.PermissionError as error:
            not_allowed = error.user_message or str(error)
        except stripe.StripeError as error:
            raise AccountUnknown(error.user_message or str(error)) from error
        else:
            return True
    if not_allowed:
        raise AccountUnknown(not_allowed)
    return False
