"""Taking units off an order that is paid for less: what they are worth, and what becomes of them.

Units are named by their line: {line position: units}. In JSON the positions are strings.
"""

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from django.db import transaction

from shop.catalog import stock
from shop.money import Money
from shop.orders.models import Order, OrderLine, OrderReduction

# What a reduction's units are returned by; the order's own movements stay as they are.
CAUSE = "reduction"

# Lines with a number of units of each.
Counted: TypeAlias = list[tuple[int, OrderLine]]


class NotPossible(Exception):
    """What was asked cannot be done now; the message is a sentence for staff."""


def worth(order: Order, units: Mapping[int, int]) -> Money:
    """What the customer pays less without these units. Raises NotPossible.

    Something must be left to send: without anything the order is called off.
    """
    lines = {line.position: line for line in order.lines.all()}
    if not any(units.values()):
        raise NotPossible("Say what is left out.")
    for position, quantity in units.items():
        line = lines.get(position)
        if line is None:
            raise NotPossible(f"{order} has no line {position}.")
        if not 0 <= quantity <= line.left:
            raise NotPossible(f"{line.title}: at most {line.left} can be left out.")
    if all(line.left == units.get(position, 0) for position, line in lines.items()):
        raise NotPossible("Nothing would be left to send. Cancel the order instead.")
    off = (lines[position].worth_of(quantity) for position, quantity in units.items())
    return sum(off, Money(0, order.currency))


def parted(order: Order, units: Mapping[int, int]) -> tuple[Counted, Counted]:
    """The lines with how many units are left out of each, and with how many are sent."""
    lines = list(order.lines.all())
    left_out = [(units.get(line.position, 0), line) for line in lines]
    sent = [(line.left - number, line) for number, line in left_out]
    return [row for row in left_out if row[0]], [row for row in sent if row[0]]


@transaction.atomic
def write(
    order: Order,
    amount: Money,
    *,
    reason: str,
    units: Mapping[int, int] = MappingProxyType({}),
    written_off: bool = False,
    cause_id: uuid.UUID | None = None,
    actor_id: int | None = None,
    actor_name: str = "",
) -> OrderReduction:
    """Lower what is due by `amount`; the units leave their lines and go back on sale.

    Unless they are written off: then they stay out of the stock. Call it with the order locked.
    """
    reduction = OrderReduction.objects.create(
        order=order,
        amount=amount.amount,
        lines={str(position): quantity for position, quantity in units.items()},
        written_off=written_off,
        reason=reason,
        actor_id=actor_id,
        actor_name=actor_name,
    )
    for line in order.lines.filter(position__in=units):
        line.removed += units[line.position]
        line.save(update_fields=["removed"])
    # What has gone back with the whole order must not go back once more.
    is_out = stock.is_taken(cause_kind="order", cause_id=order.reservation)
    if is_out and not written_off and cause_id is not None:
        _restock(order, units, cause_id)
    return reduction


def _restock(order: Order, units: Mapping[int, int], cause_id: uuid.UUID) -> None:
    back: dict[int, int] = {}
    for line in order.lines.filter(position__in=units):
        back[line.variant_id] = back.get(line.variant_id, 0) + units[line.position]
    for variant_id, quantity in sorted(back.items()):
        stock.restock(variant_id, quantity, cause_kind=CAUSE, cause_id=cause_id)


def words_of(reduction: OrderReduction) -> list[str]:
    """What was taken off, as "1 × Kelp mug"."""
    lines = {str(line.position): line for line in reduction.order.lines.all()}
    return [
        f"{quantity} × {lines[position].title}" for position, quantity in reduction.lines.items()
    ]
