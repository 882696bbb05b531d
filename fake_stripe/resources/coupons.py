"""Coupons: what a discount takes off."""

from typing import Any

from stripe.params import (
    CouponCreateParams,
    CouponDeleteParams,
    CouponListParams,
    CouponRetrieveParams,
    CouponUpdateParams,
)

from fake_stripe.engine.errors import StripeError, exclusive_parameters, missing_parameter
from fake_stripe.engine.ids import new_id
from fake_stripe.engine.transaction import Transaction, difference
from fake_stripe.engine.updates import changes, merged_metadata
from fake_stripe.pricing.discounts import lowered
from fake_stripe.protocol.expansion import includable
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, at_least, between, currency, longest
from fake_stripe.schema import Object

RULES: Rules = {
    "amount_off": at_least(1),
    "currency": currency,
    "duration_in_months": at_least(1),
    "id": longest(200),
    "max_redemptions": at_least(1),
    "name": longest(40),
    "percent_off": between(0, 100),
}


def refuse(params: dict[str, Any]) -> None:
    """A coupon takes off a share or an amount; only an amount has a currency."""
    ways = [name for name in ("amount_off", "percent_off") if name in params]
    if not ways:
        message = "Must provide percent_off or amount_off."
        raise StripeError(message, code="parameter_missing", param="percent_off")
    if len(ways) > 1:
        raise exclusive_parameters("amount_off", "percent_off", param="percent_off")
    if "amount_off" in params and "currency" not in params:
        raise missing_parameter("currency")
    if "percent_off" in params and not float(params["percent_off"]):
        raise StripeError("Invalid percent_off: must be greater than 0.", param="percent_off")
    if "currency_options" in params and "percent_off" in params:
        message = "You cannot pass `currency_options` with `percent_off`."
        raise StripeError(message, param="currency_options")
    if (params.get("duration") == "repeating") != ("duration_in_months" in params):
        message = "`duration_in_months` is required with, and only with, a `repeating` duration."
        raise StripeError(message, param="duration_in_months")


@operation("POST", "/v1/coupons", CouponCreateParams, rules=RULES, refuse=refuse)
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A coupon."""
    coupon_id = params.get("id") or new_id("coupon")
    if tx.store.find("coupon", coupon_id):
        message = "Coupon already exists."
        raise StripeError(message, code="resource_already_exists", param="id")
    if params.get("redeem_by", tx.now + 1) <= tx.now:
        message = "Invalid timestamp: must be an integer Unix timestamp in the future."
        raise StripeError(message, param="redeem_by")
    if products := params.get("applies_to", {}).get("products"):
        for index, product in enumerate(products):
            tx.get("product", product, f"applies_to[products][{index}]")
    share = params.get("percent_off")
    coupon = tx.create(
        "coupon",
        id=coupon_id,
        amount_off=params.get("amount_off"),
        currency=params["currency"].lower() if "amount_off" in params else None,
        duration=params.get("duration", "once"),
        duration_in_months=params.get("duration_in_months"),
        max_redemptions=params.get("max_redemptions"),
        metadata=merged_metadata({}, params.get("metadata")),
        name=params.get("name"),
        percent_off=None if share is None else float(share),
        redeem_by=params.get("redeem_by"),
        times_redeemed=0,
        valid=True,
        _={"currencies": lowered(params.get("currency_options")), "products": products or []},
    )
    if coupon["redeem_by"]:
        tx.schedule("outdate_coupon", coupon_id, coupon["redeem_by"])
    tx.emit("coupon.created", coupon)
    return coupon


@includable("coupon", "applies_to")
def applies_to(_tx: Transaction, coupon: Object) -> Object:
    """The products that the coupon is for."""
    return {"products": coupon["_"]["products"]}


@includable("coupon", "currency_options")
def currency_options(_tx: Transaction, coupon: Object) -> Object:
    """The amount in each of its currencies."""
    if not coupon["currency"]:
        return {}
    return {coupon["currency"]: {"amount_off": coupon["amount_off"]}, **coupon["_"]["currencies"]}


@operation("GET", "/v1/coupons/{id}", CouponRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], coupon_id: str) -> Object:
    """One coupon."""
    return tx.at_path("coupon", coupon_id, "coupon")


@operation("POST", "/v1/coupons/{id}", CouponUpdateParams, rules=RULES)
def update(tx: Transaction, params: dict[str, Any], coupon_id: str) -> Object:
    """Change a coupon's name, metadata or further currencies; the rest stays as it is."""
    coupon = tx.at_path("coupon", coupon_id, "coupon")
    options = lowered(params.pop("currency_options", None))
    if options and not coupon["currency"]:
        message = "You cannot pass `currency_options` with `percent_off`."
        raise StripeError(message, param="currency_options")
    earlier = currency_options(tx, coupon)
    coupon["_"]["currencies"] |= options
    previous = tx.change(coupon, **changes(coupon, params))
    if options:
        later = currency_options(tx, coupon)
        previous |= difference({"currency_options": earlier}, {"currency_options": later})
    tx.emit("coupon.updated", coupon, previous)
    return coupon


@operation("GET", "/v1/coupons", CouponListParams)
def list_coupons(tx: Transaction, params: dict[str, Any]) -> Object:
    """Coupons, newest first."""
    return listing(tx, "coupon", "/v1/coupons", params)


@operation("DELETE", "/v1/coupons/{id}", CouponDeleteParams)
def delete(tx: Transaction, params: dict[str, Any], coupon_id: str) -> Object:
    """Delete a coupon; its promotion codes end with it."""
    coupon = tx.at_path("coupon", coupon_id, "coupon")
    for code in tx.store.select("promotion_code", {"promotion.coupon": coupon_id}):
        previous = tx.change(code, active=False)
        tx.emit("promotion_code.updated", code, previous)
    tx.store.delete("coupon", coupon_id)
    tx.unschedule("outdate_coupon", coupon_id)
    tx.emit("coupon.deleted", coupon)
    return {"id": coupon_id, "object": "coupon", "deleted": True}
