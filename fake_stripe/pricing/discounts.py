"""Coupons and promotion codes at work: who may redeem them, what they take off, when they end."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.messages import Message
from fake_stripe.engine.transaction import Transaction, due
from fake_stripe.schema import Object

EXPIRED = Message("This code has expired.")
INVALID = Message("This code is invalid.")


class Unusable(StripeError):
    """This coupon or code cannot be redeemed, and the customer is told why."""

    def __init__(self, message: str, shown: str, *, code: str, param: str) -> None:
        super().__init__(message, code=code, param=param)
        # The sentence for the payment page.
        self.shown = shown


def discount_of(tx: Transaction, params: dict[str, Any], subtotal: int, currency: str) -> Object:
    """The coupon and code that a new session begins with, as its `discounts` field tells."""
    sent = (params.get("discounts") or [{}])[0]
    param = "discounts[0][promotion_code]"
    if "promotion_code" in sent:
        code = tx.get("promotion_code", sent["promotion_code"], param)
        refuse_code(tx, code, params.get("customer"), subtotal, currency, param)
        return {"coupon": code["promotion"]["coupon"], "promotion_code": code["id"]}
    coupon = tx.get("coupon", sent["coupon"], "discounts[0][coupon]")
    refuse_coupon(coupon, currency, "discounts[0][coupon]")
    return {"coupon": coupon["id"], "promotion_code": None}


def code_typed(
    tx: Transaction, word: str, customer: str | None, subtotal: int, currency: str
) -> Object:
    """The discount behind a word that a customer has typed."""
    condition = ("lower(json_extract(body, '$.code')) = ?", [word.lower()])
    codes = tx.store.select("promotion_code", {}, condition)
    fitting = [code for code in codes if code["customer"] in (None, customer)]
    if not fitting:
        raise Unusable(
            f"No such promotion code: '{word}'", INVALID,
            code="resource_missing", param="promotion_code",
        )  # fmt: skip
    code = next((usable for usable in fitting if usable["active"]), fitting[0])
    refuse_code(tx, code, customer, subtotal, currency, "promotion_code")
    return {"coupon": code["promotion"]["coupon"], "promotion_code": code["id"]}


def refuse_code(
    tx: Transaction, code: Object, customer: str | None, subtotal: int, currency: str, param: str
) -> None:
    """Refuse a code that has ended, is another's, or asks for more than is bought."""
    restrictions = code["restrictions"]
    coupon = tx.store.find("coupon", code["promotion"]["coupon"])
    if not code["active"] or coupon is None:
        message = "This promotion code is no longer active."
        raise Unusable(message, EXPIRED, code="coupon_expired", param=param)
    if code["customer"] not in (None, customer):
        message = "This promotion code is for another customer."
        raise Unusable(message, INVALID, code="resource_missing", param=param)
    if restrictions["first_time_transaction"] and (not customer or has_bought(tx, customer)):
        message = "This promotion code is for a customer's first purchase only."
        shown = Message("This code is for a first purchase only.")
        raise Unusable(message, shown, code="promotion_code_not_first_time", param=param)
    least = minimum_of(code, currency)
    if least is not None and subtotal < least:
        message = "The order does not reach the promotion code's minimum amount."
        shown = Message("Your order does not reach the minimum amount of this code.")
        raise Unusable(message, shown, code="promotion_code_minimum_not_met", param=param)
    refuse_coupon(coupon, currency, param)


def minimum_of(code: Object, currency: str) -> int | None:
    """The least that must be bought, in minor units of the session's currency; None without one.

    Raises Unusable where the code has a minimum, but none in that currency.
    """
    restrictions = code["restrictions"]
    if restrictions["minimum_amount_currency"] == currency:
        return int(restrictions["minimum_amount"])
    option = code["_"]["minimums"].get(currency, {})
    if restrictions["minimum_amount"] and "minimum_amount" not in option:
        message = f"The promotion code has no minimum amount in {currency}."
        raise Unusable(
            message,
            INVALID,
            code="currency_mismatch",
            param="promotion_code",
        )
    least: int | None = option.get("minimum_amount")
    return least


def has_bought(tx: Transaction, customer: str) -> bool:
    """Whether a customer has paid before."""
    where = {"customer": customer, "paid": True}
    return bool(tx.store.select("charge", where, limit=1))


def refuse_coupon(coupon: Object, currency: str, param: str) -> None:
    """Refuse a coupon that is used up, out of time or in another currency."""
    if not coupon["valid"]:
        message = "This coupon is expired."
        raise Unusable(message, EXPIRED, code="coupon_expired", param=param)
    if coupon["amount_off"] is not None and amount_off(coupon, currency) is None:
        message = (
            f"The coupon's currency `{coupon['currency']}` does not match the session's, "
            f"`{currency}`."
        )
        raise Unusable(message, INVALID, code="currency_mismatch", param=param)


def amount_off(coupon: Object, currency: str) -> int | None:
    """The minor units that a coupon takes off in a currency; None if it has none in that."""
    if coupon["currency"] == currency:
        return int(coupon["amount_off"])
    option = coupon["_"]["currencies"].get(currency)
    return int(option["amount_off"]) if option else None


def shares(coupon: Object, items: list[Object]) -> list[int]:
    """The minor units that a coupon takes off each line, in the order of the lines.

    Lines of products that the coupon is not for get 0. Parts of a fixed amount add up to it, and
    never to more than the lines cost.
    """
    wanted = coupon["_"]["products"]
    meant = [
        item["amount_subtotal"] if not wanted or item["price"]["product"] in wanted else 0
        for item in items
    ]
    base = sum(meant)
    if not base:
        return [0 for _ in items]
    if coupon["percent_off"] is not None:
        rate = Decimal(str(coupon["percent_off"])) / 100
        return [rounded(amount * rate) for amount in meant]
    off = min(amount_off(coupon, items[0]["currency"]) or 0, base)
    return spread(off, meant)


def spread(amount: int, weights: list[int]) -> list[int]:
    """Minor units in parts by weight; what rounding leaves over goes along the list.

    The parts add up to `amount`. Not all weights may be 0.
    """
    whole, parts, done, seen = sum(weights), list[int](), 0, 0
    for weight in weights:
        seen += weight
        upto = rounded(Decimal(amount) * seen / whole)
        parts.append(upto - done)
        done = upto
    return parts


def rounded(amount: Decimal) -> int:
    """The whole minor units of an exact amount; half a unit is rounded up."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def redeem(tx: Transaction, session: Object) -> None:
    """Count the use of a session's coupon and code; the last one ends them."""
    for discount in session["discounts"] or []:
        if coupon := tx.store.find("coupon", discount["coupon"] or ""):
            times = coupon["times_redeemed"] + 1
            most = coupon["max_redemptions"]
            tx.change(coupon, times_redeemed=times, valid=coupon["valid"] and times != most)
        if code := tx.store.find("promotion_code", discount["promotion_code"] or ""):
            times = code["times_redeemed"] + 1
            active = code["active"] and times != code["max_redemptions"]
            tx.change(code, times_redeemed=times, active=active)


@due("outdate_coupon")
def outdate_coupon(tx: Transaction, coupon_id: str) -> None:
    """A coupon's time has run out, and that of its codes."""
    tx.change(tx.get("coupon", coupon_id), valid=False)
    for code in tx.store.select("promotion_code", {"promotion.coupon": coupon_id}):
        tx.change(code, active=False)


@due("outdate_code")
def outdate_code(tx: Transaction, code_id: str) -> None:
    """A code's time has run out."""
    tx.change(tx.get("promotion_code", code_id), active=False)


def lowered(options: Any) -> Object:
    """Amounts by currency, the currencies in lower case."""
    return {name.lower(): option for name, option in (options or {}).items()}
