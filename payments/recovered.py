"""A page that Stripe copied from one of ours after that one's end: whose it is, and whether its
order still stands.

Where the shop allows it (CHECKOUT_RECOVERY=stripe) an expired page leads to such a copy for thirty
days. Nobody here hears of it before it is paid, and meanwhile nothing was set aside for it.
"""

from django.conf import settings

from payments.models import CheckoutSession
from payments.stripe import gateway
from shop.catalog.models import Price
from shop.money import Money
from shop.orders.chosen_amount import NotNamed
from shop.orders.delivery.terms import Terms, goods_of
from shop.orders.models import Order, OrderLine
from shop.orders.tax import mode
from shop.orders.tax.due import Due, Line
from shop.orders.tax.rates import Rates

Status = CheckoutSession.Status
# A copy runs out as well, and is copied in its turn; more often than so nobody has left.
MOST_COPIES = 9


class NotPaid(Exception):
    """It is a copy of one of our pages, and nobody has finished it."""


def adopt(stripe_session_id: str, account: str) -> CheckoutSession | None:
    """Our row of a copy that a customer has finished, made where there is none yet.

    None for what is no copy of a page of ours. Raises NotPaid, Refused, OutcomeUnknown.
    """
    facts = gateway.read_session(stripe_session_id)
    original = _original(facts.recovered_from, account)
    if original is None:
        return None
    if facts.status != Status.COMPLETE:
        raise NotPaid(f"{stripe_session_id} is {facts.status}.")
    copied = (
        "order", "mode", "delivery", "tax", "tax_ids", "currencies", "changes", "questions",
        "consent", "saving", "expires_at", "due_at",
    )  # fmt: skip
    copy, _ = CheckoutSession.objects.get_or_create(
        account=account,
        stripe_session_id=stripe_session_id,
        defaults={
            "status": Status.COMPLETE,
            "recovered_from": original,
            "discount": {"on_page": True} if settings.CHECKOUT_RECOVERY_PROMOTION_CODES else {},
            **{name: getattr(original, name) for name in copied},
        },
    )
    return copy


def _original(stripe_session_id: str, account: str) -> CheckoutSession | None:
    """The page of ours at which a line of copies begins."""
    ours = CheckoutSession.objects.select_related("order").filter(account=account)
    for _ in range(MOST_COPIES):
        if not stripe_session_id:
            return None
        if known := ours.filter(stripe_session_id=stripe_session_id).first():
            return known
        stripe_session_id = gateway.read_session(stripe_session_id).recovered_from
    return None


def what_has_changed(order: Order, copy: CheckoutSession) -> str:
    """Why the order is no longer what was paid on the copy, for staff; empty while it is."""
    original = copy.recovered_from
    if original is None or original.is_given_up:
        return "The shop itself had closed the page of which it is a copy."
    lines = list(order.lines.select_related("variant__product"))
    for line in lines:
        line.order = order
    if not _prices_stand(order, lines):
        return "What was ordered is sold at another price now, or not any more."
    if copy.delivery and not _delivery_stands(order, lines):
        return "It is delivered on other terms now."
    if not _tax_stands(order, copy, lines):
        return "Other tax is due on it now."
    return ""


def _prices_stand(order: Order, lines: list[OrderLine]) -> bool:
    current = Price.objects.current().filter(currency=order.currency)
    prices = {
        price.variant_id: price
        for price in current.filter(variant__in=[line.variant_id for line in lines])
    }
    return all(_price_stands(line, prices.get(line.variant_id)) for line in lines)


def _price_stands(line: OrderLine, price: Price | None) -> bool:
    try:
        return price is not None and line.unit_price == price.asked(
            line.unit_price if price.is_chosen else None
        )
    except NotNamed:
        return False


def _delivery_stands(order: Order, lines: list[OrderLine]) -> bool:
    """Whether the method that was chosen is still offered there at what was paid for it."""
    bought = [line for line in lines if not line.variant.product.is_given]
    value = sum((line.amount for line in bought), Money.zero(order.currency))
    goods = goods_of(value, [(line.variant, line.quantity) for line in bought])
    country = str(order.shipping_address.get("country") or "")
    offers = Terms.now().offers(country, goods) if goods else []
    return (order.delivery_method_id, order.shipping) in [
        (offer.method.pk, offer.amount.amount) for offer in offers
    ]


def _tax_stands(order: Order, copy: CheckoutSession, lines: list[OrderLine]) -> bool:
    """Whether the very same rates are due; what was used of them never changes."""
    if copy.is_taxed_by_stripe:
        return mode.is_by_stripe()
    if not mode.is_on() or not copy.tax:
        return not mode.is_on() and not copy.tax
    bought = [Line.of(line.position, line.variant, line.amount.amount) for line in lines]
    due = Due.of(Rates.now(), copy.tax["country"], order.currency, bought)
    return due is not None and {str(rate.pk) for rate in due.rates} == set(copy.tax["rates"])
