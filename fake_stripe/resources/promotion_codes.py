"""Promotion codes: words that customers type to get a coupon's discount."""

from typing import Any

from stripe.params import (
    PromotionCodeCreateParams,
    PromotionCodeListParams,
    PromotionCodeRetrieveParams,
    PromotionCodeUpdateParams,
)

from fake_stripe.engine.errors import (
    StripeError,
    exclusive_parameters,
    missing_parameter,
    missing_resource,
)
from fake_stripe.engine.ids import random_text
from fake_stripe.engine.transaction import Transaction, difference
from fake_stripe.engine.updates import changes, merged_metadata
from fake_stripe.pricing.discounts import lowered
from fake_stripe.protocol.expansion import includable
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, at_least, currency, longest
from fake_stripe.schema import Object

RULES: Rules = {
    "code": longest(500),
    "max_redemptions": at_least(1),
    "restrictions.minimum_amount": at_least(1),
    "restrictions.minimum_amount_currency": currency,
}


def refuse(params: dict[str, Any]) -> None:
    """A code stands for a coupon; a minimum has a currency."""
    if "coupon" not in params["promotion"]:
        raise missing_parameter("promotion[coupon]")
    code = params.get("code", "A")
    if not (code.isascii() and code.replace("-", "").replace("_", "").isalnum()):
        message = "Promotion codes may hold only letters, digits, dashes and underscores."
        raise StripeError(message, param="code")
    names = ("minimum_amount", "minimum_amount_currency")
    for name, other in (names, names[::-1]):
        restrictions = params.get("restrictions", {})
        if name in restrictions and other not in restrictions:
            raise missing_parameter(f"restrictions[{other}]")
    if "customer" in params and "customer_account" in params:
        raise exclusive_parameters("customer", "customer_account", param="customer_account")


@operation("POST", "/v1/promotion_codes", PromotionCodeCreateParams, rules=RULES, refuse=refuse)
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A code of a coupon that is there and still valid."""
    coupon = tx.get("coupon", params["promotion"]["coupon"], "promotion[coupon]")
    if not coupon["valid"]:
        message = "This coupon cannot be redeemed any more."
        raise StripeError(message, code="coupon_expired", param="promotion[coupon]")
    if "customer" in params and tx.get("customer", params["customer"], "customer").get("deleted"):
        raise missing_resource("customer", params["customer"], "customer")
    refuse_limits(tx, params, coupon)
    code = params.get("code") or random_text(8).upper()
    if params.get("active", True):
        refuse_taken(tx, code, params.get("customer"))
    return announced(tx, params, code)


def refuse_limits(tx: Transaction, params: dict[str, Any], coupon: Object) -> None:
    """A code ends in the future, and allows no more than its coupon."""
    if params.get("expires_at", tx.now + 1) <= tx.now:
        message = "Invalid timestamp: must be an integer Unix timestamp in the future."
        raise StripeError(message, param="expires_at")
    if coupon["redeem_by"] and params.get("expires_at", 0) > coupon["redeem_by"]:
        message = "The promotion code cannot expire later than its coupon."
        raise StripeError(message, param="expires_at")
    most = coupon["max_redemptions"]
    if most and params.get("max_redemptions", 0) > most:
        message = "The promotion code cannot be redeemed more often than its coupon."
        raise StripeError(message, param="max_redemptions")


def refuse_taken(tx: Transaction, code: str, customer: str | None, code_id: str = "") -> None:
    """Among active codes each word stands once, for everybody or for one customer."""
    condition = ("lower(json_extract(body, '$.code')) = ?", [code.lower()])
    for active in tx.store.select("promotion_code", {"active": True}, condition):
        clash = customer is None or active["customer"] in (None, customer)
        if active["id"] != code_id and clash:
            message = f"An active promotion code with `code: {code}` already exists."
            raise StripeError(message, param="code")


def announced(tx: Transaction, params: dict[str, Any], code: str) -> Object:
    """Write a code and tell of it."""
    sent = params.get("restrictions", {})
    restrictions: Object = {
        "first_time_transaction": sent.get("first_time_transaction", False),
        "minimum_amount": sent.get("minimum_amount"),
        "minimum_amount_currency": sent.get("minimum_amount_currency", "").lower() or None,
    }
    promotion_code = tx.create(
        "promotion_code",
        active=params.get("active", True),
        code=code,
        customer=params.get("customer"),
        customer_account=params.get("customer_account"),
        expires_at=params.get("expires_at"),
        max_redemptions=params.get("max_redemptions"),
        metadata=merged_metadata({}, params.get("metadata")),
        promotion={"coupon": params["promotion"]["coupon"], "type": "coupon"},
        restrictions=restrictions,
        times_redeemed=0,
        _={"minimums": lowered(sent.get("currency_options"))},
    )
    if promotion_code["expires_at"]:
        tx.schedule("outdate_code", promotion_code["id"], promotion_code["expires_at"])
    tx.emit("promotion_code.created", promotion_code)
    return promotion_code


@includable("promotion_code", "restrictions.currency_options")
def currency_options(tx: Transaction, code: Object) -> Object:
    """The minimum in each of its currencies."""
    restrictions = code["restrictions"]
    if not restrictions["minimum_amount"]:
        return {}
    own = {"minimum_amount": restrictions["minimum_amount"]}
    further = tx.get("promotion_code", code["id"])["_"]["minimums"]
    return {restrictions["minimum_amount_currency"]: own, **further}


@operation("GET", "/v1/promotion_codes/{id}", PromotionCodeRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], code_id: str) -> Object:
    """One code."""
    return tx.at_path("promotion_code", code_id, "promotion_code")


@operation("POST", "/v1/promotion_codes/{id}", PromotionCodeUpdateParams)
def update(tx: Transaction, params: dict[str, Any], code_id: str) -> Object:
    """Switch a code on or off, change its metadata or its minimum in other currencies."""
    code = tx.at_path("promotion_code", code_id, "promotion_code")
    if params.get("active") and not code["active"]:
        refuse_ended(tx, code)
        refuse_taken(tx, code["code"], code["customer"], code_id)
    minimums = code["_"]["minimums"]
    options = lowered(params.pop("restrictions", {}).get("currency_options"))
    code["_"]["minimums"] = {**minimums, **options}
    previous = tx.change(code, **changes(code, params))
    if changed := difference(minimums, code["_"]["minimums"]):
        previous["restrictions"] = {"currency_options": changed}
    tx.emit("promotion_code.updated", code, previous)
    return code


def refuse_ended(tx: Transaction, code: Object) -> None:
    """A code whose coupon or time has ended cannot come back."""
    coupon = tx.store.find("coupon", code["promotion"]["coupon"])
    late = code["expires_at"] and code["expires_at"] <= tx.now
    used = code["max_redemptions"] and code["times_redeemed"] >= code["max_redemptions"]
    if not coupon or not coupon["valid"] or late or used:
        message = "This promotion code has ended and cannot be made active again."
        raise StripeError(message, param="active")


@operation("GET", "/v1/promotion_codes", PromotionCodeListParams)
def list_codes(tx: Transaction, params: dict[str, Any]) -> Object:
    """Codes, newest first."""
    where = {name: params.get(name) for name in ("active", "customer", "customer_account")}
    where["promotion.coupon"] = params.get("coupon")
    conditions: list[tuple[str, list[Any]]] = []
    if word := params.get("code"):
        conditions.append(("lower(json_extract(body, '$.code')) = ?", [word.lower()]))
    return listing(tx, "promotion_code", "/v1/promotion_codes", params, where, *conditions)
