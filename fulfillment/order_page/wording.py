"""What a customer reads of each state: a headline, what is true now, and what happens next."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fulfillment.balance import Balance
from fulfillment.order_page.states import State
from shop.templatetags.money import written

# What Stripe has said a moment ago shows here a moment later; so long a page may look again.
LOOK_AGAIN_SECONDS = 5


@dataclass(frozen=True)
class StatusText:
    """One state in words, and what the page offers in it."""

    headline: str
    sentence: str
    next: str
    tone: str = "calm"
    is_thanked: bool = False
    may_pay_again: bool = False
    may_go_on_paying: bool = False
    refresh: int = 0


def _waiting(_balance: Balance) -> StatusText:
    return StatusText(
        _("Waiting for your payment"),
        _("Nothing is charged yet."),
        _("If you have just paid, this page says so in a moment."),
        may_go_on_paying=True,
        refresh=LOOK_AGAIN_SECONDS,
    )


def _confirming(_balance: Balance) -> StatusText:
    return StatusText(
        _("We are confirming your payment"),
        _("You have finished; your bank has not yet answered."),
        _("This page updates by itself. There is nothing you need to do."),
        is_thanked=True,
        refresh=LOOK_AGAIN_SECONDS,
    )


def not_known_yet() -> StatusText:
    """To who comes from Stripe's page while Stripe does not tell us how that went."""
    return StatusText(
        _("We are confirming your payment"),
        _("If you have just paid, this page says so in a moment."),
        _("This page updates by itself. There is nothing you need to do."),
        refresh=LOOK_AGAIN_SECONDS,
    )


def _processing(_balance: Balance) -> StatusText:
    return StatusText(
        _("Your payment is under way"),
        _(
            "Your bank has not yet told us that the money has arrived; that can take a few days. "
            "We keep everything set aside for you."
        ),
        _("We write to you as soon as we know more."),
        is_thanked=True,
    )


def _voucher(balance: Balance) -> StatusText:
    return StatusText(
        _("Please pay your voucher"),
        _("%(amount)s is still to be paid. We keep everything set aside for you until then.")
        % {"amount": written(balance.due)},
        _("Once it is paid we are told, and write to you."),
        is_thanked=True,
    )


def _authorized(_balance: Balance) -> StatusText:
    return StatusText(
        _("Payment authorized, not yet charged"),
        _("We are checking the stock."),
        _("We charge you once everything is set aside for you."),
        is_thanked=True,
        refresh=LOOK_AGAIN_SECONDS,
    )


def _authorized_for_staff(_balance: Balance) -> StatusText:
    return StatusText(
        _("Payment authorized, not yet charged"),
        _("A person looks at your order first and then charges it."),
        _("We write to you when that is done."),
        is_thanked=True,
    )


def _charging(_balance: Balance) -> StatusText:
    return StatusText(
        _("Payment authorized, being charged"),
        _("Your order is accepted, and we are charging your payment."),
        _("We write to you when that is done."),
        is_thanked=True,
        refresh=LOOK_AGAIN_SECONDS,
    )


def _lost(balance: Balance) -> StatusText:
    return StatusText(
        _("Your bank has taken the money back"),
        _("The bank has given %(amount)s back to you.") % {"amount": written(balance.lost)},
        _("We ship nothing. If that was a mistake, please <contact>write to us</contact>."),
        tone="over",
    )


def _cancelling(balance: Balance) -> StatusText:
    next_ = _("As soon as the bank has answered, this page says that the order is cancelled.")
    if balance.is_disputed:
        sentence = _("The payment is disputed, and the bank decides about the money.")
        next_ = _("The order is cancelled once the bank has decided.")
    elif balance.kept:
        sentence = _("%(amount)s is on its way back to you.") % {"amount": written(balance.kept)}
    elif balance.held:
        sentence = _("We are telling the bank to let the money go; nothing is charged.")
    else:
        sentence = _("We are telling the bank.")
    waits = LOOK_AGAIN_SECONDS if not balance.is_disputed else 0
    return StatusText(_("Cancellation requested"), sentence, next_, refresh=waits)


def _cancelled(balance: Balance) -> StatusText:
    return StatusText(_("Your order is cancelled"), *_where_the_money_is(balance), tone="over")


def _trial(_balance: Balance) -> StatusText:
    return StatusText(
        _("Your trial has begun"),
        _("Nothing was charged, and nothing is sent yet."),
        _("When the trial ends, the first period is charged and its goods are sent."),
    )


def _sold_out(balance: Balance) -> StatusText:
    headline = _("Your order is cancelled: it was sold out")
    return StatusText(headline, *_where_the_money_is(balance), tone="over")


def _expired(_balance: Balance) -> StatusText:
    return StatusText(
        _("The time to pay has run out"),
        _("Nothing was charged, and we no longer set anything aside."),
        _("You can pay again while there is stock."),
        tone="over",
        may_pay_again=True,
    )


def _payment_failed(_balance: Balance) -> StatusText:
    return StatusText(
        _("The payment did not go through"),
        _("Nothing was charged and nothing is shipped."),
        _("You can pay again, with the same or another way to pay."),
        tone="bad",
        may_pay_again=True,
    )


def _expired_for_good(_balance: Balance) -> StatusText:
    """After some days, or at another price."""
    return StatusText(_("The time to pay has run out"), *_order_anew(), tone="over")


def _payment_failed_for_good(_balance: Balance) -> StatusText:
    return StatusText(_("The payment did not go through"), *_order_anew(), tone="bad")


def _order_anew() -> tuple[str, str]:
    return _("Nothing was charged and nothing is set aside."), _(
        "If you still want it, please order it anew."
    )


def _where_the_money_is(balance: Balance) -> tuple[str, str]:
    """Of an order that is over: what became of the money, and what is next."""
    if balance.lost:
        amount = {"amount": written(balance.lost)}
        return _("The bank has given %(amount)s back to you.") % amount, _(
            "If that was a mistake, please <contact>write to us</contact>."
        )
    if balance.returning:
        amount = {"amount": written(balance.returning)}
        return _("%(amount)s is on its way back to you.") % amount, _days()
    if balance.refunded:
        return _("%(amount)s went back to you.") % {"amount": written(balance.refunded)}, _days()
    if balance.kept:
        amount = {"amount": written(balance.kept)}
        return _("%(amount)s is still here, and belongs to you.") % amount, _(
            "A person sees to it that you get it and writes to you."
        )
    return _("Nothing was charged."), _(
        "If your bank shows an authorization, it disappears by itself within a few days."
    )


def _days() -> str:
    return _("Most banks show it within 5 to 10 days.")


TEXTS: dict[State, Callable[[Balance], StatusText]] = {
    State.WAITING: _waiting,
    State.CONFIRMING: _confirming,
    State.PROCESSING: _processing,
    State.VOUCHER: _voucher,
    State.AUTHORIZED: _authorized,
    State.AUTHORIZED_FOR_STAFF: _authorized_for_staff,
    State.CHARGING: _charging,
    State.LOST: _lost,
    State.CANCELLING: _cancelling,
    State.CANCELLED: _cancelled,
    State.TRIAL: _trial,
    State.SOLD_OUT: _sold_out,
    State.EXPIRED: _expired,
    State.PAYMENT_FAILED: _payment_failed,
    State.EXPIRED_FOR_GOOD: _expired_for_good,
    State.PAYMENT_FAILED_FOR_GOOD: _payment_failed_for_good,
}
