"""Asking for writes to Stripe: each is a row with a frozen key and parameters before it is a call.

The functions run inside the caller's transaction; payments.settlement.perform makes the calls.
"""

from payments.stripe_requests.addresses import address_told, ask_address, ask_address_again
from payments.stripe_requests.customers import (
    ask_default,
    ask_detachment,
    portal_configuration_request,
    portal_request,
)
from payments.stripe_requests.later import ask_charge, ask_intent, close_try, description, marks
from payments.stripe_requests.money import (
    NotPossible,
    ask_capture,
    ask_expiry,
    ask_refund,
    ask_release,
    locked,
    new_session_request,
    others,
    refundable,
    send_back,
    still_due,
)
from payments.stripe_requests.subscriptions import AnotherUnderWay, ask_cancellation, ask_change

__all__ = [
    "AnotherUnderWay",
    "NotPossible",
    "address_told",
    "ask_address",
    "ask_address_again",
    "ask_cancellation",
    "ask_capture",
    "ask_change",
    "ask_charge",
    "ask_default",
    "ask_detachment",
    "ask_expiry",
    "ask_intent",
    "ask_refund",
    "ask_release",
    "close_try",
    "description",
    "locked",
    "marks",
    "new_session_request",
    "others",
    "portal_configuration_request",
    "portal_request",
    "refundable",
    "send_back",
    "still_due",
]
