"""Facts go up: sent inside settle's transaction; a receiver writes a row."""

from django.dispatch import Signal

# payment: Payment, fact: "authorized", "captured", "released", "expired", "failed", "refunded"
payment_changed = Signal()
