"""Prices as staff keep them: currencies, chosen amounts, subscriptions, history."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.catalog import publishing
from shop.catalog.models import CatalogSync, Price
from shop.money import Money
from tests.shop.catalog.admin.staff import NEW_PRICE, act, complaints, said
from tests.shop.catalog.admin.test_site import address, errors, row, typed
from tests.support.factories import PriceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_a_variant_has_a_field_for_each_currency_that_is_offered(
    staff: Client, settings: Any
) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "usd", "jpy"]
    price = PriceFactory()
    product = price.variant.product
    new = {"new_price": "", "new_price_usd": "21.50", "new_price_jpy": "2400"}

    page = staff.get(address(product)).content.decode()
    staff.post(address(product), typed(product, row(price.variant, **new)))
    odd = staff.post(address(product), typed(product, row(price.variant, new_price_jpy="1.5")))

    assert "New price in JPY" in page
    current = price.variant.prices.current().order_by("currency")
    assert [str(one) for one in current] == ["18.00 EUR", "2400 JPY", "21.50 USD"]
    assert errors(odd) == ["'1.5' has more than 0 decimals."]


def test_the_history_of_a_price_is_read_and_not_edited(staff: Client) -> None:
    price = PriceFactory()
    publishing.set_price(price.variant, Money(1500, "eur"), regular=Money(1800, "eur"))
    other = PriceFactory()
    history = reverse("admin:catalog_price_changelist")
    page = reverse("admin:catalog_price_change", args=[price.pk])

    link = f'href="{history}?variant__id__exact={price.variant_id}"'
    listed = staff.get(history, {"variant__id__exact": price.variant_id}).context["cl"].result_list

    assert link in staff.get(address(price.variant.product)).content.decode()
    assert [str(one) for one in listed] == ["15.00 EUR", "18.00 EUR"]
    assert other not in listed
    assert "18.00 EUR" in staff.get(page).content.decode()
    assert staff.post(page, {"amount": "1"}).status_code == 403
    assert staff.post(reverse("admin:catalog_price_delete", args=[price.pk])).status_code == 403


PLAIN = {"amount": "20.00", "currency": "eur", "interval": "", "interval_count": "1"}
CHOSEN = {**PLAIN, "is_chosen": "on", "minimum": "5", "maximum": "100"}


def test_customers_may_choose_the_amount(staff: Client) -> None:
    old = PriceFactory()

    response = staff.post(NEW_PRICE, {"sku": old.variant.sku, **CHOSEN}, follow=True)

    price = old.variant.prices.current().get()
    assert response.redirect_chain
    assert (price.unit_amount, price.is_chosen) == (2000, True)
    assert (price.minimum_amount, price.maximum_amount) == (500, 10000)
    assert "20.00 EUR, chosen from 5.00 to 100.00 EUR" in response.content.decode()
    assert [sync.variant for sync in CatalogSync.objects.all()] == [old.variant]


def test_a_price_is_paid_again_and_again_beside_the_plain_one(staff: Client) -> None:
    old = PriceFactory()
    month = {**PLAIN, "interval": "month", "interval_count": "3"}

    staff.post(NEW_PRICE, {"sku": old.variant.sku, **month})
    staff.post(NEW_PRICE, {"sku": old.variant.sku, **month, "amount": "25"})

    found = old.variant.prices.filter(is_active=True).order_by("interval")
    assert [(one.unit_amount, one.interval, one.interval_count) for one in found] == [
        (1800, "", 1),
        (2500, "month", 3),
    ]


def test_a_subscription_may_be_free_at_first(staff: Client) -> None:
    variant = PriceFactory().variant
    month = {**PLAIN, "interval": "month", "trial_days": "14"}

    response = staff.post(NEW_PRICE, {"sku": variant.sku, **month}, follow=True)

    assert variant.prices.get(interval="month").trial_days == 14
    assert "every month, 14 days free at first" in response.content.decode()


def test_staff_are_told_that_subscriptions_are_charged_at_once(staff: Client) -> None:
    page = staff.get(NEW_PRICE).content.decode()

    assert "Stripe charges each period at once. The capture policy and the limit" in page


def test_a_reduced_price_keeps_the_lowest_of_the_days_before(staff: Client) -> None:
    old = PriceFactory()

    staff.post(NEW_PRICE, {"sku": old.variant.sku, **PLAIN, "amount": "12", "regular": "18"})

    price = old.variant.prices.current().get()
    assert (price.unit_amount, price.regular_amount, price.lowest_recent_amount) == (
        1200,
        1800,
        1800,
    )


@pytest.mark.parametrize(
    ("price", "told"),
    [
        ({"sku": "NONE"}, ["No variant has this SKU."]),
        ({"amount": "1,5"}, ["'1,5' is no amount. Write it like 12.50."]),
        ({"amount": ""}, ["This field is required."]),
        (
            {"currency": "usd"},
            ["Select a valid choice. usd is not one of the available choices."],
        ),
        ({"regular": "20"}, ["20.00 EUR is not below the regular price of 20.00 EUR."]),
        ({"minimum": "5"}, ["This belongs to amounts that customers choose."]),
        ({"interval_count": "2"}, ["What is paid once has no interval; leave it at 1."]),
        (
            {"interval": "month", "interval_count": "37"},
            ["Stripe allows three years at most: 36."],
        ),
        (
            {"trial_days": "14"},
            ["Only what is paid again and again can be free at first."],
        ),
        (
            {"interval": "month", "trial_days": "731"},
            ["Ensure this value is less than or equal to 730."],
        ),
        (
            {"interval": "month", "regular": "30"},
            ["Only a fixed price that is paid once can be reduced."],
        ),
        ({**CHOSEN, "minimum": ""}, ["Customers who choose need it."]),
        ({**CHOSEN, "minimum": "0.10"}, ["Stripe charges at least 0.50 EUR."]),
        ({**CHOSEN, "amount": "200"}, ["It is not between 5.00 EUR and 100.00 EUR."]),
        (
            {**CHOSEN, "minimum": "90", "maximum": "10"},
            ["It is not between 90.00 EUR and 10.00 EUR."],
        ),
        (
            {**CHOSEN, "interval": "month"},
            ["A chosen amount is paid once; Stripe knows no other."],
        ),
        (
            {**CHOSEN, "regular": "30"},
            ["Only a fixed price that is paid once can be reduced."],
        ),
    ],
)
def test_a_price_that_does_not_fit_is_told(
    staff: Client, price: dict[str, str], told: list[str]
) -> None:
    old = PriceFactory()

    response = staff.post(NEW_PRICE, {"sku": old.variant.sku, **PLAIN, **price})

    assert complaints(response) == told
    assert Price.objects.get() == old


def test_a_subscription_is_no_longer_offered(staff: Client) -> None:
    plain = PriceFactory()
    month = Price(unit_amount=900, currency="eur", interval="month")
    publishing.replace(plain.variant, month)
    history = reverse("admin:catalog_price_changelist")

    chosen = {"action": "end", "_selected_action": [month.pk]}
    first = staff.post(history, chosen, follow=True)
    again = staff.post(history, chosen, follow=True)

    month.refresh_from_db()
    assert (month.is_active, month.ended_at is None) == (False, False)
    assert [said(first), said(again)] == [
        ["1 ended; nothing is sold at them any more."],
        ["0 ended; nothing is sold at them any more."],
    ]
    assert plain.variant.prices.current().get() == plain


def test_products_lead_to_the_page_of_their_prices(staff: Client) -> None:
    product = PriceFactory().variant.product
    PriceFactory()

    response = act(staff, "set_prices", product)

    assert response.redirect_chain == [
        (f"{reverse('admin:edit_prices')}?products={product.pk}", 302)
    ]
    assert [one.variant.product for one in response.context["rows"]] == [product]
