"""What the customer typed for the payment method that they chose."""

import re

from fake_stripe.checkout.submission import Submission
from fake_stripe.engine.messages import Message
from fake_stripe.hosted.form_values import Errors, Typed, text
from fake_stripe.methods import test_cards, test_debits
from fake_stripe.methods.types import TABLE

# Link's one-time codes that are refused (docs.stripe.com/payments/link, "Test the integration").
LINK_CODES = {
    "000001": Message("This code is not valid."),
    "000002": Message("This code has expired."),
    "000003": Message("You have tried too many codes. Please pay another way."),
}


def check_method(kind: str, typed: Typed, submission: Submission, errors: Errors) -> None:
    """Whatever a method other than a card wants to know."""
    submission.method = kind
    if TABLE[kind].family == "debit":
        check_account(kind, typed, submission, errors)
    elif kind == "blik":
        check_code("blikCode", typed, submission, errors)
    elif kind == "link":
        check_code("linkCode", typed, submission, errors)
        if refused := LINK_CODES.get(submission.typed.get("code", "")):
            errors["linkCode"] = refused
    elif kind == "boleto":
        check_boleto(typed, submission, errors)


def check_account(kind: str, typed: Typed, submission: Submission, errors: Errors) -> None:
    """The number of a bank account, and the name of its holder."""
    sepa = kind == "sepa_debit"
    number, holder = ("iban", "accountHolder") if sepa else (f"{kind}Account", f"{kind}Holder")
    account = re.sub(r"[\s-]", "", text(typed, number)).upper()
    routing = re.sub(r"[\s-]", "", text(typed, f"{kind}Routing"))
    submission.typed = {"account": account, "routing": routing}
    if not account:
        errors[number] = (
            Message("Enter your IBAN.") if sepa else Message("Enter your account number.")
        )
    elif wrong := test_debits.complaint(kind, account, routing):
        errors[wrong[0]] = wrong[1]
    check_name(
        holder, Message("Enter the name of the account's holder."), typed, submission, errors
    )
    country = {"au_becs_debit": "AU", "us_bank_account": "US"}.get(kind, account[:2])
    submission.address = {"country": country or None}


def check_code(name: str, typed: Typed, submission: Submission, errors: Errors) -> None:
    """A code of six digits."""
    code = re.sub(r"\s", "", text(typed, name))
    if not re.fullmatch(r"\d{6}", code, re.ASCII):
        errors[name] = Message("Enter the code of six digits.")
    submission.typed = {"code": code}


def check_boleto(typed: Typed, submission: Submission, errors: Errors) -> None:
    """A Brazilian tax number, and the name of the one who pays."""
    tax_id = re.sub(r"[.\-/\s]", "", text(typed, "boletoTaxId"))
    if not re.fullmatch(r"\d{11}|\d{14}", tax_id, re.ASCII):
        errors["boletoTaxId"] = Message("A CPF has 11 digits, a CNPJ 14.")
    check_name("boletoName", Message("Enter your full name."), typed, submission, errors)
    submission.typed = {"tax_id": tax_id}
    submission.address = {"country": "BR"}


def check_name(
    name: str, complaint: str, typed: Typed, submission: Submission, errors: Errors
) -> None:
    """A name that must be there."""
    submission.name = text(typed, name) or None
    if not submission.name:
        errors[name] = complaint


def take_wallet(wallet: str, typed: Typed, submission: Submission) -> None:
    """What a wallet on the customer's device hands over: a card, a name and an address."""
    submission.method = wallet
    submission.number = test_cards.SHOWN[0].number
    submission.name = text(typed, "billingName") or "Wallet Customer"
    submission.email = submission.email or text(typed, "email") or "wallet@example.com"
    submission.address = {"country": "AT", "postal_code": "1010"}
