"""What was chosen on the page: fewer units, or something besides. Settle takes that, no more."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
import requests
from django.db import OperationalError, connection, transaction

from payments import checkout, webhooks
from payments.models import CheckoutSession
from payments.settlement import settle
from payments.stripe.terms.discounts.queue import queue_all
from shop import stripe_client
from shop.catalog.models import Price, Stock, StockMovement
from shop.catalog.stock import OutOfStock
from shop.orders.models import Cart, CartLine, DeliveryMethod, Order
from tests.support.books import broken_invariants
from tests.support.concurrency import at_once, waiting_for_locks
from tests.support.factories import (
    CartFactory,
    CartLineFactory,
    DeliveryMethodFactory,
    DiscountFactory,
    PriceFactory,
    TaxRateFactory,
)
from tests.support.goes_with import going_with, opened, synced
from tests.support.purchases import (
    counted,
    do_the_work,
    do_what_waits,
    new_buyer,
    order_of,
    paid,
    pay,
    read,
    unpaid,
)
from tests.support.stand_in import StandIn, session_id_in
from tests.support.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def lowered(settings: Any) -> None:
    """Quantities may be lowered; delivery to Austria is 4.90 EUR."""
    settings.ADJUSTABLE_QUANTITY = True
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(countries=["AT"], rates={"eur": {0: 490}})


def lines_of(order: Order) -> list[tuple[int, int, int | None, int | None]]:
    """Position, units, units that were ordered, and total."""
    return list(order.lines.values_list("position", "quantity", "ordered", "total"))


def returned(price: Price) -> list[tuple[str, int]]:
    moves = StockMovement.objects.filter(stock__variant=price.variant_id, kind="return")
    return list(moves.order_by("pk").values_list("cause_kind", "quantity"))


# -- Quantities --


def test_fewer_are_bought_and_the_rest_goes_back_at_once(stand_in: StandIn) -> None:
    price, other = PriceFactory(), PriceFactory(unit_amount=500)
    session = opened((price, 5), (other, 1))

    order = order_of(paid(stand_in, session, quantities=[2, 1]))

    assert not order.is_held
    assert (order.subtotal, order.shipping, order.total) == (4100, 490, 4590)
    assert lines_of(order) == [(1, 2, 5, 3600), (2, 1, None, 500)]
    assert (counted(price), counted(other)) == ((10, 2), (10, 1))
    assert returned(price) == [("not_bought", 3)]
    assert broken_invariants() == {}
    do_the_work()
    assert (counted(price), counted(other)) == ((8, 0), (9, 0))
    assert order.payments.get().captured_amount == 4590
    assert list(order.shipments.get().lines.values_list("quantity", flat=True)) == [2, 1]
    assert broken_invariants() == {}


def test_a_second_look_changes_nothing(stand_in: StandIn) -> None:
    price = PriceFactory()
    session = paid(stand_in, opened((price, 5)), quantities=[2])

    read(session)
    read(session)

    assert (lines_of(order_of(session)), counted(price)) == ([(1, 2, 5, 3600)], (10, 2))
    assert returned(price) == [("not_bought", 3)]


def test_two_settles_at_once_give_it_back_once(stand_in: StandIn) -> None:
    price = PriceFactory()
    session = opened((price, 5))
    pay(stand_in, session, quantities=[2])

    answers = at_once([partial(settle.settle, session)] * 4)

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert (counted(price), returned(price)) == ((10, 2), [("not_bought", 3)])
    assert broken_invariants() == {}


def test_killed_between_the_lines_and_the_stock_nothing_was_written(stand_in: StandIn) -> None:
    """Guard: lines, sums and units are of one commit."""
    price = PriceFactory()
    session = opened((price, 5))
    pay(stand_in, session, quantities=[2])

    with ThreadPoolExecutor(1) as aside:
        with transaction.atomic():
            Stock.objects.select_for_update().get(variant=price.variant)
            settling = aside.submit(lambda: at_once([partial(settle.settle, session)]))
            eventually(kill_who_waits_for_a_lock)
        (error,) = settling.result()
    between = order_of(session).total, lines_of(order_of(session)), counted(price)
    read(session)

    assert isinstance(error, OperationalError)
    assert between == (None, [(1, 5, None, None)], (10, 5))
    assert (lines_of(order_of(session)), counted(price)) == ([(1, 2, 5, 3600)], (10, 2))
    assert broken_invariants() == {}


def kill_who_waits_for_a_lock() -> bool:
    """As a machine that is lost: the database ends what its connection had begun."""
    lost = waiting_for_locks()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [lost])
    return bool(lost)


def test_all_that_was_ordered_may_be_bought(stand_in: StandIn) -> None:
    price = PriceFactory()

    order = order_of(paid(stand_in, opened((price, 5))))

    assert (order.is_held, order.total, lines_of(order)) == (False, 9490, [(1, 5, None, 9000)])
    assert (counted(price), returned(price)) == ((10, 5), [])


def test_the_cart_is_empty_though_fewer_were_bought(stand_in: StandIn) -> None:
    cart: Cart = CartFactory()
    price = PriceFactory()
    CartLineFactory(cart=cart, price=price, quantity=4)
    session = checkout.start(new_buyer(), checkout.items_of(cart), cart=cart)

    paid(stand_in, session, quantities=[1])

    assert not CartLine.objects.filter(cart=cart).exists()


def test_what_is_called_off_comes_back_once(stand_in: StandIn) -> None:
    price = PriceFactory()
    session = paid(stand_in, opened((price, 5)), quantities=[2])

    checkout.cancel(order_of(session), reason=Order.CancelReason.STAFF)
    do_the_work()

    assert (order_of(session).status, counted(price)) == ("cancelled", (10, 0))
    assert returned(price) == [("not_bought", 3), ("order", 2)]
    assert broken_invariants() == {}


def test_a_page_that_ends_unpaid_gives_back_all(stand_in: StandIn) -> None:
    price = PriceFactory()

    order = unpaid(stand_in, opened((price, 5)))

    assert (order.status, counted(price), returned(price)) == ("expired", (10, 0), [("order", 5)])


def test_a_debit_that_fails_gives_back_what_was_bought_and_is_paid_again(
    stand_in: StandIn,
) -> None:
    price = PriceFactory()
    session = opened((price, 5))
    debit = {"method": "sepa_debit", "iban": "AT86 1904 3002 3547 3202"}
    paid(stand_in, session, quantities=[2], **debit)
    processing = (order_of(session).status, counted(price))
    stand_in.advance(days=15)
    read(session)
    failed = (order_of(session).status, counted(price))

    again = checkout.pay_again(order_of(session), new_buyer())
    order = order_of(paid(stand_in, again, quantities=[1]))

    assert (processing, failed) == (("processing", (10, 2)), ("payment_failed", (10, 0)))
    assert again.changes == {"lines": {"1": 2}}
    assert (order.total, order.is_held, lines_of(order)) == (2290, False, [(1, 1, 2, 1800)])
    assert counted(price) == (10, 1)
    assert broken_invariants() == {}


@pytest.mark.parametrize("change", ["more", "price", "fixed"])
def test_what_was_not_on_offer_so_puts_the_order_in_review(stand_in: StandIn, change: str) -> None:
    """More units than are set aside, another price, or a page on which nothing could change."""
    price = PriceFactory()
    session = opened((price, 5))
    if change == "more":
        CheckoutSession.objects.filter(pk=session.pk).update(changes={"lines": {"1": 2}})
    elif change == "price":
        order_of(session).lines.update(unit_amount=1700)
    else:
        CheckoutSession.objects.filter(pk=session.pk).update(changes={})
    session.refresh_from_db()

    order = order_of(paid(stand_in, session, quantities=[3]))

    assert (order.is_held, order.holds.get().reason) == (True, "amounts")
    assert "The lines are not the ones that were ordered." in order.holds.get().note
    assert [line.quantity for line in order.lines.all()] == [5]
    assert (counted(price), broken_invariants()) == ((10, 5), {})


@pytest.mark.parametrize("is_inclusive", [True, False])
@pytest.mark.parametrize("quantity", [1, 2, 3])
def test_tax_is_that_of_what_was_bought(
    stand_in: StandIn, settings: Any, is_inclusive: bool, quantity: int
) -> None:
    settings.TAX_MODE = "rates"
    settings.TAX_EXCLUSIVE_CURRENCIES = [] if is_inclusive else ["eur"]
    TaxRateFactory()
    price = PriceFactory(unit_amount=999)
    session = opened((price, 3), country="AT")
    do_what_waits()

    order = order_of(paid(stand_in, session, quantities=[quantity]))

    goods = 999 * quantity
    on_goods = (goods + 3) // 6 if is_inclusive else (goods * 2 + 5) // 10
    assert not order.is_held, order.holds.get().note
    assert order.tax == (0 if is_inclusive else on_goods)
    assert order.lines.get().tax == on_goods
    assert order.total == goods + 490 + (order.tax or 0)
    assert sum(tax["amount"] for tax in order.taxes) == on_goods + 82


def test_a_code_on_the_page_counts_for_what_was_bought(stand_in: StandIn, settings: Any) -> None:
    settings.ALLOW_PROMOTION_CODES = True
    DiscountFactory(codes=["TEN"])
    queue_all(stripe_client.account())
    do_the_work()
    do_what_waits()
    price = PriceFactory(unit_amount=999)

    order = order_of(paid(stand_in, opened((price, 3)), quantities=[2], promotion_code="TEN"))

    assert (order.is_held, order.subtotal, order.discount) == (False, 1998, 200)
    assert (order.total, counted(price)) == (1998 - 200 + 490, (10, 2))


# -- Additions --


def with_wrap(**more: Any) -> tuple[Price, Price]:
    """A thing at 18.00, and what goes with it at 3.00 EUR."""
    wrap = synced(unit_amount=300, variant__product__title="Gift wrap", **more)
    return going_with(PriceFactory(), wrap), wrap


def test_what_was_added_is_bought(stand_in: StandIn) -> None:
    price, wrap = with_wrap()
    session = opened((price, 2))

    order = order_of(paid(stand_in, session, additions=[wrap.stripe_price_id]))

    assert not order.is_held, order.holds.get().note
    assert (order.subtotal, order.total) == (3900, 4390)
    assert lines_of(order) == [(1, 2, None, 3600), (2, 1, None, 300)]
    added = order.lines.last()
    assert added is not None
    assert (added.title, added.sku, added.price) == ("Gift wrap", wrap.variant.sku, wrap)
    assert (counted(wrap), returned(wrap), broken_invariants()) == ((10, 1), [], {})
    do_the_work()
    assert (counted(price), counted(wrap)) == ((8, 0), (9, 0))
    assert order.payments.get().captured_amount == 4390
    assert list(order.shipments.get().lines.values_list("quantity", flat=True)) == [2, 1]
    assert broken_invariants() == {}


def test_what_was_not_added_goes_back_at_once(stand_in: StandIn) -> None:
    price, wrap = with_wrap()
    session = opened((price, 2))

    order = order_of(paid(stand_in, session, quantities=[1]))

    assert (order.is_held, order.total, lines_of(order)) == (False, 2290, [(1, 1, 2, 1800)])
    assert (counted(price), counted(wrap)) == ((10, 1), (10, 0))
    assert (returned(wrap), broken_invariants()) == ([("not_bought", 1)], {})
    do_the_work()
    assert (counted(wrap), broken_invariants()) == ((10, 0), {})


def test_it_keeps_the_words_and_the_price_of_the_page(stand_in: StandIn) -> None:
    price, wrap = with_wrap()
    session = opened((price, 1))
    wrap.variant.product.title = "Paper"
    wrap.variant.product.save()
    Price.objects.filter(pk=wrap.pk).update(is_active=False)

    order = order_of(paid(stand_in, session, additions=[wrap.stripe_price_id]))

    assert (order.is_held, order.total) == (False, 2590)
    assert [line.title for line in order.lines.all()][1] == "Gift wrap"
    # S-2: nor in any other language.
    assert [line.translation("de", "title") for line in order.lines.all()][1] == "Gift wrap"


@pytest.mark.parametrize("end", ["expired", "cancelled", "refused"])
def test_a_page_that_ends_gives_back_what_it_offered(stand_in: StandIn, end: str) -> None:
    price, wrap = with_wrap()
    if end == "refused":
        stand_in.fail("/v1/checkout/sessions$", method="POST", status=400)
    session = opened((price, 1))
    if end == "expired":
        unpaid(stand_in, session)
    elif end == "cancelled":
        checkout.cancel(order_of(session), reason=Order.CancelReason.STAFF)
        do_the_work()
        read(session)

    status = "expired" if end == "expired" else "cancelled"
    assert (order_of(session).status, counted(price), counted(wrap)) == (status, (10, 0), (10, 0))
    assert (returned(wrap), broken_invariants()) == ([("order", 1)], {})


def test_who_pays_again_is_offered_it_again(stand_in: StandIn) -> None:
    price, wrap = with_wrap()
    first = opened((price, 1))
    order = unpaid(stand_in, first)

    again = checkout.pay_again(order, new_buyer())
    aside = counted(wrap)
    order = order_of(paid(stand_in, again, additions=[wrap.stripe_price_id]))

    assert (again.changes["additions"][0]["position"], aside) == (2, (10, 1))
    assert (order.total, order.is_held, counted(wrap)) == (2590, False, (10, 1))
    assert broken_invariants() == {}


def test_pay_again_of_what_was_added_asks_for_all_of_it(stand_in: StandIn) -> None:
    price, wrap = with_wrap()
    debit = {"method": "sepa_debit", "iban": "AT86 1904 3002 3547 3202"}
    session = opened((price, 1))
    paid(stand_in, session, additions=[wrap.stripe_price_id], **debit)
    stand_in.advance(days=15)
    read(session)
    gone = counted(wrap)

    again = checkout.pay_again(order_of(session), new_buyer())
    order = order_of(paid(stand_in, again))

    assert (gone, again.changes) == ((10, 0), {})
    assert (order.total, order.is_held, counted(wrap)) == (2590, False, (10, 1))
    assert broken_invariants() == {}


@pytest.mark.parametrize("change", ["unknown", "units", "price"])
def test_what_was_added_and_was_not_on_offer_puts_the_order_in_review(
    stand_in: StandIn, change: str
) -> None:
    price, wrap = with_wrap()
    session = opened((price, 1))
    changes = session.changes
    if change == "unknown":
        changes["additions"][0]["stripe_price"] = "price_of_something_else"
    elif change == "units":
        changes["additions"][0]["quantity"] = 2
    else:
        changes["additions"][0]["unit_amount"] = 200
    session.save(update_fields=["changes"])

    order = order_of(paid(stand_in, session, additions=[wrap.stripe_price_id]))

    assert (order.is_held, order.holds.get().reason) == (True, "amounts")
    assert [line.sku for line in order.lines.all()] == [price.variant.sku]
    assert (counted(price), counted(wrap), broken_invariants()) == ((10, 1), (10, 0), {})


def test_the_last_one_is_wanted_by_one_beside_and_by_another_as_a_line(
    stand_in: StandIn,
) -> None:
    price, wrap = with_wrap(on_hand=1)
    beside: Callable[[], CheckoutSession] = partial(opened, (price, 1))
    as_line: Callable[[], CheckoutSession] = partial(opened, (wrap, 1))

    one, other = at_once([beside, as_line])

    assert isinstance(one, CheckoutSession), one
    is_offered = bool(one.changes)
    assert isinstance(other, OutOfStock) == is_offered
    assert counted(wrap) == (1, 1)
    assert broken_invariants() == {}


def come_back(stand_in: StandIn, session: CheckoutSession) -> CheckoutSession:
    """A copy of a page that has expired, as Stripe opens it."""
    page = stand_in.api(f"checkout/sessions/{session.stripe_session_id}")
    answer = requests.get(page["after_expiration"]["recovery"]["url"], timeout=60)
    return CheckoutSession(stripe_session_id=session_id_in(answer.url))


@pytest.mark.parametrize("is_there", [True, False])
def test_a_copy_of_an_expired_page_takes_what_was_chosen_on_it(
    stand_in: StandIn, settings: Any, is_there: bool
) -> None:
    settings.CHECKOUT_RECOVERY = "stripe"
    price, wrap = with_wrap(on_hand=1)
    session = opened((price, 5))
    unpaid(stand_in, session)
    before = counted(price), counted(wrap)
    copy = come_back(stand_in, session)
    pay(stand_in, copy, quantities=[2], additions=[wrap.stripe_price_id])
    if not is_there:
        opened((wrap, 1))
    webhooks.pull(livemode=False)
    do_what_waits()

    order = order_of(session)
    assert before == ((10, 0), (1, 0))
    if is_there:
        assert (order.status, order.total, order.is_held) == ("confirmed", 4390, False)
        assert lines_of(order) == [(1, 2, 5, 3600), (2, 1, None, 300)]
        assert (counted(price), counted(wrap)) == ((8, 0), (0, 0))
    else:
        assert (order.status, counted(price), counted(wrap)) == ("cancelled", (10, 0), (1, 1))
    assert broken_invariants() == {}
