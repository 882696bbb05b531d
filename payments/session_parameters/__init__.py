"""What a Checkout Session is asked for: frozen in its request before the call."""

from payments.session_parameters.request import CAN_HOLD, parameters_of
from payments.session_parameters.saving import (
    TERMS,
    TERMS_LATER,
    TERMS_REUSE,
    TERMS_SETUP,
    TERMS_SUBSCRIPTION,
    terms,
    terms_of_paying,
)
from payments.session_parameters.setup import setup_parameters

__all__ = [
    "CAN_HOLD",
    "TERMS",
    "TERMS_LATER",
    "TERMS_REUSE",
    "TERMS_SETUP",
    "TERMS_SUBSCRIPTION",
    "parameters_of",
    "setup_parameters",
    "terms",
    "terms_of_paying",
]
