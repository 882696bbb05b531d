"""What `doctor` and `check --deploy` say of tax rates, and of tax that Stripe works out."""

from decimal import Decimal
from typing import Any

import pytest
from django.core import checks

from fulfillment.doctor import tax
from fulfillment.doctor.amiss import Amiss
from payments.models import TaxRateSync
from payments.stripe import inspection
from shop.catalog.models import Product, Variant
from shop.orders.models import DeliveryMethod
from shop.work import Outcome
from tests.support.factories import DeliveryMethodFactory, PriceFactory, TaxRateFactory
from tests.support.stand_in import StandIn

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


@pytest.fixture
def in_mode_stripe(settings: Any) -> None:
    settings.TAX_MODE = "stripe"
    settings.TAX_CODE_DEFAULT = "txcd_99999999"


@pytest.mark.usefixtures("in_mode_stripe")
def test_stripe_tax_is_ready(stand_in: StandIn) -> None:
    assert tax.rates() == "Stripe Tax is active, and all that is on sale has a tax code"
    assert warned() == []


@pytest.mark.usefixtures("in_mode_stripe")
def test_stripe_tax_that_is_not_active_is_named(stand_in: StandIn) -> None:
    stand_in.ask("tax_settings", {"status": "pending"})

    assert said() == (
        "Stripe Tax is not active: head_office missing. No payment page can be opened."
    )


@pytest.mark.usefixtures("in_mode_stripe")
def test_what_has_no_tax_code_is_named(stand_in: StandIn, settings: Any) -> None:
    settings.TAX_CODE_DEFAULT = ""
    Variant.objects.filter(product__tax_class="books").update(tax_code="txcd_35010000")
    sku = Variant.objects.get(tax_code="").sku

    sentence = f"{sku}: without a tax code, and the shop has no default (TAX_CODE_DEFAULT)."
    assert said() == sentence
    assert warned() == [sentence]


@pytest.mark.usefixtures("in_mode_stripe")
def test_the_right_to_read_tax_settings_is_needed(stand_in: StandIn, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = "rk_test_holdfast"
    stand_in.ask("rights", {"key": "rk_test_holdfast", "without": ["rak_tax_settings_read"]})

    assert inspection.missing_rights() == ["Tax Settings: read"]
