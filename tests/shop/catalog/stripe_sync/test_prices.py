"""Prices in several currencies, at chosen amounts and paid again: what Stripe changes is seen."""

from typing import Any

import pytest
from django.test import Client

from shop.accounts.models import User
from shop.catalog import publishing
from shop.catalog.models import Price, SyncConflict, UnclaimedStripeObject
from shop.catalog.stripe_sync import api, decisions, pull, synced_ids
from shop.catalog.stripe_sync.difference import value_in_words
from shop.models import Installation
from shop.money import Money
from tests.shop.catalog.admin.test_site import address, row, typed
from tests.shop.catalog.management.test_sync_catalog import sync_catalog
from tests.shop.catalog.stripe_sync.syncing import sync, told_of
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db

OPTIONS = {"expand[0]": "currency_options"}


@pytest.fixture
def dollars(price: Price) -> Price:
    """18.00 EUR, or 21.00 USD as an option of the same Price; Stripe knows both."""
    dollars = publishing.set_price(price.variant, Money(2100, "usd"))
    sync(price.variant)
    return dollars


def ask_in_the_dashboard(stand_in: StandIn, price: Price, amount: int) -> None:
    """Another amount in dollars."""
    options = {"currency_options[usd][unit_amount]": amount}
    stand_in.call(f"prices/{price.stripe_price_id}", **options)


def asked_at_stripe(stand_in: StandIn, price: Price, currency: str = "usd") -> int:
    found = stand_in.api(f"prices/{price.stripe_price_id}", **OPTIONS)
    amount: int = found["currency_options"][currency]["unit_amount"]
    return amount


def in_step() -> bool:
    return not list(api.plan()) and not list(pull.drift())


def test_what_staff_save_in_a_further_currency_is_told(
    admin_client: Client, stand_in: StandIn, price: Price, settings: Any
) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "usd", "jpy"]
    new = {"new_price": "", "new_price_usd": "21.50", "new_price_jpy": "2400"}
    product = price.variant.product
    form = typed(product, row(price.variant, **new, option_values="Brass"), option_names="Material")

    admin_client.post(address(product), form)
    sync(price.variant)

    told = [asked_at_stripe(stand_in, price, currency) for currency in ("eur", "usd", "jpy")]
    assert told == [1800, 2150, 2400]
    assert in_step()


# -- Further currencies ----------------------------------------------------------------------------


def test_another_amount_in_a_further_currency_is_drift_and_taken_over(
    stand_in: StandIn, price: Price, dollars: Price
) -> None:
    ask_in_the_dashboard(stand_in, price, 2500)

    checked = sync_catalog("--check")
    outcome = pull.take_event(told_of(stand_in, "price.updated"))
    sync(price.variant)

    line = "take over price usd of LANTERN-STORM: at Stripe 21.00 USD → 25.00 USD"
    assert checked == (1, f"  {line}\nNot in step: 1 take over.\n")
    assert outcome == line
    now = Price.objects.current().get(currency="usd")
    assert now.unit_amount == asked_at_stripe(stand_in, price) == 2500
    assert synced_ids.synced_price_id(now) == price.stripe_price_id
    assert in_step()


def test_a_currency_is_looked_at_before_it_is_told(
    stand_in: StandIn, price: Price, dollars: Price
) -> None:
    """Guard: `_may_overwrite` for UPDATE_PRICE."""
    ask_in_the_dashboard(stand_in, price, 2500)
    ours = publishing.set_price(price.variant, Money(2200, "usd"))

    sync(price.variant)

    conflict = SyncConflict.objects.get()
    assert (conflict.field, conflict.base, conflict.ours) == (
        "price:usd",
        {"currency": "usd", "unit_amount": 2100},
        {"currency": "usd", "unit_amount": 2200},
    )
    assert conflict.theirs
    assert conflict.theirs["unit_amount"] == asked_at_stripe(stand_in, price) == 2500
    # Neither amount is asked by way of the Price, in no currency, until somebody decides.
    assert synced_ids.synced_price_ids([price, ours]) == {}


@pytest.mark.parametrize(("decide", "amount"), [("take_ours", 2200), ("take_theirs", 2500)])
def test_a_currency_changed_on_both_sides_is_decided(
    stand_in: StandIn, price: Price, dollars: Price, somebody: User, decide: str, amount: int
) -> None:
    ask_in_the_dashboard(stand_in, price, 2500)
    publishing.set_price(price.variant, Money(2200, "usd"))
    sync(price.variant)

    getattr(decisions, decide)(SyncConflict.objects.get(), somebody)
    sync(price.variant)

    now = Price.objects.current().get(currency="usd")
    assert now.unit_amount == asked_at_stripe(stand_in, price) == amount
    assert in_step()


def test_the_same_currency_changed_alike_is_no_conflict(
    stand_in: StandIn, price: Price, dollars: Price
) -> None:
    ask_in_the_dashboard(stand_in, price, 2200)
    publishing.set_price(price.variant, Money(2200, "usd"))

    sync(price.variant)

    assert not SyncConflict.objects.exists()
    assert in_step()


def test_a_currency_added_at_stripe_is_sold_in_if_the_shop_offers_it(
    stand_in: StandIn, price: Price, settings: Any
) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "usd"]
    ask_in_the_dashboard(stand_in, price, 2500)
    stand_in.call(f"prices/{price.stripe_price_id}", **{"currency_options[gbp][unit_amount]": 1500})

    pull.pull()
    sync(price.variant)

    assert {str(one) for one in Price.objects.current()} == {"18.00 EUR", "25.00 USD"}
    assert in_step()


def test_a_currency_no_longer_sold_here_stays_at_stripe_and_is_no_drift(
    stand_in: StandIn, price: Price, dollars: Price
) -> None:
    publishing.end_price(dollars)

    sync(price.variant)

    assert asked_at_stripe(stand_in, price) == 2100
    assert in_step()


def test_a_replaced_price_brings_its_further_currencies(
    stand_in: StandIn, price: Price, dollars: Price
) -> None:
    new = replaced(stand_in, price, 2000, usd=2300)

    pull.take(price.variant_id)
    sync(price.variant)

    assert {str(one) for one in Price.objects.current()} == {"20.00 EUR", "23.00 USD"}
    assert Price.objects.current().get(currency="eur").stripe_price_id == new
    assert not SyncConflict.objects.exists()
    assert in_step()


def test_a_replaced_price_that_keeps_a_currency_leaves_ours_to_be_told(
    stand_in: StandIn, price: Price, dollars: Price
) -> None:
    """Guard: `agreed_options`. Stripe's 21.00 USD is what was agreed; only ours has changed."""
    replaced(stand_in, price, 2000, usd=2100)
    publishing.set_price(price.variant, Money(2400, "usd"))

    sync(price.variant)

    now = Price.objects.current().get(currency="eur")
    assert not SyncConflict.objects.exists()
    assert (now.unit_amount, asked_at_stripe(stand_in, now)) == (2000, 2400)
    assert in_step()


def test_an_archived_price_is_asked_in_no_currency(
    stand_in: StandIn, price: Price, dollars: Price
) -> None:
    stand_in.call(f"prices/{price.stripe_price_id}", active="false")

    pull.take(price.variant_id)
    sync(price.variant)

    assert not Price.objects.current().exists()
    assert in_step()


def replaced(stand_in: StandIn, price: Price, amount: int, **options: int) -> str:
    """As the Dashboard edits a price: another one, made the default, and the old one archived."""
    product = price.variant.stripe_product_id
    more = {f"currency_options[{name}][unit_amount]": one for name, one in options.items()}
    terms = {"product": product, "unit_amount": amount, "currency": "eur", **more}
    new: str = stand_in.call("prices", **terms)["id"]
    stand_in.call(f"products/{product}", default_price=new)
    stand_in.call(f"prices/{price.stripe_price_id}", active="false")
    return new


# -- Paid again and again --------------------------------------------------------------------------


@pytest.fixture
def monthly(price: Price) -> Price:
    """9.00 EUR every month, beside the price that is paid once; Stripe knows both."""
    terms = Price(unit_amount=900, currency="eur", interval="month")
    monthly = publishing.replace(price.variant, terms)
    sync(price.variant)
    monthly.refresh_from_db()
    return monthly


def again(stand_in: StandIn, price: Price, amount: int, **more: Any) -> str:
    terms = {"unit_amount": amount, "currency": "eur", "recurring[interval]": "month", **more}
    new: str = stand_in.call("prices", product=price.variant.stripe_product_id, **terms)["id"]
    return new


def test_a_recurring_price_archived_at_stripe_is_asked_no_longer(
    stand_in: StandIn, price: Price, monthly: Price
) -> None:
    stand_in.call(f"prices/{monthly.stripe_price_id}", active="false")

    checked = sync_catalog("--check")
    pull.pull()
    sync(price.variant)

    line = "take over price eur 1month of LANTERN-STORM: at Stripe 9.00 EUR every month → nothing"
    assert checked == (1, f"  {line}\nNot in step: 1 take over.\n")
    assert [one.pk for one in Price.objects.filter(is_active=True)] == [price.pk]
    assert in_step()


def test_a_recurring_price_replaced_at_stripe_is_the_price(
    stand_in: StandIn, price: Price, monthly: Price
) -> None:
    """Stripe's Prices say nothing of trials: ours stays."""
    Price.objects.filter(pk=monthly.pk).update(trial_days=14)
    new = again(stand_in, price, 1100)
    stand_in.call(f"prices/{monthly.stripe_price_id}", active="false")

    pull.pull()
    sync(price.variant)

    now = Price.objects.get(interval="month", is_active=True)
    assert now.trial_days == 14
    key = stand_in.api(f"prices/{new}")["lookup_key"]
    assert (now.unit_amount, now.stripe_price_id) == (1100, new)
    assert key == f"{Installation.current()}:LANTERN-STORM:eur:1month"
    assert Price.objects.current().get() == price
    assert in_step()


@pytest.mark.parametrize(("decide", "amount"), [("take_ours", 1000), ("take_theirs", 1100)])
def test_a_recurring_price_changed_on_both_sides_is_decided(
    stand_in: StandIn, price: Price, monthly: Price, somebody: User, decide: str, amount: int
) -> None:
    again(stand_in, price, 1100)
    stand_in.call(f"prices/{monthly.stripe_price_id}", active="false")
    publishing.replace(price.variant, Price(unit_amount=1000, currency="eur", interval="month"))
    sync(price.variant)
    conflict = SyncConflict.objects.get()

    getattr(decisions, decide)(conflict, somebody)
    sync(price.variant)

    now = Price.objects.get(interval="month", is_active=True)
    assert conflict.field == "price:eur:1month"
    assert now.unit_amount == amount
    assert stand_in.api(f"prices/{now.stripe_price_id}")["unit_amount"] == amount
    assert in_step()


def test_the_same_amount_on_both_sides_keeps_the_price_that_carts_name(
    stand_in: StandIn, price: Price, monthly: Price
) -> None:
    """Guard: `_stand_in_for` looks for ours first."""
    new = again(stand_in, price, 1100)
    stand_in.call(f"prices/{monthly.stripe_price_id}", active="false")
    terms = Price(unit_amount=1100, currency="eur", interval="month")
    ours = publishing.replace(price.variant, terms)

    sync(price.variant)

    now = Price.objects.get(interval="month", is_active=True)
    assert (now.pk, now.stripe_price_id) == (ours.pk, new)
    assert not SyncConflict.objects.exists()
    assert in_step()


# -- Made by others --------------------------------------------------------------------------------


def test_prices_of_every_kind_are_offered(stand_in: StandIn, price: Price) -> None:
    product = price.variant.stripe_product_id
    bounds = {"enabled": "true", "minimum": 500, "preset": 700, "maximum": 9000}
    custom = {f"custom_unit_amount[{name}]": value for name, value in bounds.items()}
    again(stand_in, price, 900, **{"recurring[interval_count]": 2})
    stand_in.call("prices", product=product, currency="eur", **custom)
    stand_in.call("prices", product=product, currency="eur", unit_amount_decimal="12.5")

    found = pull.pull()

    assert found == []
    assert {value_in_words(offer.terms) for offer in UnclaimedStripeObject.objects.all()} == {
        "9.00 EUR every 2 months",
        "chosen by the customer, minimum 5.00 EUR, preset 7.00 EUR, maximum 90.00 EUR",
        "12.5 of the smallest unit of EUR",
    }


def test_a_recurring_offer_is_adopted_beside_the_other_price(
    stand_in: StandIn, price: Price
) -> None:
    new = again(stand_in, price, 900)
    pull.pull()

    decisions.adopt(UnclaimedStripeObject.objects.get(), price.variant)
    sync(price.variant)

    monthly = Price.objects.get(interval="month")
    assert (monthly.unit_amount, monthly.stripe_price_id) == (900, new)
    assert stand_in.api(f"prices/{new}")["metadata"]["price"] == monthly.key
    assert Price.objects.current().get() == price
    assert in_step()


def test_what_the_catalog_cannot_ask_is_not_adopted(stand_in: StandIn, price: Price) -> None:
    product = price.variant.stripe_product_id
    stand_in.call("prices", product=product, currency="eur", unit_amount_decimal="12.5")
    pull.pull()

    with pytest.raises(decisions.CannotBeAdopted, match="no way to ask"):
        decisions.adopt(UnclaimedStripeObject.objects.get(), price.variant)

    assert Price.objects.current().get() == price


def test_a_chosen_amount_that_replaces_ours_is_taken_over(stand_in: StandIn, price: Price) -> None:
    product = price.variant.stripe_product_id
    bounds = {"enabled": "true", "minimum": 500, "preset": 700, "maximum": 9000}
    custom = {f"custom_unit_amount[{name}]": value for name, value in bounds.items()}
    new = stand_in.call("prices", product=product, currency="eur", **custom)["id"]
    stand_in.call(f"products/{product}", default_price=new)
    stand_in.call(f"prices/{price.stripe_price_id}", active="false")

    pull.take(price.variant_id)
    sync(price.variant)

    now = Price.objects.current().get()
    assert (now.is_chosen, now.minimum_amount, now.unit_amount, now.maximum_amount) == (
        True,
        500,
        700,
        9000,
    )
    assert in_step()


def test_f14_a_price_that_was_taken_over_is_offered_no_more(
    stand_in: StandIn, price: Price
) -> None:
    product = price.variant.stripe_product_id
    new = stand_in.call("prices", product=product, currency="eur", unit_amount=900)["id"]
    stand_in.call(f"products/{product}", default_price=new)
    stand_in.call(f"prices/{price.stripe_price_id}", active="false")

    pull.take(price.variant_id)

    assert Price.objects.current().get().stripe_price_id == new
    assert not UnclaimedStripeObject.objects.filter(status="open").exists()
