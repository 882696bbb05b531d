"""Tax that Stripe works out: asked for in one way, taken where it adds up, never just left out."""

from typing import Any

import pytest
from django.test import Client

from payments import checkout
from payments.models import CheckoutSession, Customer
from shop.catalog.models import Price
from shop.catalog.stripe_sync import api, run
from shop.orders.models import DeliveryMethod, Order
from tests.support.carts import with_cart
from tests.support.factories import (
    CartFactory,
    DeliveryMethodFactory,
    PriceFactory,
)
from tests.support.purchases import do_the_work, order_of, paid, settle_order, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

BOOKS, GOODS, DELIVERY = "txcd_35010000", "txcd_99999999", "txcd_92010001"


@pytest.fixture(autouse=True)
def in_mode_stripe(settings: Any) -> None:
    """Prices in euros include the tax, those in dollars do not; delivery for 4.90 EUR, 6 USD."""
    settings.TAX_MODE = "stripe"
    settings.TAX_CODE_DEFAULT = GOODS
    settings.CURRENCIES_OFFERED = ["eur", "usd"]
    settings.TAX_EXCLUSIVE_CURRENCIES = ["usd"]
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(countries=["AT", "DE", "US"], rates={"eur": {0: 490}, "usd": {0: 600}})


def book(**more: Any) -> Price:
    return PriceFactory(variant__tax_code=BOOKS, **more)


def digital(**more: Any) -> Price:
    return PriceFactory(variant__requires_shipping=False, **more)


def start_both(**more: Any) -> CheckoutSession:
    """A thing for 18.00 and two books for 5.55 each."""
    items = [checkout.Item(PriceFactory(), 1), checkout.Item(book(unit_amount=555), 2)]
    return checkout.start(checkout.Buyer(visitor=CartFactory().pk, **more), items)


def sent(session: CheckoutSession) -> dict[str, Any]:
    return dict(session.requests.get(kind="create_session").parameters)


def shown(order: Order) -> list[tuple[str, str, int, int]]:
    return [(tax["name"], tax["percentage"], tax["base"], tax["amount"]) for tax in order.taxes]


def test_how_everything_is_taxed_is_sent_and_no_rate_beside_it(stand_in: StandIn) -> None:
    session = start_both(country="AT")

    asked = sent(session)
    stated = [item["price_data"] for item in asked["line_items"]]
    assert asked["automatic_tax"] == {"enabled": True}
    assert [(one["tax_behavior"], one["product_data"]["tax_code"]) for one in stated] == [
        ("inclusive", GOODS),
        ("inclusive", BOOKS),
    ]
    assert not any("tax_rates" in item for item in asked["line_items"])
    option = asked["shipping_options"][0]["shipping_rate_data"]
    assert (option["tax_behavior"], option["tax_code"]) == ("inclusive", DELIVERY)
    assert "billing_address_collection" not in asked
    method = str(DeliveryMethod.objects.get().pk)
    assert session.tax == {
        "mode": "stripe", "is_inclusive": True, "deliveries": {method: DELIVERY},
    }  # fmt: skip


def test_prices_that_stripe_knows_say_it_themselves(stand_in: StandIn) -> None:
    price = book()
    Price.objects.create(variant=price.variant, currency="usd", unit_amount=2000)
    run.apply()

    in_euros, in_dollars = (
        start(price, country="AT"),
        start(Price.objects.get(currency="usd"), country="US"),
    )

    (item,), (other,) = sent(in_euros)["line_items"], sent(in_dollars)["line_items"]
    assert item["price"] == other["price"]
    known = stand_in.api(f"prices/{item['price']}", **{"expand[]": "currency_options"})
    assert known["tax_behavior"] == "inclusive"
    assert known["currency_options"]["usd"]["tax_behavior"] == "exclusive"
    assert stand_in.api(f"products/{known['product']}")["tax_code"] == BOOKS


def test_a_price_that_was_told_before_the_mode_is_told_of_it(
    stand_in: StandIn, settings: Any
) -> None:
    settings.TAX_MODE = "none"
    price = PriceFactory()
    run.apply()
    settings.TAX_MODE = "stripe"
    before = sent(start(price, country="AT"))["line_items"][0]

    run.apply()
    left = list(api.plan())

    after = sent(start(price, country="AT"))["line_items"][0]
    assert before["price_data"]["tax_behavior"] == "inclusive"
    assert "product" in before["price_data"]
    assert "price" in after
    assert left == []


def test_one_that_stripe_has_fixed_otherwise_gives_way_to_its_amount(
    stand_in: StandIn, settings: Any
) -> None:
    price = PriceFactory()
    run.apply()
    settings.TAX_EXCLUSIVE_CURRENCIES = ["eur", "usd"]

    run.apply()
    left = list(api.plan())
    item = sent(start(price, country="AT"))["line_items"][0]

    assert left == []
    assert item["price_data"]["tax_behavior"] == "exclusive"


def test_each_rate_is_kept_as_stripe_worked_it_out(stand_in: StandIn) -> None:
    order = order_of(paid(stand_in, start_both(country="AT"), country="AT"))

    assert shown(order) == [("USt.", "20", 1500 + 408, 300 + 82), ("USt.", "10", 1009, 101)]
    assert (order.tax, order.total, order.is_held) == (0, 1800 + 1110 + 490, False)
    assert [line.tax for line in order.lines.all()] == [300, 101]
    assert sum(base + amount for _, _, base, amount in shown(order)) == order.total


def test_of_many_lines_each_counts(stand_in: StandIn) -> None:
    items = [checkout.Item(PriceFactory(unit_amount=1200 + place), 1) for place in range(12)]
    session = checkout.start(checkout.Buyer(visitor=CartFactory().pk, country="AT"), items)

    order = order_of(paid(stand_in, session, country="AT"))

    assert [line.tax for line in order.lines.all()][-1] == 202
    assert (sum(tax["amount"] for tax in order.taxes), order.is_held) == (2412 + 82, False)


def test_on_top_where_prices_are_without_it(stand_in: StandIn) -> None:
    session = start(PriceFactory(currency="usd"), country="US")

    order = order_of(paid(stand_in, session, country="US", state="CA"))

    assert (order.tax, order.shipping, order.total) == (131 + 44, 600, 1800 + 600 + 175)
    assert shown(order) == [("Sales Tax", "7.25", 2400, 175)]
    assert not order.is_held


def test_where_nothing_is_due_nothing_is_kept(stand_in: StandIn) -> None:
    session = start(PriceFactory(currency="usd"), country="US")

    order = order_of(paid(stand_in, session, country="US", state="OR"))

    assert (order.tax, shown(order), order.total, order.is_held) == (0, [], 2400, False)


def test_digital_goods_are_taxed_where_the_bill_goes(stand_in: StandIn) -> None:
    session = start(digital(), country="AT")

    order = order_of(paid(stand_in, session, country="DE"))

    assert sent(session)["billing_address_collection"] == "required"
    assert (shown(order), order.is_held) == ([("USt.", "19", 1513, 287)], False)


@pytest.mark.parametrize("status", ["failed", "requires_location_inputs"])
def test_what_could_not_be_taxed_is_looked_at_before_the_money_is_taken(
    stand_in: StandIn, status: str
) -> None:
    session = start(country="AT")
    stand_in.ask(f"sessions/{session.stripe_session_id}/automatic_tax", {"status": status})

    order = order_of(paid(stand_in, session))
    do_the_work()

    hold = order.holds.get()
    assert (hold.reason, hold.note) == (
        "tax",
        f"Stripe could not work out the tax: {status}.",
    )
    assert order.payments.get().captured_amount == 0


def test_a_page_that_did_not_ask_for_it_is_in_review(stand_in: StandIn) -> None:
    session = start(country="AT")
    CheckoutSession.objects.filter(pk=session.pk).update(tax={})

    order = order_of(paid(stand_in, CheckoutSession.objects.get(pk=session.pk)))

    assert "a tax that it was not asked for" in order.holds.get(reason="amounts").note


def test_tax_that_stands_elsewhere_than_was_asked_is_in_review(stand_in: StandIn) -> None:
    session = start(country="AT")
    session.tax["is_inclusive"] = False
    session.save()

    order = order_of(paid(stand_in, session))

    note = order.holds.get(reason="amounts").note
    assert "The tax does not stand on top of the prices." in note
    assert "Line 1 does not add up." in note


@pytest.mark.parametrize(
    ("fault", "status"),
    [("pending", 502), ("customer_tax_location_invalid", 502)],
)
def test_the_customer_is_told_where_no_tax_can_be_had(
    stand_in: StandIn, client: Client, fault: str, status: int
) -> None:
    price = PriceFactory()
    if fault == "pending":
        stand_in.ask("tax_settings", {"status": "pending"})
    else:
        stand_in.fail("/v1/checkout/sessions", status=400, code=fault, times=1)

    answer = client.post("/create-checkout-session", {"price": price.key, "quantity": "1"})

    page = answer.content.decode()
    assert answer.status_code == status
    assert "The tax for this order cannot be worked out at the moment" in page
    assert "Nothing was charged, and your cart is as it was." in page


def test_a_named_customer_may_be_somewhere_else_now(stand_in: StandIn) -> None:
    made = stand_in.call("customers", email="ada@example.com")
    session = start(country="AT")
    customer = Customer.objects.create(
        account=session.account, stripe_customer_id=made["id"], visitor=session.visitor,
        saved_at=session.created_at,
    )  # fmt: skip
    again = checkout.start(
        checkout.Buyer(visitor=customer.visitor, country="AT"),  # type: ignore[arg-type]
        [checkout.Item(PriceFactory(), 1)],
    )

    asked = sent(again)
    assert asked["customer_update"] == {"address": "auto", "name": "auto", "shipping": "auto"}
    assert not order_of(paid(stand_in, again)).is_held


def test_paying_again_is_with_the_behavior_of_now(stand_in: StandIn, settings: Any) -> None:
    session = start(country="AT")
    stand_in.call(f"checkout/sessions/{session.stripe_session_id}/expire")
    order = settle_order(order_of(session))
    settings.TAX_EXCLUSIVE_CURRENCIES = ["eur", "usd"]

    again = checkout.pay_again(order, checkout.Buyer(visitor=order.visitor))  # type: ignore[arg-type]

    assert order_of(paid(stand_in, again)).total == 1800 + 490 + 360 + 98


def test_the_cart_says_that_tax_is_worked_out_later(client: Client) -> None:
    with_cart(client)

    page = client.get("/cart/").content.decode()

    assert "incl. VAT" in page
    assert "worked out on the payment page" in page
    assert "Total before tax" not in page


# -- Tax ids ---------------------------------------------------------------------------------------

GIVEN = [{"type": "eu_vat", "value": "DE123456789"}, {"type": "gb_vat", "value": "GB123456789"}]


@pytest.mark.parametrize(
    ("setting", "asked"),
    [
        ("off", None),
        ("optional", {"enabled": True, "required": "never"}),
        ("required", {"enabled": True, "required": "if_supported"}),
    ],
)
@pytest.mark.parametrize("mode", ["none", "stripe"])
def test_tax_ids_are_asked_for_as_the_setting_says(
    stand_in: StandIn, settings: Any, setting: str, asked: Any, mode: str
) -> None:
    settings.TAX_MODE, settings.TAX_IDS = mode, setting

    assert sent(start(country="AT")).get("tax_id_collection") == asked


def test_those_that_were_given_are_kept(stand_in: StandIn, settings: Any) -> None:
    settings.TAX_IDS = "optional"

    session = paid(stand_in, start(country="AT"), tax_ids=GIVEN, business_name="Muster GmbH")

    order = order_of(session)
    assert (order.tax_ids, order.business_name) == (GIVEN, "Muster GmbH")
    assert order.tax_id_numbers == "DE123456789, GB123456789"


def test_those_that_were_not_asked_for_are_not(stand_in: StandIn, settings: Any) -> None:
    settings.TAX_IDS = "optional"
    session = start(country="AT")
    CheckoutSession.objects.filter(pk=session.pk).update(tax_ids="off")

    order = order_of(paid(stand_in, CheckoutSession.objects.get(pk=session.pk), tax_ids=GIVEN))

    assert order.tax_ids == []


# -- What customers read ---------------------------------------------------------------------------


def test_the_page_after_paying_names_each_rate(stand_in: StandIn, client: Client) -> None:
    price = PriceFactory()
    client.post("/create-checkout-session", {"price": price.key, "quantity": "1"})
    session = CheckoutSession.objects.get()
    paid(stand_in, session, country="AT")

    page = client.get(f"/success?session_id={session.stripe_session_id}").content.decode()

    assert "incl. 20% USt. <span>€3.82</span>" in " ".join(page.split())


def test_the_cart_says_so_where_tax_comes_on_top(client: Client, settings: Any) -> None:
    settings.TAX_EXCLUSIVE_CURRENCIES = ["eur"]
    with_cart(client)

    page = client.get("/cart/").content.decode()

    assert "plus tax" in page
    assert "Total before tax" in page
    assert "Tax is included" not in page
    assert "It is worked out on the payment page" in client.get("/terms/").content.decode()
