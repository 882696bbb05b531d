"""What a customer may change on the payment page: quantities, and items that are on offer."""

from decimal import Decimal
from typing import Any

from fake_stripe.engine.errors import StripeError, missing_parameter
from fake_stripe.engine.messages import Message
from fake_stripe.engine.transaction import Transaction
from fake_stripe.pricing import totals
from fake_stripe.pricing.discounts import rounded
from fake_stripe.pricing.lines import bounds, create_item, price_of
from fake_stripe.schema import Object


def refuse(params: dict[str, Any]) -> None:
    """Bounds are in order, and the first quantity is within them."""
    for kind in ("line_items", "optional_items"):
        for index, item in enumerate(params.get(kind) or []):
            refuse_bounds(item, f"{kind}[{index}]")
    lines, extras = params.get("line_items") or [], params.get("optional_items") or []
    if len(lines) + len(extras) > 100:
        message = "Line items and optional items together may be at most 100."
        raise StripeError(message, param="optional_items")


def refuse_bounds(item: dict[str, Any], name: str) -> None:
    """Refuse a quantity that the customer could not choose."""
    allowed = bounds(item.get("adjustable_quantity"))
    if not allowed or not allowed["enabled"]:
        return
    param = f"{name}[adjustable_quantity]"
    if allowed["maximum"] > 999_999:
        message: str = Message("This value must be less than or equal to 999999.")
        code = "parameter_invalid_integer"
        raise StripeError(message, code=code, param=f"{param}[maximum]")
    if allowed["minimum"] > allowed["maximum"]:
        message = "`minimum` must not exceed `maximum`."
        raise StripeError(message, param=f"{param}[minimum]")
    if "quantity" not in item:
        raise missing_parameter(f"{name}[quantity]")
    if not allowed["minimum"] <= item["quantity"] <= allowed["maximum"]:
        message = "The quantity must be within the bounds of `adjustable_quantity`."
        raise StripeError(message, param=f"{name}[quantity]")


def optional_items(tx: Transaction, params: dict[str, Any]) -> list[Object]:
    """What is on offer besides the lines: prices that are there and sold."""
    for index, sent in enumerate(params["optional_items"]):
        price_of(tx, sent, f"optional_items[{index}]", params["mode"])
    return [
        {
            "adjustable_quantity": bounds(sent.get("adjustable_quantity")),
            "price": sent["price"],
            "quantity": sent["quantity"],
        }
        for sent in params["optional_items"]
    ]


def set_quantity(tx: Transaction, session: Object, item_id: str, quantity: int) -> None:
    """Take another quantity of a line; none of an optional item takes it off."""
    item = next((line for line in totals.lines(tx, session) if line["id"] == item_id), None)
    if item is None:
        raise StripeError(Message("This item is not part of the order any more."), param="quantity")
    allowed = item["adjustable_quantity"] or {"enabled": False}
    optional = item["_"].get("optional")
    if quantity == 0 and optional:
        tx.store.delete("item", item_id)
    else:
        refuse_quantity(allowed, quantity)
        unit = Decimal(item["_"]["unit"])
        tx.change(item, quantity=quantity, amount_subtotal=rounded(unit * quantity))
    if not any(line["quantity"] for line in totals.lines(tx, session)):
        raise StripeError(Message("Keep at least one item."), param="quantity")
    totals.recount(tx, session)


def refuse_quantity(allowed: Object, quantity: int) -> None:
    """Refuse a quantity outside the bounds, in a sentence for the customer."""
    if not allowed["enabled"]:
        raise StripeError(Message("The quantity of this item is fixed."), param="quantity")
    if not allowed["minimum"] <= quantity <= allowed["maximum"]:
        message = Message(
            "Choose a quantity from %(least)s to %(most)s.",
            least=allowed["minimum"],
            most=allowed["maximum"],
        )
        raise StripeError(message, param="quantity")


def add_optional(tx: Transaction, session: Object, price_id: str) -> None:
    """Put an item that is on offer into the order, once."""
    offered = session.get("optional_items") or []
    sent = next((line for line in offered if line["price"] == price_id), None)
    if sent is None:
        raise StripeError(Message("This item is not on offer."), param="optional_item")
    if price_id in added(tx, session):
        return
    item = create_item(tx, session["id"], dict(sent), session["currency"], "optional_items[0]")
    tx.change(item, _={**item["_"], "optional": True})
    totals.recount(tx, session)


def added(tx: Transaction, session: Object) -> list[str]:
    """The prices of optional items that are in the order."""
    return [line["price"]["id"] for line in totals.lines(tx, session) if line["_"].get("optional")]
