"""Identifiers that look like Stripe's."""

import random
import string

_ALPHABET = string.ascii_letters + string.digits
_random = random.SystemRandom()

# Prefix and number of random characters by kind of object.
_SHAPES = {
    "account": ("acct_1", 15),
    "balance_transaction": ("txn_3", 23),
    "charge": ("ch_3", 23),
    "checkout.session": ("cs_test_a1", 56),
    "customer": ("cus_", 14),
    "dispute": ("du_1", 23),
    "event": ("evt_1", 23),
    "item": ("li_1", 23),
    "payment_intent": ("pi_3", 23),
    "payment_method": ("pm_1", 23),
    "price": ("price_1", 23),
    "product": ("prod_", 14),
    "refund": ("re_3", 23),
    "request": ("req_", 14),
    "shipping_rate": ("shr_1", 23),
    "tax_id": ("txi_1", 23),
    "webhook_endpoint": ("we_1", 23),
}


def new_id(kind: str) -> str:
    """A fresh id for an object of this kind."""
    prefix, length = _SHAPES[kind]
    return prefix + random_text(length)


def random_text(length: int) -> str:
    """Random letters and digits, also fit for secrets."""
    return "".join(_random.choices(_ALPHABET, k=length))
