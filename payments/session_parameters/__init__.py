"""What a Checkout Session is asked for: frozen in its request before the call."""

from payments.session_parameters.request import CAN_HOLD, parameters_of
from payments.session_parameters.saving import TERMS, TERMS_REUSE

__all__ = ["CAN_HOLD", "TERMS", "TERMS_REUSE", "parameters_of"]
