"""The payment form as it is shown: the order beside it, what can be paid with, what is wrong."""

from decimal import Decimal

from aiohttp import web

from fake_stripe.checkout import custom_fields, saved_cards
from fake_stripe.checkout.sessions import asks_for_method
from fake_stripe.engine.messages import Message
from fake_stripe.engine.transaction import Transaction
from fake_stripe.hosted import forms
from fake_stripe.hosted.form_values import Errors, Typed, text
from fake_stripe.hosted.pages import merchant, page
from fake_stripe.methods import presentment, test_cards, test_debits
from fake_stripe.methods.configurations import wallets
from fake_stripe.methods.types import TABLE
from fake_stripe.payments import blik
from fake_stripe.pricing import custom_amounts, totals
from fake_stripe.pricing.discounts import rounded
from fake_stripe.pricing.lines import amount_in
from fake_stripe.schema import Object

# The country of Stripe's account, where the example of a customer lives.
ACCOUNT_COUNTRY = "AT"
# What the button says: by what the shop asks for, else by what the session is for.
SUBMIT_TYPES = {
    "book": Message("Book"),
    "donate": Message("Donate"),
    "subscribe": Message("Subscribe"),
}
MODES = {
    "payment": Message("Pay"),
    "setup": Message("Save card"),
    "subscription": Message("Subscribe"),
}

# How long a delivery takes, by the unit of its estimate.
ESTIMATES = {
    "hour": Message("%(span)s hours"),
    "day": Message("%(span)s days"),
    "business_day": Message("%(span)s business days"),
    "week": Message("%(span)s weeks"),
    "month": Message("%(span)s months"),
}
ESTIMATES_OF_ONE = {
    "hour": Message("%(span)s hour"),
    "day": Message("%(span)s day"),
    "business_day": Message("%(span)s business day"),
    "week": Message("%(span)s week"),
    "month": Message("%(span)s month"),
}


def show(
    tx: Transaction, session: Object, typed: Typed, errors: Errors, *,
    notice: str = "", status: int = 200,
) -> web.Response:  # fmt: skip
    """The payment form, with what was typed and what is wrong with it by the name of the field.

    `notice` is said above all fields; it and the errors are translated here.
    """
    saved = saved_cards.saved_methods(tx, session)
    lines = totals.lines(tx, session)
    rates = [
        rate | {"amount": option["shipping_amount"], "estimate": estimate(rate)}
        for option in session["shipping_options"]
        for rate in [tx.get("shipping_rate", option["shipping_rate"])]
    ]
    total = session["amount_total"]
    proposed = first_address(tx, session)
    chosen = text(typed, forms.METHOD) or forms.default_method(session, saved)
    return page(
        "pay.html",
        status=status,
        session=session,
        merchant=merchant(session),
        lines=lines,
        rates=rates,
        extras=extras(tx, session, lines),
        custom_amount=custom_amounts.shown,
        rate_shown=presentment.rate_shown,
        code=code_of(tx, session),
        saved=saved,
        chosen=chosen,
        method_field=forms.METHOD,
        typed={"billingCountry": ACCOUNT_COUNTRY, **(typed or proposed)},
        is_example=proposed == example_address(session),
        errors=errors,
        notice=notice,
        tax_id_types=forms.TAX_ID_TYPES,
        test_cards=test_cards.SHOWN,
        test_accounts=test_debits.shown_for(session["payment_method_types"]),
        blik_endings=list(blik.SCENARIOS),
        takes_vouchers=any(
            TABLE[name].family == "voucher" for name in session["payment_method_types"]
        ),
        kinds=TABLE,
        wallets=wallets(session) if "card" in session["payment_method_types"] and total else {},
        verb=verb(session),
        logo=((session.get("branding_settings") or {}).get("logo") or {}).get("url"),
        asks=asks_for_method(session),
        recurring=recurring_terms(lines),
        can_save=allows(session, "payment_method_save") and saved_cards.has_holder(session),
        reuses=saved_cards.is_kept(session) and custom_fields.shows_agreement(session),
        can_remove=allows(session, "payment_method_remove"),
    )


def estimate(rate: Object) -> str:
    """As "2–4 business days", of a rate that has an estimate; empty for one without."""
    stated = rate["delivery_estimate"] or {}
    ends = [end for end in (stated.get("minimum"), stated.get("maximum")) if end]
    if not ends:
        return ""
    span = "–".join(dict.fromkeys(str(end["value"]) for end in ends))
    words = ESTIMATES_OF_ONE if span == "1" else ESTIMATES
    return Message(str(words[ends[-1]["unit"]]), span=span)


def verb(session: Object) -> str:
    """What the button does."""
    return SUBMIT_TYPES.get(session["submit_type"] or "", MODES[session["mode"]])


def recurring_terms(lines: list[Object]) -> Object:
    """What a subscription costs from the next period on, and how often; nothing without one."""
    recurring = [line for line in lines if line["price"]["recurring"]]
    if not recurring:
        return {}
    amounts = [
        Decimal(line["_"].get("recurring_unit") or line["_"]["unit"]) * line["quantity"]
        for line in recurring
    ]
    every = recurring[0]["price"]["recurring"]
    return {
        "amount": rounded(sum(amounts, Decimal(0))),
        "every": interval(every["interval"], every["interval_count"]),
        "trial": any("recurring_unit" in line["_"] for line in recurring),
    }


def interval(unit: str, count: int) -> Message:
    """How often a subscription is paid: `unit` is Stripe's day, week, month or year."""
    once = {
        "day": Message("per day"),
        "week": Message("per week"),
        "month": Message("per month"),
        "year": Message("per year"),
    }
    every = {
        "day": Message("every %(count)s days", count=count),
        "week": Message("every %(count)s weeks", count=count),
        "month": Message("every %(count)s months", count=count),
        "year": Message("every %(count)s years", count=count),
    }
    return once[unit] if count == 1 else every[unit]


def extras(tx: Transaction, session: Object, lines: list[Object]) -> list[Object]:
    """The optional items that are not in the order yet, with what each costs."""
    chosen = [line["price"]["id"] for line in lines if line["_"].get("optional")]
    items = []
    for offered in session.get("optional_items") or []:
        if offered["price"] not in chosen:
            price = tx.get("price", offered["price"])
            product = tx.get("product", price["product"])
            amount = rounded(Decimal(amount_in(price, session["currency"], "optional_items")))
            items.append({**offered, "product": product, "amount": amount})
    return items


def code_of(tx: Transaction, session: Object) -> str:
    """What stands for the discount in the summary: the code, else the coupon's name."""
    for discount in session["discounts"] or []:
        if discount["promotion_code"]:
            return str(tx.get("promotion_code", discount["promotion_code"])["code"])
        coupon = tx.store.find("coupon", discount["coupon"]) or {}
        return str(coupon.get("name") or "Discount")
    return ""


def first_address(tx: Transaction, session: Object) -> dict[str, str]:
    """What the fields hold before anything is typed: where the customer has things sent to, if
    that has a name and is allowed, as on Stripe's page; else the rehearsal's example.
    """
    ships = session["shipping_address_collection"]
    customer = tx.store.find("customer", session["customer"]) if session["customer"] else None
    known = (customer or {}).get("shipping") or {}
    address = known.get("address") or {}
    is_whole = bool(known.get("name") and address.get("line1"))
    if not ships or not is_whole or address.get("country") not in ships["allowed_countries"]:
        return example_address(session)
    return {
        "shippingName": known["name"],
        "shippingCountry": address["country"],
        "shippingAddressLine1": address["line1"],
        "shippingAddressLine2": address.get("line2") or "",
        "shippingPostalCode": address.get("postal_code") or "",
        "shippingLocality": address.get("city") or "",
        "shippingAdministrativeArea": address.get("state") or "",
    }


def example_address(session: Object) -> dict[str, str]:
    """What a rehearsal fills in at first sight, as a returning customer's browser would."""
    ships = session["shipping_address_collection"]
    if not ships:
        return {}
    allowed = ships["allowed_countries"]
    return {
        "shippingName": "Test Customer",
        "shippingCountry": ACCOUNT_COUNTRY if ACCOUNT_COUNTRY in allowed else allowed[0],
        "shippingAddressLine1": "Hauptplatz 1",
        "shippingPostalCode": "1010",
        "shippingLocality": "Vienna",
    }


def allows(session: Object, option: str) -> bool:
    """Whether cards may be kept, or removed, on the page."""
    return (session["saved_payment_method_options"] or {}).get(option) == "enabled"
