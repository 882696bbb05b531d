"""What a customer reads while the order is in review: never of a suspicion."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from fulfillment.balance import Balance
from fulfillment.order_page.states import State
from fulfillment.order_page.wording import StatusText
from shop.templatetags.money import written


def _in_review(_balance: Balance) -> StatusText:
    return StatusText(
        _("We are looking at your order"),
        _("Your payment is authorized, not yet charged. A person checks your order first."),
        _("We write to you when it is charged, or if anything is missing."),
        is_thanked=True,
    )


def _captured_in_review(balance: Balance) -> StatusText:
    return StatusText(
        _("We are looking at your order"),
        _("Your payment of %(amount)s has arrived. A person checks your order before we ship it.")
        % {"amount": written(balance.captured)},
        _("We write to you when that is done, or if anything is missing."),
        is_thanked=True,
    )


def _checked(_balance: Balance) -> StatusText:
    """It ends by itself once Stripe's people approve, or staff decide."""
    return StatusText(
        _("We are checking your order"),
        _(
            "Your payment is authorized, not yet charged. Until the check is over we charge "
            "nothing and ship nothing."
        ),
        _(
            "You need not do anything. We write to you as soon as it is charged, or if anything "
            "is missing."
        ),
        is_thanked=True,
    )


def _captured_checked(balance: Balance) -> StatusText:
    return StatusText(
        _("We are checking your order"),
        _("Your payment of %(amount)s has arrived. Until the check is over we ship nothing.")
        % {"amount": written(balance.captured)},
        _(
            "You need not do anything. We write to you when your parcel leaves, or if anything "
            "is missing."
        ),
        is_thanked=True,
    )


def _refund_failed(_balance: Balance) -> StatusText:
    return StatusText(
        _("Your refund did not arrive"),
        _(
            "Your bank did not take the money that we sent; it has come back to us. Until that "
            "is settled we ship nothing."
        ),
        _("We will reach you to find another way. You need not do anything until then."),
    )


def _asked_about(_balance: Balance) -> StatusText:
    return StatusText(
        _("Your bank asks about this payment"),
        _("We answer it, and ship nothing until then."),
        _("If you know this purchase, please tell your bank."),
    )


def _disputed(_balance: Balance) -> StatusText:
    return StatusText(
        _("Your bank disputes this payment"),
        _("We ship nothing until the bank has decided about the money."),
        _(
            "If you did not mean to dispute it, please tell your bank, and "
            "<contact>write to us</contact>."
        ),
    )


REVIEW_TEXTS: dict[State, Callable[[Balance], StatusText]] = {
    State.DISPUTED: _disputed,
    State.ASKED_ABOUT: _asked_about,
    State.IN_REVIEW: _in_review,
    State.CAPTURED_IN_REVIEW: _captured_in_review,
    State.CHECKED: _checked,
    State.CAPTURED_CHECKED: _captured_checked,
    State.REFUND_FAILED: _refund_failed,
}
