"""How a payment was made, in the words that customers and staff use for it."""

from django.utils.translation import gettext as _

from payments.models import Payment
from shop.configuration.payment_methods import name_of_method

# Stripe's codes, in the usual spelling of each.
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


def name_of(payment: Payment) -> str:
    """ "Visa", "SEPA debit"; empty as long as nobody has paid.

    What Stripe tells as the brand of anything but a card is a bank's code, which says nothing.
    """
    return name_of_means(payment.method, payment.brand)


def name_of_means(method: str, brand: str) -> str:
    """The same, by Stripe's codes of what it is and of a card's brand."""
    if method == "card":
        return BRANDS.get(brand) or _("Card")
    return name_of_method(method)
