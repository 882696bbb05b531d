"""Which errors are Stripe's definite no, and which only say that nobody knows."""

import stripe

# What Stripe judges a call with. Another status, or a body that is not Stripe's own JSON, comes
# from something in between: a proxy, a firewall, a portal that wants a log-in.
JUDGED_WITH = {400, 402, 404}
JUDGEMENTS = {"invalid_request_error", "card_error"}


def is_refusal(error: stripe.StripeError) -> bool:
    """Whether nothing was done, and the same call will be refused again.

    An `idempotency_error` is none: it speaks of another call under the same key.
    """
    kind = getattr(error.error, "type", None) if error.error else None
    return error.http_status in JUDGED_WITH and kind in JUDGEMENTS
