"""What the clock does to subscriptions: trials end, periods are renewed and invoiced."""

from decimal import Decimal

from fake_stripe.billing import collection, invoices, pauses, subscriptions
from fake_stripe.billing.collection import GRACE, LIVING
from fake_stripe.billing.invoices import Line
from fake_stripe.billing.session_invoices import recurring_description
from fake_stripe.engine import periods
from fake_stripe.engine.transaction import Transaction, due
from fake_stripe.pricing import discounts, taxes
from fake_stripe.schema import Object


@due("renew_subscription")
def renew(tx: Transaction, subscription_id: str) -> None:
    """A period is over: the next one begins and is invoiced, or the subscription ends."""
    subscription = tx.get("subscription", subscription_id)
    if subscription["status"] not in LIVING:
        return
    if subscription["cancel_at_period_end"]:
        collection.end(tx, subscription, "cancellation_requested")
        return
    previous = go_on(tx, subscription)
    invoice = next_invoice(tx, subscription)
    previous |= tx.change(subscription, latest_invoice=invoice["id"])
    tx.emit("invoice.created", invoice)
    tx.emit("customer.subscription.updated", subscription, previous)
    if paused := subscription["pause_collection"]:
        pauses.close(tx, invoice, paused["behavior"])
    else:
        tx.schedule("finalize_invoice", invoice["id"], tx.now + GRACE)
    subscriptions.schedule(tx, subscription)


def go_on(tx: Transaction, subscription: Object) -> Object:
    """Begin the next period; answers what was there before."""
    number = subscription["_"]["period"] + 1
    items = subscription["items"]["data"]
    start = subscriptions.period_of(subscription)[1]
    anchor = subscription["billing_cycle_anchor"]
    end = periods.end_of(anchor, items[0]["price"]["recurring"], number)
    dates = {"current_period_end": end, "current_period_start": start}
    return tx.change(
        subscription,
        items={**subscription["items"], "data": [{**item, **dates} for item in items]},
        status="active" if subscription["status"] == "trialing" else subscription["status"],
        _={**subscription["_"], "period": number},
    )


def next_invoice(tx: Transaction, subscription: Object) -> Object:
    """The draft for the period that has just begun."""
    lines = [line_of(item, subscription) for item in subscription["items"]["data"]]
    discount = take_off(tx, subscription, lines)
    for line in lines:
        rates = rates_of(tx, subscription, line)
        line.taxes, _, line.on_top = taxes.taxes_on(line.amount - line.discount, rates)
    return invoices.draft(
        tx,
        tx.get("customer", subscription["customer"]),
        subscription["currency"],
        lines,
        period=subscriptions.period_of(subscription),
        subscription=subscription,
        discount=discount,
        billing_reason="subscription_cycle",
        automatically_finalizes_at=tx.now + GRACE,
    )


def line_of(item: Object, subscription: Object) -> Line:
    """What an item costs for a period."""
    kept = subscription["_"]["lines"][item["id"]]
    return Line(
        price=item["price"],
        quantity=item["quantity"],
        description=recurring_description(item["quantity"], kept["description"], item["price"]),
        amount=discounts.rounded(Decimal(kept["unit"]) * item["quantity"]),
        item=item["id"],
    )


def rates_of(tx: Transaction, subscription: Object, line: Line) -> list[Object]:
    """The tax rates of a line: those it was sold with, or that of the customer's country."""
    if subscription["automatic_tax"]["enabled"]:
        country, behavior = subscription["_"]["location"], line.price["tax_behavior"]
        return taxes.automatic_rates(tx, country or "", behavior, subscription["currency"])
    return [
        tx.get("tax_rate", rate_id) for rate_id in subscription["_"]["lines"][line.item]["rates"]
    ]


def take_off(tx: Transaction, subscription: Object, lines: list[Line]) -> str:
    """Take the coupon that goes on off the lines; answers the discount's id."""
    until = subscription["_"].get("coupon_until")
    if not subscription["discounts"] or (until is not None and until <= tx.now):
        return ""
    currency = subscription["currency"]
    weights: list[Object] = [
        {"amount_subtotal": line.amount, "price": line.price, "currency": currency}
        for line in lines
    ]
    coupon = tx.get("coupon", subscription["_"]["coupon"])
    for line, off in zip(lines, discounts.shares(coupon, weights), strict=True):
        line.discount = off
    return str(subscription["discounts"][0])


@due("warn_of_trial")
def warn_of_trial(tx: Transaction, subscription_id: str) -> None:
    """A trial ends in three days."""
    subscription = tx.get("subscription", subscription_id)
    if subscription["status"] == "trialing":
        tx.emit("customer.subscription.trial_will_end", subscription)
