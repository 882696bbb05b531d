"""Payment methods: which are offered, how they are made, kept for a customer and taken away."""

from typing import Any

from fake_stripe import cards, debits
from fake_stripe.errors import StripeError
from fake_stripe.schema import Object
from fake_stripe.transaction import Transaction

# What older requests may name in `payment_method_types`, and what of it is on offer.
KNOWN = (
    "card", "acss_debit", "affirm", "afterpay_clearpay", "alipay", "amazon_pay", "au_becs_debit",
    "bacs_debit", "bancontact", "blik", "boleto", "cashapp", "customer_balance", "eps", "fpx",
    "giropay", "grabpay", "ideal", "klarna", "konbini", "link", "mobilepay", "multibanco", "oxxo",
    "p24", "pay_by_bank", "paynow", "paypal", "pix", "promptpay", "revolut_pay", "sepa_debit",
    "sofort", "swish", "twint", "us_bank_account", "wechat_pay", "zip",
)  # fmt: skip
OFFERED = ("card", "sepa_debit")


def offered(currency: str, *, manual: bool) -> list[str]:
    """The methods that fit a currency, and a hold if that is asked of all of them."""
    return [
        method
        for method in OFFERED
        if method == "card" or (method == "sepa_debit" and currency == "eur" and not manual)
    ]


def create_card(
    tx: Transaction, number: str, exp_month: int, exp_year: int, billing: Object
) -> Object:
    """A card as a payment method; the number stays with the stand-in."""
    card = cards.lookup(number)
    return tx.create(
        "payment_method",
        allow_redisplay="unspecified",
        billing_details=billing,
        card={
            "brand": card.brand,
            "checks": {
                "address_line1_check": None,
                "address_postal_code_check": "pass" if postal_code(billing) else None,
                "cvc_check": "pass",
            },
            "country": card.country,
            "display_brand": card.brand,
            "exp_month": exp_month,
            "exp_year": exp_year,
            "fingerprint": cards.fingerprint(number),
            "funding": card.funding,
            "last4": number[-4:],
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
        },
        metadata={},
        type="card",
        _={"number": number},
    )


def create_sepa_debit(tx: Transaction, iban: str, billing: Object) -> Object:
    """A bank account as a payment method."""
    return tx.create(
        "payment_method",
        allow_redisplay="unspecified",
        billing_details=billing,
        metadata={},
        sepa_debit={
            "bank_code": iban[4:9],
            "branch_code": "",
            "country": iban[:2],
            "fingerprint": cards.fingerprint(iban),
            "generated_from": {"charge": None, "setup_attempt": None},
            "last4": iban[-4:],
        },
        type="sepa_debit",
        _={"iban": iban},
    )


def postal_code(billing: Object) -> str | None:
    """The postal code that was typed, if any."""
    code: str | None = (billing.get("address") or {}).get("postal_code")
    return code


def behavior(method: Object) -> cards.Card:
    """How a saved or new card behaves."""
    return cards.lookup(method["_"]["number"])


def debit_behavior(method: Object) -> debits.Account:
    """How a bank account behaves."""
    return debits.lookup(method["_"]["iban"])


def attach(tx: Transaction, method: Object, customer_id: str, **changes: Any) -> None:
    """Keep a method for a customer; one that was taken away once cannot come back."""
    if method["_"].get("detached"):
        message = (
            "This PaymentMethod was previously used without being attached to a Customer or was"
            " detached from a Customer, and may not be used again."
        )
        raise StripeError(message)
    if method["customer"] == customer_id:
        tx.change(method, **changes)
        return
    if method["customer"]:
        message = "The payment method you provided has already been attached to a customer."
        raise StripeError(message)
    tx.change(method, customer=customer_id, **changes)
    tx.emit("payment_method.attached", method)


def detach(tx: Transaction, method: Object) -> None:
    """Take a method from its customer, for good."""
    if not method["customer"]:
        message = (
            "The payment method you provided is not attached to a customer so detachment is"
            " impossible."
        )
        raise StripeError(message)
    previous = tx.change(method, customer=None)
    tx.change(method, _={**method["_"], "detached": True})
    tx.emit("payment_method.detached", method, previous)


def charge_details(
    method: Object, *, amount: int, hold_until: int | None, authenticated: bool
) -> Object:
    """What a charge tells of the method it was made with."""
    if method["type"] == "sepa_debit":
        known = {
            name: method["sepa_debit"][name]
            for name in ("bank_code", "branch_code", "country", "fingerprint", "last4")
        }
        debit = {**known, "mandate": "mandate_" + method["id"].removeprefix("pm_")}
        return {"type": "sepa_debit", "sepa_debit": debit}
    card = method["card"]
    same = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding")
    details = {name: card[name] for name in (*same, "last4")}
    details |= {
        "amount_authorized": amount,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_transaction_id": cards.fingerprint(method["id"])[:15],
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": three_d_secure() if authenticated else None,
    }
    if hold_until is not None:
        details["capture_before"] = hold_until
    return {"type": "card", "card": details}


def three_d_secure() -> Object:
    """What a charge tells of an authentication that succeeded."""
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "result": "authenticated",
        "version": "2.2.0",
    }
