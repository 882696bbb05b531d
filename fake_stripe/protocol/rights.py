"""What a restricted key may do: everything, except for the permissions that were taken from it."""

# By the first part of the path: what reading there, and what changing something there, needs.
PERMISSIONS = {
    "reviews": ("rak_review_read", "rak_review_write"),
    "charges": ("rak_charge_read", "rak_charge_write"),
    "disputes": ("rak_dispute_read", "rak_dispute_write"),
    "events": ("rak_event_read", "rak_event_write"),
    "refunds": ("rak_refund_read", "rak_refund_write"),
    "tax": ("rak_tax_settings_read", "rak_tax_settings_write"),
    "payment_intents": ("rak_payment_intent_read", "rak_payment_intent_write"),
}


def missing(key: str, method: str, path: str, taken: dict[str, list[str]]) -> str:
    """The permission that the call needs and that was taken from this key; empty when none."""
    part = path.removeprefix("/v1/").partition("/")[0]
    reading, changing = PERMISSIONS.get(part, ("", ""))
    needed = reading if method == "GET" else changing
    return needed if needed in taken.get(key, []) else ""
