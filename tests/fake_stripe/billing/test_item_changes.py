"""Other prices and quantities within a period: told first, prorated, paid at once or not at all."""

from typing import Any

import pytest
import stripe

from tests.fake_stripe.billing.test_subscriptions import (
    DAY,
    RENEWED,
    decline_from_now_on,
    later,
    pot,
    subscribed,
    tea,
)
from tests.fake_stripe.rig import Fake


def price(fake: Fake, amount: int, interval: str = "month", **more: Any) -> Any:
    return fake.v1.prices.create(
        {
            "currency": "eur",
            "unit_amount": amount,
            "product_data": {"name": "More tea"},
            "recurring": {"interval": interval},
            **more,
        }
    )


def half_way(fake: Fake, subscription: Any) -> None:
    item = subscription["items"].data[0]
    half = (item.current_period_end - item.current_period_start) // 2
    fake.control("clock", {"advance": half - (now(fake) - item.current_period_start)})


def now(fake: Fake) -> int:
    return int(fake.control("clock")["now"])


def wanted(subscription: Any, **changed: Any) -> Any:
    return {
        "items": [{"id": subscription["items"].data[0].id, **changed}],
        "proration_behavior": "always_invoice",
    }


def changed(fake: Fake, subscription: Any, date: int | None = None, **items: Any) -> Any:
    params = {**wanted(subscription, **items), "payment_behavior": "error_if_incomplete"}
    return fake.v1.subscriptions.update(
        subscription.id, {**params, **({"proration_date": date} if date else {})}
    )


def previewed(fake: Fake, subscription: Any, **items: Any) -> Any:
    return fake.v1.invoices.create_preview(
        {"subscription": subscription.id, "subscription_details": wanted(subscription, **items)}
    )


def date_of(told: Any) -> int:
    return int(told.parent.subscription_details.subscription_proration_date)


def test_preview_tells_what_is_then_charged(fake: Fake) -> None:
    subscription = subscribed(fake)
    dearer = price(fake, 1500)
    half_way(fake, subscription)
    before = len(fake.types())

    told = previewed(fake, subscription, price=dearer.id)
    unchanged = fake.v1.subscriptions.retrieve(subscription.id)
    silence = fake.types()[before:]
    fake.control("clock", {"advance": DAY})
    after = changed(fake, subscription, date_of(told), price=dearer.id)

    assert (told.amount_due, told.billing_reason) == (300, "subscription_update")
    assert [line.amount for line in told.lines.data] == [-450, 750]
    assert unchanged["items"].data[0].price.unit_amount == 900
    assert silence == []
    invoice = fake.v1.invoices.retrieve(str(after.latest_invoice))
    assert (invoice.status, invoice.amount_paid) == ("paid", 300)
    assert after["items"].data[0].price.id == dearer.id
    assert later(fake, 20) == RENEWED
    renewal = fake.v1.invoices.list({"subscription": subscription.id}).data[0]
    assert (renewal.amount_paid, renewal.lines.data[0].description) == (
        1500,
        "1 × More tea (at €15.00 / month)",
    )


def test_quantity_is_prorated(fake: Fake) -> None:
    subscription = subscribed(fake)
    half_way(fake, subscription)

    after = changed(fake, subscription, quantity=3)

    invoice = fake.v1.invoices.retrieve(str(after.latest_invoice))
    assert (invoice.amount_paid, after["items"].data[0].quantity) == (900, 3)
    assert all(line.parent.subscription_item_details.proration for line in invoice.lines.data)


def test_what_is_given_back_is_taken_off_the_next_invoice(fake: Fake) -> None:
    subscription = subscribed(fake, tea(2000))
    half_way(fake, subscription)
    cheaper = price(fake, 1000)

    told = previewed(fake, subscription, price=cheaper.id)
    after = changed(fake, subscription, price=cheaper.id)
    credited = fake.v1.customers.retrieve(str(after.customer)).balance
    later(fake, 20)

    assert (told.total, told.amount_due, told.ending_balance) == (-500, 0, -500)
    assert credited == -500
    renewal = fake.v1.invoices.list({"subscription": subscription.id}).data[0]
    assert (renewal.total, renewal.starting_balance, renewal.amount_paid) == (1000, -500, 500)
    assert fake.v1.customers.retrieve(str(after.customer)).balance == 0


def test_another_rhythm_begins_at_once(fake: Fake) -> None:
    subscription = subscribed(fake)
    half_way(fake, subscription)
    yearly = price(fake, 9000, "year")

    after = changed(fake, subscription, price=yearly.id)

    invoice = fake.v1.invoices.retrieve(str(after.latest_invoice))
    item = after["items"].data[0]
    assert invoice.amount_paid == 9000 - 450
    assert item.current_period_start == after.billing_cycle_anchor
    assert item.current_period_end - item.current_period_start in (365 * DAY, 366 * DAY)


def test_declined_change_changes_nothing(fake: Fake) -> None:
    subscription = subscribed(fake)
    decline_from_now_on(fake, subscription)
    half_way(fake, subscription)
    before = len(fake.types())

    with pytest.raises(stripe.CardError):
        changed(fake, subscription, price=price(fake, 1500).id)

    after = fake.v1.subscriptions.retrieve(subscription.id)
    assert (after.status, after["items"].data[0].price.unit_amount) == ("active", 900)
    assert fake.types()[before:] == ["product.created", "price.created"]
    assert len(fake.v1.invoices.list({"subscription": subscription.id}).data) == 1


def test_nothing_is_due_within_a_trial(fake: Fake) -> None:
    subscription = subscribed(fake, subscription_data={"trial_period_days": 14})

    told = previewed(fake, subscription, quantity=2)
    after = changed(fake, subscription, quantity=2)

    assert (told.amount_due, after["items"].data[0].quantity) == (0, 2)
    assert len(fake.v1.invoices.list({"subscription": subscription.id}).data) == 1


@pytest.mark.parametrize(
    ("which", "param"),
    [
        ("archived", "items[0][price]"),
        ("once", "items[0][price]"),
        ("usd", "items[0][price]"),
        ("unknown", "items[0][id]"),
        ("date", "proration_date"),
        ("mixed", "items"),
    ],
)
def test_impossible_changes_are_refused(fake: Fake, which: str, param: str) -> None:
    lines = [tea(), tea(500)] if which == "mixed" else [tea(), pot()]
    subscription = subscribed(fake, *lines)
    more = {"currency": "usd"} if which == "usd" else {}
    if which == "once":
        other = fake.v1.prices.create(
            {"currency": "eur", "unit_amount": 1, "product_data": {"name": "x"}}
        )
    else:
        other = price(fake, 1500, "year" if which == "mixed" else "month", **more)
    if which == "archived":
        fake.v1.products.update(str(other.product), {"active": False})
    params: Any = {
        **wanted(subscription, price=other.id),
        "payment_behavior": "error_if_incomplete",
    }
    if which == "unknown":
        params["items"][0]["id"] = "si_nobody"
    if which == "date":
        params["proration_date"] = 1_000_000_000

    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.subscriptions.update(subscription.id, params)

    assert refused.value.param == param


def test_paused_subscription_goes_on_unpaid(fake: Fake) -> None:
    subscription = subscribed(fake)

    paused = fake.v1.subscriptions.update(
        subscription.id, {"pause_collection": {"behavior": "void"}}
    )
    later(fake, 32)
    skipped = fake.v1.invoices.list({"subscription": subscription.id}).data[0]
    resumed = fake.v1.subscriptions.update(subscription.id, {"pause_collection": ""})
    again = later(fake, 31)

    assert (paused.pause_collection.behavior, paused.status) == ("void", "active")
    assert (skipped.status, skipped.amount_paid) == ("void", 0)
    assert resumed.pause_collection is None
    assert again == RENEWED


def test_pause_ends_by_itself_on_its_date(fake: Fake) -> None:
    subscription = subscribed(fake)
    until = now(fake) + 10 * DAY

    fake.v1.subscriptions.update(
        subscription.id, {"pause_collection": {"behavior": "void", "resumes_at": until}}
    )
    still = later(fake, 9)
    ended = later(fake, 2)

    assert (still, ended) == ([], ["customer.subscription.updated"])
    assert fake.v1.subscriptions.retrieve(subscription.id).pause_collection is None


def test_pause_that_would_be_over_is_refused(fake: Fake) -> None:
    subscription = subscribed(fake)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.subscriptions.update(
            subscription.id, {"pause_collection": {"behavior": "void", "resumes_at": now(fake) - 9}}
        )

    assert refused.value.param == "pause_collection[resumes_at]"
