"""Tax on the payment page: what is due is asked for, and nothing else is taken."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from payments import checkout
from payments.models import CheckoutSession, TaxRateSync
from payments.settlement import deadlines
from shop.orders.models import DeliveryMethod, Order, TaxRate
from tests.support.carts import with_cart
from tests.support.factories import (
    CartFactory,
    DeliveryMethodFactory,
    PriceFactory,
    TaxRateFactory,
)
from tests.support.purchases import (
    counted,
    do_the_work,
    order_of,
    paid,
    settle_order,
    start,
    unpaid,
)
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def in_mode_rates(settings: Any) -> None:
    """20 % everywhere and 10 % on books, in Germany 19 % and 7 %; delivery for 4.90 EUR."""
    settings.TAX_MODE = "rates"
    settings.CURRENCIES_OFFERED = ["eur", "usd"]
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(countries=["AT", "DE", "FR"], rates={"eur": {0: 490}, "usd": {0: 600}})
    TaxRateFactory()
    TaxRateFactory(tax_class="books", percentage=Decimal(10))
    TaxRateFactory(country="DE", name="USt.", percentage=Decimal(19))
    TaxRateFactory(country="DE", name="USt.", tax_class="books", percentage=Decimal(7))


def book(**more: Any) -> Any:
    return PriceFactory(variant__product__tax_class="books", **more)


def start_both(**more: Any) -> CheckoutSession:
    """A thing for 18.00 and two books for 5.55 each."""
    items = [checkout.Item(PriceFactory(), 1), checkout.Item(book(unit_amount=555), 2)]
    return checkout.start(checkout.Buyer(visitor=CartFactory().pk, **more), items)


def sent(session: CheckoutSession) -> dict[str, Any]:
    return dict(session.requests.get(kind="create_session").parameters)


def shown(order: Order) -> list[tuple[str, str, int, int]]:
    return [(tax["name"], tax["percentage"], tax["base"], tax["amount"]) for tax in order.taxes]


def test_each_line_is_sent_with_its_rate_of_the_country(stand_in: StandIn) -> None:
    session = start_both(country="AT")

    asked = sent(session)
    rates = [
        stand_in.api(f"tax_rates/{rate}")
        for item in asked["line_items"]
        for rate in item["tax_rates"]
    ]
    assert [(rate["percentage"], rate["inclusive"]) for rate in rates] == [(20, True), (10, True)]
    assert asked["shipping_address_collection"] == {"allowed_countries": ["AT", "FR"]}
    assert "billing_address_collection" not in asked


def test_what_was_due_is_kept_for_each_rate_with_the_share_of_delivery(stand_in: StandIn) -> None:
    order = order_of(paid(stand_in, start_both(country="AT")))

    # Of 4.90, 3.03 go with the 18.00 and 1.87 with the 11.10.
    assert shown(order) == [
        ("VAT", "20", 1500 + 252, 300 + 51),
        ("VAT", "10", 1009 + 170, 101 + 17),
    ]
    assert (order.tax, order.total, order.is_held) == (0, 1800 + 1110 + 490, False)
    assert [line.tax for line in order.lines.all()] == [300, 101]
    assert sum(base + amount for _, _, base, amount in shown(order)) == order.total


def test_on_top_where_prices_are_without_it(stand_in: StandIn, settings: Any) -> None:
    settings.TAX_EXCLUSIVE_CURRENCIES = ["usd"]
    price = PriceFactory(currency="usd")

    order = order_of(paid(stand_in, start(price, country="AT")))

    assert (order.tax, order.shipping, order.total) == (360, 600, 1800 + 360 + 600)
    assert shown(order) == [("VAT", "20", 1800 + 500, 360 + 100)]
    assert not order.is_held


def test_the_customers_words_of_that_day_are_kept(stand_in: StandIn) -> None:
    rate = TaxRate.objects.get(country="*", tax_class="standard")
    rate.translate("de", "name", "USt.")
    rate.save()
    session = start(country="AT", language="de")
    rate.translate("de", "name", "MwSt.")
    rate.save()

    order = order_of(paid(stand_in, session))

    assert shown(order) == [("USt.", "20", 1500 + 408, 300 + 82)]


def test_digital_goods_ask_for_the_billing_address(stand_in: StandIn) -> None:
    price = PriceFactory(variant__requires_shipping=False)

    session = start(price, country="DE")

    asked = sent(session)
    assert asked["billing_address_collection"] == "required"
    assert "shipping_options" not in asked
    order = order_of(paid(stand_in, session, country="DE"))
    assert (shown(order), order.is_held) == ([("USt.", "19", 1513, 287)], False)


def test_a_billing_country_with_other_rates_puts_the_order_in_review(stand_in: StandIn) -> None:
    session = start(PriceFactory(variant__requires_shipping=False), country="DE")

    order = order_of(paid(stand_in, session, country="AT"))
    do_the_work()

    assert order.holds.get().reason == "tax"
    assert order.holds.get().note == "The customer is in AT; the tax is that of DE."
    assert order.payments.get().captured_amount == 0


def test_one_with_the_same_rates_does_not(stand_in: StandIn) -> None:
    session = start(PriceFactory(variant__requires_shipping=False), country="FR")

    assert not order_of(paid(stand_in, session, country="AT")).is_held


def test_without_a_rate_nothing_is_sold(stand_in: StandIn, client: Client) -> None:
    price = PriceFactory(variant__product__tax_class="wine")

    answer = client.post("/create-checkout-session", {"price": price.key, "quantity": "1"})

    assert answer.status_code == 409
    assert "We do not sell this to Austria. Nothing was charged." in answer.content.decode()
    assert (counted(price), Order.objects.count()) == ((10, 0), 0)


def test_where_nobody_is_served_digital_goods_are_not_sold(stand_in: StandIn) -> None:
    """A rate for every country is one for every country that is served."""
    with pytest.raises(checkout.NotTaxed, match="We do not sell this to Brazil"):
        start(PriceFactory(variant__requires_shipping=False), country="BR")


def test_a_rate_that_stripe_does_not_know_yet_is_told_first(stand_in: StandIn) -> None:
    first, second = start(country="AT"), start(country="FR")

    assert first.tax["rates"] == second.tax["rates"]
    assert len(stand_in.executed("/v1/tax_rates")) == 1


def test_a_shop_that_sends_nothing_tells_stripe_of_the_rates_where_it_sells(
    stand_in: StandIn,
) -> None:
    DeliveryMethod.objects.all().delete()
    TaxRate.objects.exclude(country="DE").delete()

    session = start(PriceFactory(variant__requires_shipping=False))

    assert session.url
    assert session.tax["country"] == "DE"


def test_while_it_cannot_be_told_nothing_is_sold(stand_in: StandIn, client: Client) -> None:
    price = PriceFactory()
    stand_in.fail("/v1/tax_rates", status=500, times=1)

    answer = client.post("/create-checkout-session", {"price": price.key, "quantity": "1"})

    assert answer.status_code == 503
    assert "Please try again in a moment. Nothing was charged." in answer.content.decode()
    assert (counted(price), Order.objects.count()) == ((10, 0), 0)


def test_the_sweep_tells_stripe_of_what_staff_have_set(stand_in: StandIn, settings: Any) -> None:
    settings.TAX_EXCLUSIVE_CURRENCIES = ["usd"]
    start(country="AT")

    deadlines.sweep()
    do_the_work()

    assert TaxRateSync.objects.exclude(stripe_tax_rate_id="").count() == 8


@pytest.mark.parametrize(
    ("amount", "why"),
    [(299, "The tax is 300, not 299. The tax of line 1 is not what was due.")],
)
def test_other_tax_than_was_due_puts_the_order_in_review(
    stand_in: StandIn, amount: int, why: str
) -> None:
    """Somebody has changed the rate in the Dashboard; as the shop sees it from its own row."""
    session = start(country="AT")
    session.tax["lines"]["1"]["amount"] = amount
    session.save()

    order = order_of(paid(stand_in, session))

    assert order.holds.get(reason="amounts").note == why


def test_tax_that_was_not_asked_for_puts_the_order_in_review(stand_in: StandIn) -> None:
    session = start(country="AT")
    CheckoutSession.objects.filter(pk=session.pk).update(tax={})

    order = order_of(paid(stand_in, CheckoutSession.objects.get(pk=session.pk)))

    assert "The tax is 300, not 0." in order.holds.get(reason="amounts").note


def test_what_staff_change_meanwhile_changes_nothing_on_an_open_page(stand_in: StandIn) -> None:
    session = start(country="AT")
    TaxRate(country="*", name="VAT", percentage=Decimal(25)).put_in_place()

    order = order_of(paid(stand_in, session))

    assert (shown(order), order.is_held) == ([("VAT", "20", 1500 + 408, 300 + 82)], False)


def test_paying_again_is_with_the_tax_of_now(stand_in: StandIn) -> None:
    session = start(country="AT")
    order = unpaid(stand_in, session)
    TaxRate(country="*", name="VAT", percentage=Decimal(25)).put_in_place()

    again = checkout.pay_again(order, checkout.Buyer(visitor=order.visitor))  # type: ignore[arg-type]

    assert shown(order_of(paid(stand_in, again))) == [("VAT", "25", 1440 + 392, 360 + 98)]


def test_while_a_second_page_is_open_the_first_ones_taxes_are_forgotten(stand_in: StandIn) -> None:
    session = paid(stand_in, start(country="AT"), method="sepa_debit", iban="AT861904300235473202")
    first = order_of(session)
    stand_in.advance(minutes=4)
    settle_order(first)

    checkout.pay_again(order_of(session), checkout.Buyer(visitor=first.visitor))  # type: ignore[arg-type]

    again = order_of(session)
    assert (first.total, len(first.taxes)) == (2290, 1)
    assert (again.total, again.taxes) == (None, [])


def test_no_second_page_where_no_rate_holds_any_more(stand_in: StandIn) -> None:
    session = start(country="AT")
    order = unpaid(stand_in, session)
    TaxRate.objects.update(is_active=False)

    with pytest.raises(checkout.NotAgain, match="We do not sell this to Austria"):
        checkout.pay_again(order, checkout.Buyer(visitor=order.visitor))  # type: ignore[arg-type]
    assert not checkout.may_pay_again(order)


def test_another_country_is_another_page(stand_in: StandIn, client: Client) -> None:
    with_cart(client)
    client.post("/create-checkout-session")
    client.post("/cart/country/", {"country": "DE"})

    client.post("/create-checkout-session")

    pages = CheckoutSession.objects.order_by("created_at")
    assert [(page.status, page.tax["countries"]) for page in pages] == [
        ("expired", ["AT", "FR"]),
        ("open", ["DE"]),
    ]


def test_in_mode_none_nothing_is_asked_and_nothing_taken(stand_in: StandIn, settings: Any) -> None:
    settings.TAX_MODE = "none"
    session = start(country="AT")

    order = order_of(paid(stand_in, session))

    assert (session.tax, order.taxes, order.tax, order.is_held) == ({}, [], 0, False)
    assert "tax_rates" not in sent(session)["line_items"][0]
    assert deadlines.sweep()
    assert not TaxRateSync.objects.exists()


def test_delivery_and_tax_count_for_the_review_limit_before_payment(
    stand_in: StandIn, settings: Any
) -> None:
    settings.CAPTURE_POLICY, settings.CAPTURE_REVIEW_ABOVE = "automatic", {"usd": 2759}
    settings.TAX_EXCLUSIVE_CURRENCIES = ["usd"]

    order = order_of(paid(stand_in, start(PriceFactory(currency="usd"), country="AT")))

    assert (order.total, order.payments.get().status) == (2760, "authorized")
