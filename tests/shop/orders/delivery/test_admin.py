"""Delivery methods in the admin: what staff type, and what is said of what makes no sense."""

from typing import Any

import pytest
from django.test import Client

from shop.orders.models import DeliveryMethod
from tests.support.factories import DeliveryMethodFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/orders/deliverymethod/add/"
EMPTY = {
    "rates-TOTAL_FORMS": "0",
    "rates-INITIAL_FORMS": "0",
    "free_from-TOTAL_FORMS": "0",
    "free_from-INITIAL_FORMS": "0",
}
FILLED = {
    **EMPTY,
    "name": "Standard",
    "countries": "at, DE ,AT",
    "min_days": "2",
    "max_days": "4",
    "bands_by": "weight",
    "is_active": "on",
    "position": "1",
    "name_de": "Standardversand",
    "rates-TOTAL_FORMS": "2",
    "rates-0-currency": "eur",
    "rates-0-starts": "",
    "rates-0-price": "4.90",
    "rates-1-currency": "eur",
    "rates-1-starts": "2000",
    "rates-1-price": "6.90",
    "free_from-TOTAL_FORMS": "1",
    "free_from-0-currency": "eur",
    "free_from-0-price": "80",
}


@pytest.fixture(autouse=True)
def no_methods() -> None:
    DeliveryMethod.objects.all().delete()


def amounts(method: DeliveryMethod) -> list[tuple[str, int, int]]:
    return list(method.rates.values_list("currency", "starts_at", "amount"))


def test_what_is_typed_is_kept(admin_client: Client) -> None:
    answer = admin_client.post(ADD, FILLED)

    assert answer.status_code == 302, answer.content.decode()
    method = DeliveryMethod.objects.get()
    assert method.countries == ["AT", "DE"]
    assert method.translation("de", "name") == "Standardversand"
    assert amounts(method) == [("eur", 0, 490), ("eur", 2000, 690)]
    assert list(method.free_from.values_list("currency", "amount")) == [("eur", 8000)]


def test_what_is_kept_is_shown_as_it_was_typed(admin_client: Client) -> None:
    method = DeliveryMethodFactory(bands_by="value", rates={"eur": {0: 490, 5000: 290}})

    page = admin_client.get(f"/admin/orders/deliverymethod/{method.pk}/change/").content.decode()
    listed = admin_client.get("/admin/orders/deliverymethod/").content.decode()

    assert 'value="50.00"' in page
    assert 'value="2.90"' in page
    assert "4.90 EUR, 2.90 EUR" in listed


def test_prices_are_named_as_people_write_them(admin_client: Client) -> None:
    """Where somebody is asked whether to delete the method with all of them."""
    method = DeliveryMethodFactory(
        bands_by="weight", rates={"eur": {0: 490, 2000: 690}}, free_from={"eur": 8000}
    )

    page = admin_client.get(f"/admin/orders/deliverymethod/{method.pk}/delete/").content.decode()

    assert "Standard free from 80.00 EUR" in page
    assert "Standard for 4.90 EUR" in page
    assert "Standard for 6.90 EUR from 2000 g" in page


def test_a_band_by_value_is_named_by_an_amount() -> None:
    method = DeliveryMethodFactory(bands_by="value", rates={"eur": {5000: 290}})

    assert str(method.rates.get()) == "Standard for 2.90 EUR from 50.00 EUR"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"countries": "AT, XX"}, "XX: no country that Stripe asks an address in."),
        ({"countries": "A" * 9000}, "Ensure this value has at most 20 characters"),
        ({"countries": ""}, "This field is required."),
        ({"min_days": "5"}, "Give two numbers from 1 to 99, the smaller one first."),
        ({"max_days": "400"}, "Give two numbers from 1 to 99, the smaller one first."),
        ({"min_days": "0"}, "Give two numbers from 1 to 99, the smaller one first."),
        ({"rates-0-price": "-1"}, "&#x27;-1&#x27;"),
        ({"rates-0-price": "NaN"}, "&#x27;NaN&#x27;"),
        ({"rates-0-price": "4.999"}, "more than 2 decimals"),
        ({"rates-1-starts": "-5"}, "Write whole grams from 0 to 1000000."),
        ({"rates-1-starts": "1000000000"}, "Write whole grams from 0 to 1000000."),
        ({"rates-1-starts": "2,5"}, "Write whole grams from 0 to 1000000."),
        ({"rates-1-starts": "0"}, "There is another line for this."),
        ({"rates-0-currency": "xyz"}, "Select a valid choice."),
        ({"free_from-0-price": "much"}, "&#x27;much&#x27;"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    admin_client: Client, changes: dict[str, str], sentence: str
) -> None:
    answer = admin_client.post(ADD, {**FILLED, **changes})

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not DeliveryMethod.objects.exists()


def test_one_price_needs_no_band(admin_client: Client) -> None:
    one: dict[str, Any] = {**FILLED, "bands_by": "", "rates-TOTAL_FORMS": "1"}

    assert admin_client.post(ADD, one).status_code == 302
    assert amounts(DeliveryMethod.objects.get()) == [("eur", 0, 490)]


def test_a_tax_code_is_one_of_stripes(admin_client: Client) -> None:
    refused = admin_client.post(ADD, {**FILLED, "tax_code": "delivery"})
    admin_client.post(ADD, {**FILLED, "tax_code": "txcd_92010001"})

    assert "Write a tax code of Stripe&#x27;s: txcd_ and eight digits." in refused.content.decode()
    assert DeliveryMethod.objects.get().tax_code == "txcd_92010001"
