"""What a subscription bills is changed: other prices and quantities, prorated."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fake_stripe.billing import collection, invoices, renewals, subscriptions
from fake_stripe.billing.invoices import Line
from fake_stripe.engine import periods
from fake_stripe.engine.errors import StripeError, missing_resource, not_offered
from fake_stripe.engine.transaction import Transaction
from fake_stripe.pricing import discounts, lines, taxes
from fake_stripe.schema import Object

# How a change is billed; to leave it for the next invoice (`create_prorations`) is not played.
BILLED = ("always_invoice", "none")


@dataclass(frozen=True)
class Change:
    """An item as it was and as it is to be."""

    before: Object
    after: Object
    kept_before: Object
    kept_after: Object

    @property
    def is_real(self) -> bool:
        """Whether anything is other than before."""
        before, after = ((item["price"]["id"], item["quantity"]) for item in self.both)
        return before != after

    @property
    def both(self) -> tuple[Object, Object]:
        """As it was, and as it is to be."""
        return self.before, self.after


def change_items(
    tx: Transaction, subscription: Object, params: dict[str, Any]
) -> tuple[Object | None, Object]:
    """Have a subscription bill other things from now on.

    Answers the invoice that evens it out, still a draft, if there is one, and what stood before.
    """
    refuse_behavior(params)
    wanted = [
        change_of(tx, subscription, place, sent) for place, sent in enumerate(params["items"])
    ]
    wanted = [change for change in wanted if change.is_real]
    date = proration_date(tx, subscription, params)
    anew = begins_anew(subscription, wanted)
    old_period = subscriptions.period_of(subscription)
    previous = write(tx, subscription, wanted, begins=date if anew else None)
    evens_out = params.get("proration_behavior") == "always_invoice" or anew
    prorated = [*prorations(tx, subscription, wanted, date, old_period, anew=anew)]
    if not evens_out or not prorated or subscription["status"] == "trialing":
        return None, previous
    invoice = invoices.draft(
        tx,
        tx.get("customer", subscription["customer"]),
        subscription["currency"],
        prorated,
        period=(date, subscriptions.period_of(subscription)[1]),
        subscription=subscription,
        billing_reason="subscription_update",
    )
    return invoice, previous | tx.change(subscription, latest_invoice=invoice["id"])


def refuse_behavior(params: dict[str, Any]) -> None:
    """How a change is evened out has to be said here."""
    if params.get("proration_behavior", "create_prorations") not in BILLED:
        raise not_offered("proration_behavior")


def change_of(tx: Transaction, subscription: Object, place: int, sent: dict[str, Any]) -> Change:
    """What is to become of one item."""
    name = f"items[{place}]"
    for field in sent:
        if field not in ("id", "price", "quantity", "tax_rates"):
            raise not_offered(f"{name}[{field}]")
    if "id" not in sent:
        raise not_offered(f"{name}[price]")
    found = [item for item in subscription["items"]["data"] if item["id"] == sent["id"]]
    if not found:
        raise missing_resource("subscription item", sent["id"], f"{name}[id]")
    (before,) = found
    kept = subscription["_"]["lines"][before["id"]]
    after = {**before, "quantity": sent.get("quantity", before["quantity"])}
    kept_after = {**kept, "rates": sent.get("tax_rates") or kept["rates"]}
    if "price" in sent and sent["price"] != before["price"]["id"]:
        price = price_for(tx, sent["price"], f"{name}[price]")
        after |= {"price": price, "plan": subscriptions.plan_of(price)}
        kept_after |= {
            "description": tx.get("product", price["product"])["name"],
            "unit": lines.amount_in(price, subscription["currency"], name),
        }
    return Change(before, after, kept, kept_after)


def price_for(tx: Transaction, price_id: str, param: str) -> Object:
    """A price that this subscription can bill."""
    price = tx.get("price", price_id, param)
    product = tx.get("product", price["product"])
    if not price["active"] or not product["active"]:
        what = "price" if product["active"] else "product"
        message = f"The {what} specified is inactive. This field only accepts active {what}s."
        raise StripeError(message, code="resource_missing", param=param)
    if not price["recurring"]:
        message = (
            "The price specified is set to `type=one_time` but this field only accepts prices with"
            " `type=recurring`."
        )
        raise StripeError(message, param=param)
    return price


def begins_anew(subscription: Object, wanted: list[Change]) -> bool:
    """Another rhythm begins its first period at once; then all items have to have it."""
    rhythm = ("interval", "interval_count")
    others = {item["id"] for item in subscription["items"]["data"]}
    others -= {change.before["id"] for change in wanted}
    after = [change.after for change in wanted]
    after += [item for item in subscription["items"]["data"] if item["id"] in others]
    if len({tuple(item["price"]["recurring"][name] for name in rhythm) for item in after}) > 1:
        message = (
            "Currency and interval fields must match across all plans on this subscription. Found"
            " mismatch in interval field."
        )
        raise StripeError(message, param="items")
    return any(
        change.before["price"]["recurring"][name] != change.after["price"]["recurring"][name]
        for change in wanted
        for name in rhythm
    )


def proration_date(tx: Transaction, subscription: Object, params: dict[str, Any]) -> int:
    """The moment from which on the change counts, within the period."""
    start, end = subscriptions.period_of(subscription)
    date = int(params.get("proration_date", tx.now))
    if not start <= date <= end:
        message = (
            "Cannot specify `proration_date` outside of the current period, which is"
            f" {start} to {end}."
        )
        raise StripeError(message, param="proration_date")
    return date


def write(
    tx: Transaction, subscription: Object, wanted: list[Change], *, begins: int | None
) -> Object:
    """Write the items; with another rhythm, the first period of it too."""
    after = {change.before["id"]: change for change in wanted}
    items = [
        after[item["id"]].after if item["id"] in after else item
        for item in subscription["items"]["data"]
    ]
    kept = {**subscription["_"]["lines"], **{key: new.kept_after for key, new in after.items()}}
    private = {**subscription["_"], "lines": kept}
    anchor = {}
    if begins is not None and subscription["status"] != "trialing":
        end = periods.end_of(begins, items[0]["price"]["recurring"], 1)
        dates = {"current_period_start": begins, "current_period_end": end}
        items = [{**item, **dates} for item in items]
        private["period"] = 1
        anchor = {"billing_cycle_anchor": begins}
    previous = tx.change(
        subscription, items={**subscription["items"], "data": items}, _=private, **anchor
    )
    previous.pop("_", None)
    if anchor:
        subscriptions.schedule(tx, subscription)
    return previous


def prorations(
    tx: Transaction,
    subscription: Object,
    wanted: list[Change],
    date: int,
    old_period: tuple[int, int],
    *,
    anew: bool,
) -> Iterator[Line]:
    """What is given back of the old, and what the new costs for the rest of the period."""
    start, end = old_period
    left = Decimal(end - date) / Decimal(end - start)
    for change in wanted:
        for item, kept, share, word in (
            (change.before, change.kept_before, -left, "Unused"),
            (change.after, change.kept_after, Decimal(1) if anew else left, "Remaining"),
        ):
            line = Line(
                price=item["price"],
                quantity=item["quantity"],
                description=f"{word} time on {item['quantity']} × {kept['description']}",
                amount=amount_of(tx, subscription, item, Decimal(kept["unit"]), share),
                item=item["id"],
                proration=word == "Unused" or not anew,
            )
            rates = renewals.rates_of(tx, subscription, line)
            line.taxes, _, line.on_top = taxes.taxes_on(line.amount, rates)
            yield line


def amount_of(
    tx: Transaction, subscription: Object, item: Object, unit: Decimal, share: Decimal
) -> int:
    """The part of what an item costs for a period, a coupon in percent already off."""
    net = unit * item["quantity"]
    until = subscription["_"].get("coupon_until")
    if subscription["discounts"] and (until is None or until > tx.now):
        coupon = tx.get("coupon", subscription["_"]["coupon"])
        net *= 1 - Decimal(str(coupon["percent_off"] or 0)) / 100
    return discounts.rounded(net * share)


def billed(tx: Transaction, subscription: Object, params: dict[str, Any]) -> Object:
    """Change items, and have what that costs paid now. Raises CardError.

    Answers what stood before.
    """
    invoice, previous = change_items(tx, subscription, params)
    if invoice is None:
        return previous
    tx.emit("invoice.created", invoice)
    invoices.finalize(tx, invoice)
    if invoice["amount_due"] == 0:
        invoices.mark_paid(tx, invoice, attempts=0)
    elif error := collection.collect(tx, invoice):
        raise error
    return previous


def preview(tx: Transaction, subscription: Object, params: dict[str, Any]) -> Object:
    """The invoice that a change would make, and nothing is changed."""
    date = proration_date(tx, subscription, params)
    looked_at: list[Object] = []
    try:
        with tx.store.savepoint():
            invoice, _ = change_items(tx, subscription, params)
            looked_at.append(invoice or nothing_due(tx, subscription))
            invoices.take_balance(tx, looked_at[0])
            raise _Undone
    except _Undone:
        tx.events.clear()
    (invoice,) = looked_at
    parent: Object = invoice["parent"]
    details = {**parent["subscription_details"], "subscription_proration_date": date}
    return {**invoice, "parent": {**parent, "subscription_details": details}}


class _Undone(Exception):
    """What was written is only looked at."""


def nothing_due(tx: Transaction, subscription: Object) -> Object:
    """An invoice without lines."""
    customer = tx.get("customer", subscription["customer"])
    period = subscriptions.period_of(subscription)
    return invoices.draft(
        tx, customer, subscription["currency"], [], period=period, subscription=subscription,
        billing_reason="upcoming",
    )  # fmt: skip
