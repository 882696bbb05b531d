"""Test cards: which numbers pay, which are declined and how, and which ask for authentication."""

import hashlib
from dataclasses import dataclass

from fake_stripe.engine.messages import Message

DECLINES = {
    "generic_decline": Message("Your card was declined."),
    "insufficient_funds": Message("Your card has insufficient funds."),
    "lost_card": Message("Your card was declined."),
    "stolen_card": Message("Your card was declined."),
    "fraudulent": Message("Your card was declined."),
    "card_velocity_exceeded": Message(
        "Your card was declined for making repeated attempts too frequently or exceeding its"
        " amount limit."
    ),
    "test_mode_live_card": Message(
        "Your card was declined. Your request was in test mode, but used a non test card. For a"
        " list of valid test cards, visit: https://stripe.com/docs/testing."
    ),
    "expired_card": Message("Your card has expired."),
    "incorrect_cvc": Message("Your card's security code is incorrect."),
    "authentication_required": Message(
        "Your card was declined. This transaction requires authentication."
    ),
    "processing_error": Message(
        "An error occurred while processing your card. Try again in a little bit."
    ),
}  # fmt: skip
# Said when the customer fails their bank's question, or calls it off.
NOT_AUTHENTICATED = Message(
    "We are unable to authenticate your payment method. Please choose a different payment method"
    " and try again."
)
# These are codes of their own; the others are decline codes of `card_declined`.
OWN_CODES = frozenset(
    {"authentication_required", "expired_card", "incorrect_cvc", "processing_error"}
)


@dataclass(frozen=True)
class Card:
    """A number and how it behaves."""

    number: str
    label: str
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    # The decline it meets, or none.
    decline: str = ""
    # Whether it can be saved although charges decline.
    saves: bool = False
    # Authentication: never, asked (where the shop asks for it), always, once (until the card is set
    # up for later use), or on_page (whenever the customer is there).
    authentication: str = "never"
    # What follows a payment: dispute:<reason>, inquiry:<reason>,
    # warning:<reason>.
    afterwards: str = ""
    # How a refund goes: at once, "pending" first, or "fails" later.
    refund: str = ""
    risk: str = "normal"
    # Whether the money can be paid out at once.
    available: bool = False
    shown: bool = False

    @property
    def can_be_kept(self) -> bool:
        """Whether the bank lets it be saved for later, even if it declines charges."""
        return not self.decline or self.saves or self.authentication != "never"


TABLE = {
    card.number: card
    for card in [
        Card("4242424242424242", "Pays", shown=True),
        Card("4000002500003155", "Asks for authentication", authentication="once", shown=True),
        Card("4000000000009995", "Declined: insufficient funds", decline="insufficient_funds",
             shown=True),
        Card("4000000000000002", "Declined", decline="generic_decline", shown=True),
        Card("6205500000000000004", "Pays: UnionPay, 19 digits", "unionpay", country="CN",
             shown=True),
        Card("4000002760003184", "Asks for authentication every time", authentication="always",
             shown=True),
        Card("4000003800000446", "Set up already; asks on the page", authentication="on_page"),
        Card("4000008260003178", "Authenticates, then insufficient funds",
             authentication="always", decline="insufficient_funds"),
        Card("4000008400001629", "Authenticates, then declined", authentication="always",
             decline="generic_decline"),
        Card("4000000000003220", "3D Secure 2 required", authentication="always"),
        Card("4000000000003055", "3D Secure 2 supported, not required",
             authentication="asked"),
        Card("4000000000009987", "Declined: lost card", decline="lost_card"),
        Card("4000000000009979", "Declined: stolen card", decline="stolen_card"),
        Card("4000000000000069", "Declined: expired card", decline="expired_card"),
        Card("4000000000000127", "Declined: wrong CVC", decline="incorrect_cvc"),
        Card("4000000000000119", "Declined: processing error", decline="processing_error"),
        Card("4000000000006975", "Declined: too often", decline="card_velocity_exceeded"),
        Card("4000000000000341", "Saves, but charges decline", decline="generic_decline",
             saves=True),
        Card("4100000000000019", "Blocked as fraudulent", decline="fraudulent", risk="highest"),
        Card("4000000000004954", "Pays at the highest risk", risk="highest"),
        Card("4000000000009235", "Pays at elevated risk", risk="elevated"),
        Card("4000000000000259", "Pays, then disputed as fraudulent",
             afterwards="dispute:fraudulent", shown=True),
        Card("4000000000002685", "Pays, then disputed: not received",
             afterwards="dispute:product_not_received"),
        Card("4000000000001976", "Pays, then an inquiry", afterwards="inquiry:fraudulent"),
        Card("4000000000005423", "Pays, with a warning of fraud",
             afterwards="warning:fraudulent"),
        Card("4000000000007726", "Pays; its refund is pending first", refund="pending"),
        Card("4000000000005126", "Pays; its refund fails later", refund="fails"),
        Card("4000000000000077", "Pays into the available balance", available=True),
        Card("4000003720000278", "Pays into the available balance", available=True),
        Card("4000056655665556", "Pays: Visa debit", funding="debit"),
        Card("5555555555554444", "Pays: Mastercard", "mastercard"),
        Card("2223003122003222", "Pays: Mastercard, 2-series", "mastercard"),
        Card("5200828282828210", "Pays: Mastercard debit", "mastercard", funding="debit"),
        Card("5105105105105100", "Pays: Mastercard prepaid", "mastercard", funding="prepaid"),
        Card("378282246310005", "Pays: American Express", "amex"),
        Card("371449635398431", "Pays: American Express", "amex"),
        Card("6011111111111117", "Pays: Discover", "discover"),
        Card("3056930009020004", "Pays: Diners Club", "diners"),
        Card("36227206271667", "Pays: Diners Club, 14 digits", "diners"),
        Card("3566002020360505", "Pays: JCB", "jcb", country="JP"),
        Card("6200000000000005", "Pays: UnionPay", "unionpay", country="CN"),
    ]
}  # fmt: skip

# Ids and tokens that stand for a card in calls from a server
# (docs.stripe.com/testing#cards, "PaymentMethods" and "Tokens").
NAMED = {
    "visa": "4242424242424242",
    "visa_debit": "4000056655665556",
    "mastercard": "5555555555554444",
    "mastercard_debit": "5200828282828210",
    "mastercard_prepaid": "5105105105105100",
    "amex": "378282246310005",
    "discover": "6011111111111117",
    "diners": "3056930009020004",
    "jcb": "3566002020360505",
    "unionpay": "6200000000000005",
    "authenticationRequired": "4000002760003184",
    "authenticationRequiredOnSetup": "4000002500003155",
    "authenticationRequiredSetupForOffSession": "4000003800000446",
    "authenticationRequiredChargeDeclinedInsufficientFunds": "4000008260003178",
    "threeDSecure2Required": "4000000000003220",
    "threeDSecureOptional": "4000000000003055",
    "threeDSecureRequired": "4000000000003220",
    "chargeDeclined": "4000000000000002",
    "chargeDeclinedExpiredCard": "4000000000000069",
    "chargeDeclinedFraudulent": "4100000000000019",
    "chargeDeclinedIncorrectCvc": "4000000000000127",
    "chargeDeclinedInsufficientFunds": "4000000000009995",
    "chargeDeclinedLostCard": "4000000000009987",
    "chargeDeclinedProcessingError": "4000000000000119",
    "chargeDeclinedStolenCard": "4000000000009979",
    "visa_chargeDeclined": "4000000000000002",
    "visa_chargeDeclinedExpiredCard": "4000000000000069",
    "visa_chargeDeclinedIncorrectCvc": "4000000000000127",
    "visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "visa_chargeDeclinedLostCard": "4000000000009987",
    "visa_chargeDeclinedProcessingError": "4000000000000119",
    "visa_chargeDeclinedStolenCard": "4000000000009979",
    "chargeCustomerFail": "4000000000000341",
    "createDispute": "4000000000000259",
    "createDisputeProductNotReceived": "4000000000002685",
    "createDisputeInquiry": "4000000000001976",
    "createIssuerFraudRecord": "4000000000005423",
    "pendingRefund": "4000000000007726",
    "refundFail": "4000000000005126",
    "riskLevelHighest": "4000000000004954",
    "riskLevelElevated": "4000000000009235",
    "bypassPending": "4000000000000077",
}

SHOWN = [card for card in TABLE.values() if card.shown]


def lookup(number: str) -> Card:
    """How a number behaves; one that is no test card is declined as in Stripe's test mode."""
    unknown = Card(number, "Not a test card", brand_of(number), decline="test_mode_live_card")
    return TABLE.get(number, unknown)


def brand_of(number: str) -> str:
    """The card network, by the first digits."""
    starts = {
        "4": "visa", "51": "mastercard", "52": "mastercard", "53": "mastercard",
        "54": "mastercard", "55": "mastercard", "2": "mastercard", "34": "amex", "37": "amex",
        "60": "discover", "65": "discover", "30": "diners", "36": "diners", "38": "diners",
        "35": "jcb", "62": "unionpay",
    }  # fmt: skip
    brands = [brand for start, brand in starts.items() if number.startswith(start)]
    return brands[0] if brands else "unknown"


def is_plausible(number: str) -> bool:
    """Whether a card number has a possible length and a right check digit."""
    if not (number.isascii() and number.isdigit() and 13 <= len(number) <= 19):
        return False
    total = 0
    for index, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def cvc_length(number: str) -> int:
    """How many digits the security code has."""
    return 4 if brand_of(number) == "amex" else 3


def fingerprint(text: str) -> str:
    """The same for the same card or account, telling nothing of it."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
