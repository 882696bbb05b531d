"""Rates by country and class, and that what was used stays as it was."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from pytest_django import DjangoAssertNumQueries

from shop.orders.models import TaxRate
from shop.orders.tax.rates import Rates
from tests.support.factories import TaxRateFactory

pytestmark = pytest.mark.django_db


def test_a_country_has_its_own_rate_before_that_of_every_country(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    every = TaxRateFactory()
    own = TaxRateFactory(country="DE", name="USt.", percentage=Decimal(19))
    TaxRateFactory(country="FR", is_active=False)

    with django_assert_num_queries(1):
        rates = Rates.now()

    assert [rates.due(code, "standard") for code in ("DE", "AT", "FR")] == [own, every, every]
    assert rates.due("DE", "books") is None
    assert rates.countries == ["DE"]


def test_alike_are_countries_with_the_same_rates_for_all_classes() -> None:
    TaxRateFactory()
    TaxRateFactory(tax_class="books", percentage=Decimal(10))
    TaxRateFactory(country="DE", tax_class="books", percentage=Decimal(7))
    rates = Rates.now()

    assert rates.alike("AT", ["standard"], ["AT", "DE", "FR"]) == ["AT", "DE", "FR"]
    assert rates.alike("AT", ["standard", "books"], ["AT", "DE", "FR"]) == ["AT", "FR"]
    assert rates.all_due("AT", ["standard", "wine"]) is None


def test_a_new_rate_takes_the_place_of_the_former_one() -> None:
    former = TaxRateFactory()
    rate = TaxRate(country="*", name="VAT", percentage=Decimal("20.5"))

    rate.put_in_place()

    former.refresh_from_db()
    assert (former.is_active, rate.is_active, rate.share) == (False, True, "20.5")
    with pytest.raises(IntegrityError, match="one_tax_rate_per_country_and_class"):
        TaxRateFactory()


def test_what_was_used_is_neither_changed_nor_deleted() -> None:
    rate = TaxRateFactory()
    TaxRate.note_use([rate.pk])

    with pytest.raises(ProgrammingError, match="Cannot update of"), transaction.atomic():
        TaxRate.objects.filter(pk=rate.pk).update(percentage=Decimal(19))
    with pytest.raises(ProgrammingError, match="Cannot delete rows"), transaction.atomic():
        rate.delete()
    assert TaxRate.objects.filter(pk=rate.pk).update(is_active=False) == 1


@pytest.mark.parametrize("percentage", ["-0.0001", "100.0001"])
def test_no_rate_is_below_nothing_or_above_all(percentage: str) -> None:
    with pytest.raises(IntegrityError, match="tax_rate_is_a_share"):
        TaxRateFactory(percentage=Decimal(percentage))
