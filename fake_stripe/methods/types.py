"""The payment methods that the page can offer, and what each of them can do.

Currencies, holds and reuse follow docs.stripe.com/payments/payment-methods; every method that
fits is switched on.
"""

from dataclasses import dataclass
from typing import Any

from fake_stripe.engine.messages import Message

# The largest amount of a method that is no card: eight digits (docs.stripe.com/currencies).
MOST = 99_999_999


@dataclass(frozen=True)
class MethodType:
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
    method_type.name: method_type
    for method_type in [
        MethodType("card", Message("Card"), "card", most=999_999_999_999, holds=7, reusable=True),
        MethodType("link", "Link", "link", holds=7, reusable=True),
        MethodType("alipay", "Alipay", "redirect", ("cny", "eur")),
        MethodType("amazon_pay", "Amazon Pay", "redirect", ("eur", "gbp", "usd"), holds=7,
             reusable=True),
        MethodType("au_becs_debit", Message("BECS Direct Debit"), "debit", ("aud",), delayed=True),
        MethodType("bancontact", "Bancontact", "redirect", ("eur",), reusable=True),
        MethodType("blik", "BLIK", "code", ("pln",), reusable=True),
        MethodType("boleto", "Boleto", "voucher", ("brl",), 500, 4_999_999, reusable=True,
             delayed=True),
        MethodType("eps", "EPS", "redirect", ("eur",)),
        MethodType("ideal", "iDEAL", "redirect", ("eur",)),
        MethodType("klarna", "Klarna", "redirect", ("eur", "gbp", "usd", "chf", "sek"), holds=28),
        MethodType("konbini", "Konbini", "voucher", ("jpy",), 120, 300_000, delayed=True),
        MethodType("oxxo", "OXXO", "voucher", ("mxn",), 1000, 1_000_000, delayed=True),
        MethodType("p24", "Przelewy24", "redirect", ("eur", "pln")),
        MethodType("pay_by_bank", Message("Pay by Bank"), "redirect", ("eur", "gbp"), delayed=True),
        MethodType("paypal", "PayPal", "redirect", ("eur", "gbp", "usd", "chf", "sek", "pln"),
             holds=10, reusable=True),
        MethodType("pix", "Pix", "voucher", ("brl",), 50, reusable=True, delayed=True),
        MethodType("revolut_pay", "Revolut Pay", "redirect", ("eur", "gbp", "pln"), holds=7,
             reusable=True),
        MethodType("sepa_debit", Message("SEPA Direct Debit"), "debit", ("eur",), most=1_000_000,
             reusable=True, delayed=True),
        MethodType("us_bank_account", Message("US bank account"), "debit", ("usd",), reusable=True,
             delayed=True),
    ]
}  # fmt: skip
# Buttons that pay with a card kept on the customer's phone or in their browser.
WALLETS = {"apple_pay": "Apple Pay", "google_pay": "Google Pay"}


def type_of(method: dict[str, Any]) -> MethodType:
    """The type of a payment method."""
    return TABLE[method["type"]]


def fitting(currency: str, amount: int, *, manual: bool, later: bool) -> list[str]:
    """The methods for an amount; only those that can hold it, or be kept, if that is asked.

    No currency stands for every one.
    """
    return [
        method_type.name
        for method_type in TABLE.values()
        if (not currency or not method_type.currencies or currency in method_type.currencies)
        and (amount == 0 or method_type.least <= amount <= method_type.most)
        and (method_type.holds or not manual)
        and (method_type.reusable or not later)
    ]
