"""Pages in a language that runs from right to left keep their shape. Check S60."""

import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import APIResponse, Page, expect

from tests.support.browser import changed_on_the_way
from tests.support.house import House

WIDTH = 360


@pytest.mark.django_db
def test_a_page_says_which_way_it_runs(client: Client, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("he", "Hebrew")]

    hebrew = client.get("/help/?language=he").content.decode()

    assert '<html lang="he" dir="rtl">' in hebrew
    assert '<html lang="en">' in client.get("/help/").content.decode()


def turned(page: APIResponse) -> dict[str, str]:
    """The page as it would come in such a language; its words do not matter."""
    return {"body": page.text().replace('<html lang="en">', '<html lang="he" dir="rtl">')}


def test_from_right_to_left_nothing_scrolls_sideways(house: House, page: Page) -> None:
    page.set_viewport_size({"width": WIDTH, "height": 780})
    page.goto(f"{house.url}/products/kelp-mug/")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator("h1")).to_have_text("Your cart")

    wide = []
    with changed_on_the_way(page, re.compile(r"/$"), turned):
        for address in ["/", "/categories/table/", "/products/tide-bowl/", "/cart/", "/help/"]:
            page.goto(house.url + address)
            assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
            if page.evaluate("document.documentElement.scrollWidth") > WIDTH:
                wide.append(address)

    assert wide == []
