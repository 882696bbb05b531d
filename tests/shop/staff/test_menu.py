"""The menu of the staff site: what staff come to do, and every list in it once."""

from collections import Counter
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from shop.staff import menu
from tests.shop.catalog.admin.staff import LANDING, PRODUCTS, logged_in

pytestmark = pytest.mark.django_db


def shown(client: Client, address: str = LANDING) -> dict[str, list[str]]:
    """The groups of the menu with the words in them."""
    groups: Any = client.get(address).context["available_apps"]
    return {group["name"]: [entry["name"] for entry in group["models"]] for group in groups}


def test_s9_every_list_stands_in_the_menu_once() -> None:
    named = Counter(
        entry.label
        for entries in menu.MENU.values()
        for entry in entries
        if hasattr(entry, "label")
    )

    registered = {model._meta.label for model in admin.site._registry}
    assert named == Counter(registered), "shop/staff/menu.py: name each list in one group"


def test_s9_the_price_page_is_found_by_what_it_is_for(admin_client: Client) -> None:
    page = admin_client.get(LANDING).content.decode()

    assert shown(admin_client)["Prices"] == ["Change prices", "All prices, old and new"]
    assert f'<a href="{reverse("admin:edit_prices")}"' in page
    assert menu.REST not in shown(admin_client)


def test_s9_the_menu_stands_beside_every_page(admin_client: Client) -> None:
    assert list(shown(admin_client, PRODUCTS))[:5] == [
        "Orders", "Products", "Prices", "Stock", "Discounts",
    ]  # fmt: skip


def test_s9_everybody_sees_what_they_may() -> None:
    client = logged_in("view_price", "view_stock")

    assert shown(client) == {
        "Prices": ["Change prices", "All prices, old and new"],
        "Stock": ["Stock now"],
    }


def test_the_page_of_an_app_shows_its_lists(admin_client: Client) -> None:
    page = admin_client.get(reverse("admin:app_list", args=["accounts"]))

    assert [app["app_label"] for app in page.context["app_list"]] == ["accounts"]
