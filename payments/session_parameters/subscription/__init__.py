"""What is asked for besides, and otherwise, where a page sells what is paid again and again."""

from payments.session_parameters.subscription.data import subscription_data
from payments.session_parameters.subscription.lines import delivery_line, rhythm

__all__ = ["delivery_line", "rhythm", "subscription_data"]
