"""A page that Stripe copied from one of ours: confirmed while its order stands, else paid back."""

from decimal import Decimal
from typing import Any

import pytest
import requests
from django.core import mail
from django.core.management import call_command
from django.test import Client

from payments import checkout, webhooks
from payments.models import CheckoutSession, Payment, StripeRequest, WebhookEvent
from payments.settlement import settle
from shop.catalog.models import Price
from shop.orders.models import Cart, DeliveryMethod, Order, TaxRate
from tests.support.clocks import move_clocks
from tests.support.factories import (
    CartFactory,
    CartLineFactory,
    DeliveryMethodFactory,
    PriceFactory,
    TaxRateFactory,
)
from tests.support.purchases import counted, do_the_work, order_of, paid, read, start, unpaid
from tests.support.stand_in import StandIn, session_id_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def by_stripe(settings: Any) -> None:
    settings.CHECKOUT_RECOVERY = "stripe"


def left(stand_in: StandIn, price: Price | None = None, quantity: int = 1) -> CheckoutSession:
    """A page whose time ran out."""
    session = start(price, quantity)
    unpaid(stand_in, session)
    return session


def come_back(stand_in: StandIn, session: CheckoutSession) -> str:
    """Follow Stripe's address; the id of the copy that it opens."""
    page = stand_in.api(f"checkout/sessions/{session.stripe_session_id}")
    answer = requests.get(page["after_expiration"]["recovery"]["url"], timeout=60)
    return session_id_in(answer.url)


def told(*types: str) -> None:
    """The shop hears of everything that has happened, or of these kinds of events alone."""
    webhooks.pull(livemode=False)
    if types:
        WebhookEvent.objects.filter(status="ready").exclude(type__in=types).delete()
    do_the_work()


def pay_copy(stand_in: StandIn, session: CheckoutSession, *types: str, **how: Any) -> Order:
    copy = come_back(stand_in, session)
    assert stand_in.pay(copy, **how).status_code == 200
    told(*types)
    return order_of(session)


def intent(stand_in: StandIn) -> dict[str, Any]:
    """The newest payment, as Stripe has it."""
    return dict(stand_in.api("payment_intents")["data"][0])


def sent(session: CheckoutSession) -> dict[str, Any]:
    return dict(session.requests.get(kind="create_session").parameters)


@pytest.mark.parametrize("codes", [True, False])
def test_pages_can_be_taken_up_again_and_hold_the_money(
    stand_in: StandIn, settings: Any, codes: bool
) -> None:
    settings.CAPTURE_POLICY = "automatic"
    settings.CHECKOUT_RECOVERY_PROMOTION_CODES = codes

    asked = sent(start())

    assert asked["after_expiration"] == {
        "recovery": {"enabled": True, "allow_promotion_codes": codes}
    }
    assert asked["payment_method_options"]["card"] == {"capture_method": "manual"}


@pytest.mark.parametrize("way", ["off", "shop"])
def test_else_they_cannot(stand_in: StandIn, settings: Any, way: str) -> None:
    settings.CHECKOUT_RECOVERY = way
    settings.CAPTURE_POLICY = "automatic"

    asked = sent(start())

    assert "after_expiration" not in asked
    assert "payment_method_options" not in asked


@pytest.mark.parametrize(
    "first",
    [
        (),
        ("checkout.session.completed",),
        ("payment_intent.amount_capturable_updated",),
    ],
    ids=["all", "the page's", "the payment's"],
)
def test_an_order_that_stands_is_confirmed(stand_in: StandIn, first: tuple[str, ...]) -> None:
    price = PriceFactory()
    session = left(stand_in, price, 2)

    order = pay_copy(stand_in, session, *first)

    copy = CheckoutSession.objects.get(recovered_from=session)
    assert (order.status, order.total, order.email) == ("confirmed", 3600, "ada@example.com")
    assert (copy.status, copy.order_id) == ("complete", order.pk)
    payment = Payment.objects.get(order=order)
    assert (payment.session, payment.captured_amount) == (copy, 3600)
    assert not order.is_held
    assert counted(price) == (8, 0)
    call_command("check_invariants")


def test_what_is_heard_twice_changes_nothing_twice(stand_in: StandIn) -> None:
    price = PriceFactory()
    session = left(stand_in, price)
    pay_copy(stand_in, session)

    read(CheckoutSession.objects.get(recovered_from=session))
    order = order_of(read(session))
    do_the_work()

    assert order.status == "confirmed"
    assert counted(price) == (9, 0)
    assert order.payments.count() == 1


def test_the_success_page_may_be_the_first_to_know(stand_in: StandIn) -> None:
    session = left(stand_in)
    copy = come_back(stand_in, session)
    stand_in.pay(copy)

    answer = Client().get(f"/success?session_id={copy}")

    assert "Payment authorized, not yet charged" in answer.content.decode()
    assert order_of(session).status == "confirmed"


@pytest.mark.parametrize("way", ["stripe", "shop"])
def test_an_id_that_is_nobodys_is_not_found(stand_in: StandIn, settings: Any, way: str) -> None:
    settings.CHECKOUT_RECOVERY = way

    answer = Client().get("/success?session_id=cs_test_nobodysatall")

    assert answer.status_code == 404


def test_before_it_is_paid_a_copy_is_nothing(stand_in: StandIn) -> None:
    price = PriceFactory()
    session = left(stand_in, price)
    copy = come_back(stand_in, session)
    stand_in.pay(copy, card="4000000000000002")
    stand_in.call(f"checkout/sessions/{copy}/expire")

    told()

    assert order_of(session).status == "expired"
    assert counted(price) == (10, 0)
    assert not CheckoutSession.objects.filter(recovered_from=session).exists()
    assert not WebhookEvent.objects.exclude(status="done").exists()
    assert Client().get(f"/success?session_id={copy}").status_code == 404


def test_a_copy_of_a_copy_belongs_to_the_same_order(stand_in: StandIn) -> None:
    session = left(stand_in)
    first = come_back(stand_in, session)
    stand_in.call(f"checkout/sessions/{first}/expire")
    url = stand_in.api(f"checkout/sessions/{first}")["after_expiration"]["recovery"]["url"]
    second = session_id_in(requests.get(url, timeout=60).url)
    stand_in.pay(second)

    told()

    assert CheckoutSession.objects.get(stripe_session_id=second).recovered_from == session
    assert order_of(session).status == "confirmed"


def dearer(order: Order) -> None:
    Price.objects.update(is_active=False)
    variant = order.lines.get().variant
    Price.objects.create(variant=variant, unit_amount=1900, currency="eur")


def gone(order: Order) -> None:
    Price.objects.update(is_active=False)


def dearer_to_send(order: Order) -> None:
    DeliveryMethod.objects.update(is_free=False)
    for method in DeliveryMethod.objects.all():
        method.rates.create(currency="eur", amount=490)


def not_sent(order: Order) -> None:
    DeliveryMethod.objects.update(is_active=False)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (dearer, "What was ordered is sold at another price now, or not any more."),
        (gone, "What was ordered is sold at another price now, or not any more."),
        (dearer_to_send, "It is delivered on other terms now."),
        (not_sent, "It is delivered on other terms now."),
    ],
)
def test_one_that_does_not_stand_is_let_go_and_that_is_said(
    stand_in: StandIn, change: Any, why: str
) -> None:
    price = PriceFactory()
    session = left(stand_in, price)
    change(order_of(session))

    order = pay_copy(stand_in, session)
    told()

    order.refresh_from_db()
    assert (order.status, order.cancel_reason) == ("cancelled", "overtaken")
    assert order.cancel_note == why
    assert (intent(stand_in)["status"], intent(stand_in)["amount_received"]) == ("canceled", 0)
    assert counted(price) == (10, 0)
    outbox: list[Any] = mail.outbox
    words = " ".join(outbox[-1].body.split())
    assert "the order is no longer as it was then. Nothing was charged." in words


def test_other_tax_is_another_order(stand_in: StandIn, settings: Any) -> None:
    settings.TAX_MODE = "rates"
    TaxRateFactory()
    session = left(stand_in)
    TaxRate(country="*", name="VAT", percentage=Decimal(25)).put_in_place()

    order = pay_copy(stand_in, session)

    assert order.cancel_note == "Other tax is due on it now."


def test_the_same_tax_and_delivery_stand(stand_in: StandIn, settings: Any) -> None:
    settings.TAX_MODE = "rates"
    TaxRateFactory()
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(rates={"eur": {0: 490}})
    session = left(stand_in)

    order = pay_copy(stand_in, session)

    assert (order.status, order.total, order.shipping) == ("confirmed", 2290, 490)
    assert [tax["amount"] for tax in order.taxes] == [300 + 82]


def test_units_that_were_sold_meanwhile_are_not_promised_again(stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=1)
    session = left(stand_in, price)
    paid(stand_in, start(price))

    order = pay_copy(stand_in, session)
    told()

    order.refresh_from_db()
    assert (order.status, order.cancel_reason) == ("cancelled", "out_of_stock")
    assert Payment.objects.get(order=order).status == "released"
    assert counted(price)[1] == 0


def test_a_page_that_the_shop_closed_is_never_confirmed_from_a_copy(
    stand_in: StandIn, client: Client
) -> None:
    cart: Cart = CartFactory()
    CartLineFactory(cart=cart)
    browser = client.session
    browser["cart"] = str(cart.pk)
    browser.save()
    client.post("/create-checkout-session")
    first = CheckoutSession.objects.get()
    Cart.objects.filter(pk=cart.pk).update(version=cart.version + 1)
    client.post("/create-checkout-session")

    order = pay_copy(stand_in, first)
    told()

    order.refresh_from_db()
    assert order.cancel_note == "The shop itself had closed the page of which it is a copy."
    assert Payment.objects.get(order=order).status == "released"
    second = CheckoutSession.objects.exclude(order=order).get()
    assert order_of(paid(stand_in, second)).status == "confirmed"


def test_one_that_was_called_off_stays_so(stand_in: StandIn) -> None:
    session = left(stand_in)
    checkout.cancel(order_of(session), reason=Order.CancelReason.STAFF)

    order = pay_copy(stand_in, session)
    told()

    order.refresh_from_db()
    assert (order.status, order.cancel_reason) == ("cancelled", "staff")
    assert Payment.objects.get(order=order).status == "released"


def test_paid_here_meanwhile_the_copys_money_goes_back(stand_in: StandIn) -> None:
    session = left(stand_in)
    order = order_of(session)
    paid(stand_in, checkout.pay_again(order, checkout.Buyer(visitor=order.visitor)))  # type: ignore[arg-type]
    do_the_work()

    pay_copy(stand_in, session)
    told()

    kept, extra = Payment.objects.filter(order=order).order_by("created_at")
    assert (kept.captured_amount, extra.purpose, extra.status) == (1800, "extra", "released")
    assert order_of(session).status == "confirmed"


def test_a_page_of_ours_that_is_open_is_closed_once_the_copy_is_paid(stand_in: StandIn) -> None:
    price = PriceFactory()
    session = left(stand_in, price)
    order = order_of(session)
    ours = checkout.pay_again(order, checkout.Buyer(visitor=order.visitor))  # type: ignore[arg-type]

    assert pay_copy(stand_in, session).status == "confirmed"

    ours.refresh_from_db()
    assert ours.status == "expired"
    assert counted(price) == (9, 0)
    assert stand_in.pay(str(ours.stripe_session_id)).status_code == 409


def test_what_a_copy_brings_later_keeps_its_units(stand_in: StandIn) -> None:
    price = PriceFactory()
    session = left(stand_in, price)

    order = pay_copy(stand_in, session, method="sepa_debit", iban="AT321904300235473204")
    while_under_way = (order.status, counted(price))
    move_clocks(stand_in, minutes=4)
    told()

    assert while_under_way == ("processing", (10, 1))
    assert order_of(session).status == "confirmed"


def test_what_comes_later_for_another_order_is_refunded(stand_in: StandIn) -> None:
    session = left(stand_in)
    dearer(order_of(session))

    order = pay_copy(stand_in, session, method="sepa_debit", iban="AT321904300235473204")
    while_under_way = order.status
    move_clocks(stand_in, minutes=4)
    told()
    told()

    assert while_under_way == "cancelled"
    assert StripeRequest.objects.get(kind="refund").amount == 1800
    assert stand_in.api("refunds")["data"][0]["amount"] == 1800
    assert order_of(session).status == "cancelled"


def test_money_that_failed_leaves_the_order_to_be_paid_again(stand_in: StandIn) -> None:
    session = left(stand_in)

    pay_copy(stand_in, session, method="sepa_debit", iban="AT051904300235473205")
    move_clocks(stand_in, minutes=4)
    told()
    settle.settle(CheckoutSession.objects.get(recovered_from=session))

    order = order_of(session)
    assert order.status == "payment_failed"
    assert checkout.may_pay_again(order)
