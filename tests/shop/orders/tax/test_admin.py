"""Tax rates in the admin: what staff type, and that nothing that was used is changed."""

from decimal import Decimal

import pytest
from django.test import Client

from shop.catalog.models import Product
from shop.orders.models import TaxRate
from tests.support.factories import TaxRateFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/orders/taxrate/add/"
FILLED = {
    "country": "at",
    "tax_class": "standard",
    "name": "VAT",
    "name_de": "USt.",
    "percentage": "20",
    "is_active": "on",
}


def test_a_rate_is_typed_in_with_its_name_in_each_language(admin_client: Client) -> None:
    answer = admin_client.post(ADD, FILLED)

    assert answer.status_code == 302
    rate = TaxRate.objects.get()
    assert (rate.country, rate.tax_class, rate.percentage) == ("AT", "standard", Decimal(20))
    assert rate.translation("de", "name") == "USt."


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("country", "XX", "XX: no country that Stripe asks an address in."),
        ("country", "A", "A: no country that Stripe asks an address in."),
        ("percentage", "-1", "Ensure this value is greater than or equal to 0."),
        ("percentage", "100.01", "Ensure this value is less than or equal to 100."),
        ("percentage", "20.00001", "Ensure that there are no more than 4 decimal places."),
        ("percentage", "NaN", "Enter a number."),
        ("tax_class", "Books & more", "Write one short word in small letters"),
        ("name", "", "This field is required."),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(
    admin_client: Client, field: str, typed: str, sentence: str
) -> None:
    answer = admin_client.post(ADD, {**FILLED, field: typed})

    assert sentence in str(answer.context["adminform"].form.errors[field])
    assert not TaxRate.objects.exists()


def test_a_new_rate_takes_the_place_of_the_one_in_force(admin_client: Client) -> None:
    former = TaxRateFactory(country="AT")

    answer = admin_client.post(ADD, {**FILLED, "percentage": "21"})

    assert answer.status_code == 302
    former.refresh_from_db()
    assert not former.is_active
    assert TaxRate.objects.get(is_active=True).percentage == Decimal(21)


def test_what_was_used_can_only_be_ended(admin_client: Client) -> None:
    rate = TaxRateFactory(country="AT")
    TaxRate.note_use([rate.pk])
    page = f"/admin/orders/taxrate/{rate.pk}/change/"

    form = admin_client.get(page).content.decode()
    listed = admin_client.get("/admin/orders/taxrate/").content.decode()
    admin_client.post(page, {"percentage": "10", "name_de": ""})
    deleted = admin_client.post(f"/admin/orders/taxrate/{rate.pk}/delete/", {"post": "yes"})

    rate.refresh_from_db()
    assert 'name="percentage"' not in form
    assert ["20.0000" in page for page in (form, listed)] == [False, False]
    assert '<div class="readonly">20</div>' in form
    assert '<td class="field-share">20</td>' in listed
    assert (rate.percentage, rate.is_active, deleted.status_code) == (Decimal(20), False, 403)


def test_what_was_never_used_can_be_mended(admin_client: Client) -> None:
    rate = TaxRateFactory(country="AT", percentage=Decimal(2))

    admin_client.post(f"/admin/orders/taxrate/{rate.pk}/change/", FILLED)

    rate.refresh_from_db()
    assert (rate.percentage, rate.is_active) == (Decimal(20), True)


def test_a_product_has_a_class(admin_client: Client) -> None:
    assert Product().tax_class == "standard"
    assert 'name="tax_class"' in admin_client.get("/admin/catalog/product/add/").content.decode()
