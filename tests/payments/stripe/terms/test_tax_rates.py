"""Tax rates at Stripe: told once for each account, and archived when they end."""

from decimal import Decimal
from typing import Any

import pytest

from payments.models import TaxRateSync
from payments.stripe.terms import tax_rates
from shop import stripe_client
from shop.models import Installation
from shop.orders.models import TaxRate
from shop.work import Outcome
from tests.support.factories import TaxRateFactory
from tests.support.purchases import do_the_work, do_what_waits
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def queue(rate: TaxRate, *, is_inclusive: bool = True) -> TaxRateSync:
    (row,) = tax_rates.queue([rate], stripe_client.account(), is_inclusive=is_inclusive)
    return row


def at_stripe(stand_in: StandIn) -> list[dict[str, Any]]:
    return list(stand_in.api("tax_rates")["data"])


def test_a_rate_is_told_as_it_is(stand_in: StandIn) -> None:
    rate = TaxRateFactory(country="DE", name="USt.", percentage=Decimal("19.5"), tax_class="books")

    row = queue(rate)
    do_the_work()

    row.refresh_from_db()
    rate.refresh_from_db()
    made = stand_in.api(f"tax_rates/{row.stripe_tax_rate_id}")
    assert (made["display_name"], made["percentage"], made["country"]) == ("USt.", 19.5, "DE")
    assert (made["inclusive"], made["active"]) == (True, True)
    assert made["metadata"] == {
        "shop": Installation.current(),
        "rate": str(rate.pk),
        "class": "books",
    }
    assert (row.outcome, rate.used_at is not None) == (Outcome.TOLD, True)
    assert row.key == f"{Installation.current()}:tax_rate:{row.pk}:g1"


def test_each_is_told_once_inside_prices_and_once_on_top(stand_in: StandIn) -> None:
    TaxRateFactory()
    account = stripe_client.account()

    first = tax_rates.queue_all(account, inclusive=[True, False])
    second = tax_rates.queue_all(account, inclusive=[True, False])
    do_the_work()

    assert (len(first), second) == (2, [])
    assert sorted(made["inclusive"] for made in at_stripe(stand_in)) == [False, True]
    assert "country" not in first[0].parameters


def test_one_that_has_ended_is_archived(stand_in: StandIn) -> None:
    rate = TaxRateFactory()
    account = queue(rate).account
    do_the_work()
    TaxRate.objects.update(is_active=False)

    (row,) = tax_rates.queue_all(account, inclusive=[True])
    do_the_work()

    assert row.kind == TaxRateSync.Kind.ARCHIVE
    assert [made["active"] for made in at_stripe(stand_in)] == [False]
    assert tax_rates.queue_all(account, inclusive=[True]) == []


@pytest.mark.parametrize("fault", [{"status": 500, "when": "after"}, {"reset": True}])
def test_a_lost_answer_makes_no_second_one(stand_in: StandIn, fault: dict[str, Any]) -> None:
    row = queue(TaxRateFactory())
    stand_in.fail("/v1/tax_rates", times=1, **fault)

    do_the_work()
    do_what_waits()

    row.refresh_from_db()
    assert [made["id"] for made in at_stripe(stand_in)] == [row.stripe_tax_rate_id]


def test_what_stripe_refuses_is_not_asked_again(stand_in: StandIn) -> None:
    row = queue(TaxRateFactory())
    TaxRateSync.objects.update(parameters={**row.parameters, "percentage": "101"})

    do_the_work()

    row.refresh_from_db()
    assert (row.outcome, row.stripe_tax_rate_id) == (Outcome.REFUSED, "")
    assert at_stripe(stand_in) == []


def test_a_row_of_another_account_ends(stand_in: StandIn) -> None:
    rate = TaxRateFactory()
    (row,) = tax_rates.queue([rate], "acct_other/test", is_inclusive=True)

    do_the_work()

    row.refresh_from_db()
    assert row.result == "of another account, whose key is gone"
    assert at_stripe(stand_in) == []
