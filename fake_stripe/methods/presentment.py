"""Adaptive pricing: the page shows and takes local currency, the shop's books keep their own."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fake_stripe.engine.money import digits
from fake_stripe.schema import Object

# Units of a currency for one euro: the stand-in's own table, so that tests can count on it.
RATES = {
    "eur": "1", "usd": "1.10", "gbp": "0.85", "chf": "0.95", "jpy": "160", "pln": "4.25",
    "sek": "11.30", "dkk": "7.46", "nok": "11.60", "czk": "25", "huf": "395", "ron": "5",
    "brl": "6", "mxn": "20", "cad": "1.50", "aud": "1.65", "nzd": "1.80", "inr": "92",
    "sgd": "1.45", "hkd": "8.60", "cny": "7.80",
}  # fmt: skip
EURO = "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK"
CURRENCY_OF = {
    **dict.fromkeys(EURO.split(), "eur"),
    "US": "usd", "GB": "gbp", "CH": "chf", "LI": "chf", "JP": "jpy", "PL": "pln", "SE": "sek",
    "DK": "dkk", "NO": "nok", "CZ": "czk", "HU": "huf", "RO": "ron", "BR": "brl", "MX": "mxn",
    "CA": "cad", "AU": "aud", "NZ": "nzd", "IN": "inr", "SG": "sgd", "HK": "hkd", "CN": "cny",
}  # fmt: skip


def chosen(
    params: dict[str, Any], email: str | None, currency: str | None, items: list[Object]
) -> str | None:
    """The local currency that a session's page is in, where it is another one."""
    local = local_of(email)
    if not local or local == currency or currency not in RATES:
        return None
    return local if is_eligible(params, items) else None


def local_of(email: str | None) -> str | None:
    """The currency of the country where a customer is, if that is known.

    The country stands in the e-mail address, as in `jane+location_US@example.com`: Stripe's way
    to test it.
    """
    located = re.search(r"\+location_([A-Z]{2})@", email or "")
    return CURRENCY_OF.get(located[1]) if located else None


def is_eligible(params: dict[str, Any], items: list[Object]) -> bool:
    """Whether amounts may be converted: paid at once, at fixed prices of one currency."""
    if params["mode"] != "payment" or not params.get("adaptive_pricing", {}).get("enabled"):
        return False
    options = [
        params.get("payment_intent_data", {}),
        *params.get("payment_method_options", {}).values(),
    ]
    held = any(sent and sent.get("capture_method") == "manual" for sent in options)
    own_prices = any(item["_"]["custom"] or item["_"]["currencies"] for item in items)
    return not held and not own_prices


def presented(session: Object) -> str | None:
    """The currency that a session is converted to, if it is."""
    currency: str | None = session.get("_", {}).get("presented")
    return currency


def convert(amount: int, currency: str, local: str) -> int:
    """Minor units of `currency` in minor units of `local`, half a unit rounded up."""
    places = digits(local) - digits(currency)
    exact = (Decimal(amount) * Decimal(RATES[local]) / Decimal(RATES[currency])).scaleb(places)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def paid_in(session: Object, amount: int) -> tuple[str, int]:
    """What the customer pays an amount of the session with: the currency, and how much of it."""
    currency = session["currency"]
    if local := presented(session):
        return local, convert(amount, currency, local)
    return currency, amount


def presentment_fields(session: Object) -> Object:
    """The field `presentment_details`, which says what the customer has seen in local currency.

    Empty where nothing was converted.
    """
    if not presented(session) or not session["amount_total"]:
        return {}
    currency, amount = paid_in(session, session["amount_total"])
    details = {"presentment_amount": amount, "presentment_currency": currency}
    return {"presentment_details": details}


def share(charge: Object, amount: int) -> Object:
    """The `presentment_details` of a refund of `amount` minor units in the charge's currency."""
    if not (details := charge.get("presentment_details")):
        return {}
    part = Decimal(details["presentment_amount"]) * amount / charge["amount"]
    whole = int(part.quantize(Decimal(1), ROUND_HALF_UP))
    return {"presentment_details": {**details, "presentment_amount": whole}}


def rate_shown(currency: str, local: str) -> str:
    """The rate, as the page tells it."""
    rate = Decimal(RATES[local]) / Decimal(RATES[currency])
    return f"1 {currency.upper()} = {rate:.4f} {local.upper()}"
