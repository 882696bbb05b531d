"""What a customer reads of an order that is paid: how all of it comes to them, sent or not."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from fulfillment.balance import Balance
from fulfillment.order_page.states import State
from fulfillment.order_page.wording import StatusText


def _confirmed(balance: Balance) -> StatusText:
    return StatusText(
        _("Confirmed and charged") if balance.due else _("Confirmed"),
        _("Everything is set aside for you."),
        _("We pack it now and write when it leaves."),
        tone="good",
        is_thanked=True,
    )


def _confirmed_in_part(_balance: Balance) -> StatusText:
    return StatusText(
        _("Confirmed and charged, in part"),
        _("Not everything could stay in your order; what was taken off is not charged."),
        _("All the rest is set aside for you. We pack it now and write when it leaves."),
        tone="good",
        is_thanked=True,
    )


def _packed(_balance: Balance) -> StatusText:
    return StatusText(
        _("Packed"),
        _("Your parcel waits for the carrier."),
        _("We write when it leaves."),
        tone="good",
        is_thanked=True,
    )


def _partly_shipped(_balance: Balance) -> StatusText:
    return StatusText(
        _("Partly on its way"),
        _("One parcel has left us."),
        _("Another follows. We write when it leaves."),
        tone="good",
        is_thanked=True,
    )


def _shipped(_balance: Balance) -> StatusText:
    return StatusText(
        _("On its way"),
        _("Your parcel has left us."),
        _("The carrier brings it to your door."),
        tone="good",
        is_thanked=True,
    )


def _delivered(_balance: Balance) -> StatusText:
    return StatusText(
        _("Delivered"),
        _("We hope that you like it."),
        _("If anything is wrong with it, please <contact>write to us</contact>."),
        tone="good",
        is_thanked=True,
    )


def _digital(_balance: Balance) -> StatusText:
    return StatusText(
        _("Complete"),
        _("Nothing is shipped: what you bought is digital."),
        _("If anything is wrong with it, please <contact>write to us</contact>."),
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


PAID_TEXTS: dict[State, Callable[[Balance], StatusText]] = {
    State.CONFIRMED: _confirmed,
    State.CONFIRMED_IN_PART: _confirmed_in_part,
    State.PACKED: _packed,
    State.PARTLY_SHIPPED: _partly_shipped,
    State.SHIPPED: _shipped,
    State.DELIVERED: _delivered,
    State.DIGITAL: _digital,
    State.KEYS_AWAITED: _keys_awaited,
}
