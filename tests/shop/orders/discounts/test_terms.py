"""Which discount counts now, and in words why one does not."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from shop import clock
from shop.catalog.models import Price
from shop.money import Money
from shop.orders.discounts.arithmetic import Line
from shop.orders.discounts.taking import UsedUp, take
from shop.orders.discounts.terms import Bought, Terms, Who
from shop.orders.models import Discount, DiscountUse, Order
from tests.support.factories import (
    CategoryFactory,
    ChosenPriceFactory,
    DiscountFactory,
    OrderFactory,
    PriceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def bought(*prices: Price, quantity: int = 1, delivery: int | None = None) -> Bought:
    """So many of each, with delivery for so much."""
    currency = prices[0].currency
    return Bought(
        currency,
        [
            Line.of(place, price.variant, price, price.money, quantity)
            for place, price in enumerate(prices, 1)
        ],
        None if delivery is None else Money(delivery, currency),
    )


def counts(goods: Bought, code: str = "", who: Who | None = None) -> tuple[str, str, int]:
    """Name and code of what counts, and what it takes off."""
    best = Terms.now(code, who or Who(visitor=uuid.uuid4())).best(goods)
    return (best.name, best.code, best.amount.amount) if best else ("", "", 0)


def why_not(goods: Bought, code: str = "TEN", who: Who | None = None) -> str:
    return Terms.now(code, who or Who(visitor=uuid.uuid4())).why_not(goods)


def test_without_any_nothing_is_taken_off_in_one_query(django_assert_num_queries: Any) -> None:
    goods = bought(PriceFactory())

    with django_assert_num_queries(1):
        assert counts(goods, who=Who()) == ("", "", 0)


def test_a_code_counts_for_who_typed_it(django_assert_num_queries: Any) -> None:
    DiscountFactory(codes=["TEN"], amounts={"eur": {"least": 100}}, most_per_customer=1)
    goods = bought(PriceFactory(), PriceFactory(unit_amount=999))

    with django_assert_num_queries(1):
        assert counts(goods, "TEN") == ("Ten percent", "TEN", 180 + 100)
    assert counts(goods) == ("", "", 0)


def test_its_name_is_in_the_readers_language() -> None:
    discount = DiscountFactory(is_automatic=True)
    discount.translate("de", "name", "Zehn Prozent")
    discount.save()

    with translation.override("de"):
        assert counts(bought(PriceFactory()))[0] == "Zehn Prozent"


def test_an_unknown_code_is_said_to_be_unknown() -> None:
    assert why_not(bought(PriceFactory())) == "We do not know this code."


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"is_active": False}, "This code does not count any more."),
        ({"starts_at": timedelta(hours=1)}, "This code does not count yet."),
        ({"ends_at": timedelta(hours=-1)}, "This code has expired."),
        ({"most_uses": 2, "uses": 2}, "This code is used up."),
        ({"amounts": {"usd": {"least": 1}}}, "This code does not count in EUR."),
        ({"kind": "amount", "amounts": {"usd": {"amount": 1}}}, "This code does not count in EUR."),
        ({"amounts": {"eur": {"least": 1801}}}, "This code counts from €18.01 on."),
        (
            {"percentage": 99},
            "With this code less than €0.50 would be left, which cannot be charged.",
        ),
        ({"kind": "delivery"}, "Delivery costs nothing here as it is."),
        (
            {"kind": "bundle", "bundle_of": 2, "bundle_price": 1},
            "This code is not for what is in your cart.",
        ),
    ],
)
def test_it_says_why_a_code_does_not_count(fields: dict[str, Any], sentence: str) -> None:
    moments = {
        name: clock.now() + value for name, value in fields.items() if isinstance(value, timedelta)
    }
    DiscountFactory(codes=["TEN"], **{**fields, **moments})

    assert why_not(bought(PriceFactory())) == sentence


def test_a_code_that_was_switched_off_by_itself_does_not_count() -> None:
    DiscountFactory(codes=["TEN", "TWO"]).codes.filter(code="TEN").update(is_active=False)

    assert why_not(bought(PriceFactory())) == "This code does not count any more."
    assert counts(bought(PriceFactory()), "TWO") == ("Ten percent", "TWO", 180)


def test_nothing_at_all_may_be_left() -> None:
    DiscountFactory(codes=["ALL"], percentage=100)

    assert counts(bought(PriceFactory()), "ALL") == ("Ten percent", "ALL", 1800)


def test_it_is_for_chosen_products_and_for_shelves_with_all_below() -> None:
    shelf = CategoryFactory()
    lamp = PriceFactory(variant__product__category=CategoryFactory(parent=shelf))
    book, other = PriceFactory(unit_amount=1000), PriceFactory(unit_amount=5000)
    discount = DiscountFactory(codes=["TEN"])
    discount.categories.add(shelf)
    discount.products.add(book.variant.product)

    assert counts(bought(lamp, book, other), "TEN") == ("Ten percent", "TEN", 180 + 100)
    assert why_not(bought(other)) == "This code is not for what is in your cart."


def test_what_is_reduced_already_may_stay_as_it_is() -> None:
    reduced = PriceFactory(regular_amount=2000, lowest_recent_amount=2000)
    discount = DiscountFactory(codes=["TEN"])

    assert counts(bought(reduced), "TEN")[2] == 180
    Discount.objects.filter(pk=discount.pk).update(with_sale=False)
    assert why_not(bought(reduced)) == "This code is not for what is in your cart."


def test_what_customers_pay_as_much_for_as_they_like_is_never_discounted() -> None:
    DiscountFactory(codes=["TEN"])

    assert why_not(bought(ChosenPriceFactory())) == "This code is not for what is in your cart."


def test_the_one_that_takes_off_the_most_counts_and_it_says_so() -> None:
    DiscountFactory(codes=["TEN"])
    DiscountFactory(
        name="Five off", kind="amount", is_automatic=True, amounts={"eur": {"amount": 500}}
    )

    best = Terms.now("TEN", Who()).best(bought(PriceFactory()))

    assert best is not None
    assert (best.name, best.code, best.amount) == ("Five off", "", Money(500, "eur"))
    assert why_not(bought(PriceFactory())) == "“Five off” saves you more and counts instead."
    # From 50.00 on it is the other way round.
    assert counts(bought(PriceFactory(), quantity=3), "TEN") == ("Ten percent", "TEN", 540)


def test_free_delivery_is_worth_what_the_cheapest_costs() -> None:
    DiscountFactory(codes=["TEN"])
    DiscountFactory(name="Free", kind="delivery", is_automatic=True)

    best = Terms.now("TEN", Who()).best(bought(PriceFactory(), delivery=490))

    assert best is not None
    assert (best.name, best.frees_delivery, best.amount.amount) == ("Free", True, 0)


def test_three_for_two_counts_without_a_code() -> None:
    DiscountFactory(name="3 for 2", kind="bundle", bundle_of=3, bundle_price=2, is_automatic=True)

    assert counts(bought(PriceFactory(), quantity=3)) == ("3 for 2", "", 1800)


def test_a_code_for_one_customer_is_for_nobody_else() -> None:
    user = UserFactory()
    DiscountFactory(codes=["TEN"], customer=user)
    goods = bought(PriceFactory())

    assert why_not(goods) == "This code is for somebody else."
    assert counts(goods, "TEN", Who(user=user)) == ("Ten percent", "TEN", 180)


def test_a_code_for_a_first_order_is_for_who_has_never_bought() -> None:
    visitor = uuid.uuid4()
    DiscountFactory(codes=["TEN"], is_first_order_only=True)
    order = OrderFactory(visitor=visitor)
    goods = bought(PriceFactory())

    assert why_not(goods, who=Who(visitor=visitor)) == ""
    order.confirm("paid")
    assert why_not(goods, who=Who(visitor=visitor)) == "This code is for a first order only."
    assert why_not(goods) == ""


# -- taking it -------------------------------------------------------------------------------------


def taken(code: str, visitor: uuid.UUID) -> Order:
    order, who = OrderFactory(visitor=visitor), Who(visitor=visitor)
    applied = Terms.now(code, who).best(bought(PriceFactory()))
    assert applied is not None
    take(applied, order, who)
    return order


def test_what_was_taken_is_given_back_once_when_the_order_ends_unpaid() -> None:
    visitor = uuid.uuid4()
    discount = DiscountFactory(codes=["TEN"], most_uses=1, most_per_customer=1)
    order = taken("TEN", visitor)

    assert why_not(bought(PriceFactory())) == "This code is used up."
    order.expire("ran out")
    order.give_discount_back()

    discount.refresh_from_db()
    assert (discount.uses, DiscountUse.objects.live().count()) == (0, 0)
    assert why_not(bought(PriceFactory())) == ""


def test_what_was_bought_keeps_it() -> None:
    visitor = uuid.uuid4()
    discount = DiscountFactory(codes=["TEN"], most_per_customer=1)
    taken("TEN", visitor).confirm("paid")

    discount.refresh_from_db()
    assert discount.uses == 1
    assert (
        why_not(bought(PriceFactory()), who=Who(visitor=visitor))
        == "You have used this code already."
    )
    assert why_not(bought(PriceFactory())) == ""


def test_the_last_use_is_had_once() -> None:
    DiscountFactory(codes=["TEN"], most_uses=1)
    goods, who = bought(PriceFactory()), Who(visitor=uuid.uuid4())
    first = Terms.now("TEN", who).best(goods)
    second = Terms.now("TEN", who).best(goods)
    assert first is not None
    assert second is not None

    take(first, OrderFactory(), who)

    with pytest.raises(UsedUp):
        take(second, OrderFactory(), who)


def test_one_customer_in_two_tabs_has_it_once() -> None:
    DiscountFactory(codes=["TEN"], most_per_customer=1)
    goods, who = bought(PriceFactory()), Who(visitor=uuid.uuid4())
    first = Terms.now("TEN", who).best(goods)
    second = Terms.now("TEN", who).best(goods)
    assert first is not None
    assert second is not None

    take(first, OrderFactory(), who)

    with pytest.raises(UsedUp):
        take(second, OrderFactory(), who)


def test_what_has_no_limit_locks_nothing() -> None:
    discount = DiscountFactory(codes=["TEN"])
    taken("TEN", uuid.uuid4())

    discount.refresh_from_db()
    assert (discount.uses, DiscountUse.objects.live().count()) == (0, 1)


def test_an_amount_that_nobody_gave_is_none_in_that_currency() -> None:
    DiscountFactory(codes=["TEN"], kind="amount", amounts={"eur": {"least": 100}})

    assert why_not(bought(PriceFactory())) == "This code does not count in EUR."
