"""How a payment was made, in the words that customers and staff use for it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from payments.models import Payment

# Stripe's codes, in the usual spelling of each. A method that is not here is spelled from its code.
BRANDS = {
    "amex": "American Express",
    "cartes_bancaires": "Cartes Bancaires",
    "diners": "Diners Club",
    "discover": "Discover",
    "eftpos_au": "eftpos",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}
METHODS = {
    "bacs_debit": gettext_noop("Bacs debit"),
    "au_becs_debit": gettext_noop("BECS debit"),
    "eps": "EPS",
    "ideal": "iDEAL",
    "p24": "Przelewy24",
    "paypal": "PayPal",
    "sepa_debit": gettext_noop("SEPA debit"),
    "us_bank_account": gettext_noop("US bank account"),
}


def name_of(payment: Payment) -> str:
    """ "Visa", "SEPA debit"; empty as long as nobody has paid.

    What Stripe tells as the brand of anything but a card is a bank's code, which says nothing.
    """
    return name_of_method(payment.method, payment.brand)


def name_of_method(kind: str, brand: str) -> str:
    """The same for a method by Stripe's codes of what it is, and of a card's brand."""
    if kind == "card":
        return BRANDS.get(brand) or _("Card")
    if kind in METHODS:
        return _(METHODS[kind])
    return kind.replace("_", " ").capitalize()
