"""Prices typed for many variants and saved in one go."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from shop.catalog import publishing
from shop.catalog.models import CatalogSync, Price, Variant
from shop.money import Money
from tests.shop.catalog.admin.staff import logged_in
from tests.support.concurrency import at_once
from tests.support.factories import CategoryFactory, PriceFactory, VariantFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:edit_prices")


@pytest.fixture
def pricing() -> Client:
    return logged_in("view_price", "change_price")


def typed(*rows: tuple[Price, str, str]) -> dict[str, Any]:
    """What the page sends: every price that was seen, with what was typed beside it."""
    data: dict[str, Any] = {"variant": [price.variant_id for price, _, _ in rows]}
    for price, new, regular in rows:
        row = price.variant_id
        data |= {
            f"{row}-seen": price.key,
            f"{row}-new_price": new,
            f"{row}-regular": regular,
        }
    return data


def current(variant: Variant, currency: str = "eur") -> tuple[int, int | None]:
    price = variant.prices.current().get(currency=currency)
    return price.unit_amount, price.regular_amount


def errors(response: Any) -> list[str]:
    return [
        text for row in response.context["rows"] for texts in row.errors.values() for text in texts
    ]


def listed(response: Any) -> list[Variant]:
    return [row.variant for row in response.context["rows"]]


def test_several_prices_are_saved_in_one_go(pricing: Client) -> None:
    cheaper, reduced, same = PriceFactory(), PriceFactory(), PriceFactory()

    response = pricing.post(
        PAGE, typed((cheaper, "16.50", ""), (reduced, "12", "18.00"), (same, "", "")), follow=True
    )

    assert current(cheaper.variant) == (1650, None)
    assert current(reduced.variant) == (1200, 1800)
    assert same.variant.prices.get() == same
    assert {sync.variant for sync in CatalogSync.objects.all()} == {
        cheaper.variant,
        reduced.variant,
    }
    assert [str(said) for said in response.context["messages"]] == ["2 prices changed."]
    assert sorted(entry.change_message for entry in LogEntry.objects.all()) == sorted(
        [
            f"Price of {cheaper.variant.sku}: 18.00 EUR → 16.50 EUR.",
            f"Price of {reduced.variant.sku}: 18.00 EUR → 12.00 EUR.",
        ]
    )


def test_a_price_without_a_regular_one_ends_the_reduction(pricing: Client) -> None:
    variant = PriceFactory().variant
    reduced = publishing.set_price(variant, Money(1200, "eur"), regular=Money(1800, "eur"))

    pricing.post(PAGE, typed((reduced, "12.00", "")))

    assert current(variant) == (1200, None)


def test_a_variant_without_a_price_gets_one(pricing: Client) -> None:
    variant = VariantFactory()
    data = {"variant": [variant.pk], f"{variant.pk}-seen": "", f"{variant.pk}-new_price": "9"}

    pricing.post(PAGE, data)

    assert current(variant) == (900, None)


@pytest.mark.parametrize(
    ("new", "regular", "said"),
    [
        ("12,50", "", "'12,50' is no amount. Write it like 12.50."),
        ("12.505", "", "'12.505' has more than 2 decimals."),
        ("-1", "", "'-1' is no amount. Write it like 12.50."),
        ("12", "x", "'x' is no amount. Write it like 12.50."),
        ("12", "12", "12.00 EUR is not below the regular price of 12.00 EUR."),
        ("12", "9", "12.00 EUR is not below the regular price of 9.00 EUR."),
        ("", "20", "Type the reduced price as well."),
    ],
)
def test_an_odd_row_is_told_and_nothing_is_saved(
    pricing: Client, new: str, regular: str, said: str
) -> None:
    good, odd = PriceFactory(), PriceFactory()

    response = pricing.post(PAGE, typed((good, "16.50", ""), (odd, new, regular)))

    assert response.status_code == 400
    assert errors(response) == [said]
    assert b'value="16.50"' in response.content
    assert set(Price.objects.values_list("pk", "is_active")) == {(good.pk, True), (odd.pk, True)}
    assert not CatalogSync.objects.exists()
    assert not LogEntry.objects.exists()


def test_every_bad_field_gets_its_sentence(pricing: Client) -> None:
    first, second = PriceFactory(), PriceFactory()

    response = pricing.post(PAGE, typed((first, "x", "y"), (second, "5", "4")))

    assert errors(response) == [
        "'x' is no amount. Write it like 12.50.",
        "'y' is no amount. Write it like 12.50.",
        "5.00 EUR is not below the regular price of 4.00 EUR.",
    ]


def test_a_price_that_somebody_else_changed_is_told_and_kept(pricing: Client) -> None:
    mine, theirs = PriceFactory(), PriceFactory()
    data = typed((mine, "16.50", ""), (theirs, "17.00", ""))
    now = publishing.set_price(theirs.variant, Money(1999, "eur"))

    response = pricing.post(PAGE, data)

    assert errors(response) == ["Somebody set it to 19.99 EUR meanwhile. Save again to replace it."]
    assert current(theirs.variant) == (1999, None)
    assert current(mine.variant) == (1800, None)
    assert now.key.encode() in response.content


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_one_is_told() -> None:
    first, second = PriceFactory(), PriceFactory()
    ana, ben = logged_in("view_price", "change_price"), logged_in("view_price", "change_price")

    answers = at_once(
        [
            lambda: ana.post(PAGE, typed((first, "10", ""), (second, "10", ""))).status_code,
            lambda: ben.post(PAGE, typed((second, "11", ""), (first, "11", ""))).status_code,
        ]
    )

    assert sorted(map(str, answers)) == ["302", "400"]
    won = (1000, None) if answers[0] == 302 else (1100, None)
    assert [current(first.variant), current(second.variant)] == [won, won]
    assert Price.objects.count() == 4


def test_what_was_told_can_be_replaced_with_open_eyes(pricing: Client) -> None:
    theirs = PriceFactory()
    now = publishing.set_price(theirs.variant, Money(1999, "eur"))

    pricing.post(PAGE, typed((now, "17.00", "")))

    assert current(theirs.variant) == (1700, None)


def test_a_change_of_others_to_a_price_nobody_typed_is_no_trouble(pricing: Client) -> None:
    mine, theirs = PriceFactory(), PriceFactory()
    data = typed((mine, "16.50", ""), (theirs, "", ""))
    publishing.set_price(theirs.variant, Money(1999, "eur"))

    response = pricing.post(PAGE, data)

    assert response.status_code == 302
    assert (current(mine.variant), current(theirs.variant)) == ((1650, None), (1999, None))


def test_prices_are_set_in_the_currency_that_is_listed(pricing: Client, settings: Any) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "jpy"]
    variant = PriceFactory().variant
    data = {"variant": [variant.pk], f"{variant.pk}-seen": "", f"{variant.pk}-new_price": "2400"}

    response = pricing.post(f"{PAGE}?currency=jpy", data)

    assert response["Location"] == f"{PAGE}?currency=jpy"
    assert (current(variant), current(variant, "jpy")) == ((1800, None), (2400, None))


def test_filters_narrow_the_list(pricing: Client) -> None:
    lamp = PriceFactory(variant__product__title="Lamp", variant__sku="LAMP").variant
    draft = PriceFactory(variant__product__status="draft").variant
    reduced = PriceFactory(unit_amount=900, regular_amount=1000, lowest_recent_amount=900).variant
    bare = VariantFactory()
    category = {"category": lamp.product.category_id}

    def found(**query: Any) -> list[Variant]:
        return listed(pricing.get(PAGE, query))

    assert len(found()) == 4
    assert found(q="lamp") == [lamp]
    assert found(**category) == [lamp]
    assert found(status="draft") == [draft]
    assert found(kind="reduced") == [reduced]
    assert found(kind="none") == [bare]
    assert found(products=f"{draft.product_id},{bare.product_id}") == [draft, bare]
    assert found(q="nothing like it") == []


def test_a_category_holds_all_that_lies_below_it(pricing: Client) -> None:
    light = CategoryFactory()
    lamp = PriceFactory(variant__product__category=CategoryFactory(parent=light)).variant
    PriceFactory()

    assert listed(pricing.get(PAGE, {"category": light.pk})) == [lamp]


@pytest.mark.parametrize(
    "query", ["category=x", "status=odd", "products=1,x", "currency=xxx", "page=-1", "q=%00"]
)
def test_odd_filters_are_left_out(pricing: Client, query: str) -> None:
    variant = PriceFactory().variant

    assert listed(pricing.get(f"{PAGE}?{query}")) == [variant]


def test_who_may_only_look_sees_no_field_and_no_button(client: Client) -> None:
    price = PriceFactory()
    looking = logged_in("view_price")

    page = looking.get(PAGE).content.decode()
    answer = looking.post(PAGE, typed((price, "1.00", "")))

    assert "18.00 EUR" in page
    assert "new_price" not in page
    assert "Save" not in page
    assert answer.status_code == 403
    assert current(price.variant) == (1800, None)
    assert logged_in("view_product").get(PAGE).status_code == 403


@pytest.mark.parametrize("count", [5, 120])
def test_the_page_costs_at_most_ten_queries(
    pricing: Client, count: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(count):
        PriceFactory(on_hand=0)

    with django_assert_max_num_queries(10):
        response = pricing.get(PAGE)

    assert len(listed(response)) == min(count, 50)
