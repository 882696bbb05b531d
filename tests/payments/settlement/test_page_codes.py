"""A code typed on Stripe's page: taken only where it was offered, ours, and takes off its own."""

from decimal import Decimal
from typing import Any

import pytest

from payments import checkout
from payments.models import CheckoutSession, DiscountSync
from payments.settlement import settle
from payments.stripe.errors import OutcomeUnknown
from payments.stripe.terms.discounts.queue import queue_all
from payments.stripe.terms.discounts.take_over import take
from shop import stripe_client, work
from shop.orders.models import DeliveryMethod, Discount, DiscountUse, Order
from tests.support.factories import (
    ChosenPriceFactory,
    DeliveryMethodFactory,
    DiscountFactory,
    PriceFactory,
    TaxRateFactory,
)
from tests.support.goes_with import opened
from tests.support.purchases import do_the_work, do_what_waits, new_buyer, order_of, paid, pay, read
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def codes_on_page(settings: Any) -> None:
    settings.ALLOW_PROMOTION_CODES = True
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(countries=["AT"], rates={"eur": {0: 490}})


def told(*words: str, **terms: Any) -> Discount:
    """A discount whose codes Stripe knows."""
    discount = DiscountFactory(codes=words or ["TEN"], **terms)
    queue_all(stripe_client.account())
    do_the_work()
    do_what_waits()
    return discount


def sums(order: Order) -> tuple[Any, ...]:
    return order.subtotal, order.discount, order.shipping, order.tax, order.total


def test_a_share_is_taken_with_its_words_and_its_use(stand_in: StandIn) -> None:
    discount = told(most_uses=5)
    discount.translate("de", "name", "Zehn Prozent")
    discount.save()
    session = opened((PriceFactory(unit_amount=999), 3), (PriceFactory(), 1), language="de")

    assert session.discount == {"on_page": True}
    order = order_of(paid(stand_in, session, promotion_code="ten"))

    assert sums(order) == (4797, 480, 490, 0, 4797 - 480 + 490)
    assert [(line.discount, line.total) for line in order.lines.all()] == [(300, 2697), (180, 1620)]
    assert order.discounts == [{"name": "Zehn Prozent", "code": "TEN", "amount": 480}]
    assert not order.is_held
    use = order.discount_uses.get()
    discount.refresh_from_db()
    assert (use.discount, use.code, use.visitor) == (discount, "TEN", session.visitor)
    assert (use.is_counted, discount.uses) == (True, 1)


@pytest.mark.parametrize(("amount", "off"), [(500, 500), (99_900, 4797)])
def test_an_amount_takes_off_what_the_goods_cost_at_most(
    stand_in: StandIn, amount: int, off: int
) -> None:
    told(kind="amount", amounts={"eur": {"amount": amount}})
    session = opened((PriceFactory(unit_amount=999), 3), (PriceFactory(), 1))

    order = order_of(paid(stand_in, session, promotion_code="TEN"))

    assert (order.discount, order.total, order.is_held) == (off, 4797 - off + 490, False)
    assert sum(line.discount or 0 for line in order.lines.all()) == off


def test_a_page_that_took_no_code_is_as_it_was(stand_in: StandIn) -> None:
    told()

    order = order_of(paid(stand_in, opened()))

    assert (sums(order), order.discounts, order.is_held) == ((1800, 0, 490, 0, 2290), [], False)
    assert not DiscountUse.objects.exists()


def test_a_cart_with_a_discount_of_its_own_takes_none_there(stand_in: StandIn) -> None:
    told("TEN", "MORE")
    session = opened(code="TEN")

    sent = session.requests.get(kind="create_session").parameters
    refused = stand_in.pay(str(session.stripe_session_id), promotion_code="MORE")

    assert "allow_promotion_codes" not in sent
    assert (refused.status_code, "on_page" in session.discount) == (400, False)


def test_what_customers_name_the_price_of_takes_none_there(stand_in: StandIn) -> None:
    price = ChosenPriceFactory()
    item = checkout.Item(price, 1, price.money)

    session = checkout.start(new_buyer(), [item])

    assert session.discount == {}


def test_without_the_setting_the_page_takes_none(stand_in: StandIn, settings: Any) -> None:
    settings.ALLOW_PROMOTION_CODES = False

    assert opened().discount == {}


def theirs(stand_in: StandIn, **code: str) -> str:
    """A code HALF that somebody made in the Dashboard; its id."""
    coupon = stand_in.call("coupons", percent_off=50)
    promotion = {"promotion[type]": "coupon", "promotion[coupon]": coupon["id"], "code": "HALF"}
    return str(stand_in.call("promotion_codes", **promotion, **code)["id"])


@pytest.mark.parametrize("is_known", [True, False])
def test_a_code_that_is_not_ours_is_looked_at(stand_in: StandIn, is_known: bool) -> None:
    stripe_id = theirs(stand_in)
    if is_known:
        # What the shop has no rule for is left alone.
        DiscountFactory(codes=["HALF"])
        assert take(stripe_id).startswith("left alone")

    order = order_of(paid(stand_in, opened(), promotion_code="HALF"))

    assert (order.is_held, order.discount, order.discounts) == (True, 900, [])
    assert "not offered" in order.holds.get().note
    assert not DiscountUse.objects.exists()


def test_a_code_that_was_taken_over_counts(stand_in: StandIn) -> None:
    assert take(theirs(stand_in)) == "taken over as HALF"

    order = order_of(paid(stand_in, opened(), promotion_code="HALF"))

    assert (order.discount, order.is_held) == (900, False)
    assert order.discounts == [{"name": "HALF", "code": "HALF", "amount": 900}]


@pytest.mark.parametrize("terms", [{"percentage": "9"}, {"percentage": "", "off": {"eur": 179}}])
def test_a_code_that_takes_off_another_sum_is_looked_at(
    stand_in: StandIn, terms: dict[str, Any]
) -> None:
    told()
    code = DiscountSync.objects.get(kind="code")
    DiscountSync.objects.filter(pk=code.pk).update(terms={**code.terms, **terms})

    order = order_of(paid(stand_in, opened(), promotion_code="TEN"))

    assert (order.is_held, order.discounts) == (True, [])


def test_a_page_that_was_to_take_none_is_looked_at(stand_in: StandIn) -> None:
    told()
    session = opened()
    CheckoutSession.objects.filter(pk=session.pk).update(discount={})
    session.refresh_from_db()

    order = order_of(paid(stand_in, session, promotion_code="TEN"))

    assert (order.is_held, order.discounts) == (True, [])


def test_terms_that_changed_while_the_page_was_open_hold_no_order(stand_in: StandIn) -> None:
    discount = told()
    session = opened()
    pay(stand_in, session, promotion_code="TEN")
    Discount.objects.update(percentage=50, is_active=False)
    queue_all(stripe_client.account())
    do_the_work()

    order = order_of(read(session))

    assert (order.discount, order.is_held) == (180, False)
    assert order.discount_uses.get().discount == discount


def test_a_use_is_a_fact_though_the_limit_was_reached_in_a_cart(stand_in: StandIn) -> None:
    discount = told(most_uses=1)
    session = opened()
    opened(code="TEN")
    discount.refresh_from_db()
    assert discount.uses == 1

    order = order_of(paid(stand_in, session, promotion_code="TEN"))

    discount.refresh_from_db()
    assert (order.is_held, order.discount, discount.uses) == (False, 180, 1)
    assert (order.discount_uses.get().is_counted, DiscountUse.objects.live().count()) == (False, 2)


def test_the_page_counts_by_itself_how_often_it_was_used(stand_in: StandIn) -> None:
    told(most_uses=1)
    first, second = opened(), opened()

    paid(stand_in, first, promotion_code="TEN")
    refused = stand_in.pay(str(second.stripe_session_id), promotion_code="TEN")

    assert (refused.status_code, "no longer active" in refused.text) == (400, True)


def test_a_code_whose_making_nobody_heard_of_is_waited_for(stand_in: StandIn) -> None:
    told()
    made = DiscountSync.objects.get(kind="code")
    unheard = {"stripe_id": "", "status": work.Work.Status.READY, "outcome": "", "attempts": 1}
    DiscountSync.objects.filter(pk=made.pk).update(**unheard)
    session = opened()
    pay(stand_in, session, promotion_code="TEN")

    with pytest.raises(OutcomeUnknown):
        settle.settle(session)
    do_what_waits()

    order = order_of(read(session))
    assert (order.discount, order.is_held) == (180, False)


@pytest.mark.parametrize(("exclusive", "tax", "total"), [([], 0, 4186), (["eur"], 639, 4825)])
def test_tax_by_rates_is_that_of_what_is_left(
    stand_in: StandIn, settings: Any, exclusive: list[str], tax: int, total: int
) -> None:
    settings.TAX_MODE, settings.TAX_EXCLUSIVE_CURRENCIES = "rates", exclusive
    TaxRateFactory()
    TaxRateFactory(tax_class="books", percentage=Decimal(10))
    told()
    books = PriceFactory(unit_amount=555, variant__product__tax_class="books")

    session = opened((PriceFactory(unit_amount=999), 3), (books, 2), country="AT")
    order = order_of(paid(stand_in, session, promotion_code="TEN"))

    # 26.97 and 9.99 are left; 4.90 of delivery goes with them and includes its tax.
    assert sums(order) == (4107, 411, 490, tax, total)
    assert sum(one["base"] + one["amount"] for one in order.taxes) == total
    assert [one["percentage"] for one in order.taxes] == ["20", "10"]
    assert not order.is_held
