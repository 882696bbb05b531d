"""From the cart to the payment page: what is refused, what is kept, where the visitor is sent."""

import os
import secrets
import subprocess
import sys
from typing import Any

import pytest
from django.db import IntegrityError, models
from django.test import Client
from django.utils import timezone

from payments import checkout, webhooks
from payments.checkout import payment_page
from payments.models import CheckoutSession, Customer, StripeRequest, WebhookEvent
from shop import work
from shop.catalog.models import Price, Product, StockMovement
from shop.orders import cart as carts
from shop.orders.models import Cart, CartLine, Order, OrderLine
from shop.stripe_client import account
from tests.payments.deliveries import deliver, event
from tests.support.factories import CartLineFactory, PriceFactory
from tests.support.purchases import new_buyer, order_of, paid, perform_all, read, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

WRITTEN: list[type[models.Model]] = [Order, OrderLine, CheckoutSession, StripeRequest]


def written() -> list[int]:
    movements = StockMovement.objects.exclude(kind="adjust").count()
    return [*(model._default_manager.count() for model in WRITTEN), movements]


def sentence_in(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


# -- bad input -------------------------------------------------------------------------------------

QUANTITIES = [
    "0", "-1", "1000", "1000000000", "1e3", "1.0", "+1", " 1", "1 ", "", "٣", "１", "²", "0x1",
    "1_0", "NaN", "one", "1\x00", "9" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("quantity", QUANTITIES, ids=ascii)
def test_a_quantity_is_a_whole_number_from_1_to_999(client: Client, quantity: str) -> None:
    """S09. Guard: views._one_item."""
    price = PriceFactory(on_hand=5)

    answer = client.post("/create-checkout-session", {"price": price.key, "quantity": quantity})

    assert answer.status_code == 400
    assert "The quantity is a whole number from 1 to 999." in sentence_in(answer)
    assert written() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    "price", ["", "nothing", "1", "-1", "' OR 1=1 --", "\x00", "é" * 500, "price_1"], ids=ascii
)
def test_an_unknown_price_is_refused(client: Client, price: str) -> None:
    PriceFactory()

    answer = client.post("/create-checkout-session", {"price": price, "quantity": "1"})

    assert (answer.status_code, "There is no such price here." in sentence_in(answer)) == (
        400,
        True,
    )
    assert written() == [0, 0, 0, 0, 0]


def test_a_quantity_without_a_price_is_refused(client: Client) -> None:
    PriceFactory(variant__sku="MUG-KELP")

    answer = client.post("/create-checkout-session", {"quantity": "1"})

    assert (answer.status_code, written()) == (400, [0, 0, 0, 0, 0])


@pytest.mark.parametrize("gone", ["price", "variant", "product"])
def test_what_is_not_for_sale_is_refused(client: Client, gone: str) -> None:
    price = PriceFactory()
    if gone == "price":
        Price.objects.update(is_active=False)
    elif gone == "variant":
        type(price.variant).objects.update(is_active=False)
    else:
        Product.objects.update(status=Product.Status.ARCHIVED)

    answer = client.post("/create-checkout-session", {"price": price.key, "quantity": "1"})

    assert (answer.status_code, "is not for sale any more." in sentence_in(answer)) == (400, True)
    assert written() == [0, 0, 0, 0, 0]


# K21 a
@pytest.mark.parametrize(
    "another",
    [{"interval": "month", "currency": "usd"}, {"currency": "usd"}],
    ids=["a subscription in a currency", "a currency"],
)
def test_a_price_that_nothing_is_offered_at_buys_nothing(
    client: Client, another: dict[str, str]
) -> None:
    """Its key is guessed, or comes from a page of earlier days; in the cart it is the same."""
    price = PriceFactory()
    hidden = Price.objects.create(variant=price.variant, unit_amount=100, **another)

    answer = client.post("/create-checkout-session", {"price": hidden.key, "quantity": "1"})
    added = client.post("/cart/add/", {"price": hidden.key, "quantity": "1"})

    assert (answer.status_code, "is not for sale any more." in sentence_in(answer)) == (400, True)
    assert (added.status_code, "is not for sale at the moment." in sentence_in(added)) == (
        409,
        True,
    )
    assert written() == [0, 0, 0, 0, 0]


# K21 a
def test_a_cart_in_a_currency_that_is_offered_no_more_is_not_paid(
    client: Client, settings: Any
) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "usd"]
    price = PriceFactory(currency="usd")
    assert client.post("/cart/add/", {"price": price.key, "quantity": "1"}).status_code == 303
    settings.CURRENCIES_OFFERED = ["eur"]

    page = client.get("/cart/")
    answer = client.post("/create-checkout-session")

    assert "No longer sold." in sentence_in(page)
    assert answer["Location"] == "/cart/"
    assert written() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("on_hand", "quantity", "sentence"),
    [(0, "1", "is sold out. Nothing was charged."), (2, "3", "Only 2 of")],
)
def test_more_than_there_is_is_refused(
    client: Client, stand_in: StandIn, on_hand: int, quantity: str, sentence: str
) -> None:
    """Guard: the guarded UPDATE in stock.reserve, in one transaction with the order."""
    price = PriceFactory(on_hand=on_hand)

    answer = client.post("/create-checkout-session", {"price": price.key, "quantity": quantity})

    assert (answer.status_code, sentence in sentence_in(answer)) == (409, True)
    assert written() == [0, 0, 0, 0, 0]
    assert stand_in.requests_made() == []


def test_amounts_in_the_form_are_not_looked_at(client: Client, stand_in: StandIn) -> None:
    """Price tampering: only our price's key and the quantity count; of two the last one."""
    price = PriceFactory()
    forged = {"unit_amount": "1", "amount": "1", "currency": "jpy", "total": "1", "discount": "99"}

    answer = client.post(
        "/create-checkout-session", {"price": price.key, "quantity": ["7", "2"], **forged}
    )

    session = stand_in.api("checkout/sessions")["data"][0]
    assert answer.status_code == 303
    assert (session["amount_total"], session["currency"]) == (3600, "eur")


@pytest.mark.parametrize(
    ("amount", "quantity", "ok"), [(49, 1, False), (25, 2, True), (50, 1, True)]
)
def test_below_stripes_smallest_charge_nothing_is_begun(
    client: Client, stand_in: StandIn, amount: int, quantity: int, ok: bool
) -> None:
    price = PriceFactory(unit_amount=amount)

    answer = client.post("/create-checkout-session", {"price": price.key, "quantity": quantity})

    assert answer.status_code == (303 if ok else 400)
    assert ("The smallest order is 0.50 EUR." in sentence_in(answer)) is not ok
    assert written()[0] == ok


# K21 e
@pytest.mark.parametrize(("quantity", "ok"), [(1, True), (2, False), (999, False)])
def test_above_stripes_largest_charge_nothing_is_begun(
    client: Client, stand_in: StandIn, quantity: int, ok: bool
) -> None:
    """Twelve digits, the line and the order; the cart says so before."""
    price = PriceFactory(unit_amount=600_000_000_000, on_hand=2000)
    client.post("/cart/add/", {"price": price.key, "quantity": quantity})

    page = sentence_in(client.get("/cart/"))
    answer = client.post("/create-checkout-session")

    assert ("The largest order is" in page) is not ok
    assert answer.status_code == (303 if ok else 400)
    assert ("The largest order is 9999999999.99 EUR." in sentence_in(answer)) is not ok
    assert written()[0] == ok
    assert len(stand_in.requests_made("/v1/checkout/sessions")) == ok


def test_an_order_has_at_most_a_hundred_lines() -> None:
    items = [checkout.Item(PriceFactory(), 1)] * 101

    with pytest.raises(checkout.NothingToBuy, match="at most 100 different things"):
        checkout.start(new_buyer(), items)

    assert written() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("body", ["x=1", "a=b&c=d"])
def test_an_empty_cart_is_not_bought(client: Client, body: str) -> None:
    PriceFactory(variant__sku="MUG-KELP")

    answer = client.post(
        "/create-checkout-session", body, content_type="application/x-www-form-urlencoded"
    )

    assert (answer.status_code, "Your cart is empty." in sentence_in(answer)) == (400, True)
    assert written() == [0, 0, 0, 0, 0]


# -- the cart --------------------------------------------------------------------------------------


@pytest.fixture
def cart() -> Cart:
    line = CartLineFactory(quantity=2)
    return line.cart


def begin(cart: Cart) -> CheckoutSession:
    cart.refresh_from_db()
    visitor = new_buyer(visitor=cart.pk)
    return checkout.start(visitor, checkout.items_of(cart), cart=cart)


def change(cart: Cart) -> None:
    CartLine.objects.filter(cart=cart).update(quantity=1)
    Cart.objects.filter(pk=cart.pk).update(version=models.F("version") + 1)


def test_a_changed_cart_expires_the_page_of_what_it_held_before(
    stand_in: StandIn, cart: Cart
) -> None:
    """J03, J10. Guard: checkout._give_up_older."""
    first = begin(cart)
    change(cart)

    second = begin(cart)

    first.refresh_from_db()
    assert (first.status, order_of(first).status, second.status) == ("expired", "expired", "open")
    assert stand_in.api(f"checkout/sessions/{first.stripe_session_id}")["status"] == "expired"
    assert cart.lines.get().variant.stock.reserved == 1


def test_what_was_paid_in_the_old_tab_stands(stand_in: StandIn, cart: Cart) -> None:
    """J03. Guard: AlreadyPaid in _give_up_older."""
    first = begin(cart)
    stand_in.pay(str(first.stripe_session_id))
    change(cart)

    with pytest.raises(checkout.AlreadyPaid) as refusal:
        begin(cart)

    assert refusal.value.session == first
    assert (Order.objects.get().status, written()[0]) == ("confirmed", 1)


def test_a_page_still_being_made_is_given_up_too(stand_in: StandIn, cart: Cart) -> None:
    """Its answer was lost: it ends as soon as it is there. Guard: cancel in _give_up_older."""
    stand_in.fail("/v1/checkout/sessions$", method="POST", when="after", reset=True)
    first = begin(cart)
    change(cart)

    second = begin(cart)
    perform_all()
    perform_all()

    assert (order_of(first).status, order_of(second).status) == ("cancelled", "pending")
    assert [session["status"] for session in stand_in.api("checkout/sessions")["data"]] == [
        "open",
        "expired",
    ]
    assert cart.lines.get().variant.stock.reserved == 1


def test_a_price_that_changed_is_shown_before_it_is_paid(stand_in: StandIn, cart: Cart) -> None:
    """M13."""
    CartLine.objects.update(seen_amount=1700)

    with pytest.raises(checkout.CartChanged):
        begin(cart)

    assert written() == [0, 0, 0, 0, 0]


def put(cart: Cart, quantity: int, line: CartLine | None = None) -> None:
    """In another tab: more of what is in the cart, or something new."""
    price = line.variant.prices.get() if line else PriceFactory(variant__sku="ELSE")
    carts.add(cart, price, quantity)


def held_in(cart: Cart) -> list[tuple[str, int]]:
    return list(cart.lines.values_list("variant__sku", "quantity"))


WAYS: list[dict[str, Any]] = [
    {},
    {"method": "sepa_debit", "iban": "AT321904300235473204"},
]


@pytest.mark.parametrize("how", WAYS, ids=["card", "debit"])
def test_what_was_bought_leaves_the_cart(
    stand_in: StandIn, cart: Cart, how: dict[str, Any]
) -> None:
    # C2
    paid(stand_in, begin(cart), **how)

    assert held_in(cart) == []


@pytest.mark.parametrize("how", WAYS, ids=["card", "debit"])
def test_what_was_put_in_since_stays_and_what_was_bought_leaves(
    stand_in: StandIn, cart: Cart, how: dict[str, Any]
) -> None:
    # C2
    session = begin(cart)
    bought = cart.lines.get()
    put(cart, 1, bought)
    put(cart, 3)
    version = Cart.objects.get().version

    paid(stand_in, session, **how)

    assert held_in(cart) == [(bought.variant.sku, 1), ("ELSE", 3)]
    assert Cart.objects.get().version == version + 1


def test_a_debit_that_arrives_takes_nothing_out_again(stand_in: StandIn, cart: Cart) -> None:
    # C2
    session = paid(stand_in, begin(cart), **WAYS[1])
    put(cart, 2, CartLine(variant=order_of(session).lines.get().variant))

    stand_in.advance(days=14)
    read(session)

    assert order_of(session).status == "confirmed"
    assert [quantity for _, quantity in held_in(cart)] == [2]


def test_what_is_paid_late_or_once_more_leaves_the_cart_too(stand_in: StandIn, cart: Cart) -> None:
    # C2
    session = begin(cart)
    stand_in.call(f"checkout/sessions/{session.stripe_session_id}/expire")
    read(session)
    while_unpaid = [quantity for _, quantity in held_in(cart)]

    again = checkout.pay_again(order_of(session), new_buyer())
    paid(stand_in, again)

    assert (order_of(session).status, while_unpaid, held_in(cart)) == ("confirmed", [2], [])


def test_a_cart_that_holds_less_by_then_is_left_with_nothing_of_it(
    stand_in: StandIn, cart: Cart
) -> None:
    # C2
    session = begin(cart)
    put(cart, 1)
    carts.change(cart, order_of(session).lines.get().variant_id, 1)

    paid(stand_in, session)

    assert held_in(cart) == [("ELSE", 1)]


def test_the_webhook_alone_empties_the_cart(client: Client, stand_in: StandIn, cart: Cart) -> None:
    # C2
    session = begin(cart)
    bought = cart.lines.get()
    put(cart, 1, bought)
    stand_in.pay(str(session.stripe_session_id))

    deliver(client, event(id=session.stripe_session_id))
    work.drain(WebhookEvent, webhooks.process)

    assert held_in(cart) == [(bought.variant.sku, 1)]


def test_an_order_of_the_release_before_takes_its_things_out_too(
    stand_in: StandIn, cart: Cart
) -> None:
    # C2
    session = begin(cart)
    Order.objects.update(bought_from=None)
    put(cart, 1)

    paid(stand_in, session)

    assert held_in(cart) == [("ELSE", 1)]


# -- order before call, and where the visitor is sent ----------------------------------------------


def test_everything_is_written_before_stripe_is_called(stand_in: StandIn) -> None:
    """Guard: _commit is durable and stands before the call."""
    stand_in.fail("/v1/checkout/sessions$", method="POST", when="before", reset=True)

    session = start()

    request = session.requests.get()
    assert written() == [1, 1, 1, 1, 1]
    assert (session.stripe_session_id, request.status) == (None, "ready")
    assert request.parameters["metadata"]["order"] == str(session.order_id)
    assert stand_in.executed("/v1/checkout/sessions") == []


def test_an_address_on_a_foreign_host_is_never_gone_to(
    client: Client, stand_in: StandIn, settings: Any
) -> None:
    """Guard: the allow-list in views._to_payment_page."""
    settings.CHECKOUT_ORIGINS = ["https://checkout.stripe.com"]
    price = PriceFactory()

    answer = client.post("/create-checkout-session", {"price": price.key})
    waiting = client.get(f"/checkout/{Order.objects.get().token}/")

    assert (answer.status_code, waiting.status_code) == (502, 200)
    assert "Location" not in answer
    assert "Location" not in waiting


# K21 b
@pytest.mark.parametrize(
    ("address", "ok"),
    [
        ("https://pay.shop.example/c/pay/cs_1", True),
        ("https://checkout.stripe.com/c/pay/cs_1", True),
        ("https://pay.shop.example.evil.example/c/pay/cs_1", False),
        ("http://pay.shop.example/c/pay/cs_1", False),
    ],
)
def test_a_domain_of_the_shops_own_is_a_payment_page(address: str, ok: bool) -> None:
    """As the shop starts with it: its forms may lead there, too."""
    found = at_start(
        {"CHECKOUT_DOMAIN": "https://pay.shop.example"},
        "from payments.settlement.page_calls import is_stripes",
        f"print(is_stripes({address!r}, settings.CHECKOUT_ORIGINS))",
        "print(settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])",
    )

    may_lead_to = ["'self'", "https://checkout.stripe.com", "https://pay.shop.example"]
    assert found == [str(ok), str([*may_lead_to, "https://billing.stripe.com"])]


def at_start(environment: dict[str, str], *lines: str) -> list[str]:
    """What is printed by a shop that starts with these settings."""
    script = ["import django", "django.setup()", "from django.conf import settings", *lines]
    started = subprocess.run(
        [sys.executable, "-c", "; ".join(script)],
        env={**os.environ, "STRIPE_API_BASE": "", "FAKE_STRIPE_PUBLIC_URL": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 0, started.stderr
    return started.stdout.splitlines()


def test_stripe_refusing_ends_the_order_and_keeps_the_cart(stand_in: StandIn, cart: Cart) -> None:
    stand_in.fail("/v1/checkout/sessions$", method="POST", status=400)

    session = begin(cart)

    assert (order_of(session).status, session.status, cart.lines.count()) == (
        "cancelled",
        "expired",
        1,
    )
    assert cart.lines.get().variant.stock.reserved == 0


def test_a_number_that_is_taken_leads_to_nobody_elses_page(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guard: only the same cart may be found again, never a number that was drawn twice."""
    monkeypatch.setattr(secrets, "choice", lambda alphabet: alphabet[0])
    start()

    with pytest.raises(IntegrityError, match="number"):
        start()


def test_a_cart_that_was_bought_while_its_second_press_waited(cart: Cart) -> None:
    """J04: the order that the press ran into is pending no longer when it is looked for."""
    with pytest.raises(checkout.CartChanged, match="bought or changed"):
        payment_page._made_before(cart, new_buyer())


def test_a_customer_that_stripe_has_forgotten_keeps_nobody_from_buying(
    stand_in: StandIn, settings: Any
) -> None:
    """Somebody deleted them in the Dashboard. Guard: never_opened forgets them, too."""
    settings.PAYMENT_METHOD_SAVE = True
    ada = new_buyer()
    Customer.objects.create(
        account=account(),
        stripe_customer_id="cus_deleted",
        visitor=ada.visitor,
        saved_at=timezone.now(),
    )
    item = checkout.Item(PriceFactory(), 1)

    refused, opened = checkout.start(ada, [item]), checkout.start(ada, [item])

    assert (order_of(refused).status, order_of(opened).status) == ("cancelled", "pending")
    forgotten = Customer.objects.get()
    assert (opened.status, opened.customer) == ("open", None)
    assert (forgotten.gone_at is None, Customer.of(visitor=ada.visitor).exists()) == (False, False)
