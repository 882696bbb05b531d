"""The lowest price of the 30 days before a reduction (Directive 98/6/EC, Article 6a)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from shop import stripe_client
from shop.catalog import publishing
from shop.catalog.models import Price, UnclaimedStripeObject, Variant
from shop.catalog.stripe_sync import pull, run
from shop.money import Money
from tests.support.factories import PriceFactory, VariantFactory
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 6, 30, 12, tzinfo=UTC)


def asked(variant: Variant, amount: int, *, days_ago: float, currency: str = "eur") -> Price:
    """Ask this from that day on."""
    with time_machine.travel(TODAY - timedelta(days=days_ago), tick=False):
        return publishing.set_price(variant, Money(amount, currency))


def reduced(
    variant: Variant, amount: int, regular: int, *, days_ago: float = 0, currency: str = "eur"
) -> int | None:
    """The lowest price that the buyer is told of when the price is reduced on that day."""
    with time_machine.travel(TODAY - timedelta(days=days_ago), tick=False):
        price = publishing.set_price(
            variant, Money(amount, currency), regular=Money(regular, currency)
        )
    return price.lowest_recent_amount


@pytest.mark.parametrize(
    ("ended", "lowest"),
    [(31, 2000), (30.01, 2000), (29.99, 1000), (29, 1000), (1, 1000)],
)
def test_a_price_counts_for_thirty_days_after_its_end(ended: float, lowest: int) -> None:
    variant = VariantFactory()
    asked(variant, 1000, days_ago=90)
    asked(variant, 2000, days_ago=ended)

    assert reduced(variant, 1500, 2000) == lowest


def test_a_price_that_was_asked_all_along_counts_however_old() -> None:
    variant = VariantFactory()
    asked(variant, 2000, days_ago=400)

    assert reduced(variant, 1500, 2000) == 2000


def test_what_is_cut_further_names_the_first_cut() -> None:
    variant = VariantFactory()
    asked(variant, 2000, days_ago=90)
    first = reduced(variant, 1500, 2000, days_ago=10)

    assert (first, reduced(variant, 1200, 2000)) == (2000, 1500)


def test_a_second_sale_soon_after_the_first_names_it() -> None:
    variant = VariantFactory()
    asked(variant, 2000, days_ago=90)
    reduced(variant, 1500, 2000, days_ago=20)
    asked(variant, 2000, days_ago=15)

    assert reduced(variant, 1700, 2000) == 1500


def test_a_second_sale_long_after_the_first_does_not() -> None:
    variant = VariantFactory()
    asked(variant, 2000, days_ago=90)
    reduced(variant, 1500, 2000, days_ago=50)
    asked(variant, 2000, days_ago=40)

    assert reduced(variant, 1700, 2000) == 2000


def test_a_price_that_was_asked_no_longer_counts_from_its_end() -> None:
    variant = VariantFactory()
    price = asked(variant, 1000, days_ago=90)
    with time_machine.travel(TODAY - timedelta(days=31), tick=False):
        publishing.end_price(price)

    # Nothing was asked in the 30 days before: the regular price is all there is to name.
    assert reduced(variant, 1500, 2000) == 2000


def test_what_customers_named_themselves_was_not_asked() -> None:
    variant = VariantFactory()
    asked(variant, 2000, days_ago=90)
    with time_machine.travel(TODAY - timedelta(days=20), tick=False):
        bounds = {"minimum_amount": 100, "maximum_amount": 9000}
        chosen = Price(unit_amount=500, currency="eur", is_chosen=True, **bounds)
        publishing.replace(variant, chosen)
    asked(variant, 2000, days_ago=10)

    assert reduced(variant, 1500, 2000) == 2000


def test_what_a_subscription_costs_is_another_thing() -> None:
    variant = VariantFactory()
    asked(variant, 2000, days_ago=90)
    publishing.replace(variant, Price(unit_amount=500, currency="eur", interval="month"))

    assert reduced(variant, 1500, 2000) == 2000


def test_each_currency_has_its_own_history() -> None:
    variant = VariantFactory()
    asked(variant, 2000, days_ago=90)
    asked(variant, 100, days_ago=90, currency="usd")
    asked(variant, 2200, days_ago=20, currency="usd")

    assert reduced(variant, 1500, 2000) == 2000
    assert reduced(variant, 1600, 2200, currency="usd") == 100


def test_other_variants_do_not_count() -> None:
    variant = VariantFactory()
    asked(variant, 2000, days_ago=90)
    asked(VariantFactory(product=variant.product, option_values=["S"]), 100, days_ago=90)

    assert reduced(variant, 1500, 2000) == 2000


def test_a_price_taken_over_from_the_dashboard_was_asked(stand_in: StandIn) -> None:
    stripe_client.account()
    price = PriceFactory(unit_amount=2000)
    run.apply()
    price.refresh_from_db()
    variant = Variant.objects.get(pk=price.variant_id)
    product = variant.stripe_product_id
    new = stand_in.call("prices", product=product, unit_amount=900, currency="eur")["id"]
    stand_in.call(f"products/{product}", default_price=new)
    stand_in.call(f"prices/{price.stripe_price_id}", active="false")

    pull.take(variant.pk)
    publishing.set_price(variant, Money(2000, "eur"))
    now = publishing.set_price(variant, Money(1500, "eur"), regular=Money(2000, "eur"))

    assert now.lowest_recent_amount == 900


def test_an_offer_that_nobody_took_was_not_asked() -> None:
    variant = VariantFactory()
    asked(variant, 2000, days_ago=90)
    offer = {"unit_amount": 100, "currency": "eur", "stripe_account": "acct_1"}
    UnclaimedStripeObject.objects.create(
        variant=variant, stripe_id="price_1", status="declined", **offer
    )
    UnclaimedStripeObject.objects.create(
        variant=variant, stripe_id="price_2", status="open", **offer
    )

    assert reduced(variant, 1500, 2000) == 2000


def test_the_same_amounts_again_keep_what_was_told() -> None:
    variant = VariantFactory()
    asked(variant, 2000, days_ago=90)
    reduced(variant, 1500, 2000, days_ago=40)

    assert reduced(variant, 1500, 2000) == 2000
    assert variant.prices.count() == 2
