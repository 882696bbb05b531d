"""Test accounts for bank debits: money that arrives, or fails to, some time later."""

import re
from dataclasses import dataclass

from fake_stripe.engine.messages import Message
from fake_stripe.schema import Object

# What Stripe calls three minutes, on the account's clock.
LATER = 180
SOON = 5

FAILURES = {
    "account_closed": "The customer's bank account has been closed.",
    "debit_not_authorized": "The customer's bank refused the debit.",
    "insufficient_funds": "The customer's account has insufficient funds to cover this payment.",
    "no_account": "The customer's bank account could not be located.",
    "payment_method_provider_decline": "The customer's bank has refused the payment.",
}


@dataclass(frozen=True)
class Account:
    """An account and how a debit from it goes."""

    number: str
    label: str
    wait: int = LATER
    failure: str = ""
    afterwards: str = ""
    # The method whose form this account is shown below.
    shown: str = ""


TABLE = {
    account.number: account
    for account in [
        Account("AT321904300235473204", "Succeeds after 3 minutes", shown="sepa_debit"),
        Account("AT861904300235473202", "Fails", SOON, "debit_not_authorized", shown="sepa_debit"),
        Account("AT611904300234573201", "Succeeds at once", SOON),
        Account("AT051904300235473205", "Fails after 3 minutes", LATER, "debit_not_authorized"),
        Account("AT591904300235473203", "Succeeds, then disputed", SOON,
                afterwards="dispute:fraudulent"),
        Account("IT60X0542811101000000123456", "Fails", SOON, "debit_not_authorized"),
        Account("900123456", "Succeeds after 3 minutes", shown="au_becs_debit"),
        Account("111111113", "Fails: account closed", SOON, "account_closed",
                shown="au_becs_debit"),
        Account("000123456789", "Succeeds after 3 minutes", shown="us_bank_account"),
        Account("000111111113", "Fails: account closed", SOON, "account_closed",
                shown="us_bank_account"),
        Account("000111111116", "Fails: no such account", SOON, "no_account"),
        Account("000222222227", "Fails: insufficient funds", SOON, "insufficient_funds"),
        Account("000333333335", "Fails: not authorized", SOON, "debit_not_authorized"),
        Account("000555555559", "Succeeds, then disputed", SOON, afterwards="dispute:fraudulent"),
        Account("000000000009", "Stays processing", wait=10 * 365 * 24 * 60 * 60),
    ]
}  # fmt: skip


def lookup(method: Object) -> Account:
    """How a debit from an account goes; an unknown account pays after three minutes."""
    number = method["_"]["account"]
    return TABLE.get(number, Account(number, "Succeeds after 3 minutes"))


def shown_for(kinds: list[str]) -> list[Account]:
    """The test accounts that the page lists for these methods."""
    return [account for account in TABLE.values() if account.shown in kinds]


def is_plausible(iban: str) -> bool:
    """Whether an IBAN has a possible length and right check digits."""
    if not (iban.isascii() and iban.isalnum() and 15 <= len(iban) <= 34 and iban[:2].isalpha()):
        return False
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def complaint(kind: str, account: str, routing: str) -> tuple[str, str] | None:
    """The field that is wrong with a bank account, and why, if one is."""
    if kind == "sepa_debit":
        return None if is_plausible(account) else ("iban", Message("Your IBAN is invalid."))
    digits, of_bank = (6, "BSB number") if kind == "au_becs_debit" else (9, "routing number")
    if not re.fullmatch(rf"\d{{{digits}}}", routing):
        return f"{kind}Routing", f"The {of_bank} has {digits} digits."
    if not re.fullmatch(r"\d{5,17}", account):
        return f"{kind}Account", Message("Your account number is incomplete.")
    return None
