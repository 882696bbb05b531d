"""S5: the price by weight or volume on the product's page, on cards, in the cart and the feeds."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.catalog import publishing
from shop.catalog.google_feed.document import item
from shop.catalog.models import Price, Product, Variant
from shop.money import Money
from tests.support.carts import read, with_cart
from tests.support.factories import PriceFactory, ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db
GERMAN = {"accept-language": "de"}


def tea(*contents: tuple[str, str | None, int], **fields: Any) -> Product:
    """Sold by 100 g, in bags that hold so much and cost so much."""
    product: Product = ProductFactory(
        title="Tea",
        slug="tea",
        option_names=["Bag"],
        **{"content_unit": "g", "unit_price_per": 100, **fields},
    )
    for name, content, amount in contents:
        variant = VariantFactory(
            product=product,
            sku=f"TEA-{name}",
            option_values=[name],
            content=content and Decimal(content),
        )
        PriceFactory(variant=variant, unit_amount=amount)
    return product


def words(html: str) -> str:
    """What people read, each gap one blank."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def page(client: Client, address: str, **headers: str) -> str:
    return words(client.get(address, headers=headers).content.decode())


def test_s5_the_page_says_it_of_the_chosen_variant(client: Client) -> None:
    tea(("Small", "100", 800), ("Large", "500", 3000))

    assert "Price per unit €8.00 / 100 g" in page(client, "/products/tea/?variant=TEA-Small")
    assert "Price per unit €6.00 / 100 g" in page(client, "/products/tea/?variant=TEA-Large")
    german = page(client, "/products/tea/?variant=TEA-Large", **GERMAN)
    assert "Grundpreis 6,00 € / 100 g" in german


def test_s5_with_a_size_to_choose_the_page_says_the_least(client: Client) -> None:
    product = tea(("S", "100", 800), ("L", "500", 3000))
    Product.objects.filter(pk=product.pk).update(option_names=["Size"])

    assert "Price per unit from €6.00 / 100 g" in page(client, "/products/tea/")


def test_s5_a_reduced_price_is_said_by_the_unit_as_reduced(client: Client) -> None:
    tea(("Small", "50", 800))
    variant = Variant.objects.get()
    publishing.set_price(variant, Money(600, "eur"), regular=Money(800, "eur"))

    assert "Price per unit €12.00 / 100 g" in page(client, "/products/tea/")


def test_s5_a_card_says_it_where_all_share_it_and_else_from(client: Client) -> None:
    product = tea(("Small", "100", 800), ("Large", "500", 4000))
    address = product.category.get_absolute_url()

    assert "Price per unit €8.00 / 100 g" in page(client, address)

    VariantFactory(product=product, option_values=["Tin"], content=Decimal(125))
    PriceFactory(variant=product.variants.last(), unit_amount=900)

    assert "Price per unit from €7.20 / 100 g" in page(client, address)
    assert "Price per unit from €7.20 / 100 g" in page(client, "/")


def test_s5_no_weight_of_a_parcel_stands_in_for_the_content(client: Client) -> None:
    product = tea(("Small", None, 800))
    Variant.objects.update(grams=150)

    assert "Price per unit" not in page(client, "/products/tea/")
    assert "Price per unit" not in page(client, product.category.get_absolute_url())


def test_s5_the_cart_says_it_of_each_line(client: Client) -> None:
    tea(("Small", "100", 800))
    with_cart(client, Price.objects.get(), quantity=2)

    assert "€8.00 each ( Price per unit €8.00 / 100 g)" in words(read(client))
    assert "Grundpreis 8,00 € / 100 g" in words(read(client, **GERMAN))


def test_s5_search_engines_are_told_for_how_much_the_price_is(client: Client) -> None:
    tea(("Small", "226.8", 1250), unit_price_per=1000)

    html = client.get("/products/tea/").content.decode()
    block = html.split('<script type="application/ld+json">')[1].split("</script>")[0]

    assert json.loads(block)[0]["offers"][0]["priceSpecification"] == {
        "@type": "UnitPriceSpecification",
        "price": "12.50",
        "priceCurrency": "EUR",
        "referenceQuantity": {
            "@type": "QuantitativeValue",
            "value": "226.8",
            "unitCode": "GRM",
            "valueReference": {"@type": "QuantitativeValue", "value": "1", "unitCode": "KGM"},
        },
    }


@pytest.mark.parametrize(
    ("unit", "per", "content", "told"),
    [
        ("g", 100, "226.8", ("226.8 g", "100 g")),
        ("g", 1000, "500", ("500 g", "1 kg")),
        ("l", 1, "0.75", ("0.75 l", "1 l")),
        ("sqm", 1, "2.4", ("2.4 sqm", "1 sqm")),
        # A base that Google does not know is left to Google.
        ("g", 250, "500", ("500 g", "")),
        ("", None, "500", (None, None)),
        ("g", 100, None, (None, None)),
    ],
)
def test_s5_google_is_told_how_much_is_in_it_and_the_base(
    unit: str, per: int | None, content: str | None, told: tuple[str | None, str | None]
) -> None:
    product = tea(("Small", content, 800), content_unit=unit, unit_price_per=per)

    found = item(product, Variant.objects.get(), Price.objects.get())

    names = ("g:unit_pricing_measure", "g:unit_pricing_base_measure")
    assert tuple(found.get(name) for name in names) == told


@pytest.mark.parametrize(("threshold", "says"), [(None, False), (8, True), (7, False), (0, False)])
def test_s5_how_few_are_few_is_the_variants_own_word(
    client: Client, threshold: int | None, says: bool
) -> None:
    product = PriceFactory(
        variant__product__slug="mug", variant__low_stock_threshold=threshold, on_hand=8
    ).variant.product

    html = page(client, "/products/mug/"), page(client, product.category.get_absolute_url())

    assert ["8 left" in one for one in html] == [says, says]
