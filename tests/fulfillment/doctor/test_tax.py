"""What `doctor` and `check --deploy` say of tax rates."""

from decimal import Decimal
from typing import Any

import pytest
from django.core import checks

from fulfillment.doctor import tax
from fulfillment.doctor.amiss import Amiss
from payments.models import TaxRateSync
from shop.catalog.models import Product
from shop.orders.models import DeliveryMethod
from shop.work import Outcome
from tests.support.factories import DeliveryMethodFactory, PriceFactory, TaxRateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_sale(settings: Any) -> None:
    settings.TAX_MODE = "rates"
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(is_free=True, countries=["AT", "DE", "FR"])
    PriceFactory()
    PriceFactory(variant__product__tax_class="books")


def warned() -> list[str]:
    return [
        str(message.msg)
        for message in checks.run_checks(include_deployment_checks=True)
        if message.id == "fulfillment.W002"
    ]


def said() -> str:
    with pytest.raises(Amiss) as found:
        tax.rates()
    return str(found.value)


def test_each_class_is_named_with_the_countries_that_lack_a_rate() -> None:
    TaxRateFactory()
    TaxRateFactory(country="DE", tax_class="books", percentage=Decimal(7))

    sentence = "Nobody in AT, FR can buy what is of the tax class books: no tax rate holds there."
    assert said() == sentence
    assert warned() == [sentence]


def test_without_any_country_nothing_can_be_bought() -> None:
    DeliveryMethod.objects.all().delete()
    Product.objects.filter(tax_class="books").update(status=Product.Status.DRAFT)

    assert said() == (
        "Nobody in any country can buy what is of the tax class standard: no tax rate holds there."
    )


def test_all_is_well() -> None:
    TaxRateFactory()
    TaxRateFactory(tax_class="books", percentage=Decimal(0))

    assert tax.rates() == "every country has a rate for each tax class on sale"
    assert warned() == []


def test_a_rate_that_stripe_refuses_is_named() -> None:
    rate = TaxRateFactory()
    TaxRateFactory(tax_class="books")
    TaxRateSync.objects.create(
        kind="create",
        rate=rate,
        account="acct_1/test",
        is_inclusive=True,
        key="k",
        status=TaxRateSync.Status.DONE,
        outcome=Outcome.REFUSED,
        detail="No.",
    )

    assert said() == "Stripe refuses the tax rate VAT 20 % (*, standard): No."


def test_a_shop_that_reckons_with_none_needs_none(settings: Any) -> None:
    settings.TAX_MODE = "none"

    assert tax.rates() == "the shop reckons with no taxes (TAX_MODE=none)"
    assert warned() == []
