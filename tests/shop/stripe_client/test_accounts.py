"""Whose a key is: told by Stripe, by its refusal, by the setting, or by what the key reads."""

import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from payments.models import CheckoutSession, Payment, StripeRequest
from payments.settlement import deadlines, next_look
from shop import stripe_client, tasks
from shop.catalog.models import Price
from shop.models import StripeAccount
from shop.stripe_client import accounts, refiling
from shop.stripe_client.accounts import AccountUnknown, _fingerprint
from tests.support.factories import PriceFactory
from tests.support.purchases import counted, held, paid, settled, start
from tests.support.stand_in import StandIn

# K1
pytestmark = pytest.mark.django_db(transaction=True)

OURS = "acct_1FakeStripe00000/test"


def use_key(settings: Any, key: str) -> None:
    """The operator rolls the key."""
    settings.STRIPE_SECRET_KEY = key


def unnamed(stand_in: StandIn) -> None:
    """Stripe refuses to tell the account, and its sentence does not name it."""
    stand_in.fail("/v1/account$", status=403, times=9)


def as_the_release_before(settings: Any, key: str) -> str:
    """Everything is filed as it was when the account of a restricted key was named after it."""
    use_key(settings, key)
    name = f"key-{_fingerprint()[:16]}/test"
    for model, column in refiling.filed():
        model._base_manager.filter(**{column: OURS}).update(**{column: name})
    StripeAccount.objects.all().delete()
    StripeAccount.objects.create(key_fingerprint=_fingerprint(), account=name)
    return name


@pytest.mark.parametrize("key", ["sk_test_first", "rk_test_first"])
def test_every_key_of_an_account_has_its_true_name(
    stand_in: StandIn, settings: Any, key: str
) -> None:
    use_key(settings, key)

    assert stripe_client.account() == OURS
    assert stripe_client.known_account() == OURS


def test_a_rolled_key_finds_every_page_hold_and_unit(
    stand_in: StandIn, settings: Any, client: Client
) -> None:
    """From a secret key to a restricted one, with a page open and money held."""
    price = PriceFactory()
    waiting = start(price)
    session = paid(stand_in, start(price))
    payment = Payment.objects.get(session=session)
    use_key(settings, "rk_test_rolled")

    page = client.get(f"/success?session_id={session.stripe_session_id}")
    stand_in.advance(hours=1)
    with time_machine.travel(waiting.due_at + next_look.AFTER_EXPIRY * 2, tick=False):
        deadlines.sweep()
    _, payment = settled(payment)

    waiting.refresh_from_db()
    assert page.status_code == 200
    assert (waiting.status, payment.status) == ("expired", "authorized")
    assert counted(price) == (10, 1)


def test_beat_learns_whose_a_rolled_key_is(stand_in: StandIn, settings: Any) -> None:
    use_key(settings, "rk_test_rolled")
    before = stripe_client.known_account()

    tasks.keep_account_known()

    assert (before, stripe_client.known_account()) == ("", OURS)


def test_a_stripe_that_is_away_costs_beat_nothing(stand_in: StandIn, settings: Any) -> None:
    use_key(settings, "rk_test_rolled")
    stand_in.fail("/v1/account$", status=500, times=9)

    tasks.keep_account_known()

    assert stripe_client.known_account() == ""


# -- where Stripe does not name it -----------------------------------------------------------------


def test_the_setting_counts_where_stripe_names_nothing(stand_in: StandIn, settings: Any) -> None:
    unnamed(stand_in)
    use_key(settings, "rk_test_silent")
    settings.STRIPE_ACCOUNT = "acct_set"

    assert stripe_client.account() == "acct_set/test"
    assert stripe_client.whose_key() == ("acct_set/test", "from STRIPE_ACCOUNT")


def test_stripes_word_counts_for_more_than_the_setting(stand_in: StandIn, settings: Any) -> None:
    use_key(settings, "rk_test_first")
    settings.STRIPE_ACCOUNT = "acct_set"

    known, told_by = stripe_client.whose_key()

    assert known == OURS
    assert told_by == (
        "named by Stripe when it refused a restricted key; STRIPE_ACCOUNT says acct_set, which is"
        " another"
    )


def test_a_setting_that_is_corrected_takes_all_along(stand_in: StandIn, settings: Any) -> None:
    unnamed(stand_in)
    use_key(settings, "rk_test_silent")
    settings.STRIPE_ACCOUNT = "acct_typo"
    session = start()
    settings.STRIPE_ACCOUNT = OURS.partition("/")[0]

    assert stripe_client.account() == OURS
    session.refresh_from_db()
    assert session.account == OURS


def test_what_the_key_reads_tells_whose_it_is(stand_in: StandIn, settings: Any) -> None:
    """An account of somebody else's is known, too, and is not mistaken for it."""
    start()
    StripeAccount.objects.create(key_fingerprint="another", account="acct_other/test")
    Payment.objects.create(
        account="acct_other/test", stripe_payment_intent_id="pi_other", currency="eur", amount=1
    )
    unnamed(stand_in)
    use_key(settings, "rk_test_rolled")

    assert stripe_client.whose_key() == (OURS, "the key reads what was made there")


def test_a_key_that_nobody_knows_is_never_named_after_itself(
    stand_in: StandIn, settings: Any
) -> None:
    unnamed(stand_in)
    use_key(settings, "rk_test_silent")

    with pytest.raises(AccountUnknown, match="Set STRIPE_ACCOUNT to the acct_"):
        stripe_client.account()
    assert not StripeAccount.objects.exists()


# -- names made of keys, by the release before -----------------------------------------------------


@pytest.mark.parametrize("key", ["rk_test_first", "sk_test_rolled"])
def test_what_was_filed_under_a_key_is_filed_under_its_account(
    stand_in: StandIn, settings: Any, key: str
) -> None:
    """By the same key, and by the one that it was rolled to."""
    _, payment = held(stand_in)
    as_the_release_before(settings, "rk_test_first")
    use_key(settings, key)

    named = stripe_client.account()

    payment.refresh_from_db()
    assert (named, payment.account) == (OURS, OURS)
    assert set(CheckoutSession.objects.values_list("account", flat=True)) == {OURS}
    assert set(StripeRequest.objects.values_list("account", flat=True)) == {OURS}
    assert settled(payment)[1].status == "authorized"
    assert set(StripeAccount.objects.values_list("account", flat=True)) == {OURS}


def test_a_roll_before_this_release_is_found_out_too(stand_in: StandIn, settings: Any) -> None:
    """The new key has its account long since, and asks nobody any more."""
    session = start()
    as_the_release_before(settings, "rk_test_first")
    use_key(settings, "sk_test_rolled")
    StripeAccount.objects.create(key_fingerprint=_fingerprint(), account=OURS)

    tasks.keep_account_known()

    session.refresh_from_db()
    assert session.account == OURS


def test_what_another_account_made_stays_its_own(stand_in: StandIn, settings: Any) -> None:
    session = start()
    CheckoutSession.objects.update(stripe_session_id="cs_test_of_another")
    name = as_the_release_before(settings, "rk_test_of_another")
    use_key(settings, "sk_test_ours")

    tasks.keep_account_known()
    asked = len(stand_in.requests_made("sessions/cs_test_of_another", method="GET"))
    tasks.keep_account_known()

    session.refresh_from_db()
    assert session.account == name
    # Once is enough.
    assert len(stand_in.requests_made("sessions/cs_test_of_another", method="GET")) == asked


def test_what_was_written_while_the_name_changed_follows(
    stand_in: StandIn, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refiling, "AT_ONCE", 1)
    monkeypatch.setattr(accounts, "REFILE_AT_FIRST", 0)
    sessions = [start() for _ in range(3)]
    name = as_the_release_before(settings, "rk_test_first")
    stripe_client.account()
    at_once = CheckoutSession.objects.filter(account=OURS).count()

    tasks.keep_account_known()
    followed = CheckoutSession.objects.filter(account=OURS).count()
    # A transaction that had read the older name commits only now.
    late = start(PriceFactory())
    CheckoutSession.objects.filter(pk=late.pk).update(account=name)
    tasks.keep_account_known()
    late.refresh_from_db()
    StripeAccount.objects.update(named_at=timezone.now() - accounts.WRITTEN_WITHIN * 2)
    tasks.keep_account_known()

    assert (at_once, followed, len(sessions)) == (1, 3, 3)
    assert late.account == OURS
    assert set(StripeAccount.objects.values_list("formerly", flat=True)) == {""}


def test_a_synced_price_stays_known_through_a_roll(stand_in: StandIn, settings: Any) -> None:
    price = PriceFactory()
    Price.objects.update(stripe_account=OURS, stripe_price_id=f"price_{uuid.uuid4().hex}")
    stripe_client.account()
    as_the_release_before(settings, "rk_test_first")

    stripe_client.account()

    price.refresh_from_db()
    assert price.stripe_account == OURS
