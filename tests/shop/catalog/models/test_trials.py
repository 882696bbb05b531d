"""A trial belongs to what is paid again and again."""

import pytest
from django.db import IntegrityError

from shop.catalog.models import Price
from tests.support.factories import PriceFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("interval", "days"), [("", 14), ("month", 0), ("month", 731)], ids=["once", "none", "too long"]
)
def test_the_database_refuses_a_trial_that_cannot_be(interval: str, days: int) -> None:
    with pytest.raises(IntegrityError, match="only_subscriptions_have_trials"):
        PriceFactory(interval=interval, trial_days=days)


def test_what_is_paid_again_and_again_is_found_by_how_often() -> None:
    once = PriceFactory()
    yearly, monthly, weekly = (
        Price.objects.create(
            variant=once.variant,
            unit_amount=1500,
            currency="eur",
            interval=interval,
            interval_count=count,
        )
        for interval, count in [("year", 1), ("month", 1), ("week", 5)]
    )

    assert list(Price.objects.current()) == [once]
    assert list(Price.objects.subscribable()) == [monthly, weekly, yearly]
