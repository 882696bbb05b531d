"""Pay what you want: prices whose amount the customer chooses on the payment page."""

import re
from decimal import Decimal
from typing import Any

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.messages import Message
from fake_stripe.engine.money import MAXIMUM, MINIMUM, digits, formatted
from fake_stripe.engine.transaction import Transaction
from fake_stripe.pricing import totals
from fake_stripe.schema import Object


def refuse(sent: dict[str, Any], name: str, mode: str) -> None:
    """Such a price is bought once, by itself, and not again and again."""
    if name.startswith("optional_items"):
        message = "Prices with `custom_unit_amount` can not be used in `optional_items`."
        raise StripeError(message, param=f"{name}[price]")
    if mode != "payment":
        message = "Prices with `custom_unit_amount` can only be used in `payment` mode."
        raise StripeError(message, param=f"{name}[price]")
    if sent["quantity"] != 1:
        message = "The quantity of a price with `custom_unit_amount` must be 1."
        raise StripeError(message, param=f"{name}[quantity]")
    if sent.get("adjustable_quantity", {}).get("enabled"):
        message = "`adjustable_quantity` can not be used with a price with `custom_unit_amount`."
        raise StripeError(message, param=f"{name}[adjustable_quantity]")


def refuse_company(params: dict[str, Any], items: list[Object]) -> None:
    """Such a price stands alone in its session."""
    alone = len(items) == 1 and not params.get("optional_items")
    if not alone and any(item["_"]["custom"] for item in items):
        message = "A price with `custom_unit_amount` must be the only item of its session."
        raise StripeError(message, param="optional_items" if len(items) == 1 else "line_items")


def start_of(custom: Object, currency: str) -> int:
    """What is asked until the customer has chosen: the preset, else the least that is taken."""
    return int(custom["preset"] or least(custom, currency))


def least(custom: Object, currency: str) -> int:
    """The least that the customer may choose, in minor units: the price's, else the currency's."""
    return int(custom["minimum"] or MINIMUM.get(currency, 50))


def line_of(tx: Transaction, session: Object) -> Object | None:
    """The session's line with an amount to choose, if it has one."""
    return next((line for line in totals.lines(tx, session) if line["_"].get("custom")), None)


def choose(tx: Transaction, session: Object, amount: int) -> None:
    """Set the chosen amount, in minor units; a StripeError says why not, in a customer's words."""
    if (line := line_of(tx, session)) is None:
        raise StripeError("The amount is fixed.", param="unit_amount")
    custom, currency = line["_"]["custom"], session["currency"]
    if amount < least(custom, currency):
        message = Message(
            "Enter at least %(amount)s.", amount=formatted(least(custom, currency), currency)
        )
        raise StripeError(message, param="unit_amount")
    if amount > (most := custom["maximum"] or MAXIMUM):
        message = Message("Enter at most %(amount)s.", amount=formatted(most, currency))
        raise StripeError(message, param="unit_amount")
    kept = {**line["_"], "unit": str(amount), "chosen": True}
    tx.change(line, amount_subtotal=amount, _=kept)
    totals.recount(tx, session)


def choose_typed(tx: Transaction, session: Object, typed: str) -> None:
    """Set the amount that the customer has written, such as 12.50 or 12,50 €.

    Raises StripeError where it is no amount, too little or too much.
    """
    amount = minor_units(typed, session["currency"])
    if amount is None:
        example = formatted(1000 * 10 ** digits(session["currency"]) // 100, session["currency"])
        message = Message("Enter an amount like %(amount)s.", amount=example)
        raise StripeError(message, param="unit_amount")
    choose(tx, session, amount)


def minor_units(typed: str, currency: str) -> int | None:
    """Minor units of what people write, with a point or a comma and perhaps the currency's sign.

    None if it is no amount, or has more decimals than the currency.
    """
    places = digits(currency)
    number = re.sub(r"[^\d.,-]", "", typed).replace(",", ".")
    if not re.fullmatch(rf"\d{{1,10}}(\.\d{{1,{places or 1}}})?", number, re.ASCII):
        return None
    amount = Decimal(number).scaleb(places)
    return int(amount) if amount == amount.to_integral() else None


def shown(line: Object, currency: str) -> Object:
    """What the page's field for the amount says: nothing until there is a preset or a choice."""
    custom, unit = line["_"]["custom"], int(line["_"]["unit"])
    known = custom["preset"] or line["_"].get("chosen")
    places = digits(currency)
    return {
        "value": f"{unit / 10**places:.{places}f}" if known else "",
        "least": least(custom, currency),
        "most": custom["maximum"],
    }
