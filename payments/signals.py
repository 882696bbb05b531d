"""Facts go up: sent inside settle's transaction; a receiver writes a row."""

from django.dispatch import Signal

# payment: Payment, fact: "authorized", "captured", "released", "expired", "failed", "refunded"
payment_changed = Signal()

# subscription: Subscription, fact: "renewal_failed", "action_required" (both with their `invoice`:
# SubscriptionInvoice, else None), "renews_soon", "ended", "ending" (with its period), "kept" (that
# was taken back), "paused", "resumed", "changed"
subscription_changed = Signal()
