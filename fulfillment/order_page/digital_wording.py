"""What a customer reads of an order of which nothing is sent."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from fulfillment.balance import Balance
from fulfillment.order_page.states import State
from fulfillment.order_page.wording import StatusText


def _digital(_balance: Balance) -> StatusText:
    return StatusText(
        _("Complete"),
        _("Nothing is shipped: what you bought is digital."),
        _("If anything is wrong with it, please write to us."),
        tone="good",
        is_thanked=True,
    )


def _keys_awaited(balance: Balance) -> StatusText:
    return StatusText(
        _("Confirmed and charged") if balance.due else _("Confirmed"),
        _("Your key is not here yet: more were bought at once than we had."),
        _("You need not do anything. We write to you as soon as it is here."),
        tone="good",
        is_thanked=True,
    )


DIGITAL_TEXTS: dict[State, Callable[[Balance], StatusText]] = {
    State.DIGITAL: _digital,
    State.KEYS_AWAITED: _keys_awaited,
}
