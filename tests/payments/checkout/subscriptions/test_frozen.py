"""A subscription is sold: what Stripe's page is asked for, and what it makes of it."""

from typing import Any

import pytest
from django.test import Client

from payments import checkout, policy
from payments.models import CheckoutSession
from payments.session_parameters import TERMS_SUBSCRIPTION
from shop.catalog.models import Price, Stock
from shop.catalog.stripe_sync import run
from shop.models import Installation
from shop.orders.models import DeliveryMethod, Order
from shop.orders.subscriptions.rules import NotTogether
from tests.support.carts import with_cart
from tests.support.factories import (
    DeliveryMethodFactory,
    MonthlyPriceFactory,
    PriceFactory,
    ProductFactory,
    TaxRateFactory,
    UserFactory,
)
from tests.support.purchases import new_buyer, order_of, pay, start, unpaid
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

EVERY_MONTH = {"interval": "month", "interval_count": 1}


@pytest.fixture(autouse=True)
def methods() -> dict[str, DeliveryMethod]:
    """Austria and Germany 4.90 or 9.90; France 4.90 EUR, too, and nothing else."""
    DeliveryMethod.objects.all().delete()
    return {
        "standard": DeliveryMethodFactory(
            countries=["AT", "DE", "FR"], rates={"eur": {0: 490}}, position=1
        ),
        "express": DeliveryMethodFactory(name="Express", rates={"eur": {0: 990}}, position=2),
    }


def sent(session: CheckoutSession) -> dict[str, Any]:
    """The frozen parameters; Stripe took them, or the session would have no page."""
    assert session.url
    return dict(session.requests.get(kind="create_session").parameters)


def digital(**fields: Any) -> Price:
    return MonthlyPriceFactory(variant__requires_shipping=False, **fields)


def at_stripe(stand_in: StandIn, session: CheckoutSession) -> tuple[Any, Any]:
    """The subscription that a completed page has begun, and its first invoice."""
    page = stand_in.api(f"checkout/sessions/{session.stripe_session_id}")
    assert page["status"] == "complete"
    subscription = stand_in.api(f"subscriptions/{page['subscription']}")
    return subscription, stand_in.api(f"invoices/{subscription['latest_invoice']}")


def test_all_that_is_asked_for(
    stand_in: StandIn, methods: dict[str, DeliveryMethod], settings: Any
) -> None:
    settings.PAYMENT_METHOD_SAVE, settings.CHECKOUT_RECOVERY = True, "stripe"
    settings.CAPTURE_POLICY, settings.ADAPTIVE_PRICING = "staff", True
    settings.SUBMIT_TYPE = "pay"
    product = ProductFactory(title="Soap")
    price = MonthlyPriceFactory(variant__product=product, variant__sku="SOAP-1")

    session = start(price, 2, country="AT", user=UserFactory(email="ada@example.com"))

    order = order_of(session)
    shop = Installation.current()
    marks = {"shop": shop, "order": str(order.pk), "session": str(session.pk)}
    method = str(methods["standard"].pk)
    assert sent(session) == {
        "mode": "subscription",
        "line_items": [
            {
                "quantity": 2,
                "metadata": {"line": "1"},
                "price_data": {
                    "currency": "eur",
                    "unit_amount": 1200,
                    "recurring": EVERY_MONTH,
                    "product_data": {"name": "Soap", "metadata": {"sku": "SOAP-1"}},
                },
            },
            {
                "quantity": 1,
                "metadata": {"delivery": method},
                "price_data": {
                    "currency": "eur",
                    "unit_amount": 490,
                    "recurring": EVERY_MONTH,
                    "product_data": {
                        "name": "Delivery: Standard",
                        "metadata": {"shop": shop, "delivery": method},
                    },
                },
            },
        ],
        "currency": "eur",
        "success_url": f"{settings.SITE_URL}/success?session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{settings.SITE_URL}/cancel",
        "locale": "en",
        "expires_at": int(session.expires_at.timestamp()),
        "client_reference_id": str(order.pk),
        "metadata": marks,
        "branding_settings": {"display_name": settings.SHOP_NAME, **settings.BRANDING},
        "subscription_data": {"metadata": marks, "description": "Soap"},
        "shipping_address_collection": {"allowed_countries": ["AT", "DE", "FR"]},
        "customer_email": "ada@example.com",
        "saved_payment_method_options": {
            "payment_method_save": "enabled",
            "payment_method_remove": "enabled",
        },
        "custom_text": {"submit": {"message": TERMS_SUBSCRIPTION}},
    }


def test_what_renews_is_kept_beside_the_one_way_of_delivery(
    stand_in: StandIn, methods: dict[str, DeliveryMethod]
) -> None:
    session = start(MonthlyPriceFactory(interval_count=3), 2, country="AT")

    assert session.mode == "subscription"
    assert session.recurring == {
        "interval": "month",
        "interval_count": 3,
        "trial_days": 0,
        "subtotal": 2400,
        "delivery": 490,
        "tax_on_top": 0,
        "total": 2890,
    }
    assert [one["method"] for one in session.delivery["options"]] == [methods["standard"].pk]
    assert session.saving["use"] == "subscription"
    assert (session.changes, session.currencies, session.stripe_invoice) == ({}, {}, {})


def test_a_synced_price_is_named(stand_in: StandIn) -> None:
    price = digital()
    run.apply()
    price.refresh_from_db()

    assert [line["price"] for line in sent(start(price))["line_items"]] == [price.stripe_price_id]


def test_whoever_pays_has_a_subscription_and_its_first_invoice(
    stand_in: StandIn, methods: dict[str, DeliveryMethod]
) -> None:
    price = MonthlyPriceFactory()
    run.apply()
    price.refresh_from_db()
    session = start(price, 2, country="AT")

    pay(stand_in, session, country="AT")

    subscription, invoice = at_stripe(stand_in, session)
    items = [
        (item["price"]["unit_amount"], item["price"]["recurring"]["interval"], item["quantity"])
        for item in subscription["items"]["data"]
    ]
    assert items == [(1200, "month", 2), (490, "month", 1)]
    assert subscription["items"]["data"][0]["price"]["id"] == price.stripe_price_id
    assert subscription["metadata"]["order"] == str(order_of(session).pk)
    assert (invoice["status"], invoice["amount_paid"]) == ("paid", 2890)


def test_the_first_days_are_free_and_then_it_is_charged(stand_in: StandIn) -> None:
    session = start(digital(trial_days=14))

    assert sent(session)["subscription_data"]["trial_period_days"] == 14
    pay(stand_in, session)

    subscription, invoice = at_stripe(stand_in, session)
    assert (subscription["status"], invoice["amount_paid"]) == ("trialing", 0)
    stand_in.advance(days=14, hours=2)
    subscription, invoice = at_stripe(stand_in, session)
    assert (subscription["status"], invoice["amount_paid"]) == ("active", 1200)


def test_the_units_of_the_first_period_are_set_aside(stand_in: StandIn) -> None:
    price = MonthlyPriceFactory(trial_days=14, on_hand=3)

    session = start(price, 1, country="AT")

    assert Stock.objects.get(variant=price.variant_id).reserved == 1
    assert (order_of(session).subtotal, order_of(session).status) == (1200, Order.Status.PENDING)


def test_a_page_that_runs_out_gives_them_back_and_can_be_paid_again(stand_in: StandIn) -> None:
    price = MonthlyPriceFactory()
    order = unpaid(stand_in, start(price, country="AT"))

    assert order.status == Order.Status.EXPIRED
    assert Stock.objects.get(variant=price.variant_id).reserved == 0
    again = checkout.pay_again(order, new_buyer())

    assert again.mode == "subscription"
    assert again.recurring["total"] == 1690
    pay(stand_in, again, country="AT")


def test_terms_that_changed_are_not_paid_again(stand_in: StandIn) -> None:
    price = digital(trial_days=14)
    order = unpaid(stand_in, start(price))
    Price.objects.filter(pk=price.pk).update(trial_days=7)

    Price.objects.filter(pk=price.pk).update(is_active=False)
    Price.objects.create(
        variant=price.variant, unit_amount=1200, currency="eur", interval="month", trial_days=30
    )

    with pytest.raises(checkout.NotAgain, match="has another price now"):
        checkout.pay_again(order, new_buyer())


def test_tax_on_top_is_due_each_time_to_the_cent(stand_in: StandIn, settings: Any) -> None:
    settings.TAX_MODE, settings.TAX_EXCLUSIVE_CURRENCIES = "rates", ["eur"]
    TaxRateFactory()
    session = start(MonthlyPriceFactory(unit_amount=999), 3, country="AT")

    assert session.recurring["tax_on_top"] == 599
    assert session.recurring["total"] == 2997 + 490 + 599
    pay(stand_in, session, country="AT")

    assert at_stripe(stand_in, session)[1]["amount_paid"] == session.recurring["total"]


def test_what_the_cart_has_chosen_is_how_it_is_sent(
    stand_in: StandIn, methods: dict[str, DeliveryMethod], client: Client
) -> None:
    cart = with_cart(client, MonthlyPriceFactory())
    session = client.session
    session["country"] = "AT"
    session.save()
    client.post("/cart/delivery/", {"method": str(methods["express"].pk)})
    cart.refresh_from_db()

    answer = client.post("/create-checkout-session", {"cart": str(cart.version)})

    assert answer.status_code == 303
    page = CheckoutSession.objects.get()
    assert sent(page)["shipping_address_collection"] == {"allowed_countries": ["AT", "DE"]}
    assert (page.recurring["delivery"], page.delivery["options"][0]["name"]) == (990, "Express")


def test_what_is_paid_otherwise_is_no_part_of_it(stand_in: StandIn) -> None:
    items = [checkout.Item(MonthlyPriceFactory(), 1), checkout.Item(PriceFactory(), 1)]

    with pytest.raises(NotTogether, match="paid every month, and this is paid once"):
        checkout.start(new_buyer(), items)

    assert not Order.objects.exists()


def test_a_subscription_takes_nineteen_things_and_their_delivery(stand_in: StandIn) -> None:
    sent_ones = [checkout.Item(MonthlyPriceFactory(), 1) for _ in range(20)]
    with pytest.raises(NotTogether, match="at most 19 different things"):
        checkout.start(new_buyer(country="AT"), sent_ones)

    session = checkout.start(new_buyer(country="AT"), sent_ones[:19])

    assert len(sent(session)["line_items"]) == 20


def test_staff_decide_on_no_subscription(stand_in: StandIn, settings: Any) -> None:
    settings.CAPTURE_POLICY, settings.CAPTURE_REVIEW_ABOVE = "staff", {"eur": 100}

    order = order_of(start(digital()))

    assert not policy.waits_for_staff(order)
    assert policy.waits_for_staff(order_of(start(PriceFactory(), country="AT")))


@pytest.mark.parametrize(("trial", "is_taken"), [(None, True), (14, False)])
def test_a_code_counts_for_what_is_paid_on_the_page(
    stand_in: StandIn, settings: Any, trial: int | None, is_taken: bool
) -> None:
    settings.ALLOW_PROMOTION_CODES = True

    asked = sent(start(digital(trial_days=trial)))

    assert asked.get("allow_promotion_codes", False) is is_taken


def test_where_stripe_works_out_the_tax_delivery_says_what_it_is(
    stand_in: StandIn, settings: Any
) -> None:
    settings.TAX_MODE = "stripe"

    asked = sent(start(MonthlyPriceFactory(), country="AT"))

    goods, delivery = (line["price_data"] for line in asked["line_items"])
    assert asked["automatic_tax"] == {"enabled": True}
    assert (goods["tax_behavior"], delivery["tax_behavior"]) == ("inclusive", "inclusive")
    assert delivery["product_data"]["tax_code"] == "txcd_92010001"
