"""What a customer may change on the payment page: decided and kept before it is asked for."""

from payments.checkout.page_changes.additions import Addition, had, offerable, variants
from payments.checkout.page_changes.frozen import frozen

__all__ = ["Addition", "frozen", "had", "offerable", "variants"]
