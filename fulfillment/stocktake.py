"""A stocktake, and what it does to the orders that hold what is not there.

Locks go orders by id, then payments, then stock.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from fulfillment import shipping
from payments import checkout
from payments.capture_queue import one_time_buttons
from shop.catalog import stock
from shop.catalog.models import Stock, StockMovement, Variant
from shop.orders.models import Order, OrderLine


class OrdersHitHaveChanged(Exception):
    """Other orders than those that were foretold would be called off now."""


class NeedsMoneyRight(Exception):
    """Calling the orders off moves money that the person may not move; the message says which."""


@dataclass(frozen=True)
class Hit:
    """An order that a stocktake would call off, and how many units of the variant it holds."""

    order: Order
    units: int


def orders_hit(variant: Variant, delta: int) -> list[Hit]:
    """Which orders an adjustment by `delta` would call off, the youngest first.

    As many as it takes until what is reserved can be had again. Orders that are ending anyway
    count as given back.
    """
    counted = Stock.objects.get(variant=variant)
    reserved = _reserved(counted)
    holding = Order.objects.filter(reservation__in=reserved.values("cause_id"))
    ending = holding.exclude(cancel_requested_at=None).values("reservation")
    staying = reserved.exclude(cause_id__in=ending)
    back = _came_back(counted).filter(cause_id__in=staying.values("cause_id"))
    missing = _units(staying) - _units(back) - max(counted.on_hand + delta + counted.backorder, 0)
    if missing <= 0:
        return []
    hits = []
    youngest_first = holding.filter(cancel_requested_at=None).order_by("-created_at", "-id")
    came_back = _came_back(counted).filter(cause_id=OuterRef("cause_id")).values("quantity")
    held = F("quantity") - Coalesce(Subquery(came_back[:1]), 0)
    units = reserved.filter(cause_id=OuterRef("reservation")).values(units=held)
    with_units: Any = youngest_first.annotate(holds_units=Subquery(units))
    for order in with_units.iterator(chunk_size=100):
        hits.append(Hit(order, order.holds_units))
        missing -= order.holds_units
        if missing <= 0:
            break
    return hits


def _reserved(counted: Stock) -> "QuerySet[StockMovement]":
    """What set units aside for orders that hold them and have not taken them yet.

    Not what a payment page only offers beside the order's lines: nobody has bought it.
    """
    kind = StockMovement.Kind
    moves = StockMovement.objects.filter(stock=counted, cause_kind="order")
    settled = moves.filter(kind__in=[kind.COMMIT, kind.RETURN], cause_id=OuterRef("cause_id"))
    lines = OrderLine.objects.filter(
        order__reservation=OuterRef("cause_id"), variant=counted.variant_id
    )
    return moves.filter(~Exists(settled), Exists(lines), kind=kind.RESERVE)


def _came_back(counted: Stock) -> "QuerySet[StockMovement]":
    """What of these was not bought in the end."""
    return StockMovement.objects.filter(stock=counted, cause_kind=stock.NOT_BOUGHT)


def _units(moves: "QuerySet[StockMovement]") -> int:
    return int(moves.aggregate(units=Coalesce(Sum("quantity"), 0))["units"])


@transaction.atomic
def adjust(
    variant: Variant,
    delta: int,
    *,
    reason: str,
    cause_id: uuid.UUID,
    foretold: list[str],
    actor: Any,
    address: str = "",
) -> list[Order]:
    """Change what is on hand by `delta` and call off the orders that it leaves without stock.

    `foretold` are the numbers of the orders that staff were shown. Raises OrdersHitHaveChanged when
    they are others by now, NeedsMoneyRight, and ValueError when less than nothing would be on hand.
    """
    orders = sorted(hit.order.pk for hit in orders_hit(variant, delta))
    for order_id in orders:
        shipping.lock(order_id)
    # Locked before the second look, so that no buyer comes between; and with it all that the orders
    # give back, in the order in which everybody takes units: two stocktakes, or a stocktake and a
    # buyer, would wait for each other.
    _lock_stock(variant, orders)
    hit_now = [hit.order for hit in orders_hit(variant, delta)]
    numbers = sorted(order.number for order in hit_now)
    # One that came in between is not locked yet, and would be locked too late.
    if numbers != sorted(foretold) or not {order.pk for order in hit_now} <= set(orders):
        raise OrdersHitHaveChanged(", ".join(order.number for order in hit_now) or "none")
    if missing := missing_right(hit_now, actor):
        raise NeedsMoneyRight(missing)
    stock.adjust(
        variant.pk, delta, reason=reason, cause_kind="stocktake", cause_id=cause_id, actor=actor
    )
    for order in hit_now:
        checkout.cancel(
            order,
            reason=Order.CancelReason.OUT_OF_STOCK,
            note=reason,
            actor=actor,
            address=address,
        )
    return hit_now


def _lock_stock(variant: Variant, orders: list[uuid.UUID]) -> None:
    """The stock of the variant and of all that the orders hold, by the variants' ids."""
    reservations = Order.objects.filter(pk__in=orders).values("reservation")
    held = StockMovement.objects.filter(cause_id__in=reservations).values_list(
        "stock__variant_id", flat=True
    )
    rows = Stock.objects.filter(variant__in={variant.pk, *held})
    list(rows.order_by("variant_id").select_for_update())


def missing_right(orders: Iterable[Order], actor: Any) -> str:
    """Why the person may not call these orders off, as a sentence; empty when they may."""
    wanted = sorted(
        right for right in checkout.rights_to_cancel(orders) if actor and not actor.has_perm(right)
    )
    verbs = " and ".join(right.removeprefix("payments.").split("_")[0] for right in wanted)
    return f"Calling them off needs the permission to {verbs} payments." if wanted else ""


@transaction.atomic
def adjust_once(
    variant: Variant,
    delta: int,
    *,
    reason: str,
    foretold: list[str],
    nonce: str,
    actor: Any,
    address: str = "",
) -> list[Order]:
    """`adjust` for a button, whose press counts once. Raises AlreadyPressed, too."""
    one_time_buttons.use(nonce, actor)
    return adjust(
        variant,
        delta,
        reason=reason,
        cause_id=uuid.UUID(nonce),
        foretold=foretold,
        actor=actor,
        address=address,
    )
