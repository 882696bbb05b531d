"""From a cart to Stripe's payment page, and back when it is called off.

Order, lines, units and the frozen parameters are committed before Stripe is called; no transaction
is open during the call.
"""

import hashlib
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from payments import session_parameters, stripe_requests
from payments.models import CheckoutSession, Customer, Payment, StripeRequest
from payments.settlement import perform
from shop import clock, work
from shop.catalog import stock
from shop.catalog.models import Price, Product
from shop.money import MINIMUM_CHARGE, Money
from shop.orders.cart import TooManyOfOne
from shop.orders.chosen_amount import NotNamed
from shop.orders.models import Cart, Order, OrderLine
from shop.stripe_client import account
from shop.transitions import can_move

# Stripe's floor is 30 minutes; the rest is room for retrying the call while Stripe is away.
EXPIRES_AFTER = timedelta(minutes=45)
# Stripe takes at most 100 lines in payment mode.
MOST_LINES = 100
MOST_UNITS = 999


class NothingToBuy(Exception):
    """The cart is empty, or holds what cannot be bought; the message is for the customer."""


class CartChanged(Exception):
    """A price or the stock changed since the customer looked."""


class AlreadyPaid(Exception):
    """The cart was paid in another tab; that order stands."""

    def __init__(self, session: CheckoutSession) -> None:
        super().__init__("This cart has been paid already.")
        self.session = session


class TooMany(Exception):
    """This visitor started too many checkouts."""

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Item:
    """So many units at one of our current prices; where customers choose, at what was named."""

    price: Price
    quantity: int
    named: Money | None = None

    @property
    def unit_price(self) -> Money:
        return self.price.asked(self.named)


@dataclass(frozen=True)
class Buyer:
    """Who is buying: the browser session, what limits count by, the user if logged in, and what
    language they read.
    """

    visitor: uuid.UUID
    limit_key: str
    user: Any = None
    language: str = settings.LANGUAGE_CODE


def start(buyer: Buyer, items: Sequence[Item], *, cart: Cart | None = None) -> CheckoutSession:
    """Make an order of the items and open a payment page for it.

    The same cart at the same version gives the same session. Without an answer from Stripe the
    session has no address yet; its request goes on by itself. After a definite refusal its order
    is cancelled. Raises NothingToBuy, NotNamed, TooManyOfOne, CartChanged, AlreadyPaid, TooMany,
    OutOfStock.
    """
    _check_items(items)
    if cart is not None:
        _give_up_older(cart)
    at = account()
    session, request = _commit(buyer, items, cart, at)
    if request is not None:
        work.run(StripeRequest, request.pk, perform.perform)
    session.refresh_from_db()
    return session


def pay_again(order: Order, buyer: Buyer) -> CheckoutSession:
    """A new payment page for an order whose payment failed or ran out.

    Pressed twice it gives the same page. Raises IllegalTransition when nothing is to be paid,
    OutOfStock, TooMany.
    """
    at = account()
    with transaction.atomic(durable=True):
        order = Order.objects.select_for_update().get(pk=order.pk)
        if open_page := _open_page(order):
            return open_page
        _check_limits(buyer)
        order.reopen("the customer pays again")
        # What is owed, by whom and where it goes is told anew by the page that gets paid.
        order.total, order.language = None, buyer.language
        order.save(update_fields=["total", "language"])
        session, request = _new_session(order, buyer, at)
    work.run(StripeRequest, request.pk, perform.perform)
    session.refresh_from_db()
    return session


def _open_page(order: Order) -> CheckoutSession | None:
    if order.cancel_requested_at is not None:
        return None
    return order.checkout_sessions.filter(status=CheckoutSession.Status.OPEN).first()


def items_of(cart: Cart) -> list[Item]:
    """What is in the cart, at the current prices. Raises CartChanged when one was not seen yet."""
    lines = cart.lines.select_related("variant__product")
    prices = {
        price.variant_id: price
        for price in Price.objects.current()
        .filter(
            variant__in=[line.variant_id for line in lines],
            currency__in={line.currency for line in lines},
        )
        .select_related("variant__product")
    }
    items = []
    for line in lines:
        price = prices.get(line.variant_id)
        if price is None or price.asked(line.named) != line.seen:
            raise CartChanged(
                _("%(thing)s has changed since you put it in the cart.")
                % {"thing": line.variant.name}
            )
        items.append(Item(price, line.quantity, line.named))
    return items


@transaction.atomic
def cancel(order: Order, *, reason: Order.CancelReason, note: str = "", actor: Any = None) -> None:
    """Call the order off: records the wish, then expires, releases or refunds.

    Settle ends the order once Stripe says that no money is left in it; an order without any ends
    at once. Does nothing when it has ended or was called off already.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    if not can_move(order, Order.Status.CANCELLED) or order.cancel_requested_at is not None:
        return
    order.cancel_requested_at = timezone.now()
    order.cancel_reason, order.cancel_note = reason, note[:200]
    order.save(update_fields=["cancel_requested_at", "cancel_reason", "cancel_note"])
    sessions = order.checkout_sessions.filter(status=CheckoutSession.Status.OPEN)
    for session in sessions:
        stripe_requests.ask_expiry(session)
    payment = order.payments.filter(
        purpose=Payment.Purpose.CHECKOUT, status__in=Payment.LIVE
    ).first()
    if payment is not None:
        stripe_requests.send_back(payment, reason=order.cancelled_because, actor=actor)
    elif not sessions:
        order.cancel(order.cancelled_because, actor=actor)


# -- before anything is written --------------------------------------------------------------------


def _check_items(items: Sequence[Item]) -> None:
    if not items:
        raise NothingToBuy(_("Your cart is empty."))
    if len(items) > MOST_LINES:
        raise NothingToBuy(
            _("An order has at most %(most)s different things.") % {"most": MOST_LINES}
        )
    for item in items:
        if not (1 <= item.quantity <= MOST_UNITS):
            raise NothingToBuy(
                _("The quantity is a whole number from 1 to %(most)s.") % {"most": MOST_UNITS}
            )
        if not item.price.is_active or not _is_on_sale(item.price):
            raise NothingToBuy(
                _("%(thing)s is not for sale any more.") % {"thing": item.price.variant.name}
            )
        if item.price.is_chosen and item.named not in {None, item.unit_price}:
            raise NotNamed(item.price)
    _check_limits_of_products(items)
    total = _total(items)
    smallest = Money(MINIMUM_CHARGE.get(total.currency, 0), total.currency)
    if total and total < smallest:
        raise NothingToBuy(_("The smallest order is %(amount)s.") % {"amount": smallest})


def _check_limits_of_products(items: Sequence[Item]) -> None:
    """What the cart refuses is refused here too: it may be older than the limit."""
    wanted: Counter[Product] = Counter()
    for item in items:
        wanted[item.price.variant.product] += item.quantity
    for product, quantity in wanted.items():
        if product.most_per_order is not None and quantity > product.most_per_order:
            raise TooManyOfOne(product)


def _is_on_sale(price: Price) -> bool:
    variant = price.variant
    return variant.is_active and variant.product.status == variant.product.Status.ACTIVE


def _total(items: Sequence[Item]) -> Money:
    total = Money.zero(items[0].price.currency)
    for item in items:
        total += item.unit_price * item.quantity
    return total


def _give_up_older(cart: Cart) -> None:
    """A changed cart first expires the session of what it held before.

    Raises AlreadyPaid when that one was completed in the meantime: the paid order stands.
    """
    older = CheckoutSession.objects.filter(
        order__cart=cart, status=CheckoutSession.Status.OPEN
    ).exclude(order__cart_version=cart.version)
    for session in older:
        if session.stripe_session_id is None and session.order is not None:
            # Its answer is still to come: it ends as soon as it is there.
            cancel(session.order, reason=Order.CancelReason.CART_CHANGED)
            continue
        request = stripe_requests.ask_expiry(session)
        if request is not None:
            work.run(StripeRequest, request.pk, perform.perform)
        session.refresh_from_db()
        if session.status == CheckoutSession.Status.COMPLETE:
            raise AlreadyPaid(session)


# -- one transaction -------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def _commit(
    buyer: Buyer, items: Sequence[Item], cart: Cart | None, at: str
) -> tuple[CheckoutSession, StripeRequest | None]:
    """Order first, then units, then lines, session and request; or the session made before."""
    order = _new_order(buyer, items, cart)
    if cart is not None and not Order.objects.filter(pk=order.pk).exists():
        return _made_before(cart), None
    _check_limits(buyer)
    stock.reserve(_units(items), cause_kind="order", cause_id=order.reservation)
    OrderLine.objects.bulk_create(
        [_line(order, position, item) for position, item in enumerate(items, 1)]
    )
    return _new_session(order, buyer, at)


def _new_order(buyer: Buyer, items: Sequence[Item], cart: Cart | None) -> Order:
    order = Order(
        currency=items[0].price.currency,
        cart=cart,
        cart_version=cart.version if cart else 0,
        user=buyer.user,
        visitor=buyer.visitor,
        language=buyer.language,
        subtotal=_total(items).amount,
    )
    # A second press waits here for the first one's commit, and then finds its order.
    Order.objects.bulk_create([order], ignore_conflicts=cart is not None)
    return order


def _made_before(cart: Cart) -> CheckoutSession:
    pending = CheckoutSession.objects.filter(
        order__cart=cart, order__cart_version=cart.version, order__status=Order.Status.PENDING
    )
    session = pending.order_by("-created_at").first()
    if session is None:
        raise CartChanged(_("Your cart was bought or changed in another tab."))
    return session


def _units(items: Sequence[Item]) -> dict[int, int]:
    units: dict[int, int] = {}
    for item in items:
        units[item.price.variant_id] = units.get(item.price.variant_id, 0) + item.quantity
    return units


def _line(order: Order, position: int, item: Item) -> OrderLine:
    variant = item.price.variant
    return OrderLine(
        order=order,
        position=position,
        variant=variant,
        price=item.price,
        sku=variant.sku,
        # The shop's own words: staff pack by them, and so it stands at Stripe.
        title=variant.product.title,
        choice=variant.choice[:255],
        unit_amount=item.unit_price.amount,
        quantity=item.quantity,
    )


def _new_session(order: Order, buyer: Buyer, at: str) -> tuple[CheckoutSession, StripeRequest]:
    expires_at = timezone.now().replace(microsecond=0) + EXPIRES_AFTER
    session = CheckoutSession.objects.create(
        order=order,
        account=at,
        customer=_customer(buyer, at),
        visitor_key=buyer.limit_key,
        expires_at=expires_at,
        due_at=expires_at + clock.offset(),
    )
    frozen = session_parameters.of_session(session, order)
    return session, stripe_requests.new_session_request(session, frozen)


def _customer(buyer: Buyer, at: str) -> Customer | None:
    if not settings.PAYMENT_METHOD_SAVE:
        return None
    mine = {"user": buyer.user} if buyer.user else {"visitor": buyer.visitor, "user": None}
    return Customer.objects.filter(account=at, **mine).order_by("-created_at").first()


def _check_limits(buyer: Buyer) -> None:
    """At most so many checkouts a minute, and so many that hold units at a time."""
    with connection.cursor() as cursor:
        # One at a time per visitor, or many at once would all count too few.
        digest = hashlib.sha256(buyer.limit_key.encode()).digest()[:8]
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest, "big", signed=True)]
        )
    mine = CheckoutSession.objects.filter(visitor_key=buyer.limit_key)
    minute_ago = timezone.now() - timedelta(minutes=1)
    if mine.filter(created_at__gt=minute_ago).count() >= settings.CHECKOUT_RATE_LIMIT:
        raise TooMany(_("You have started many checkouts. Please wait a minute."), retry_after=60)
    if mine.filter(status=CheckoutSession.Status.OPEN).count() >= settings.CHECKOUT_OPEN_HOLDS:
        raise TooMany(
            _("You have several open checkouts. Finish or leave one before you start another."),
            retry_after=600,
        )
