"""The payment methods that the page can offer, and what each of them can do.

Currencies, holds and reuse follow docs.stripe.com/payments/payment-methods; every method that
fits is switched on.
"""

from dataclasses import dataclass
from typing import Any

from fake_stripe.messages import Message

# The largest amount of a method that is no card: eight digits (docs.stripe.com/currencies).
MOST = 99_999_999


@dataclass(frozen=True)
class Kind:
    """A payment method: how an attempt with it goes, and what it fits."""

    name: str
    label: str
    # card, link, debit, redirect, code or voucher: which attempt is made with it.
    family: str
    # Presentment currencies; none named means all.
    currencies: tuple[str, ...] = ()
    # Amounts in minor units.
    least: int = 1
    most: int = MOST
    # Days that a hold lasts; 0 where nothing can be held.
    holds: int = 0
    # Whether it can be kept for payments without the customer.
    reusable: bool = False
    # Whether the bank's answer comes some time after the customer is done.
    delayed: bool = False


TABLE = {
    kind.name: kind
    for kind in [
        Kind("card", Message("Card"), "card", most=999_999_999_999, holds=7, reusable=True),
        Kind("link", "Link", "link", holds=7, reusable=True),
        Kind("alipay", "Alipay", "redirect", ("cny", "eur")),
        Kind("amazon_pay", "Amazon Pay", "redirect", ("eur", "gbp", "usd"), holds=7,
             reusable=True),
        Kind("au_becs_debit", Message("BECS Direct Debit"), "debit", ("aud",), delayed=True),
        Kind("bancontact", "Bancontact", "redirect", ("eur",), reusable=True),
        Kind("blik", "BLIK", "code", ("pln",), reusable=True),
        Kind("boleto", "Boleto", "voucher", ("brl",), 500, 4_999_999, reusable=True,
             delayed=True),
        Kind("eps", "EPS", "redirect", ("eur",)),
        Kind("ideal", "iDEAL", "redirect", ("eur",)),
        Kind("klarna", "Klarna", "redirect", ("eur", "gbp", "usd", "chf", "sek"), holds=28),
        Kind("konbini", "Konbini", "voucher", ("jpy",), 120, 300_000, delayed=True),
        Kind("oxxo", "OXXO", "voucher", ("mxn",), 1000, 1_000_000, delayed=True),
        Kind("p24", "Przelewy24", "redirect", ("eur", "pln")),
        Kind("pay_by_bank", Message("Pay by Bank"), "redirect", ("eur", "gbp"), delayed=True),
        Kind("paypal", "PayPal", "redirect", ("eur", "gbp", "usd", "chf", "sek", "pln"),
             holds=10, reusable=True),
        Kind("pix", "Pix", "voucher", ("brl",), 50, reusable=True, delayed=True),
        Kind("revolut_pay", "Revolut Pay", "redirect", ("eur", "gbp", "pln"), holds=7,
             reusable=True),
        Kind("sepa_debit", Message("SEPA Direct Debit"), "debit", ("eur",), most=1_000_000,
             reusable=True, delayed=True),
        Kind("us_bank_account", Message("US bank account"), "debit", ("usd",), reusable=True,
             delayed=True),
    ]
}  # fmt: skip
# Buttons that pay with a card kept on the customer's phone or in their browser.
WALLETS = {"apple_pay": "Apple Pay", "google_pay": "Google Pay"}


def kind_of(method: dict[str, Any]) -> Kind:
    """What kind of payment method an object is."""
    return TABLE[method["type"]]


def fitting(currency: str, amount: int, *, manual: bool, later: bool) -> list[str]:
    """The methods for an amount; only those that can hold it, or be kept, if that is asked.

    No currency stands for every one.
    """
    return [
        kind.name
        for kind in TABLE.values()
        if (not currency or not kind.currencies or currency in kind.currencies)
        and (amount == 0 or kind.least <= amount <= kind.most)
        and (kind.holds or not manual)
        and (kind.reusable or not later)
    ]
