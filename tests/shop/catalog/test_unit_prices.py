"""S5: what a thing costs by weight or volume, to the cent, in every language."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from shop.catalog import publishing, unit_prices
from shop.catalog.models import Product, Unit, Variant
from shop.catalog.templatetags.unit_prices import per_unit
from shop.money import Money
from tests.support.factories import ChosenPriceFactory, PriceFactory, VariantFactory

G, KG, ML, L, CM, M = (
    Unit.GRAM, Unit.KILOGRAM, Unit.MILLILITER, Unit.LITER, Unit.CENTIMETER, Unit.METER
)  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "content", "per", "unit", "said"),
    [
        ((800, "eur"), "100", 100, G, (800, 100, G)),
        ((1250, "eur"), "226.8", 100, G, (551, 100, G)),  # 551.146…
        ((950, "eur"), "0.75", 1, L, (1267, 1, L)),  # 1266.66…
        ((1, "eur"), "2", 1, Unit.PIECE, (1, 1, Unit.PIECE)),  # half a cent is one
        ((1, "eur"), "2.001", 1, Unit.PIECE, (0, 1, Unit.PIECE)),
        ((500, "eur"), "250", 1000, G, (2000, 1, KG)),
        ((500, "eur"), "250", 1500, G, (3000, 1500, G)),
        ((500, "eur"), "330", 1000, ML, (1515, 1, L)),
        ((500, "eur"), "50", 100, CM, (1000, 1, M)),
        ((1000, "jpy"), "300", 100, G, (333, 100, G)),
        ((100_000, "isk"), "300", 100, G, (33_300, 100, G)),
        ((999_999_999_999, "eur"), "0.001", 1000, KG, (999_999_999_999_000_000, 1000, KG)),
    ],
)
def test_s5_the_price_of_a_unit_is_exact_and_half_a_cent_is_rounded_up(
    amount: tuple[int, str], content: str, per: int, unit: Unit, said: tuple[int, int, Unit]
) -> None:
    product = Product(content_unit=unit, unit_price_per=per)

    found = unit_prices.of_content(product, Decimal(content), Money(*amount))

    assert found == unit_prices.UnitPrice(Money(said[0], amount[1]), *said[1:])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["€8.00 / 100\xa0g", "€12.67 / l", "€0.50 / piece", "€9.00 / 10\xa0pieces"]),
        (
            "de",
            [
                "8,00\xa0€ / 100\xa0g",
                "12,67\xa0€ / l",
                "0,50\xa0€ / Stück",
                "9,00\xa0€ / 10\xa0Stück",
            ],
        ),
    ],
)
def test_s5_it_is_written_in_the_language_of_the_page(language: str, said: list[str]) -> None:
    prices = [
        unit_prices.UnitPrice(Money(amount, "eur"), per, unit)
        for amount, per, unit in (
            (800, 100, G), (1267, 1, L), (50, 1, Unit.PIECE), (900, 10, Unit.PIECE),
        )
    ]  # fmt: skip

    with translation.override(language):
        assert [per_unit(one) for one in prices] == said
    assert per_unit(None) == ""


@pytest.mark.django_db
def test_s5_a_reduced_price_is_reduced_by_the_unit_too() -> None:
    price = PriceFactory(variant=soap(content="100"), unit_amount=800)
    publishing.set_price(price.variant, Money(600, "eur"), regular=Money(800, "eur"))
    now = price.variant.prices.get(is_active=True)

    found = unit_prices.unit_price(price.variant, now)

    assert found == unit_prices.UnitPrice(Money(600, "eur"), 100, G)


@pytest.mark.django_db
def test_s5_nothing_is_said_where_the_content_is_not_known_or_the_price_not_fixed() -> None:
    heavy = soap(content=None, grams=500)
    chosen = ChosenPriceFactory(variant=soap(content="100"))

    assert unit_prices.unit_price(heavy, PriceFactory(variant=heavy)) is None
    assert unit_prices.unit_price(chosen.variant, chosen) is None
    assert unit_prices.unit_price(heavy, None) is None


def test_s5_of_several_the_least_is_said_and_that_there_are_others() -> None:
    eight = unit_prices.UnitPrice(Money(800, "eur"), 100, G)
    nine = unit_prices.UnitPrice(Money(900, "eur"), 100, G)

    assert [
        unit_prices.least(some) for some in ([eight, eight], [nine, eight], [eight, None], [None])
    ] == [
        unit_prices.LeastUnitPrice(eight, is_from=False),
        unit_prices.LeastUnitPrice(eight, is_from=True),
        unit_prices.LeastUnitPrice(eight, is_from=True),
        None,
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("unit", "per", "content"), [("g", None, 1), ("", 100, 1), ("g", 0, 1), ("g", 100, 0)]
)
def test_s5_the_database_refuses_half_a_unit_price(
    unit: str, per: int | None, content: int
) -> None:
    variant = soap(content="100")
    variant.content = Decimal(content)
    variant.product.content_unit, variant.product.unit_price_per = unit, per

    row = variant.product if content else variant
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def soap(content: str | None, **more: object) -> Variant:
    """Sold by 100 g."""
    variant: Variant = VariantFactory(
        product__content_unit="g",
        product__unit_price_per=100,
        content=None if content is None else Decimal(content),
        **more,
    )
    return variant
