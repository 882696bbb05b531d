"""From a cart to Stripe's payment page, and back when it is called off."""

from payments.checkout.again import NotAgain, may_pay_again, pay_again
from payments.checkout.buyer import Buyer
from payments.checkout.cancellation import cancel, rights_to_cancel
from payments.checkout.consent import ConsentMissing
from payments.checkout.delivery import NotDelivered
from payments.checkout.items import (
    MOST_LINES,
    MOST_UNITS,
    CartChanged,
    Item,
    NothingToBuy,
    Promise,
    items_of,
)
from payments.checkout.limits import TooMany, one_private_address
from payments.checkout.payment_page import AlreadyPaid, start
from payments.checkout.tax import NotTaxed, TaxNotReady, was_refused_for_tax
from payments.checkout.wanted import (
    BadRequest,
    promised,
    reminder_wanted,
    wanted,
    withdrawal_agreed,
)

__all__ = [
    "MOST_LINES",
    "MOST_UNITS",
    "AlreadyPaid",
    "BadRequest",
    "Buyer",
    "CartChanged",
    "ConsentMissing",
    "Item",
    "NotAgain",
    "NotDelivered",
    "NotTaxed",
    "NothingToBuy",
    "Promise",
    "TaxNotReady",
    "TooMany",
    "cancel",
    "items_of",
    "may_pay_again",
    "one_private_address",
    "pay_again",
    "promised",
    "reminder_wanted",
    "rights_to_cancel",
    "start",
    "wanted",
    "was_refused_for_tax",
    "withdrawal_agreed",
]
