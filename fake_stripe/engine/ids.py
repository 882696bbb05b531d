"""Identifiers that look like Stripe's."""

import os
import string

_ALPHABET = (string.ascii_letters + string.digits).encode()
# The characters for every byte that falls on the alphabet evenly; the few others are left out.
_CHARACTERS = bytes(_ALPHABET[byte % len(_ALPHABET)] for byte in range(256))
_UNEVEN = bytes(range(256 - 256 % len(_ALPHABET), 256))

# Prefix and number of random characters by kind of object.
_SHAPES = {
    "account": ("acct_1", 15),
    "balance_transaction": ("txn_3", 23),
    "billing_portal.configuration": ("bpc_1", 23),
    "billing_portal.session": ("bps_1", 23),
    "charge": ("ch_3", 23),
    "checkout.session": ("cs_test_a1", 56),
    "coupon": ("", 8),
    "customer": ("cus_", 14),
    "discount": ("di_1", 23),
    "dispute": ("du_1", 23),
    "event": ("evt_1", 23),
    "file": ("file_1", 23),
    "invoice": ("in_1", 23),
    "invoice_payment": ("inpay_1", 23),
    "item": ("li_1", 23),
    "line_item": ("il_1", 23),
    "mandate": ("mandate_1", 23),
    "payment_intent": ("pi_3", 23),
    "payment_method": ("pm_1", 23),
    "payment_method_configuration": ("pmc_1", 23),
    "price": ("price_1", 23),
    "product": ("prod_", 14),
    "promotion_code": ("promo_1", 23),
    "radar.early_fraud_warning": ("issfr_1", 23),
    "refund": ("re_3", 23),
    "request": ("req_", 14),
    "review": ("prv_1", 23),
    "setup_attempt": ("setatt_1", 23),
    "setup_intent": ("seti_1", 23),
    "shipping_rate": ("shr_1", 23),
    "subscription": ("sub_1", 23),
    "subscription_item": ("si_", 14),
    "tax_id": ("txi_1", 23),
    "tax_rate": ("txr_1", 23),
    "webhook_endpoint": ("we_1", 23),
}


# Of payments with something else than a card.
_WITHOUT_CARD = {"charge": "py_3", "refund": "pyr_1"}


def new_id(kind: str, *, with_card: bool = True) -> str:
    """A fresh id for an object of this kind."""
    prefix, length = _SHAPES[kind]
    if not with_card:
        prefix = _WITHOUT_CARD[kind]
    return prefix + random_text(length)


def random_text(length: int) -> str:
    """Random letters and digits, also fit for secrets."""
    # A few more than needed, for those that are left out: one call of the system is enough.
    characters = os.urandom(length + length // 8 + 16).translate(_CHARACTERS, _UNEVEN)
    return characters[:length].decode() if len(characters) >= length else random_text(length)
