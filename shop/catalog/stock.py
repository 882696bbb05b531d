"""Stock moves by five verbs, each once per cause: reserve, commit, give back, restock, adjust.

Some of what was reserved may come back before the rest is settled, once for each variant.

Every verb writes the counters and the ledger in one transaction, variants in the order of their
ids, so that two buyers of the same things in another order cannot block each other.
"""

import uuid
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from shop.catalog.models import Stock, StockMovement, Variant

Kind = StockMovement.Kind

# Who takes so few takes them for themselves, however few there are.
AT_LEAST = 3

# The kind of cause by which a part of a reservation comes back; its id is that of the reservation.
NOT_BOUGHT = "not_bought"


class OutOfStock(Exception):
    """Fewer units are left than were asked for."""

    def __init__(self, variant: Variant, available: int) -> None:
        super().__init__(f"{variant.sku}: {available} left.")
        self.variant = variant
        self.available = available


def most_at_once(available: int) -> int:
    """How many of what is available one order may take: the last ones go to whoever comes."""
    return min(available, max(AT_LEAST, int(available * settings.CHECKOUT_MAX_SHARE)))


@transaction.atomic
def reserve(
    units: Mapping[int, int],
    *,
    cause_kind: str,
    cause_id: uuid.UUID,
    if_left: Collection[int] = (),
) -> set[int]:
    """Set units aside, {variant id: units}; and one of each variant `if_left`, as far as it is.

    Returns those of them that were. Raises OutOfStock, and then nothing is set aside.
    """
    wanted = {**dict.fromkeys(if_left, 1), **units}
    besides = set()
    for variant_id, quantity in sorted(wanted.items()):
        # One guarded UPDATE: no lock is held while anything is worked out.
        taken = Stock.objects.filter(
            variant_id=variant_id, reserved__lte=F("on_hand") + F("backorder") - quantity
        ).update(reserved=F("reserved") + quantity)
        if not taken and variant_id not in units:
            continue
        if not taken:
            raise _out_of_stock(variant_id)
        _note(variant_id, Kind.RESERVE, quantity, reserved=quantity, cause=(cause_kind, cause_id))
        if variant_id not in units:
            besides.add(variant_id)
    return besides


@transaction.atomic
def commit(*, cause_kind: str, cause_id: uuid.UUID) -> None:
    """Take what was reserved for this cause out of the stock, once.

    Raises OutOfStock when a stocktake has found too few; then nothing is taken.
    """
    for variant_id, quantity in outstanding(cause_kind=cause_kind, cause_id=cause_id).items():
        taken = Stock.objects.filter(
            variant_id=variant_id, on_hand__gte=quantity - F("backorder")
        ).update(on_hand=F("on_hand") - quantity, reserved=F("reserved") - quantity)
        if not taken:
            raise _out_of_stock(variant_id)
        _note(
            variant_id,
            Kind.COMMIT,
            quantity,
            on_hand=-quantity,
            reserved=-quantity,
            cause=(cause_kind, cause_id),
        )


@transaction.atomic
def give_back(
    *, cause_kind: str, cause_id: uuid.UUID, but: Mapping[int, int] = MappingProxyType({})
) -> None:
    """Undo a reservation once: committed units are restocked, reserved ones returned.

    `but` are the committed units that came back before, {variant id: units}.
    """
    committed = _moved(Kind.COMMIT, cause_kind, cause_id)
    restocked = _moved(Kind.RESTOCK, cause_kind, cause_id)
    for variant_id, quantity in committed.items():
        still_out = quantity - but.get(variant_id, 0)
        if still_out and variant_id not in restocked:
            restock(variant_id, still_out, cause_kind=cause_kind, cause_id=cause_id)
    for variant_id, quantity in outstanding(cause_kind=cause_kind, cause_id=cause_id).items():
        _return(variant_id, quantity, (cause_kind, cause_id))


@transaction.atomic
def give_back_but(needed: Mapping[int, int], *, cause_kind: str, cause_id: uuid.UUID) -> None:
    """Return what is still reserved for this cause beyond what is `needed`, {variant id: units}.

    The rest stays reserved. Once for each variant: of one of which some came back before, nothing
    more does.
    """
    before = _moved(Kind.RETURN, NOT_BOUGHT, cause_id)
    for variant_id, quantity in outstanding(cause_kind=cause_kind, cause_id=cause_id).items():
        rest = quantity - needed.get(variant_id, 0)
        if rest > 0 and variant_id not in before:
            _return(variant_id, rest, (NOT_BOUGHT, cause_id))


@transaction.atomic
def restock(
    variant_id: int, quantity: int, *, cause_kind: str, cause_id: uuid.UUID, actor: Any = None
) -> None:
    """Put sold units back on the shelf."""
    Stock.objects.filter(variant_id=variant_id).update(on_hand=F("on_hand") + quantity)
    _note(
        variant_id,
        Kind.RESTOCK,
        quantity,
        on_hand=quantity,
        cause=(cause_kind, cause_id),
        actor=actor,
    )


@transaction.atomic
def count_in(
    units: Mapping[int, int], *, reason: str, cause_kind: str, cause_id: uuid.UUID
) -> None:
    """The first count of variants without stock, {variant id: units}, in two statements."""
    rows = Stock.objects.bulk_create(
        [Stock(variant_id=pk, on_hand=quantity) for pk, quantity in sorted(units.items())]
    )
    StockMovement.objects.bulk_create(
        [
            StockMovement(
                stock=row,
                kind=Kind.ADJUST,
                quantity=row.on_hand,
                on_hand_delta=row.on_hand,
                reserved_delta=0,
                cause_kind=cause_kind,
                cause_id=cause_id,
                reason=reason,
            )
            for row in rows
            if row.on_hand
        ]
    )


@transaction.atomic
def count(
    units: Mapping[int, int], *, reason: str, cause_kind: str, cause_id: uuid.UUID
) -> list[Stock]:
    """Set what is on hand, {variant id: units}; returns the stocks that were left as they are.

    These have more units reserved than were counted: which order to call off is for staff.
    """
    left = []
    stocks = Stock.objects.select_for_update(of=("self",)).select_related("variant")
    for row in stocks.filter(variant_id__in=units).order_by("variant_id"):
        quantity = units[row.variant_id]
        if not row.covers_its_orders(quantity):
            left.append(row)
        elif delta := quantity - row.on_hand:
            adjust(row.variant_id, delta, reason=reason, cause_kind=cause_kind, cause_id=cause_id)
    return left


@transaction.atomic
def adjust(
    variant_id: int,
    delta: int,
    *,
    reason: str,
    cause_kind: str,
    cause_id: uuid.UUID,
    actor: Any = None,
) -> Stock:
    """Change what is on hand by `delta`, as a stocktake or a delivery does; returns the stock.

    Fewer units than are reserved raise the shortage, which the caller ends by cancelling orders;
    more units lower it. Raises ValueError below nothing on hand.
    """
    stock = Stock.objects.select_for_update().get(variant_id=variant_id)
    if stock.on_hand + delta < min(0, stock.on_hand):
        raise ValueError(f"Only {stock.on_hand} on hand; {delta:+} would leave less than nothing.")
    shortage = max(stock.reserved - (stock.on_hand + delta) - stock.backorder, 0)
    change = shortage - stock.shortage
    Stock.objects.filter(pk=stock.pk).update(
        on_hand=F("on_hand") + delta, shortage=F("shortage") + change
    )
    _note(
        variant_id,
        Kind.ADJUST,
        delta,
        on_hand=delta,
        shortage=change,
        cause=(cause_kind, cause_id),
        reason=reason,
        actor=actor,
    )
    stock.refresh_from_db()
    return stock


def outstanding(*, cause_kind: str, cause_id: uuid.UUID) -> dict[int, int]:
    """What is still reserved for this cause, in the order of variant ids."""
    settled = _moved(Kind.COMMIT, cause_kind, cause_id) | _moved(Kind.RETURN, cause_kind, cause_id)
    came_back = _moved(Kind.RETURN, NOT_BOUGHT, cause_id)
    reserved = {
        variant: units - came_back.get(variant, 0)
        for variant, units in _moved(Kind.RESERVE, cause_kind, cause_id).items()
        if variant not in settled
    }
    return {variant: units for variant, units in reserved.items() if units}


def is_taken(*, cause_kind: str, cause_id: uuid.UUID) -> bool:
    """Whether the units of this cause are out of the stock and set aside for it."""
    committed = _moved(Kind.COMMIT, cause_kind, cause_id)
    return bool(committed) and not _moved(Kind.RESTOCK, cause_kind, cause_id)


def _return(variant_id: int, quantity: int, cause: tuple[str, uuid.UUID]) -> None:
    stock = Stock.objects.select_for_update().get(variant_id=variant_id)
    found = min(quantity, stock.shortage)
    Stock.objects.filter(pk=stock.pk).update(
        reserved=F("reserved") - quantity, shortage=F("shortage") - found
    )
    _note(variant_id, Kind.RETURN, quantity, reserved=-quantity, shortage=-found, cause=cause)


def _moved(kind: StockMovement.Kind, cause_kind: str, cause_id: uuid.UUID) -> dict[int, int]:
    return dict(
        StockMovement.objects.filter(kind=kind, cause_kind=cause_kind, cause_id=cause_id)
        .order_by("stock__variant_id")
        .values_list("stock__variant_id", "quantity")
    )


def _note(
    variant_id: int,
    kind: StockMovement.Kind,
    quantity: int,
    *,
    cause: tuple[str, uuid.UUID],
    on_hand: int = 0,
    reserved: int = 0,
    shortage: int = 0,
    reason: str = "",
    actor: Any = None,
) -> None:
    StockMovement.objects.create(
        stock_id=Stock.objects.values_list("id", flat=True).get(variant_id=variant_id),
        kind=kind,
        quantity=quantity,
        on_hand_delta=on_hand,
        reserved_delta=reserved,
        shortage_delta=shortage,
        cause_kind=cause[0],
        cause_id=cause[1],
        reason=reason,
        actor_id=getattr(actor, "pk", None),
        actor_name=str(actor)[:150] if actor else "",
    )


def _out_of_stock(variant_id: int) -> OutOfStock:
    variant = Variant.objects.select_related("product", "stock").get(pk=variant_id)
    return OutOfStock(variant, variant.stock.available if hasattr(variant, "stock") else 0)
