"""The cart's box for digital goods: who has them at once can no longer withdraw."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from shop.catalog import digital_goods
from shop.catalog.models import Variant

FIELD = "withdrawal"


def asked_for(variants: Iterable[Variant]) -> str:
    """The words to agree to before these are paid; empty where nothing of them is handed out."""
    return withdrawal_words() if digital_goods.giving(variants) else ""


def is_ticked(posted: Mapping[str, object] | Collection[str]) -> bool:
    """Whether the box was ticked in the form that leads to the payment page."""
    return FIELD in posted


def withdrawal_words() -> str:
    """What is agreed to by ticking that box, in the present language."""
    return _(
        "I want what is digital in my order as soon as it is paid, and I know that I can no longer "
        "withdraw from that part then."
    )
