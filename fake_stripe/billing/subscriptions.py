"""Subscriptions as Checkout begins them: billed period by period until they end."""

from typing import Any

from fake_stripe.billing import invoices, session_invoices
from fake_stripe.billing.collection import DAY
from fake_stripe.billing.session_invoices import is_recurring, item_id_of
from fake_stripe.engine import periods
from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.transaction import Transaction
from fake_stripe.pricing import totals
from fake_stripe.protocol.lists import as_list
from fake_stripe.schema import Object, complete

# How long before a trial ends the shop is told.
WARNING = 3 * DAY
# A trial that ends at a moment lasts two days or more.
SHORTEST_TRIAL = 2 * DAY


def begin(tx: Transaction, session: Object, *, paid: bool) -> Object:
    """The customer has subscribed: write the subscription and its first invoice."""
    recurring = [item for item in totals.lines(tx, session) if is_recurring(item)]
    subscription = create(tx, session, recurring)
    invoice = session_invoices.draft(
        tx, session, subscription=subscription, billing_reason="subscription_create"
    )
    tx.change(subscription, latest_invoice=invoice["id"])
    tx.change(session, subscription=subscription["id"], invoice=invoice["id"])
    tx.emit("customer.subscription.created", subscription)
    tx.emit("invoice.created", invoice)
    invoices.finalize(tx, invoice)
    if intent_id := session["_"].get("payment_intent"):
        invoices.paid_by(tx, invoice, tx.get("payment_intent", intent_id))
    if paid:
        invoices.mark_paid(tx, invoice, attempts=1 if invoice["amount_due"] else 0)
    schedule(tx, subscription)
    return subscription


def create(tx: Transaction, session: Object, recurring: list[Object]) -> Object:
    """Write the subscription to a session's recurring lines."""
    data = session["_"]["params"].get("subscription_data", {})
    trial_end = trial_end_of(tx, data)
    anchor = trial_end or tx.now
    end = trial_end or periods.end_of(anchor, recurring[0]["price"]["recurring"], 1)
    subscription = tx.create(
        "subscription",
        automatic_tax={"enabled": session["automatic_tax"]["enabled"]},
        billing_cycle_anchor=anchor,
        billing_mode={"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        billing_schedules=[],
        cancel_at_period_end=False,
        cancellation_details={},
        collection_method="charge_automatically",
        currency=session["currency"],
        customer=session["customer"],
        default_payment_method=session["_"].get("method"),
        default_tax_rates=[],
        description=data.get("description"),
        discounts=[],
        invoice_settings={"issuer": {"type": "self"}},
        items=as_list("", []),
        metadata=dict(data.get("metadata") or {}),
        payment_settings={"save_default_payment_method": "off"},
        start_date=tx.now,
        status="trialing" if trial_end else "active",
        trial_end=trial_end,
        trial_settings={"end_behavior": {"missing_payment_method": "create_invoice"}},
        trial_start=tx.now if trial_end else None,
        _={
            "period": 0 if trial_end else 1,
            "location": session["_"].get("location"),
            "lines": {item_id_of(item): kept_of(item) for item in recurring},
            **discount_kept(tx, session),
        },
    )
    entries = [item_object(subscription["id"], item, tx.now, end) for item in recurring]
    url = f"/v1/subscription_items?subscription={subscription['id']}"
    tx.change(subscription, items=as_list(url, entries), discounts=given(tx, subscription))
    return subscription


def trial_end_of(tx: Transaction, data: dict[str, Any]) -> int | None:
    """When a trial that begins now ends, on the account's clock; None without one."""
    if days := data.get("trial_period_days"):
        return int(tx.now + days * DAY)
    return int(data["trial_end"] + tx.offset) if data.get("trial_end") else None


def refuse_trial(tx: Transaction, params: dict[str, Any]) -> None:
    """Refuse a trial that is over before it has begun."""
    end = params.get("subscription_data", {}).get("trial_end")
    if end is not None and end - (tx.now - tx.offset) < SHORTEST_TRIAL:
        message = "The `trial_end` date has to be at least 2 days in the future."
        raise StripeError(message, param="subscription_data[trial_end]")


def kept_of(item: Object) -> Object:
    """What renewals need to know of a line that is sold: its unit in the currency, its taxes."""
    return {
        "description": item["description"],
        "rates": item["_"].get("tax_rates", []),
        "unit": item["_"].get("recurring_unit") or item["_"]["unit"],
    }


def discount_kept(tx: Transaction, session: Object) -> Object:
    """The coupon that goes on after the first invoice, and until when; none for `once`."""
    for discount in session["discounts"] or []:
        coupon = tx.get("coupon", discount["coupon"])
        kept = {"coupon": coupon["id"], "promotion_code": discount["promotion_code"]}
        if coupon["duration"] == "forever":
            return {**kept, "coupon_until": None}
        if coupon["duration"] == "repeating":
            months = {"interval": "month", "interval_count": coupon["duration_in_months"]}
            return {**kept, "coupon_until": periods.end_of(tx.now, months, 1)}
    return {}


def given(tx: Transaction, subscription: Object) -> list[str]:
    """The discount of a subscription that outlasts its first invoice, as an object's id."""
    if not (coupon := subscription["_"].get("coupon")):
        return []
    discount = tx.create(
        "discount",
        customer=subscription["customer"],
        end=subscription["_"]["coupon_until"],
        promotion_code=subscription["_"]["promotion_code"],
        source={"coupon": coupon, "type": "coupon"},
        start=tx.now,
        subscription=subscription["id"],
    )
    return [discount["id"]]


def item_object(subscription_id: str, item: Object, start: int, end: int) -> Object:
    """One item of a subscription, which stands in it, as it was bought on the page."""
    price = item["price"]
    values = {
        "id": item_id_of(item),
        "object": "subscription_item",
        "created": start,
        "current_period_end": end,
        "current_period_start": start,
        "discounts": [],
        "metadata": item["metadata"],
        "plan": plan_of(price),
        "price": price,
        "quantity": item["quantity"],
        "subscription": subscription_id,
        "tax_rates": [],
    }
    return complete("subscription_item", values)


def plan_of(price: Object) -> Object:
    """A price told as a plan: prices have replaced plans, and items still carry both."""
    recurring = price["recurring"]
    same = ("active", "billing_scheme", "created", "currency", "id", "livemode", "metadata",
            "nickname", "product")  # fmt: skip
    plan = {
        **{name: price[name] for name in same},
        "object": "plan",
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "usage_type": recurring["usage_type"],
    }
    return complete("plan", plan)


def schedule(tx: Transaction, subscription: Object) -> None:
    """Have the clock renew the subscription, and warn before a trial ends."""
    end = period_of(subscription)[1]
    tx.schedule("renew_subscription", subscription["id"], end)
    if subscription["status"] == "trialing" and end - WARNING > tx.now:
        tx.schedule("warn_of_trial", subscription["id"], end - WARNING)


def period_of(subscription: Object) -> tuple[int, int]:
    """The period that is being used: all items of a subscription share it."""
    first = subscription["items"]["data"][0]
    return first["current_period_start"], first["current_period_end"]
