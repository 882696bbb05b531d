"""Payment methods: how they are made, kept for a customer and taken away."""

from typing import Any

from fake_stripe.engine.errors import CardError, StripeError
from fake_stripe.engine.transaction import Transaction
from fake_stripe.methods import test_cards, test_debits
from fake_stripe.methods.details import mandate_of, of_charge, of_method
from fake_stripe.methods.types import type_of
from fake_stripe.schema import Object, complete

# What older requests may name in `payment_method_types`.
KNOWN = (
    "card", "acss_debit", "affirm", "afterpay_clearpay", "alipay", "amazon_pay", "au_becs_debit",
    "bacs_debit", "bancontact", "blik", "boleto", "cashapp", "customer_balance", "eps", "fpx",
    "giropay", "grabpay", "ideal", "klarna", "konbini", "link", "mobilepay", "multibanco", "oxxo",
    "p24", "pay_by_bank", "paynow", "paypal", "pix", "promptpay", "revolut_pay", "sepa_debit",
    "sofort", "swish", "twint", "us_bank_account", "wechat_pay", "zip",
)  # fmt: skip
# When the shop wants the customer to authenticate. A card that is not enrolled pays without
# (docs.stripe.com/testing, "3D Secure").
ASKING = ("any", "challenge")


def named(
    tx: Transaction, method_id: str, param: str = "payment_method", *, status: int | None = None
) -> Object:
    """The payment method of an id; the id of a test card, as `pm_card_visa`, makes a fresh one."""
    name = method_id.removeprefix("pm_card_")
    if name != method_id and name in test_cards.NAMED:
        return create_card(tx, test_cards.NAMED[name], 12, 2040, billing_of({}))
    return tx.get("payment_method", method_id, param, status=status)


def billing_of(sent: Object) -> Object:
    """Billing details with everything that was not told as null."""
    address = complete("Address", sent.get("address") or {})
    return {"email": None, "name": None, "phone": None, "tax_id": None, **sent, "address": address}


def create_card(
    tx: Transaction, number: str, exp_month: int, exp_year: int, billing: Object, *,
    wallet: str = "",
) -> Object:  # fmt: skip
    """A card as a payment method, perhaps out of a wallet; the number stays with the stand-in."""
    card = test_cards.lookup(number)
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
            "fingerprint": test_cards.fingerprint(number),
            "funding": card.funding,
            "last4": number[-4:],
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": wallet_details(wallet, number[-4:]) if wallet else None,
        },
        metadata={},
        type="card",
        _={"number": number},
    )


def wallet_details(wallet: str, last4: str) -> Object:
    """What a card tells of the wallet that it came out of."""
    return {"type": wallet, "dynamic_last4": last4, wallet: {}}


def create_other(
    tx: Transaction, kind: str, typed: dict[str, str], billing: Object
) -> Object:  # fmt: skip
    """A payment method that is no card, from what the customer has typed."""
    method = tx.create(
        "payment_method",
        allow_redisplay="unspecified",
        billing_details=billing,
        metadata={},
        type=kind,
        _=dict(typed),
        **{kind: of_method(kind, typed, billing["email"])},
    )
    if kind == "sepa_debit":
        create_mandate(tx, method)
    return method


def create_mandate(tx: Transaction, method: Object) -> None:
    """What the customer agrees to when they let their account be debited."""
    mandate_id = mandate_of(method)
    tx.create(
        "mandate",
        id=mandate_id,
        customer_acceptance={
            "accepted_at": tx.now,
            "online": {"ip_address": "127.0.0.1", "user_agent": None},
            "type": "online",
        },
        multi_use={},
        payment_method=method["id"],
        payment_method_details={
            "sepa_debit": {
                "reference": mandate_id[-16:].upper(),
                "url": f"{tx.public_url}/v1/mandates/{mandate_id}",
            },
            "type": "sepa_debit",
        },
        status="active",
        type="multi_use",
    )


def postal_code(billing: Object) -> str | None:
    """The postal code that was typed, if any."""
    code: str | None = (billing.get("address") or {}).get("postal_code")
    return code


def behavior(method: Object) -> test_cards.Card:
    """How a saved or new card behaves."""
    return test_cards.lookup(method["_"]["number"])


def risk(method: Object) -> str:
    """The risk that is seen in paying with a method."""
    return behavior(method).risk if method["type"] == "card" else "normal"


def afterwards(method: Object) -> str:
    """What follows a payment with a method, as its test data says."""
    if method["type"] == "card":
        return behavior(method).afterwards
    return test_debits.lookup(method).afterwards if type_of(method).family == "debit" else ""


def owner_field(owner: str) -> str:
    """Where the id of whom a method is kept for stands: a Customer, or an Account (Accounts v2)."""
    return "customer_account" if owner.startswith("acct_") else "customer"


def owner_of(method: Object) -> str:
    """Whom a method is kept for; empty for nobody."""
    return str(method["customer"] or method["customer_account"] or "")


def attach(tx: Transaction, method: Object, customer_id: str, **changes: Any) -> None:
    """Keep a method for a customer; one that was taken away once cannot come back."""
    if is_used_up(method):
        message = (
            "This PaymentMethod was previously used without being attached to a Customer or was"
            " detached from a Customer, and may not be used again."
        )
        raise StripeError(message)
    if owner_of(method) == customer_id:
        tx.change(method, **changes)
        return
    if owner_of(method):
        message = "The payment method you provided has already been attached to a customer."
        raise StripeError(message)
    tx.change(method, **{owner_field(customer_id): customer_id}, **changes)
    tx.emit("payment_method.attached", method)


def use(tx: Transaction, method: Object) -> None:
    """Note that a method has paid; one that is no customer's does so once."""
    tx.change(method, _={**method["_"], "used": True})


def is_used_up(method: Object) -> bool:
    """Whether it was a customer's, or has paid as nobody's, and may not be used again."""
    was_used = method["_"].get("used") and not owner_of(method)
    return bool(method["_"].get("detached") or was_used)


def refuse_declining(method: Object) -> None:
    """A bank that declines a card lets it not be kept either. Raises CardError.

    Some cards can be kept although their charges decline (docs.stripe.com/testing).
    """
    if method["type"] != "card":
        return
    card = behavior(method)
    if card.decline and not card.can_be_kept:
        code = card.decline if card.decline in test_cards.OWN_CODES else "card_declined"
        reason = None if code == card.decline else card.decline
        raise CardError(test_cards.DECLINES[card.decline], code=code, decline_code=reason)


def detach(tx: Transaction, method: Object) -> None:
    """Take a method from its customer, for good."""
    owner = owner_of(method)
    if not owner:
        message = (
            "The payment method you provided is not attached to a customer so detachment is"
            " impossible."
        )
        raise StripeError(message)
    previous = tx.change(method, **{owner_field(owner): None})
    tx.change(method, _={**method["_"], "detached": True})
    tx.emit("payment_method.detached", method, previous)
    if previous.get("customer"):
        forget_default(tx, method["id"], previous["customer"])


def forget_default(tx: Transaction, method_id: str, customer_id: str) -> None:
    """What is taken away pays the customer's invoices no more."""
    customer = tx.get("customer", customer_id)
    settings = customer.get("invoice_settings") or {}
    if settings.get("default_payment_method") == method_id:
        changed = {**settings, "default_payment_method": None}
        previous = tx.change(customer, invoice_settings=changed)
        tx.emit("customer.updated", customer, previous)


def charge_details(
    method: Object, *, amount: int, hold_until: int | None, authenticated: bool,
    card_options: Object | None = None,
) -> Object:  # fmt: skip
    """What a charge tells of its method; of a card's hold also what it can do.

    `hold_until` is a moment in seconds; `card_options` are the intent's `payment_method_options`
    for cards, which ask for overcapture, more captures or a raised hold.
    """
    if method["type"] != "card":
        return {"type": method["type"], method["type"]: of_charge(method)}

    def availability(feature: str) -> str:
        wanted = (card_options or {}).get(f"request_{feature}") == "if_available"
        return "available" if wanted and hold_until is not None else "unavailable"

    card = method["card"]
    same = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding")
    details = {name: card[name] for name in (*same, "last4")}
    details |= {
        "amount_authorized": amount,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": availability("incremental_authorization")},
        "multicapture": {"status": availability("multicapture")},
        "network": card["brand"],
        "network_transaction_id": test_cards.fingerprint(method["id"])[:15],
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": three_d_secure(method, authenticated, card_options or {}),
    }
    if card["wallet"]:
        details["wallet"] = card["wallet"]
    if hold_until is not None:
        details["capture_before"] = hold_until
    return {"type": "card", "card": details}


def shop_asks(intent: Object) -> bool:
    """Whether the shop wants the customer to authenticate wherever that is possible."""
    options = (intent["payment_method_options"] or {}).get("card") or {}
    return options.get("request_three_d_secure") in ASKING


def three_d_secure(method: Object, authenticated: bool, card_options: Object) -> Object | None:
    """What a charge tells of an authentication, also of one that a card did not take part in."""
    if not authenticated:
        if card_options.get("request_three_d_secure") not in ASKING or method["card"]["wallet"]:
            return None
        never = method["card"]["brand"] == "amex"
        return {"result": "not_supported" if never else "attempt_acknowledged"}
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "result": "authenticated",
        "version": "2.2.0",
    }
