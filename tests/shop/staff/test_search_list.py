"""What staff search is found and counted in one read of the table. # F15"""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.shop.catalog.admin.staff import PRODUCTS, STOCKS
from tests.support.factories import PriceFactory, UserFactory

pytestmark = pytest.mark.django_db
PRICES = "/admin/catalog/price/"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def many() -> None:
    """Sixty lanterns, more than a page of any list, and one thing that is none."""
    for number in range(60):
        PriceFactory(
            variant__sku=f"LAN-{number:03}", variant__product__title=f"Lantern {number:03}"
        )
    PriceFactory(variant__sku="MUG", variant__product__title="Mug", variant__product__slug="mug")


def searched(staff: Client, address: str, **query: Any) -> tuple[Any, int]:
    """The list, and how often a table was looked through for what was typed."""
    with CaptureQueriesContext(connection) as caught:
        response = staff.get(address, query)
    return response.context["cl"], sum("LIKE UPPER('%lan%')" in one["sql"] for one in caught)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("address", [PRODUCTS, PRICES, STOCKS])
def test_list_and_number_come_from_one_read(staff: Client, address: str) -> None:
    found, reads = searched(staff, address, q="lan")

    shown = min(60, found.list_per_page)
    assert (found.result_count, len(found.result_list), reads) == (60, shown, 1)


@pytest.mark.usefixtures("many")
def test_pages_are_in_order_and_go_on(staff: Client) -> None:
    pages = [searched(staff, PRODUCTS, q="lan", p=page)[0] for page in (1, 2)]

    titles = [product.title for page in pages for product in page.result_list]
    assert titles == [f"Lantern {number:03}" for number in range(60)]


@pytest.mark.usefixtures("many")
def test_another_order_is_kept(staff: Client) -> None:
    found, _ = searched(staff, PRODUCTS, q="lan", o="-1", status__exact="active")

    assert [product.title for product in found.result_list][:2] == ["Lantern 059", "Lantern 058"]


@pytest.mark.usefixtures("many")
def test_nothing_found_and_no_such_page(staff: Client) -> None:
    none, _ = searched(staff, PRODUCTS, q="wombat")

    assert (none.result_count, list(none.result_list)) == (0, [])
    assert staff.get(PRODUCTS, {"q": "lan", "p": "9"}, follow=True).status_code == 200


@pytest.mark.usefixtures("many")
def test_all_of_them_are_shown_on_demand(staff: Client) -> None:
    found, _ = searched(staff, PRODUCTS, q="lan", all="")

    assert len(found.result_list) == 60
