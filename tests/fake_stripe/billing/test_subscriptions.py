"""Subscriptions: begun on the payment page, invoiced period by period, ended."""

from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import stripe
from playwright.sync_api import Browser

from fake_stripe.engine.periods import end_of
from tests.fake_stripe.browser import opened, violations
from tests.fake_stripe.rig import SUCCESS, Fake
from tests.support.waiting import PATIENCE

DAY = 24 * 60 * 60
# Pays when the customer sets it up on the page, and is declined when nobody is there.
ASKS_ALWAYS = "4000002760003184"
FIRST_TIME = [
    "payment_intent.created", "customer.created", "payment_method.attached", "charge.succeeded",
    "payment_intent.succeeded", "charge.updated", "customer.subscription.created",
    "invoice.created", "invoice.finalized", "invoice.updated", "invoice.paid",
    "invoice.payment_succeeded", "invoice_payment.paid", "checkout.session.completed",
]  # fmt: skip
RENEWED = [
    "invoice.created", "customer.subscription.updated", "invoice.finalized",
    "payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "charge.updated",
    "invoice.updated", "invoice.paid", "invoice.payment_succeeded", "invoice_payment.paid",
]  # fmt: skip


def tea(amount: int = 900, **recurring: Any) -> dict[str, Any]:
    """A line of tea every month."""
    data = {
        "currency": "eur",
        "unit_amount": amount,
        "product_data": {"name": "Tea"},
        "recurring": {"interval": "month", **recurring},
    }
    return {"price_data": data, "quantity": 1}


def pot(amount: int = 2500) -> dict[str, Any]:
    """A line that is paid once."""
    data = {"currency": "eur", "unit_amount": amount, "product_data": {"name": "Pot"}}
    return {"price_data": data, "quantity": 1}


def subscribing(fake: Fake, *lines: dict[str, Any], **params: Any) -> Any:
    fields: Any = {
        "mode": "subscription",
        "success_url": SUCCESS,
        "line_items": list(lines) or [tea()],
        **params,
    }
    return fake.v1.checkout.sessions.create(fields)


def subscribed(fake: Fake, *lines: dict[str, Any], pay: Any = None, **params: Any) -> Any:
    """The subscription of a session that was paid."""
    session = fake.pay(subscribing(fake, *lines, **params).id, **(pay or {}))
    return fake.v1.subscriptions.retrieve(session["subscription"])


def later(fake: Fake, days: float) -> list[str]:
    """The types of what comes about while the clock moves on."""
    before = len(fake.types())
    fake.control("clock", {"advance": int(days * DAY)})
    return fake.types()[before:]


def test_first_period_is_paid_on_the_page(fake: Fake) -> None:
    session = subscribing(fake, tea(), pot(), subscription_data={"metadata": {"box": "green"}})

    done = fake.pay(session.id)

    assert (session.amount_total, session.payment_intent) == (3400, None)
    assert (done["status"], done["payment_status"]) == ("complete", "paid")
    assert done["payment_intent"] is None
    subscription = fake.v1.subscriptions.retrieve(done["subscription"])
    (item,) = subscription["items"].data
    assert (subscription.status, subscription.metadata["box"]) == ("active", "green")
    assert (item.quantity, item.price.recurring.interval, item.plan.amount) == (1, "month", 900)
    method = fake.v1.payment_methods.retrieve(str(subscription.default_payment_method))
    assert (method.customer, method.allow_redisplay) == (done["customer"], "limited")


def test_first_invoice_has_everything_later_ones_what_recurs(fake: Fake) -> None:
    subscription = subscribed(fake, tea(), pot())

    later(fake, 32)

    second, first = fake.v1.invoices.list({"subscription": subscription.id}).data
    assert (first.billing_reason, first.total) == ("subscription_create", 3400)
    assert (second.billing_reason, second.total) == ("subscription_cycle", 900)
    assert [line.description for line in first.lines.data] == ["1 × Tea (at €9.00 / month)", "Pot"]
    assert [first.number[-5:], second.number[-5:]] == ["-0001", "-0002"]
    assert second.parent.subscription_details.subscription == subscription.id
    (payment,) = fake.v1.invoice_payments.list({"invoice": second.id}).data
    intent = fake.intent(payment.payment.payment_intent)
    assert (intent.status, intent.amount, intent.customer) == ("succeeded", 900, second.customer)


def test_events_come_in_order(fake: Fake) -> None:
    subscribed(fake)
    begun = fake.types()

    renewed = later(fake, 32)

    assert (begun, renewed) == (FIRST_TIME, RENEWED)


def test_renewal_is_a_draft_for_an_hour(fake: Fake) -> None:
    subscription = subscribed(fake)
    end = subscription["items"].data[0].current_period_end

    fake.control("clock", {"advance": end - fake.control("clock")["now"] + 60})
    (draft,) = fake.v1.invoices.list({"status": "draft"}).data
    fake.v1.invoices.update(draft.id, {"description": "Thank you for staying."})
    later(fake, 1 / 24)

    invoice = fake.v1.invoices.retrieve(draft.id)
    assert (draft.number, draft.period_start, draft.created) == (None, end, end)
    assert (invoice.status, invoice.description) == ("paid", "Thank you for staying.")


def test_declined_renewals_end_the_subscription(fake: Fake) -> None:
    subscription = subscribed(fake)
    decline_from_now_on(fake, subscription)
    end = subscription["items"].data[0].current_period_end

    first = later(fake, (end - fake.control("clock")["now"]) / DAY + 1)
    behind = fake.v1.subscriptions.retrieve(subscription.id)
    rest = later(fake, 16)

    assert first[-4:] == [
        "payment_intent.payment_failed", "invoice.updated", "invoice.payment_failed",
        "customer.subscription.updated",
    ]  # fmt: skip
    assert behind.status == "past_due"
    assert rest.count("invoice.payment_failed") == 3
    assert rest[-1] == "customer.subscription.deleted"
    ended = fake.v1.subscriptions.retrieve(subscription.id)
    assert (ended.status, ended.cancellation_details.reason) == ("canceled", "payment_failed")
    assert fake.v1.invoices.retrieve(str(ended.latest_invoice)).attempt_count == 4


def test_another_card_gets_a_late_invoice_paid(fake: Fake) -> None:
    subscription = subscribed(fake)
    good = subscription.default_payment_method
    decline_from_now_on(fake, subscription)
    later(fake, 32)
    (late,) = fake.v1.invoices.list({"status": "open"}).data

    with pytest.raises(stripe.CardError):
        fake.v1.invoices.pay(late.id)
    paid = fake.v1.invoices.pay(late.id, {"payment_method": good})

    assert (paid.status, paid.next_payment_attempt) == ("paid", None)
    assert fake.v1.subscriptions.retrieve(subscription.id).status == "active"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.invoices.pay(late.id)
    assert refused.value.code == "invoice_already_paid"


def test_bank_that_wants_to_see_the_customer_is_told(fake: Fake) -> None:
    session = subscribing(fake)
    paid = fake.pay(session.id, card=ASKS_ALWAYS)

    events = later(fake, 32)

    assert paid["status"] == "complete"
    assert "invoice.payment_action_required" in events
    (late,) = fake.v1.invoices.list({"status": "open"}).data
    assert late.attempt_count == 1


def decline_from_now_on(fake: Fake, subscription: Any) -> None:
    """Have the subscription charge a card that declines."""
    method = fake.v1.payment_methods.create(
        {"type": "card", "card": {"token": "tok_chargeCustomerFail"}}
    )
    fake.v1.payment_methods.attach(method.id, {"customer": subscription.customer})
    fake.v1.subscriptions.update(subscription.id, {"default_payment_method": method.id})


def test_subscription_ends_with_its_period_or_at_once(fake: Fake) -> None:
    first, second = subscribed(fake), subscribed(fake)

    ending = fake.v1.subscriptions.update(first.id, {"cancel_at_period_end": True})
    canceled = fake.v1.subscriptions.cancel(
        second.id, {"cancellation_details": {"feedback": "too_expensive"}}
    )
    events = later(fake, 32)

    end = first["items"].data[0].current_period_end
    assert (ending.status, ending.cancel_at) == ("active", end)
    assert (canceled.status, canceled.cancellation_details.feedback) == (
        "canceled",
        "too_expensive",
    )
    assert events == ["customer.subscription.deleted"]
    assert fake.v1.subscriptions.retrieve(first.id).ended_at == end
    assert fake.v1.subscriptions.list().data == []
    assert len(fake.v1.subscriptions.list({"status": "canceled"}).data) == 2


def test_change_of_mind_keeps_the_subscription(fake: Fake) -> None:
    subscription = subscribed(fake)
    fake.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})

    kept = fake.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": False})

    assert (kept.cancel_at, kept.canceled_at) == (None, None)
    assert kept.cancellation_details.reason is None
    assert later(fake, 32) == RENEWED


def test_deleted_customer_is_billed_no_more(fake: Fake) -> None:
    subscription = subscribed(fake)

    fake.v1.customers.delete(subscription.customer)

    assert fake.v1.subscriptions.retrieve(subscription.id).status == "canceled"
    assert later(fake, 32) == []


def test_coupon_lasts_as_long_as_it_says(fake: Fake) -> None:
    repeating = fake.v1.coupons.create(
        {"percent_off": 50, "duration": "repeating", "duration_in_months": 2}
    )
    once = fake.v1.coupons.create({"percent_off": 50, "duration": "once"})
    both = [subscribed(fake, discounts=[{"coupon": coupon.id}]) for coupon in (repeating, once)]

    later(fake, 95)

    totals = [
        [one.total for one in fake.v1.invoices.list({"subscription": subscription.id}).data]
        for subscription in both
    ]
    assert totals == [[900, 900, 450, 450], [900, 900, 900, 450]]


def test_tax_rates_go_on_with_renewals(fake: Fake) -> None:
    rate = fake.v1.tax_rates.create({"display_name": "VAT", "percentage": 20, "inclusive": True})
    subscription = subscribed(fake, {**tea(1200), "tax_rates": [rate.id]})

    later(fake, 32)

    for invoice in fake.v1.invoices.list({"subscription": subscription.id}).data:
        (tax,) = invoice.total_taxes or []
        assert (invoice.total, tax.amount, tax.tax_behavior) == (1200, 200, "inclusive")
        assert invoice.total_excluding_tax == 1000


def test_bank_debit_settles_the_invoice_later(fake: Fake) -> None:
    session = subscribing(fake)
    done = fake.pay(session.id, method="sepa_debit", iban="AT321904300235473204")
    invoice = fake.v1.invoices.retrieve(done["invoice"])

    events = later(fake, 1)

    assert (done["payment_status"], invoice.status) == ("unpaid", "open")
    assert events[-5:] == [
        "checkout.session.async_payment_succeeded", "invoice.updated", "invoice.paid",
        "invoice.payment_succeeded", "invoice_payment.paid",
    ]  # fmt: skip
    assert fake.v1.invoices.retrieve(invoice.id).status == "paid"


def test_declined_page_leaves_no_subscription(fake: Fake) -> None:
    session = subscribing(fake)

    answer = fake.controlled(f"sessions/{session.id}/pay", {"card": "4000000000000002"})

    assert answer.status_code == 402
    assert fake.v1.subscriptions.list({"status": "all"}).data == []
    assert fake.pay(session.id)["status"] == "complete"


@pytest.mark.parametrize(
    ("lines", "more", "param"),
    [
        ([pot()], {}, "line_items"),
        ([tea(), tea(interval="year")], {}, "line_items"),
        ([tea()] * 21, {}, "line_items"),
        ([tea()], {"payment_intent_data": {"metadata": {"a": "1"}}}, "payment_intent_data"),
        ([tea()], {"customer_creation": "always"}, "customer_creation"),
        ([tea()], {"submit_type": "donate"}, "submit_type"),
        ([tea()], {"invoice_creation": {"enabled": True}}, "invoice_creation"),
        ([tea()], {"subscription_data": {"trial_end": 5}}, "subscription_data[trial_end]"),
        ([tea()], {"subscription_data": {"trial_period_days": 0}},
         "subscription_data[trial_period_days]"),
        ([tea()], {"subscription_data": {"transfer_data": {"destination": "acct_1"}}},
         "subscription_data[transfer_data]"),
    ],
)  # fmt: skip
def test_what_is_no_subscription_is_refused(
    fake: Fake, lines: list[Any], more: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        subscribing(fake, *lines, **more)

    assert refused.value.param == param


def test_recurring_price_is_refused_in_payment_mode(fake: Fake) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.session(line_items=[tea()])

    assert refused.value.param == "line_items[0][price_data][recurring]"


def test_catalog_price_of_another_currency_renews_in_it(fake: Fake) -> None:
    product = fake.v1.products.create({"name": "Tea"})
    price = fake.v1.prices.create(
        {
            "product": product.id, "currency": "eur", "unit_amount": 900,
            "recurring": {"interval": "week", "interval_count": 2},
            "currency_options": {"gbp": {"unit_amount": 800}},
        }
    )  # fmt: skip
    subscription = subscribed(fake, {"price": price.id, "quantity": 3}, currency="gbp")

    later(fake, 15)

    (latest, _) = fake.v1.invoices.list({"subscription": subscription.id}).data
    assert (latest.currency, latest.total) == ("gbp", 2400)


def test_invoice_can_be_voided_or_written_off(fake: Fake) -> None:
    subscription = subscribed(fake)
    decline_from_now_on(fake, subscription)
    later(fake, 32)
    (late,) = fake.v1.invoices.list({"status": "open"}).data

    written_off = fake.v1.invoices.mark_uncollectible(late.id)
    void = fake.v1.invoices.void_invoice(late.id)

    assert (written_off.status, void.status) == ("uncollectible", "void")
    assert "invoice.voided" in fake.types()
    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.invoices.void_invoice(late.id)


def test_one_time_payment_is_invoiced_where_that_is_asked(fake: Fake) -> None:
    session = fake.session(
        invoice_creation={
            "enabled": True,
            "invoice_data": {"footer": "VAT ATU1", "metadata": {"order": "7"}},
        }
    )

    done = fake.pay(session.id)

    invoice = fake.v1.invoices.retrieve(done["invoice"], {"expand": ["payments"]})
    assert (invoice.status, invoice.total, invoice.footer) == ("paid", 2000, "VAT ATU1")
    assert (invoice.metadata["order"], invoice.customer) == ("7", done["customer"])
    assert invoice.payments.data[0].payment.payment_intent == done["payment_intent"]
    with pytest.raises(stripe.InvalidRequestError):
        fake.session(
            invoice_creation={"enabled": True},
            payment_intent_data={"capture_method": "manual"},
        )


@pytest.mark.parametrize(
    ("recurring", "number", "day"),
    [
        ({"interval": "month", "interval_count": 1}, 1, "2027-02-28"),
        ({"interval": "month", "interval_count": 1}, 2, "2027-03-31"),
        ({"interval": "month", "interval_count": 3}, 4, "2028-01-31"),
        ({"interval": "year", "interval_count": 1}, 1, "2028-01-31"),
        ({"interval": "week", "interval_count": 2}, 1, "2027-02-14"),
        ({"interval": "day", "interval_count": 10}, 2, "2027-02-20"),
    ],
)
def test_periods_are_counted_from_the_anchor(
    recurring: dict[str, Any], number: int, day: str
) -> None:
    anchor = int(datetime(2027, 1, 31, 12, tzinfo=UTC).timestamp())

    end = end_of(anchor, recurring, number)

    assert datetime.fromtimestamp(end, UTC).isoformat() == f"{day}T12:00:00+00:00"


def test_customer_pays_a_late_invoice_on_its_page(fake: Fake) -> None:
    subscription = subscribed(fake)
    decline_from_now_on(fake, subscription)
    later(fake, 32)
    (late,) = fake.v1.invoices.list({"status": "open"}).data
    bad, good = subscription_cards(fake, subscription)
    page = str(late.hosted_invoice_url)

    refused = requests.post(page, data={"card": bad}, timeout=PATIENCE)
    paid = requests.post(page, data={"card": good}, timeout=PATIENCE)
    again = requests.post(page, data={"card": good}, timeout=PATIENCE)

    assert (refused.status_code, "Your card was declined." in refused.text) == (402, True)
    assert (paid.status_code, late.number in paid.text) == (200, True)
    assert fake.v1.invoices.retrieve(late.id).status == "paid"
    assert again.status_code == 409


def subscription_cards(fake: Fake, subscription: Any) -> tuple[str, str]:
    """The customer's cards: the one that declines, the one that pays."""
    found = fake.v1.payment_methods.list({"customer": subscription.customer}).data
    return found[0].id, found[1].id


def portal_of(fake: Fake, customer: Any, **params: Any) -> Any:
    fields: Any = {"customer": str(customer), **params}
    return fake.v1.billing_portal.sessions.create(fields)


def test_customer_ends_a_subscription_in_the_portal_and_keeps_it_after_all(fake: Fake) -> None:
    subscription = subscribed(fake)
    session = portal_of(fake, subscription.customer)
    address = f"{session.url}/subscriptions"

    shown = requests.get(session.url, timeout=PATIENCE).text
    ending = requests.post(address, data={"cancel": subscription.id}, timeout=PATIENCE)
    canceled = fake.v1.subscriptions.retrieve(subscription.id)
    kept = requests.post(address, data={"keep": subscription.id}, timeout=PATIENCE)

    assert "Tea" in shown
    assert fake.v1.invoices.retrieve(subscription.latest_invoice).number in shown
    assert "ends with its period" in ending.text
    assert canceled.cancel_at_period_end
    assert "goes on" in kept.text
    assert not fake.v1.subscriptions.retrieve(subscription.id).cancel_at_period_end


def test_portal_ends_a_subscription_at_once_where_it_is_configured_so(fake: Fake) -> None:
    configuration = fake.v1.billing_portal.configurations.create(
        {"features": {"subscription_cancel": {"enabled": True, "mode": "immediately"}}}
    )
    none = fake.v1.billing_portal.configurations.create(
        {"features": {"customer_update": {"enabled": False}}}
    )
    subscription = subscribed(fake)
    closed = portal_of(fake, subscription.customer, configuration=none.id)
    session = portal_of(fake, subscription.customer, configuration=configuration.id)
    form = {"cancel": subscription.id}

    refused = requests.post(f"{closed.url}/subscriptions", data=form, timeout=PATIENCE)
    ended = requests.post(f"{session.url}/subscriptions", data=form, timeout=PATIENCE)
    again = requests.post(f"{session.url}/subscriptions", data=form, timeout=PATIENCE)

    assert (refused.status_code, again.status_code) == (403, 400)
    assert "is canceled" in ended.text
    assert fake.v1.subscriptions.retrieve(subscription.id).status == "canceled"


@pytest.mark.parametrize("width", [360, 1280])
def test_portal_and_invoice_are_for_everybody(fake: Fake, chromium: Browser, width: int) -> None:
    subscription = subscribed(fake, tea(), pot())
    session = portal_of(fake, subscription.customer, return_url=f"{fake.url}/_fake/health")
    page = opened(chromium, width=width)

    page.goto(session.url)
    of_portal = violations(page)
    page.get_by_role("link", name="-0001").click()
    of_invoice = violations(page)

    assert (of_portal, of_invoice) == ([], [])
    assert page.get_by_text("1 × Tea (at €9.00 / month)").is_visible()
    assert int(page.evaluate("document.documentElement.scrollWidth")) <= width
    page.close()
