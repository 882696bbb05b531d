"""What the customer has typed and chosen on the payment page, written down on their session."""

from dataclasses import dataclass, field

from fake_stripe.checkout import custom_fields, saved_cards
from fake_stripe.engine.errors import CardError, StripeError
from fake_stripe.engine.messages import Message
from fake_stripe.engine.transaction import Transaction
from fake_stripe.methods import methods, test_cards, test_debits
from fake_stripe.methods.card_restrictions import refuse_blocked
from fake_stripe.methods.configurations import wallets
from fake_stripe.methods.types import WALLETS
from fake_stripe.pricing import custom_amounts, totals
from fake_stripe.pricing.tax_table import place_of
from fake_stripe.schema import Object, complete


@dataclass
class Submission:
    """What the customer has typed and chosen on the payment page."""

    email: str | None = None
    method: str = "card"
    saved: str = ""
    number: str = ""
    exp_month: int = 12
    exp_year: int = 2040
    # What a method other than a card is told: account, routing, code, tax_id, bank.
    typed: dict[str, str] = field(default_factory=dict)
    name: str | None = None
    phone: str | None = None
    address: Object = field(default_factory=dict)
    shipping: Object | None = None
    shipping_rate: str = ""
    # Of a business: type and number of each.
    tax_ids: list[tuple[str, str]] = field(default_factory=list)
    save: bool = False
    # Answers to the session's own fields, by key.
    answers: dict[str, str] = field(default_factory=dict)
    business_name: str | None = None
    individual_name: str | None = None
    terms: bool = False
    promotions: bool = False
    # The amount in minor units, where it is the customer's to choose.
    unit_amount: int | None = None


def fixed_email(session: Object) -> str:
    """The address of who was named when the session was made: nobody types another one."""
    is_named = session["customer"] or session["customer_email"]
    return str((session["customer_details"] or {}).get("email") or "") if is_named else ""


def take_details(tx: Transaction, session: Object, submission: Submission) -> None:
    """Write down who pays, where it goes and how it is shipped."""
    details = session["customer_details"] or {}
    tax_ids = [{"type": kind, "value": value} for kind, value in submission.tax_ids]
    details = {
        **details,
        # Setup mode keeps the address with the card alone.
        "address": (
            complete("Address", submission.address)
            if submission.address and session["mode"] != "setup"
            else None
        ),
        "email": fixed_email(session) or submission.email or details.get("email"),
        "name": submission.name,
        "phone": submission.phone,
        "tax_exempt": "none",
        "tax_ids": tax_ids,
        "business_name": submission.business_name,
        "individual_name": submission.individual_name,
    }
    collected: Object = {
        "shipping_details": submission.shipping,
        "business_name": submission.business_name,
        "individual_name": submission.individual_name,
    }
    changes: Object = {
        "customer_details": complete("checkout.session.CustomerDetails", details),
        "collected_information": complete("checkout.session.CollectedInformation", collected),
        "consent": custom_fields.consent_of(
            session, terms=submission.terms, promotions=submission.promotions
        ),
        "custom_fields": custom_fields.answered(session["custom_fields"], submission.answers),
    }
    tx.change(session, **changes)
    if submission.unit_amount is not None:
        custom_amounts.choose(tx, session, submission.unit_amount)
    locate(tx, session, submission)
    if submission.shipping_rate:
        choose_shipping(tx, session, submission.shipping_rate)


def locate(tx: Transaction, session: Object, submission: Submission) -> None:
    """Work out automatic tax by where the parcel goes, else by who pays."""
    address = (submission.shipping or {}).get("address") or submission.address
    place = place_of(address) or session["_"].get("location")
    if not session["automatic_tax"]["enabled"]:
        return
    if not place and not session["_"].get("tax_status"):
        raise StripeError("Enter your address: the tax goes by it.", param="address")
    if place != session["_"].get("location"):
        session["_"]["location"] = place
        totals.recount(tx, session)


def choose_shipping(tx: Transaction, session: Object, rate_id: str) -> None:
    """Ship at one of the rates on offer, which changes the total."""
    offered = [option["shipping_rate"] for option in session["shipping_options"]]
    if rate_id not in offered:
        raise StripeError("Choose one of the shipping options.", param="shipping_rate")
    session["_"]["shipping_rate"] = rate_id
    totals.recount(tx, session)


def method_of(tx: Transaction, session: Object, submission: Submission) -> Object:
    """The payment method that was typed in, or the saved one that was chosen."""
    if submission.saved:
        return saved_cards.saved_method(tx, session, submission.saved)
    details = session["customer_details"]
    billing = {
        "address": complete("Address", submission.address),
        "email": details["email"],
        "name": submission.name,
        "phone": submission.phone,
        "tax_id": None,
    }
    kind = "card" if submission.method in WALLETS else submission.method
    off = kind == "card" and submission.method not in ("card", *wallets(session))
    if off or kind not in session["payment_method_types"]:
        message = f"This session does not offer `{submission.method}`."
        raise StripeError(message, param="method")
    if kind != "card":
        refuse_typed(kind, submission.typed)
        return methods.create_other(tx, kind, submission.typed, billing)
    if not test_cards.is_plausible(submission.number):
        raise CardError(Message("Your card number is incorrect."), code="incorrect_number")
    card = methods.create_card(
        tx, submission.number, submission.exp_month, submission.exp_year, billing,
        wallet=submission.method if submission.method in WALLETS else "",
    )  # fmt: skip
    refuse_blocked(session, card)
    return card


def refuse_typed(kind: str, typed: dict[str, str]) -> None:
    """Refuse an account, code or number that cannot be one."""
    if kind in ("sepa_debit", "au_becs_debit", "us_bank_account"):
        wrong = test_debits.complaint(kind, typed.get("account", ""), typed.get("routing", ""))
        if wrong:
            raise StripeError(wrong[1], code="invalid_bank_account", param=wrong[0])
    needed = {"blik": "code", "boleto": "tax_id"}.get(kind)
    if needed and not typed.get(needed):
        raise StripeError(f"`{kind}` needs a {needed.replace('_', ' ')}.", param=needed)
