"""What Stripe tells: the inbox, what its events are about, and the list that makes it whole."""

from payments.webhooks.handled import HANDLED
from payments.webhooks.inbox import process, store
from payments.webhooks.pulling import OVERLAP, pull
from payments.webhooks.subjects import locate

__all__ = ["HANDLED", "OVERLAP", "locate", "process", "pull", "store"]
