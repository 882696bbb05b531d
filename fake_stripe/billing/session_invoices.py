"""The invoice of what was bought on the page: once, or for a subscription's first period."""

from typing import Any

from fake_stripe.billing import invoices
from fake_stripe.billing.invoices import Line
from fake_stripe.engine.money import formatted
from fake_stripe.engine.transaction import Transaction
from fake_stripe.pricing import totals
from fake_stripe.schema import Object


def is_recurring(item: Object) -> bool:
    """Whether a line of a session is paid for again and again."""
    return bool(item["price"]["recurring"])


def item_id_of(item: Object) -> str:
    """The id of the subscription's item that a line of a session becomes."""
    return f"si_{item['id'][-14:]}"


def draft(
    tx: Transaction, session: Object, *, subscription: Object | None = None, **values: Any
) -> Object:
    """Write the invoice of a session's lines."""
    lines = [line_of(item, subscription) for item in totals.lines(tx, session)]
    lines += shipping_line(tx, session)
    start = end = tx.now
    if subscription:
        end = subscription["items"]["data"][0]["current_period_end"]
    discount = totals.discount_object(tx, session)
    return invoices.draft(
        tx,
        tx.get("customer", session["customer"]),
        session["currency"],
        lines,
        period=(start, end),
        subscription=subscription,
        discount=discount["id"] if discount else "",
        **values,
    )


def line_of(item: Object, subscription: Object | None) -> Line:
    """A line of a session as one of its invoice."""
    recurs = subscription is not None and is_recurring(item)
    net = item["amount_subtotal"] - item["amount_discount"]
    trial = recurs and subscription is not None and subscription["status"] == "trialing"
    description = item["description"]
    if trial:
        description = f"Trial period for {description}"
    elif recurs:
        description = recurring_description(item["quantity"], description, item["price"])
    return Line(
        price=item["price"],
        quantity=item["quantity"],
        description=description,
        amount=item["amount_subtotal"],
        discount=item["amount_discount"],
        taxes=item["_"].get("taxes", []),
        on_top=item["amount_total"] - net,
        item=item_id_of(item) if recurs else "",
    )


def recurring_description(quantity: int, name: str, price: Object) -> str:
    """How a line that recurs is told, such as "1 × Tea (at €9.00 / month)"."""
    interval, count = price["recurring"]["interval"], price["recurring"]["interval_count"]
    every = interval if count == 1 else f"{count} {interval}s"
    amount = formatted(price["unit_amount"] or 0, price["currency"])
    return f"{quantity} × {name} (at {amount} / {every})"


def shipping_line(tx: Transaction, session: Object) -> list[Line]:
    """What delivery costs, as a line of its own."""
    cost = session["shipping_cost"]
    if not cost or not cost["amount_subtotal"]:
        return []
    rate = tx.get("shipping_rate", cost["shipping_rate"])
    price = {"id": rate["id"], "product": rate["id"], "unit_amount_decimal": None}
    return [
        Line(
            price={**price, "unit_amount_decimal": str(cost["amount_subtotal"])},
            quantity=1,
            description=rate["display_name"],
            amount=cost["amount_subtotal"],
            taxes=session["_"].get("shipping_taxes", []),
            on_top=cost["amount_total"] - cost["amount_subtotal"],
        )
    ]


def create(tx: Transaction, session: Object) -> None:
    """Invoice a one-time payment that has come, where the session asks for it."""
    asks = session["invoice_creation"] and session["invoice_creation"]["enabled"]
    if not asks or session["invoice"]:
        return
    data = session["invoice_creation"]["invoice_data"]
    invoice = draft(tx, session, description=data["description"], footer=data["footer"])
    tx.change(
        invoice, metadata=dict(data["metadata"] or {}), custom_fields=data["custom_fields"]
    )  # fmt: skip
    tx.change(session, invoice=invoice["id"])
    tx.emit("invoice.created", invoice)
    invoices.finalize(tx, invoice)
    if session["payment_intent"]:
        invoices.paid_by(tx, invoice, tx.get("payment_intent", session["payment_intent"]))
    invoices.mark_paid(tx, invoice)
