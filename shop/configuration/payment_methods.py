"""What means of payment are called, and which of them the shop names on its pages."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

CARD = "card"
# A card is known by its brand.
BRANDS_NAMED = "Visa, Mastercard, American Express"
# Stripe's codes (docs.stripe.com/payments/payment-methods), in the usual spelling of each.
METHODS = {
    "affirm": "Affirm",
    "alipay": "Alipay",
    "amazon_pay": "Amazon Pay",
    "apple_pay": "Apple Pay",
    "au_becs_debit": gettext_noop("BECS debit"),
    "bacs_debit": gettext_noop("Bacs debit"),
    "bancontact": "Bancontact",
    "billie": "Billie",
    "blik": "BLIK",
    "boleto": "Boleto",
    "cashapp": "Cash App Pay",
    "customer_balance": gettext_noop("Bank transfer"),
    "eps": "EPS",
    "fpx": "FPX",
    "google_pay": "Google Pay",
    "ideal": "iDEAL",
    "klarna": "Klarna",
    "konbini": "Konbini",
    "link": "Link",
    "mb_way": "MB WAY",
    "mobilepay": "MobilePay",
    "multibanco": "Multibanco",
    "oxxo": "OXXO",
    "p24": "Przelewy24",
    "paynow": "PayNow",
    "paypal": "PayPal",
    "pix": "Pix",
    "promptpay": "PromptPay",
    "revolut_pay": "Revolut Pay",
    "satispay": "Satispay",
    "sepa_debit": gettext_noop("SEPA debit"),
    "swish": "Swish",
    "twint": "TWINT",
    "us_bank_account": gettext_noop("US bank account"),
    "wechat_pay": "WeChat Pay",
}


def name_of_method(code: str) -> str:
    """In the present language; one that is not known here is spelled from its code."""
    return _(METHODS[code]) if code in METHODS else code.replace("_", " ").capitalize()


def in_words(codes: Sequence[str]) -> str:
    """Those that the shop names, in their order, for the foot of each page and the cart."""
    names = [BRANDS_NAMED if code == CARD else name_of_method(code) for code in codes]
    return ", ".join(names)
