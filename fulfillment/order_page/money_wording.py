"""What a customer reads of money that has moved since it was taken."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from fulfillment.balance import Balance
from fulfillment.order_page.states import MoneyState
from fulfillment.order_page.wording import StatusText
from shop.templatetags.money import written


def _disputed(_balance: Balance) -> StatusText:
    return StatusText(
        _("Your bank disputes this payment"),
        _("The bank decides about the money; until then we can send none back."),
        _(
            "If you did not mean to dispute it, please tell your bank, and "
            "<contact>write to us</contact>."
        ),
    )


def _asked_about(_balance: Balance) -> StatusText:
    return StatusText(
        _("Your bank asks about this payment"),
        _("We answer it; until then nothing changes."),
        _("If you know this purchase, please tell your bank."),
    )


def _lost(balance: Balance) -> StatusText:
    return StatusText(
        _("Your bank has taken the money back"),
        _("The bank has given %(amount)s back to you.") % {"amount": written(balance.lost)},
        _("If that was a mistake, please <contact>write to us</contact>."),
    )


def _refund_pending(balance: Balance) -> StatusText:
    return StatusText(
        _("A refund is under way"),
        _("%(amount)s is on its way back to you.") % {"amount": written(balance.returning)},
        _("Most banks show it within 5 to 10 days."),
    )


def _refund_failed(_balance: Balance) -> StatusText:
    return StatusText(
        _("Your refund did not arrive"),
        _("Your bank did not take the money that we sent; it has come back to us."),
        _("We will reach you to find another way. You need not do anything until then."),
    )


def _partly_refunded(balance: Balance) -> StatusText:
    return StatusText(
        _("Partly refunded"),
        _("Of the %(paid)s that you paid, %(amount)s went back to you.")
        % {"paid": written(balance.captured), "amount": written(balance.refunded)},
        _("Most banks show it within 5 to 10 days."),
    )


def _refunded(balance: Balance) -> StatusText:
    return StatusText(
        _("Refunded"),
        _("All %(amount)s that you paid went back to you.") % {"amount": written(balance.refunded)},
        _("Most banks show it within 5 to 10 days."),
    )


MONEY_TEXTS: dict[MoneyState, Callable[[Balance], StatusText]] = {
    MoneyState.DISPUTED: _disputed,
    MoneyState.ASKED_ABOUT: _asked_about,
    MoneyState.LOST: _lost,
    MoneyState.REFUND_PENDING: _refund_pending,
    MoneyState.REFUND_FAILED: _refund_failed,
    MoneyState.PARTLY_REFUNDED: _partly_refunded,
    MoneyState.REFUNDED: _refunded,
}
