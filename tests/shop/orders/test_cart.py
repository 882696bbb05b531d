"""The cart as such: what may go in, what it becomes when the shop changes under it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from shop.catalog.models import Image, Price, Product, Stock, Variant
from shop.catalog.stock import OutOfStock
from shop.money import Money
from shop.orders import cart as carts
from shop.orders import cart_lines
from shop.orders.models import Cart, CartLine
from tests.support.factories import CartFactory, CartLineFactory, PriceFactory

pytestmark = pytest.mark.django_db


def held(cart: Cart) -> list[tuple[int, int, int]]:
    """Variant, quantity and seen price of each line."""
    return list(cart.lines.values_list("variant", "quantity", "seen_amount"))


def replace(price: Price, unit_amount: int) -> Price:
    Price.objects.filter(pk=price.pk).update(is_active=False)
    return Price.objects.create(variant=price.variant, unit_amount=unit_amount, currency="eur")


def leave(price: Price, on_hand: int) -> None:
    Stock.objects.filter(variant=price.variant_id).update(on_hand=on_hand)


# -- adding ----------------------------------------------------------------------------------------


def test_adding_the_same_again_makes_one_line() -> None:
    cart, price = CartFactory(), PriceFactory()

    carts.add(cart, price, 2)
    carts.add(cart, price, 3)

    assert held(cart) == [(price.variant_id, 5, 1800)]
    assert cart.version == 2


@pytest.mark.parametrize(("on_hand", "wanted"), [(0, 1), (3, 4), (5000, 1000)])
def test_more_than_can_be_had_is_not_added(on_hand: int, wanted: int) -> None:
    cart, price = CartFactory(), PriceFactory(on_hand=on_hand)

    with pytest.raises(OutOfStock):
        carts.add(cart, price, wanted)

    cart.refresh_from_db()
    assert (held(cart), cart.version) == ([], 0)


def test_what_is_in_the_cart_counts_when_more_is_added() -> None:
    cart, price = CartFactory(), PriceFactory(on_hand=3)
    carts.add(cart, price, 2)

    with pytest.raises(OutOfStock) as refused:
        carts.add(cart, price, 2)

    assert refused.value.available == 3
    assert held(cart) == [(price.variant_id, 2, 1800)]


def test_replaced_price_is_not_added() -> None:
    cart, price = CartFactory(), PriceFactory()
    replace(price, 2000)
    price.refresh_from_db()

    with pytest.raises(carts.PriceReplaced):
        carts.add(cart, price, 1)


@pytest.mark.parametrize("gone", ["variant", "product"])
def test_what_is_not_published_is_not_added(gone: str) -> None:
    cart, price = CartFactory(), PriceFactory()
    if gone == "variant":
        price.variant.is_active = False
    else:
        price.variant.product.status = Product.Status.ARCHIVED

    with pytest.raises(carts.NotForSale):
        carts.add(cart, price, 1)


def test_one_cart_holds_one_currency(settings: Any) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "usd"]
    cart = CartFactory()
    carts.add(cart, PriceFactory(), 1)

    with pytest.raises(carts.OtherCurrency):
        carts.add(cart, PriceFactory(currency="usd"), 1)


def test_adding_at_a_new_price_means_having_seen_it() -> None:
    cart, price = CartFactory(), PriceFactory()
    carts.add(cart, price, 1)

    carts.add(cart, replace(price, 2000), 1)

    assert held(cart) == [(price.variant_id, 2, 2000)]


@pytest.mark.django_db(transaction=True)
def test_adding_at_the_same_moment_loses_nothing() -> None:
    """The guard is the cart's row lock, taken by raising the version first."""
    cart, price = CartFactory(), PriceFactory(on_hand=100)

    def add(_turn: int) -> None:
        carts.add(Cart.objects.get(pk=cart.pk), Price.objects.get(pk=price.pk), 1)
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(24)))

    cart.refresh_from_db()
    assert (held(cart), cart.version) == ([(price.variant_id, 24, 1800)], 24)


# -- changing and removing -------------------------------------------------------------------------


def test_change_sets_the_quantity() -> None:
    line = CartLineFactory(quantity=1)

    carts.change(line.cart, line.variant_id, 7)

    assert held(line.cart) == [(line.variant_id, 7, 1800)]
    assert line.cart.version == 1


def test_change_gives_what_there_is() -> None:
    line = CartLineFactory(price=PriceFactory(on_hand=4))

    changed = carts.change(line.cart, line.variant_id, 9)

    assert (changed.quantity, held(line.cart)) == (4, [(line.variant_id, 4, 1800)])


def test_change_of_a_line_that_is_gone_does_not_bring_it_back() -> None:
    line = CartLineFactory()
    carts.remove(line.cart, line.variant_id)

    with pytest.raises(carts.NotInCart):
        carts.change(line.cart, line.variant_id, 1)

    assert held(line.cart) == []


def test_change_of_a_sold_out_line_changes_nothing() -> None:
    line = CartLineFactory(price=PriceFactory(on_hand=0), quantity=2)

    with pytest.raises(OutOfStock):
        carts.change(line.cart, line.variant_id, 1)

    assert held(line.cart) == [(line.variant_id, 2, 1800)]


def test_removing_twice_removes_once() -> None:
    line = CartLineFactory()

    first = carts.remove(line.cart, line.variant_id)
    second = carts.remove(line.cart, line.variant_id)

    assert (first and first.variant, second) == (line.variant, None)
    assert line.cart.version == 1


# -- what it is worth now --------------------------------------------------------------------------


def test_lines_tell_what_changed() -> None:
    cart = CartFactory()
    prices = {name: PriceFactory(on_hand=5) for name in ("same", "dearer", "short", "out", "gone")}
    for price in prices.values():
        CartLineFactory(cart=cart, price=price, quantity=3)
    replace(prices["dearer"], 2000)
    leave(prices["short"], 2)
    leave(prices["out"], 0)
    Variant.objects.filter(pk=prices["gone"].variant_id).update(is_active=False)

    lines = dict(zip(prices, cart_lines.lines(cart), strict=True))

    shown = {
        name: (line.is_changed, line.has_new_price, line.is_short, line.is_gone)
        for name, line in lines.items()
    }
    assert shown == {
        "same": (False, False, False, False),
        "dearer": (True, True, False, False),
        "short": (True, False, True, False),
        "out": (True, False, False, True),
        "gone": (True, False, False, True),
    }
    assert cart_lines.subtotal(list(lines.values())) == Money(5400 + 6000 + 3600, "eur")


def test_accepting_takes_the_cart_as_it_stands() -> None:
    cart = CartFactory()
    dearer, short, gone = PriceFactory(), PriceFactory(on_hand=5), PriceFactory()
    for price in (dearer, short, gone):
        CartLineFactory(cart=cart, price=price, quantity=4)
    replace(dearer, 2000)
    leave(short, 1)
    leave(gone, 0)
    shown = cart_lines.digest(cart_lines.lines(cart))

    assert carts.accept(cart, shown=shown)

    assert held(cart) == [(dearer.variant_id, 4, 2000), (short.variant_id, 1, 1800)]
    assert not any(line.is_changed for line in cart_lines.lines(cart))


def test_accepting_another_amount_than_was_shown_changes_nothing() -> None:
    line = CartLineFactory()
    price = Price.objects.get(variant=line.variant)
    shown = cart_lines.digest(cart_lines.lines(line.cart))
    replace(price, 9900)

    assert not carts.accept(line.cart, shown=shown)

    line.cart.refresh_from_db()
    assert (held(line.cart), line.cart.version) == ([(line.variant_id, 1, 1800)], 0)


def test_other_things_at_the_same_sum_are_not_what_was_accepted() -> None:
    # S44
    cart, one, two = CartFactory(), PriceFactory(), PriceFactory()
    for price in (one, two):
        CartLineFactory(cart=cart, price=price, quantity=2)
    leave(one, 1)
    shown, before = (
        cart_lines.digest(cart_lines.lines(cart)),
        cart_lines.subtotal(cart_lines.lines(cart)),
    )
    leave(one, 2)
    leave(two, 1)

    assert cart_lines.subtotal(cart_lines.lines(cart)) == before
    assert not carts.accept(cart, shown=shown)
    assert held(cart) == [(one.variant_id, 2, 1800), (two.variant_id, 2, 1800)]


def test_what_is_left_is_asked_once_for_each_change() -> None:
    line = CartLineFactory()

    with CaptureQueriesContext(connection) as queries:
        carts.change(line.cart, line.variant_id, 2)

    asked = [one["sql"] for one in queries if 'FROM "catalog_stock' in one["sql"]]
    assert len(asked) == 2, asked


@pytest.mark.parametrize("number", [1, 30])
def test_lines_are_read_in_three_queries(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cart = CartFactory()
    for _ in range(number):
        line = CartLineFactory(cart=cart)
        Image.objects.create(product=line.variant.product, source="a.jpg")

    with django_assert_num_queries(3):
        assert len([line.image for line in cart_lines.lines(cart)]) == number


def test_no_cart_has_no_lines() -> None:
    assert cart_lines.lines(None) == []
    assert CartLine.objects.count() == 0
