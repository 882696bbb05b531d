"""Facts about address books, told to whoever stands above."""

from django.dispatch import Signal

# Sent with `user`, inside the transaction in which another address came to be proposed first, or
# that one was written anew, or none is left.
default_address_changed = Signal()
