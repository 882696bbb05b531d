"""Opening a payment page for a cart or for one thing.

Order, lines, units and the frozen parameters are committed before Stripe is called; no transaction
is open during the call.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from payments import policy, session_parameters, stripe_requests
from payments.checkout import delivery, discount, page_changes, subscriptions, tax
from payments.checkout.buyer import Buyer
from payments.checkout.cancellation import cancel
from payments.checkout.consent import check_withdrawal, consent_asked
from payments.checkout.items import (
    NOTHING_SAID,
    CartChanged,
    Item,
    Promise,
    check_items,
    total_of,
)
from payments.checkout.limits import check_limits, check_shares, key_of, tell_of_one_address
from payments.models import CheckoutSession, Customer, StripeRequest
from payments.settlement import next_look, page_calls
from shop.catalog import stock
from shop.catalog.models import Price
from shop.orders import currencies
from shop.orders.cart import raise_version
from shop.orders.cart_lines import set_aside
from shop.orders.delivery.terms import Terms
from shop.orders.models import Cart, Order, OrderLine, words_of
from shop.orders.questions.asked import asked


class AlreadyPaid(Exception):
    """The cart was paid in another tab; that order stands."""

    def __init__(self, session: CheckoutSession) -> None:
        super().__init__("This cart has been paid already.")
        self.session = session


def start(
    buyer: Buyer,
    items: Sequence[Item],
    *,
    cart: Cart | None = None,
    promised: Promise = NOTHING_SAID,
) -> CheckoutSession:
    """Make an order of the items and open a payment page for it.

    It costs no more than was `promised`. The same cart at the same version gives the same session,
    unless the cart promises more by now. Without an answer from Stripe the session has no address
    yet; its request goes on by itself. After a definite refusal its order is cancelled. Raises
    NothingToBuy, NotNamed, TooManyOfOne, CartChanged, AlreadyPaid, TooMany, OutOfStock,
    NotTogether, NotDelivered, NotTaxed, TaxNotReady, ConsentMissing.
    """
    check_items(items)
    agreed = check_withdrawal((item.price.variant for item in items), buyer.withdrawal)
    buyer = replace(buyer, withdrawal=agreed)
    if cart is not None:
        if _is_dearer_than(promised, cart):
            raise_version(cart)
        _give_up_older(cart)
    account = page_calls.account()
    tax.get_ready(items, buyer.country, account)
    session, request = _commit(buyer, items, cart, account, promised)
    if request is not None:
        page_calls.carry_out(request)
        tell_of_one_address(buyer)
    session.refresh_from_db()
    return session


def _is_dearer_than(promised: Promise, cart: Cart) -> bool:
    """Whether the page that is open for the cart as it is asks for more than the cart says now."""
    session = CheckoutSession.objects.filter(
        order__cart=cart, order__cart_version=cart.version, status=CheckoutSession.Status.OPEN
    ).first()
    if session is None:
        return False
    now = delivery.cheapest_of(session.delivery) or 0
    is_sent_for_more = promised.delivery is not None and now > promised.delivery
    return is_sent_for_more or session.discount.get("amount", 0) < promised.off


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
        close(session)


def close(session: CheckoutSession) -> None:
    """Have Stripe close a page now, as far as it answers.

    Raises AlreadyPaid when it was completed in the meantime: the paid order stands.
    """
    CheckoutSession.objects.filter(pk=session.pk).update(is_given_up=True)
    request = stripe_requests.ask_expiry(session)
    if request is not None:
        page_calls.carry_out(request)
    session.refresh_from_db()
    if session.status == CheckoutSession.Status.COMPLETE:
        raise AlreadyPaid(session)


@transaction.atomic(durable=True)
def _commit(
    buyer: Buyer, items: Sequence[Item], cart: Cart | None, account: str, promised: Promise
) -> tuple[CheckoutSession, StripeRequest | None]:
    """Order first, then units, then lines, session and request; or the session made before."""
    order = _new_order(buyer, items, cart)
    if cart is not None and not Order.objects.filter(pk=order.pk).exists():
        return _made_before(cart, buyer), None
    check_limits(buyer)
    check_shares(units_of(items), own=set_aside(cart) if cart else {})
    code = cart.code if cart else ""
    # Read once: what is taken off, offered besides and may be changed goes by the same.
    terms = Terms.now()
    applied = discount.reserve(order, items, buyer, terms, cart=cart, code=code, promised=promised)
    additions = page_changes.offerable(order, items, applied, terms)
    besides = stock.reserve(
        units_of(items),
        cause_kind="order",
        cause_id=order.reservation,
        if_left=page_changes.variants(additions),
    )
    off = applied.lines if applied else {}
    OrderLine.objects.bulk_create(
        [_line(order, position, item, off.get(position)) for position, item in enumerate(items, 1)]
    )
    additions = page_changes.had(additions, besides)
    session, request = new_session(
        order, buyer, account, terms, additions, by_place=True, renews=renewed(items)
    )
    delivery.check_promise(session.delivery, promised, order.currency)
    return session, request


def _new_order(buyer: Buyer, items: Sequence[Item], cart: Cart | None) -> Order:
    order = Order(
        currency=items[0].price.currency,
        cart=cart,
        cart_version=cart.version if cart else 0,
        bought_from=cart.pk if cart else None,
        user=buyer.user,
        visitor=buyer.visitor,
        language=buyer.language,
        country=buyer.country,
        subtotal=total_of(items).amount,
        # Of other orders it is chosen on the page.
        delivery_method_id=cart.delivery_method_id if cart and renewed(items) else None,
    )
    _keep_consent(order, buyer)
    # A second press waits here for the first one's commit, and then finds its order.
    Order.objects.bulk_create([order], ignore_conflicts=cart is not None)
    return order


def _keep_consent(order: Order, buyer: Buyer) -> None:
    order.keep_withdrawal(buyer.withdrawal)
    wish = buyer.reminder
    order.keep_reminder(wish.email if wish else "", wish.words if wish else "")


def _made_before(cart: Cart, buyer: Buyer) -> CheckoutSession:
    """The session of the first press; the box in the cart says what it says at this one."""
    pending = CheckoutSession.objects.filter(
        order__cart=cart, order__cart_version=cart.version, order__status=Order.Status.PENDING
    )
    session = pending.order_by("-created_at").first()
    if session is None:
        raise CartChanged(_("Your cart was bought or changed in another tab."))
    if order := session.order:
        _keep_consent(order, buyer)
        order.save(update_fields=["recovery_email", "consent"])
    return session


def renewed(items: Sequence[Item]) -> Price | None:
    """What the first costs each time, and so how often all of them are paid; None for once."""
    return items[0].price if items[0].price.rhythm else None


def units_of(items: Sequence[Item]) -> dict[int, int]:
    """How many of which variant: {variant id: units}."""
    units: dict[int, int] = {}
    for item in items:
        units[item.price.variant_id] = units.get(item.price.variant_id, 0) + item.quantity
    return units


def _line(order: Order, position: int, item: Item, off: int | None) -> OrderLine:
    variant = item.price.variant
    return OrderLine(
        order=order,
        position=position,
        variant=variant,
        price=item.price,
        sku=variant.sku,
        **words_of(variant),
        unit_amount=item.unit_price.amount,
        quantity=item.quantity,
        discount=off,
    )


def new_session(
    order: Order,
    buyer: Buyer,
    account: str,
    terms: Terms,
    additions: Sequence[page_changes.Addition] = (),
    *,
    by_place: bool = False,
    renews: Price | None = None,
) -> tuple[CheckoutSession, StripeRequest]:
    """The rows of a page for this order, opened by this buyer; inside the caller's transaction.

    `terms` of delivery are as the caller has read them in it. One unit of each of the `additions`
    is set aside. `by_place`: Stripe may choose its currency, where the shop leaves that to it.
    `renews`: it is a subscription, in the rhythm of this price.
    Raises NotDelivered, NotTaxed, TaxNotReady.
    """
    offered, taxed = tax.terms_of(order, account, terms)
    session = CheckoutSession(
        order=order,
        account=account,
        delivery=offered,
        tax=taxed,
        discount=discount.frozen(order),
        tax_ids=settings.TAX_IDS,
        questions=asked(order.language),
        consent=consent_asked(order.language),
        saving=session_parameters.terms_of_paying(order, renews=renews is not None),
        visitor=buyer.visitor,
        user=buyer.user,
        visitor_key=key_of(buyer),
        network=buyer.network,
        **next_look.of_new_page(),
    )
    if session.saving:
        session.customer = _customer(buyer, account)
    if renews is not None:
        session.mode = CheckoutSession.Mode.SUBSCRIPTION
        session.recurring = subscriptions.frozen(order, session, renews)
    else:
        session.changes = page_changes.frozen(order, session, additions, terms)
        # What may be changed there is known in the order's currency alone.
        if by_place and not session.changes:
            session.currencies = currencies.frozen(order, offered, taxed, session.discount, terms)
        if policy.invoiced_by_stripe(order, besides=session.besides, elsewhere=session.elsewhere):
            session.stripe_invoice = {"asked": True}
    session.save(force_insert=True)
    frozen = session_parameters.parameters_of(session, order)
    return session, stripe_requests.new_session_request(session, frozen)


def _customer(buyer: Buyer, account: str) -> Customer | None:
    mine = Customer.of(visitor=buyer.visitor, user=buyer.user)
    return mine.filter(account=account).order_by("-saved_at").first()
