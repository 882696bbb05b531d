"""Cards that a session does not take: by brand, or by where their money comes from."""

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.messages import Message
from fake_stripe.schema import Object

# The brands of cards that a word of the API stands for.
BRANDS = {
    "american_express": ("amex",),
    "discover_global_network": ("discover", "diners", "jcb", "unionpay"),
    "mastercard": ("mastercard",),
    "visa": ("visa",),
}


def is_blocked(session: Object, method: Object) -> bool:
    """Whether a session takes no card of this brand or kind."""
    options = (session["payment_method_options"] or {}).get("card") or {}
    restrictions = options.get("restrictions") or {}
    words = restrictions.get("brands_blocked") or []
    brands = [brand for word in words for brand in BRANDS[word]]
    kinds = restrictions.get("funding_types_blocked") or []
    return method["card"]["brand"] in brands or method["card"]["funding"] in kinds


def refuse_blocked(session: Object, method: Object) -> None:
    """Refuse a card that the session does not take."""
    if is_blocked(session, method):
        message = Message("Cards of this kind are not accepted here. Please use another card.")
        raise StripeError(message, param="card")
