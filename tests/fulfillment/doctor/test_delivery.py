"""What `doctor` and `check --deploy` say of the ways of delivery."""

from typing import Any

import pytest
from django.core import checks

from fulfillment.doctor import delivery
from fulfillment.doctor.amiss import Amiss
from shop.catalog.models import Product
from shop.orders.models import DeliveryMethod
from tests.support.factories import DeliveryMethodFactory, PriceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_sale(settings: Any) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "usd"]
    DeliveryMethod.objects.all().delete()
    PriceFactory(variant__sku="ANCHOR", variant__grams=0)


def said() -> str:
    with pytest.raises(Amiss) as found:
        delivery.methods()
    assert [
        str(message.msg)
        for message in checks.run_checks(include_deployment_checks=True)
        if message.id == "fulfillment.W001"
    ]
    return str(found.value)


def test_without_a_method_nothing_that_is_sent_can_be_bought() -> None:
    assert said() == "No delivery method is active: nothing that is sent can be bought."


def test_a_currency_without_a_price_is_named_with_its_countries() -> None:
    DeliveryMethodFactory(rates={"eur": {0: 490}, "usd": {0: 590}}, countries=["AT"])
    DeliveryMethodFactory(rates={"eur": {0: 990}}, countries=["AT", "DE", "FR"])

    assert said() == (
        "Nobody in DE, FR can order in USD: no delivery method there has a price in it."
    )


def test_a_first_band_that_begins_too_high_is_named() -> None:
    DeliveryMethodFactory(rates={"eur": {500: 490}, "usd": {0: 590}}, bands_by="weight")

    assert said() == "Standard has no price in EUR below its first band, 500."


def test_all_is_well_and_what_has_no_weight_is_listed() -> None:
    DeliveryMethodFactory(is_free=True)
    free = delivery.methods()
    DeliveryMethodFactory(rates={"eur": {0: 490}, "usd": {0: 590}}, bands_by="weight")

    assert free == "every country and currency has a price"
    assert delivery.methods() == "without a weight, and so the heaviest: ANCHOR"


def test_a_shop_that_sends_nothing_needs_no_method() -> None:
    Product.objects.update(status=Product.Status.DRAFT)

    assert delivery.methods() == "every country and currency has a price"
