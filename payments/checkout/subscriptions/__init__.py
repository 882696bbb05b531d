"""What a page keeps of a subscription that it sells."""

from payments.checkout.subscriptions.frozen import frozen

__all__ = ["frozen"]
