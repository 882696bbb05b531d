"""Test accounts for SEPA Direct Debit: money that arrives, or fails to, some time later."""

from dataclasses import dataclass

# What Stripe calls three minutes, on the account's clock.
LATER = 180
SOON = 5


@dataclass(frozen=True)
class Account:
    """An account and how a debit from it goes."""

    iban: str
    label: str
    wait: int = LATER
    failure: str = ""
    afterwards: str = ""
    shown: bool = False


TABLE = {
    account.iban: account
    for account in [
        Account("AT321904300235473204", "Succeeds after 3 minutes", shown=True),
        Account("AT861904300235473202", "Fails", SOON, "debit_not_authorized", shown=True),
        Account("AT611904300234573201", "Succeeds at once", SOON),
        Account("AT051904300235473205", "Fails after 3 minutes", LATER, "debit_not_authorized"),
        Account("AT591904300235473203", "Succeeds, then disputed", SOON,
                afterwards="dispute:fraudulent"),
    ]
}  # fmt: skip
SHOWN = [account for account in TABLE.values() if account.shown]


def lookup(iban: str) -> Account:
    """How a debit from an account goes; an unknown account pays after three minutes."""
    return TABLE.get(iban, Account(iban, "Succeeds after 3 minutes"))


def is_plausible(iban: str) -> bool:
    """Whether an IBAN has a possible length and right check digits."""
    if not (iban.isascii() and iban.isalnum() and 15 <= len(iban) <= 34 and iban[:2].isalpha()):
        return False
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1
