"""A tip in the cart: by a share, rounded up or as one likes; never discounted, and no goods."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from payments import checkout
from shop.catalog.models import Price, Product
from shop.orders.models import DeliveryMethod
from tests.support.carts import read, with_cart
from tests.support.factories import (
    CartFactory,
    CartLineFactory,
    ChosenPriceFactory,
    DeliveryMethodFactory,
    DiscountFactory,
    PriceFactory,
    TaxRateFactory,
)
from tests.support.purchases import do_the_work, new_buyer, order_of, paid, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def delivery() -> None:
    """For 4.90, free from 20.00 on."""
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(countries=["AT"], rates={"eur": {0: 490}}, free_from={"eur": 2000})


@pytest.fixture
def tip() -> Price:
    """From 0.50 to 100.00."""
    price: Price = given(Product.Kind.TIP, variant__product__title="Tip for the packers")
    return price


def given(kind: Product.Kind, **more: Any) -> Any:
    return ChosenPriceFactory(
        variant__product__kind=kind,
        variant__requires_shipping=False,
        minimum_amount=50,
        **more,
    )


def test_shares_and_the_next_round_sum_are_proposed(client: Client, tip: Price) -> None:
    with_cart(client, PriceFactory())

    page = read(client)

    assert "Tip for the packers</h3>" in page
    assert '<button type="submit">5 % · €0.90</button>' in page
    assert '<button type="submit">10 % · €1.80</button>' in page
    assert '<button type="submit">Round up to €20.00 · €2.00</button>' in page


def test_what_cannot_be_given_is_not_proposed(client: Client, tip: Price) -> None:
    with_cart(client, PriceFactory(unit_amount=800))

    page = read(client)

    # 0.40 is less than the least.
    assert "5 %" not in page
    assert '<button type="submit">10 % · €0.80</button>' in page


@pytest.mark.parametrize("amount", ["-1", "NaN", "0.49", "1e3", "100.01", "", "٣"])
def test_an_odd_amount_is_told_and_nothing_is_added(
    client: Client, tip: Price, amount: str
) -> None:
    cart = with_cart(client, PriceFactory())

    answer = client.post("/cart/add/", {"price": tip.key, "quantity": "1", "amount": amount})

    assert answer.status_code == 400
    assert "Name an amount from €0.50 to €100.00" in answer.content.decode()
    assert cart.lines.count() == 1


def test_one_that_is_there_is_not_offered_again(client: Client, tip: Price) -> None:
    with_cart(client, PriceFactory(), tip)

    assert "tip-title" not in read(client)


def test_nobody_is_asked_who_buys_nothing(client: Client, tip: Price) -> None:
    with_cart(client, given(Product.Kind.DONATION))

    assert "tip-title" not in read(client)


def test_it_stands_in_no_list(client: Client, tip: Price) -> None:
    PriceFactory(variant__product__category=tip.variant.product.category)

    pages = ["/", f"/categories/{tip.variant.product.category.slug}/", "/search/?q=packers"]

    assert ["Tip for the packers" in client.get(page).content.decode() for page in pages] == [
        False,
        False,
        False,
    ]
    assert client.get(tip.variant.product.get_absolute_url()).status_code == 200


def test_it_makes_no_delivery_free(client: Client, tip: Price) -> None:
    with_cart(client, PriceFactory(), tip)

    page = read(client)

    assert "<dd> €4.90 </dd>" in page
    assert "<dd> €32.90 </dd>" in page


@pytest.mark.django_db(transaction=True)
def test_it_is_paid_whole_and_taxed_by_its_own_class(
    stand_in: StandIn, tip: Price, settings: Any
) -> None:
    settings.TAX_MODE = "rates"
    TaxRateFactory()
    TaxRateFactory(tax_class="tips", percentage=Decimal(0))
    Product.objects.filter(pk=tip.variant.product.pk).update(tax_class="tips")
    DiscountFactory(is_automatic=True, amounts={"eur": {"least": 1800}})
    cart = CartFactory()
    CartLineFactory(cart=cart, price=PriceFactory())
    CartLineFactory(cart=cart, price=tip, seen_amount=300, is_named=True)

    session = checkout.start(new_buyer(), checkout.items_of(cart), cart=cart)
    order = order_of(paid(stand_in, session))
    do_the_work()

    # 18.00 less 1.80 and 3.00, delivered for 4.90: it is not 20.00 of goods.
    assert (order.discount, order.shipping, order.total) == (180, 490, 2410)
    assert {tax["percentage"]: tax["base"] + tax["amount"] for tax in order.taxes} == {
        "20": 1620 + 490,
        "0": 300,
    }
    assert not order.is_held


@pytest.mark.django_db(transaction=True)
def test_who_only_donates_is_not_asked_to_pay(stand_in: StandIn) -> None:
    session = start(given(Product.Kind.DONATION))
    both = checkout.start(
        new_buyer(),
        [checkout.Item(given(Product.Kind.DONATION), 1), checkout.Item(PriceFactory(), 1)],
    )

    assert sent(session)["submit_type"] == "donate"
    assert "submit_type" not in sent(both)


def sent(session: Any) -> dict[str, Any]:
    return dict(session.requests.get(kind="create_session").parameters)


def test_one_without_a_picture_has_a_drawn_one_in_the_cart(client: Client, tip: Price) -> None:
    with_cart(client, tip)

    assert 'class="no-picture"> <svg' in " ".join(client.get("/cart/").content.decode().split())
