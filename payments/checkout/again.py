"""A payment page for an order that is there already: paid once more, or by whom its link was given.

A page belongs to who opened it: it may name their customer, and a card that is kept there is kept
for them. Everybody else gets one of their own.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from payments.checkout import delivery, discount, page_changes, tax
from payments.checkout.buyer import Buyer
from payments.checkout.consent import ConsentMissing, check_withdrawal
from payments.checkout.items import (
    NOTHING_SAID,
    CartChanged,
    Item,
    NothingToBuy,
    Promise,
    check_items,
)
from payments.checkout.limits import check_limits, check_shares
from payments.checkout.payment_page import close, new_session, renewed, units_of
from payments.models import CheckoutSession
from payments.settlement import page_calls
from shop.catalog.models import Price
from shop.orders.cart import TooManyOfOne
from shop.orders.chosen_amount import NotNamed
from shop.orders.delivery.terms import Terms
from shop.orders.models import Order, OrderLine
from shop.orders.models.questions import WITHDRAWAL
from shop.orders.subscriptions.rules import NotTogether
from shop.orders.tax import mode
from shop.transitions import IllegalTransition, can_move

# From the day it ran out or failed: who reads the mail about it after a week of holidays can still
# pay. Later on it is a new purchase, under the prices and terms of its own day.
AGAIN_FOR = timedelta(days=7)
OVER = [Order.Status.EXPIRED, Order.Status.PAYMENT_FAILED]

# What may have changed since it was ordered.
NOT_AGAIN = (
    NotTogether,
    ConsentMissing,
    NothingToBuy,
    NotNamed,
    TooManyOfOne,
    delivery.NotDelivered,
    tax.NotTaxed,
)


class NotAgain(Exception):
    """It has to be ordered anew; the message is for the customer."""


def pay_again(order: Order, buyer: Buyer) -> CheckoutSession:
    """A payment page for an order whose payment failed or ran out, or is still to come.

    Pressed twice it gives the same page; somebody else's page is closed before theirs is opened.
    What is refused leaves the order as it was. Raises IllegalTransition when nothing is to be
    paid, NotAgain, TooManyOfOne, OutOfStock, TooMany, AlreadyPaid, TaxNotReady.
    """
    account = page_calls.account()
    page = _open_page(order)
    if page is not None and not _is_theirs(page, buyer):
        with transaction.atomic():
            check_limits(buyer)
        items_now(order)
        close(page)
    if mode.is_on() and (page is None or not _is_theirs(page, buyer)):
        tax.get_ready(items_now(order), order.country, account)
    with transaction.atomic(durable=True):
        order = Order.objects.select_for_update().get(pk=order.pk)
        if page := _open_page(order):
            return page
        check_limits(buyer)
        items = items_now(order)
        check_shares(units_of(items), own={})
        terms = Terms.now()
        try:
            applied = discount.reserve_again(order, items, buyer, terms)
        except discount.NoLonger as error:
            raise NotAgain(str(error)) from error
        before = _delivered_for(order)
        additions = page_changes.offerable(order, items, applied, terms)
        besides = order.reopen("the customer pays again", if_left=page_changes.variants(additions))
        _use_prices(order, items, applied.lines if applied else {})
        order.language = buyer.language
        order.save(update_fields=["language"])
        additions = page_changes.had(additions, besides)
        session, request = new_session(
            order, buyer, account, terms, additions, renews=renewed(items)
        )
        try:
            delivery.check_promise(session.delivery, before, order.currency)
        except CartChanged as error:
            raise NotAgain(str(error)) from error
    page_calls.carry_out(request)
    session.refresh_from_db()
    return session


def may_pay_again(order: Order) -> bool:
    """Whether a press of the button leads to a payment page, as far as can be told before."""
    try:
        items_now(order)
    except (NotAgain, IllegalTransition):
        return False
    return True


def items_now(order: Order) -> list[Item]:
    """What was ordered, if all of it is still sold, at the same prices and within the limits.

    Raises NotAgain, or IllegalTransition when nothing is to be paid.
    """
    if order.status != Order.Status.PENDING and not can_move(order, Order.Status.PENDING):
        raise IllegalTransition(f"{order} is {order.status}: nothing is to be paid.")
    if order.status in OVER and _over_since(order) > AGAIN_FOR:
        raise NotAgain(_("Your order is some time ago. Please order anew what you still want."))
    lines = list(order.lines.select_related("variant__product", "price"))
    prices = {
        (price.variant_id, price.rhythm): price
        for price in Price.objects.filter(
            is_active=True,
            variant__in=[line.variant_id for line in lines],
            currency=order.currency,
        ).select_related("variant__product")
    }
    items = [_item(line, prices.get((line.variant_id, line.price.rhythm))) for line in lines]
    try:
        check_items(items)
        agreed = order.consent_to(WITHDRAWAL) or {}
        check_withdrawal((item.price.variant for item in items), agreed.get("text", ""))
        tax.check(order)
    except NOT_AGAIN as error:
        raise NotAgain(str(error)) from error
    return items


def _item(line: OrderLine, price: Price | None) -> Item:
    if price is None:
        raise NotAgain(_("%(thing)s is not for sale any more.") % {"thing": line.variant.name})
    named = line.unit_price if price.is_chosen else None
    if price.asked(named) != line.unit_price or price.trial_days != line.price.trial_days:
        raise NotAgain(
            _("%(thing)s has another price now. Please order anew what you still want.")
            % {"thing": line.variant.name}
        )
    return Item(price, line.quantity, named)


def _delivered_for(order: Order) -> Promise:
    """What was sent for nothing still is; what costs something is sent at the price of now."""
    last = order.checkout_sessions.order_by("-created_at").first()
    is_free = last is not None and delivery.cheapest_of(last.delivery) == 0
    return Promise(delivery=0) if is_free else NOTHING_SAID


def _over_since(order: Order) -> timedelta:
    """How long ago it ran out or failed."""
    last = order.transitions.order_by("-seq").first()
    return timezone.now() - (last.at if last else order.created_at)


def _open_page(order: Order) -> CheckoutSession | None:
    if order.cancel_requested_at is not None:
        return None
    return order.checkout_sessions.filter(status=CheckoutSession.Status.OPEN).first()


def _is_theirs(page: CheckoutSession, buyer: Buyer) -> bool:
    return page.is_opened_by(visitor=buyer.visitor, user=buyer.user)


def _use_prices(order: Order, items: list[Item], off: Mapping[int, int]) -> None:
    """The same amounts may stand in newer rows, by which Stripe knows them now; and more may be
    taken off, {line position: minor units}.
    """
    for line, item in zip(order.lines.all(), items, strict=True):
        less = off.get(line.position)
        if (line.price_id, line.discount) != (item.price.pk, less):
            OrderLine.objects.filter(pk=line.pk).update(price=item.price, discount=less)
