"""What a file may say beyond the usual: further languages and currencies, chosen and recurring."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shop.catalog.files.run import Report, import_products
from shop.catalog.models import Category, Price, Product, Variant
from tests.shop.catalog.files.formats.shopify_files import row, text_of

pytestmark = pytest.mark.django_db


def imported(directory: Path, header: str, *lines: str, **options: Any) -> Report:
    path = directory / "a.csv"
    path.write_text("\n".join([f"sku;title;price;{header}", *lines]) + "\n")
    return import_products(path, currency="eur", **options)


def asked() -> dict[str, int]:
    """Amounts by currency and interval."""
    return {
        f"{price.currency} {price.interval_count} {price.interval}".strip(): price.unit_amount
        for price in Price.objects.filter(is_active=True)
    }


def test_texts_in_further_languages_are_kept(tmp_path: Path) -> None:
    imported(
        tmp_path,
        "category;title:de;description:de;category:de",
        'L-1;Lamp;9.00;Home > Light;Lampe;"<p>Hell &amp; warm.</p>";Wohnen > Licht',
    )

    assert Product.objects.get().translations == {
        "de": {"title": "Lampe", "description": "Hell & warm."}
    }
    assert list(Category.objects.order_by("pk").values_list("name", "translations")) == [
        ("Home", {"de": {"name": "Wohnen"}}),
        ("Light", {"de": {"name": "Licht"}}),
    ]


def test_an_empty_text_takes_one_away_and_no_column_leaves_all(
    tmp_path: Path, settings: Any
) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français")]
    imported(tmp_path, "title:de;description:de", "L-1;Lamp;9.00;Lampe;Hell.")

    imported(tmp_path, "title:fr", "L-1;Lamp;9.00;Lampe à huile")
    with_more = Product.objects.get().translations
    imported(tmp_path, "title:de", "L-1;Lamp;9.00;")

    assert with_more == {
        "de": {"title": "Lampe", "description": "Hell."},
        "fr": {"title": "Lampe à huile"},
    }
    assert Product.objects.get().translations == {
        "de": {"description": "Hell."},
        "fr": {"title": "Lampe à huile"},
    }


def test_a_language_that_the_shop_does_not_speak_is_refused(tmp_path: Path) -> None:
    # U9
    report = imported(tmp_path, "title:de;title:fr", "L-1;Lamp;9.00;Lampe;Lampe à huile")

    [problem] = report.problems
    assert str(problem) == (
        "line 1, title:fr: 'fr' is no further language of this shop. There are: de."
    )
    assert Product.objects.count() == 0


def test_prices_in_further_currencies_and_intervals(tmp_path: Path) -> None:
    report = imported(
        tmp_path, "price:usd;Price:EUR:month;price:eur:3-month", "L-1;Lamp;9.00;10,50;5.00;12.00"
    )

    assert report.problems == []
    assert asked() == {"eur 1": 900, "usd 1": 1050, "eur 1 month": 500, "eur 3 month": 1200}


def test_what_is_paid_again_and_again_is_named_in_words(tmp_path: Path) -> None:
    report = imported(
        tmp_path,
        "Price every month;Price every 3 months;Trial days every month",
        "L-1;Lamp;none;5.00;12.00;14",
    )

    assert report.problems == []
    assert asked() == {"eur 1 month": 500, "eur 3 month": 1200}
    trials = Price.objects.order_by("interval_count").values_list("trial_days", flat=True)
    assert list(trials) == [14, None]


def test_a_trial_stays_where_no_column_says_it(tmp_path: Path) -> None:
    imported(tmp_path, "price:eur:month;trial_days:eur:month", "L-1;Lamp;9.00;5.00;14")

    imported(tmp_path, "price:eur:month", "L-1;Lamp;9.00;6.00")
    kept = Price.objects.get(unit_amount=600).trial_days
    imported(tmp_path, "price:eur:month;trial_days:eur:month", "L-1;Lamp;9.00;6.00;0")

    current = Price.objects.get(unit_amount=600, is_active=True)
    assert (kept, current.trial_days) == (14, None)


@pytest.mark.parametrize(
    ("columns", "row", "problem"),
    [
        (
            "price:eur:month;trial_days:eur:month",
            "5.00;often",
            "line 2, trial_days:eur:month: 'often' is no whole number.",
        ),
        (
            "price:eur:month;trial_days:eur:month",
            "5.00;731",
            "line 2, trial_days:eur:month: Stripe allows at most 730 days, not 731.",
        ),
        (
            "price:usd;trial_days:usd",
            "5.00;14",
            ("line 2, trial_days:usd: Only what is paid again and again can be free at first."),
        ),
    ],
)
def test_a_trial_that_cannot_be_is_told(
    tmp_path: Path, columns: str, row: str, problem: str
) -> None:
    report = imported(tmp_path, columns, f"L-1;Lamp;9.00;{row}")

    assert [str(one) for one in report.problems] == [problem]


def test_an_empty_cell_leaves_a_price_and_none_ends_it(tmp_path: Path) -> None:
    imported(tmp_path, "price:usd;price:eur:month", "L-1;Lamp;9.00;10.50;5.00")

    left = imported(tmp_path, "price:usd;price:eur:month", "L-1;Lamp;9.00;;")
    before = asked()
    ended = imported(tmp_path, "price:usd;price:eur:month", "L-1;Lamp;none;none;6.00")

    assert (left.counts["prices ended"], ended.counts["prices ended"]) == (0, 2)
    assert before == {"eur 1": 900, "usd 1": 1050, "eur 1 month": 500}
    assert asked() == {"eur 1 month": 600}


def test_a_customer_may_choose(tmp_path: Path) -> None:
    line = "L-1;Lamp;9.00;5.00;50.00"
    imported(tmp_path, "minimum_price:eur;maximum_price:eur", line)
    again = imported(tmp_path, "minimum_price:eur;maximum_price:eur", line)

    price = Price.objects.get()
    assert (price.is_chosen, price.minimum_amount, price.unit_amount, price.maximum_amount) == (
        True,
        500,
        900,
        5000,
    )
    assert again.counts["prices replaced"] == 0


def test_a_chosen_price_makes_way_for_a_fixed_one(tmp_path: Path) -> None:
    imported(tmp_path, "minimum_price:eur;maximum_price:eur", "L-1;Lamp;9.00;5.00;50.00")

    imported(tmp_path, "minimum_price:eur;maximum_price:eur", "L-1;Lamp;9.00;;")

    assert [price.is_chosen for price in Price.objects.filter(is_active=True)] == [False]


def test_the_lowest_of_the_days_before_a_reduction_is_kept(tmp_path: Path) -> None:
    imported(tmp_path, "regular price;lowest_price:eur", "L-1;Lamp;9.00;12.00;8.00")

    assert Price.objects.get().lowest_recent_amount == 800


def test_limits_times_and_what_is_out_of_the_range(tmp_path: Path) -> None:
    imported(
        tmp_path,
        "status;most_per_order;publish_at;variant_active",
        "L-1;Lamp;9.00;draft;3;2027-05-01T09:00:00+02:00;false",
    )

    product = Product.objects.get()
    assert (product.most_per_order, product.publish_at) == (
        3,
        datetime(2027, 5, 1, 7, tzinfo=UTC),
    )
    assert [variant.is_active for variant in Variant.objects.all()] == [False]


def test_a_tax_class_is_read_by_just_its_name(tmp_path: Path) -> None:
    imported(tmp_path, "tax_class", "L-1;Lamp;9.00;books")
    said = Product.objects.get().tax_class
    imported(tmp_path, "Tax class", "L-1;Lamp;9.00;Reduced rate")
    unsaid = Product.objects.get().tax_class
    imported(tmp_path, "tax_class", "L-1;Lamp;9.00;")

    assert (said, unsaid, Product.objects.get().tax_class) == ("books", "books", "standard")


def test_a_tax_code_of_another_system_is_left_out(tmp_path: Path) -> None:
    report = imported(tmp_path, "tax_code", "L-1;Lamp;9.00;PC040100")
    left_out = Variant.objects.get().tax_code
    imported(tmp_path, "tax_code", "L-1;Lamp;9.00;txcd_35010000")

    assert (left_out, Variant.objects.get().tax_code) == ("", "txcd_35010000")
    assert "line 2, tax_code: PC040100 is no tax code of Stripe; left out." in map(
        str, report.warnings
    )


def test_a_file_that_does_not_say_leaves_them(tmp_path: Path) -> None:
    imported(tmp_path, "most_per_order;variant_active", "L-1;Lamp;9.00;3;false")

    imported(tmp_path, "brand", "L-1;Lamp;9.00;Skerry")

    assert Product.objects.get().most_per_order == 3
    assert not Variant.objects.get().is_active


@pytest.mark.parametrize(
    ("header", "cells", "said"),
    [
        ("price:usd", "cheap", "price:usd: 'cheap' is no amount. Write it like 12.50."),
        ("price:usd", "1,299", "price:usd: '1,299' may mean 1299 or 1.299."),
        ("minimum_price:eur", "5.00", "price: Where customers choose, there are a least and a mo"),
        (
            "minimum_price:eur;maximum_price:eur",
            "10.00;50.00",
            "price: 9.00 EUR is not between 10.00 EUR and 50.00 EUR.",
        ),
        (
            "minimum_price:eur;maximum_price:eur",
            "0.10;50.00",
            "price: Stripe charges at least 0.50 EUR; 0.10 EUR is less.",
        ),
        (
            "price:eur:month;minimum_price:eur:month;maximum_price:eur:month",
            "9.00;5.00;50.00",
            "price:eur:month: A chosen amount is paid once; Stripe knows no other.",
        ),
        (
            "price:eur:month;regular_price:eur:month",
            "9.00;12.00",
            "regular_price:eur:month: Only a price that is paid once can be reduced.",
        ),
        ("most_per_order", "0", "most_per_order: is 0. Leave it empty where an order may hold any"),
        ("publish_at", "soon", "publish_at: 'soon' is no time. Write it like 2026-05-31T09:00:00"),
        (
            "tax_class",
            "Reduced rate",
            "tax_class: 'Reduced rate' is no tax class. Write one short word",
        ),
        ("variant_active", "maybe", "variant_active: 'maybe' is neither TRUE nor FALSE."),
        ("title:de", "L" * 256, "title:de: has 256 characters; 255 fit."),
    ],
)
def test_what_cannot_be_is_told(tmp_path: Path, header: str, cells: str, said: str) -> None:
    report = imported(tmp_path, header, f"L-1;Lamp;9.00;{cells}")

    [problem] = report.problems
    assert str(problem).startswith(f"line 2, {said}")


def test_columns_of_unknown_currencies_are_not_read(tmp_path: Path) -> None:
    report = imported(tmp_path, "price:xyz;price:eur:decade", "L-1;Lamp;9.00;1.00;1.00")

    assert (report.unread, asked()) == (["price:xyz", "price:eur:decade"], {"eur 1": 900})


def test_any_column_may_be_one_of_them(tmp_path: Path) -> None:
    given = {"Titel": "title:de", "Preis US": "price:usd"}
    imported(tmp_path, "Titel;Preis US", "L-1;Lamp;9.00;Lampe;10.50", given=given)
    path = tmp_path / "b.csv"
    text = text_of(row()).replace("Vendor,", "Titel,").replace("Skerry Ironworks", "Laterne")
    path.write_text(text)

    report = import_products(path, currency="eur", given={"Titel": "title:de"})

    assert (report.problems, asked()["usd 1"]) == ([], 1050)
    assert [one.translations["de"] for one in Product.objects.order_by("pk")] == [
        {"title": "Lampe"},
        {"title": "Laterne"},
    ]
