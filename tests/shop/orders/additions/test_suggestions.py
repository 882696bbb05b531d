"""What goes with what is in the cart, offered there where the payment page will not."""

from typing import Any

import pytest
from django.test import Client

from shop.catalog.models import Price, Product, Stock
from shop.orders.models import DeliveryMethod
from tests.support.carts import read, with_cart
from tests.support.factories import (
    ChosenPriceFactory,
    DeliveryMethodFactory,
    DiscountFactory,
    PriceFactory,
    TaxRateFactory,
    VariantFactory,
)
from tests.support.goes_with import going_with, synced
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db

HEADING = "Goes well with"


@pytest.fixture(autouse=True)
def delivery() -> None:
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(countries=["AT"], rates={"eur": {0: 490}}, free_from={"eur": 2000})


def wrap(**more: Any) -> Price:
    return PriceFactory(unit_amount=300, variant__product__title="Gift wrap", **more)


def test_it_is_offered_with_its_price_and_added(client: Client) -> None:
    other = wrap()
    cart = with_cart(client, going_with(PriceFactory(), other))
    page = read(client)

    client.post("/cart/add/", {"price": other.key, "quantity": "1"})

    assert (HEADING in page, "Gift wrap" in page, "€3.00" in page) == (True, True, True)
    assert list(cart.lines.values_list("variant", flat=True))[1] == other.variant_id
    assert HEADING not in read(client)


def test_nothing_goes_with_an_empty_cart(client: Client) -> None:
    assert HEADING not in read(client)


def archived() -> Price:
    return wrap(variant__product__status=Product.Status.ARCHIVED)


def sold_out() -> Price:
    return wrap(on_hand=0)


def all_set_aside() -> Price:
    other = wrap(on_hand=2)
    Stock.objects.filter(variant=other.variant).update(reserved=2)
    return other


def in_dollars() -> Price:
    return wrap(currency="usd")


@pytest.mark.parametrize("other", [archived, sold_out, all_set_aside, in_dollars])
def test_what_cannot_be_had_is_never_hinted_at(client: Client, other: Any) -> None:
    with_cart(client, going_with(PriceFactory(), other()))

    page = read(client)

    assert (HEADING in page, "Gift wrap" in page) == (False, False)


def test_at_most_three_of_all_that_go_with_it(client: Client) -> None:
    others = [PriceFactory(variant__product__title=f"Ribbon {number}") for number in range(5)]
    with_cart(
        client, going_with(PriceFactory(), *others[:2]), going_with(PriceFactory(), *others[2:])
    )

    page = read(client)

    assert [f"Ribbon {number}" in page for number in range(5)] == [True, True, True, False, False]


def test_its_picture_stands_beside_it(client: Client) -> None:
    other = wrap()
    files = {"name": "paper", "width": 960, "height": 960, "widths": [320, 640]}
    other.variant.product.images.create(source="http://pictures.example/paper.jpg", **files)
    with_cart(client, going_with(PriceFactory(), other))

    assert "/media/pictures/paper-640.jpg" in read(client)


def test_what_comes_in_several_ways_is_chosen_on_its_own_page(client: Client) -> None:
    small = wrap()
    large = VariantFactory(product=small.variant.product, option_values=["Large"])
    PriceFactory(variant=large, unit_amount=200)
    with_cart(client, going_with(PriceFactory(), small))

    page = read(client)

    assert "from €2.00" in page
    assert f'name="price" value="{small.key}"' not in page
    assert f'class="choose" href="{small.variant.product.get_absolute_url()}"' in page


def test_what_customers_name_the_price_of_is_chosen_there_too(client: Client) -> None:
    with_cart(client, going_with(PriceFactory(), ChosenPriceFactory()))

    assert "from €5.00" in read(client)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("change", "is_in_cart"),
    [
        ("nothing", False),
        ("delivery", True),
        ("rates", True),
        ("codes", True),
        ("codes on copies", True),
        ("offer", True),
        ("limit", True),
    ],
)
def test_the_payment_page_or_the_cart_offers_it(
    client: Client, stand_in: StandIn, settings: Any, change: str, is_in_cart: bool
) -> None:
    """Never both, and never neither."""
    other = synced(unit_amount=150)
    if change == "delivery":
        DeliveryMethod.objects.get().free_from.update(amount=1900)
    elif change == "offer":
        DiscountFactory(is_automatic=True)
    elif change == "rates":
        settings.TAX_MODE = "rates"
        TaxRateFactory()
    elif change == "codes on copies":
        settings.CHECKOUT_RECOVERY = "stripe"
        settings.CHECKOUT_RECOVERY_PROMOTION_CODES = True
    elif change == "limit":
        settings.CAPTURE_POLICY = "automatic"
        settings.CAPTURE_REVIEW_ABOVE = {"eur": 1900}
    elif change == "codes":
        settings.ALLOW_PROMOTION_CODES = True
    with_cart(client, going_with(PriceFactory(), other))

    page = read(client)
    answer = client.post("/create-checkout-session", {})

    assert answer.status_code == 303, answer["Location"]
    (made,) = stand_in.executed("/v1/checkout/sessions")
    is_on_page = "optional_items" in str(made)
    assert (HEADING in page, is_on_page) == (is_in_cart, not is_in_cart)


@pytest.mark.django_db(transaction=True)
def test_what_does_not_fit_on_the_page_with_the_others_stands_in_the_cart(
    client: Client, stand_in: StandIn
) -> None:
    """Free from 20.00 on: with one of them the goods cost 19.00, with both 20.00."""
    one, other = (
        synced(unit_amount=100, variant__product__title=title) for title in ("Ribbon", "Bow")
    )
    with_cart(client, going_with(PriceFactory(), one, other))

    page = read(client)
    client.post("/create-checkout-session", {})

    (made,) = stand_in.executed("/v1/checkout/sessions")
    assert ("Ribbon" in page, "Bow" in page) == (False, True)
    assert (str(one.stripe_price_id) in str(made), str(other.stripe_price_id) in str(made)) == (
        True,
        False,
    )


def test_the_whole_cart_takes_at_most_twelve_queries(
    client: Client, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.TAX_MODE = "rates"
    TaxRateFactory()
    DiscountFactory(codes=["TEN"])
    ChosenPriceFactory(variant__product__kind=Product.Kind.TIP)
    others = [PriceFactory() for _ in range(3)]
    with_cart(client, going_with(PriceFactory(), *others))

    # Those of a cart with everything else, and one for this.
    with django_assert_num_queries(11):
        client.get("/cart/")
