"""The key and the clocks, looked at through the stand-in."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from fulfillment.doctor import examination, key
from fulfillment.doctor.amiss import Amiss
from payments import webhooks
from payments.stripe import inspection
from shop import stripe_client
from shop.models import StripeAccount
from tests.payments.deliveries import event
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

# What only Stripe can tell, once the key itself was looked at.
OF_STRIPE = ("rights", "endpoint", "clock")


def test_a_refused_key_is_named_and_not_shown(stand_in: StandIn, settings: Any) -> None:
    # K22
    settings.STRIPE_SECRET_KEY = "sk_live_of_another_shop_1234"

    with pytest.raises(Amiss) as found:
        key.is_taken()

    assert str(found.value) == "Stripe refuses the key sk_live_…1234."
    assert "STRIPE_SECRET_KEY" in found.value.mend


def test_each_missing_right_is_named(stand_in: StandIn) -> None:
    # K22
    assert key.rights() == f"the key has all {len(inspection.RIGHTS)} rights"

    for path in ("/v1/checkout/sessions", "/v1/prices", "/v1/events"):
        stand_in.fail(path, status=403)
    with pytest.raises(Amiss) as found:
        key.rights()

    assert str(found.value) == (
        "The key lacks rights: Checkout Sessions: write, Prices: write, Events: read."
    )


def test_rates_need_the_right_to_tell_them(stand_in: StandIn, settings: Any) -> None:
    stand_in.fail("/v1/tax_rates", status=403)
    without = key.rights()
    settings.TAX_MODE = "rates"

    with pytest.raises(Amiss) as found:
        key.rights()

    assert without == f"the key has all {len(inspection.RIGHTS)} rights"
    assert str(found.value) == "The key lacks rights: Tax Rates: write."


def test_codes_on_the_page_need_the_right_to_make_them(stand_in: StandIn, settings: Any) -> None:
    for path in ("/v1/coupons", "/v1/promotion_codes"):
        stand_in.fail(path, status=403)
    without = key.rights()
    settings.ALLOW_PROMOTION_CODES = True

    with pytest.raises(Amiss) as found:
        key.rights()

    assert without == f"the key has all {len(inspection.RIGHTS)} rights"
    assert str(found.value) == "The key lacks rights: Coupons: write, Promotion Codes: write."


def test_looking_at_rights_changes_nothing(stand_in: StandIn) -> None:
    # K22
    before = stand_in.api("events")["data"]

    key.rights()

    made = {call["status"] for call in stand_in.requests_made("/v1/")}
    assert made == {404}
    assert stand_in.api("events")["data"] == before


def test_another_accounts_key_is_told(stand_in: StandIn) -> None:
    # K22
    assert key.account() == f"account {stripe_client.account()} (told by Stripe)"

    StripeAccount.objects.update(account="acct_sold_before/test")

    with pytest.raises(Amiss, match="rows are filed under acct_sold_before/test"):
        key.account()


def test_whose_a_restricted_key_is_and_who_says_so(stand_in: StandIn, settings: Any) -> None:
    # K1
    settings.STRIPE_SECRET_KEY = "rk_test_restricted"
    stand_in.fail("/v1/account$", status=403, times=2)

    with pytest.raises(Amiss) as nobody:
        key.account()
    settings.STRIPE_ACCOUNT = "acct_set"
    by_setting = key.account()

    assert str(nobody.value) == "Nobody says which account the key belongs to."
    assert "Set STRIPE_ACCOUNT" in nobody.value.mend
    assert by_setting == "account acct_set/test (from STRIPE_ACCOUNT)"


def test_events_of_the_other_mode_are_told(stand_in: StandIn) -> None:
    # K22
    assert key.mode() == f"test mode, at {stand_in.url}"

    webhooks.store([event() | {"livemode": True}], livemode=False)

    with pytest.raises(Amiss, match="1 events of live mode came in a day"):
        key.mode()


def test_a_clock_that_is_off_is_told(stand_in: StandIn, time_machine: Any) -> None:
    # K22
    key.clock()

    time_machine.move_to(timezone.now() + timedelta(minutes=3))

    with pytest.raises(Amiss, match="apart from Stripe's"):
        key.clock()


def test_what_could_not_be_looked_at_is_named(stand_in: StandIn) -> None:
    # K22
    stand_in.fail("/v1/", status=401, times=99)

    said = {one.name: one.said for one in examination.examine() if one.name in OF_STRIPE}

    answer = "Stripe: 401: Invalid API Key provided."
    assert said == {name: f"The {name} could not be looked at. {answer}" for name in OF_STRIPE}
