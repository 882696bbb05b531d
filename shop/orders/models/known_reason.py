"""Why an order was called off, as the release before wrote it."""

import pgtrigger

KNOWN = [
    "",
    "out_of_stock",
    "staff",
    "cart_changed",
    "refused",
    "refunded",
    "released",
    "expired",
    "deadline",
    "lost",
    "overtaken",
    "trial",
]

# The release before kept one text, typed by staff or one of the shop's words. Its processes may
# still run while this one migrates: what they write is told apart here. To go in the release after.
KNOWN_REASON = pgtrigger.Trigger(
    name="known_cancel_reason",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("cancel_reason"),  # type: ignore[no-untyped-call]
    when=pgtrigger.Before,
    func="""
        IF NEW.cancel_reason = 'cart changed' THEN
            NEW.cancel_reason := 'cart_changed';
        ELSIF NEW.cancel_reason NOT IN ('', 'out_of_stock', 'staff', 'cart_changed', 'refused',
                'refunded', 'released', 'expired', 'deadline', 'lost', 'overtaken', 'trial') THEN
            NEW.cancel_note := NEW.cancel_reason;
            NEW.cancel_reason := 'staff';
        END IF;
        RETURN NEW;
    """,
)
