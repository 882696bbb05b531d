"""The story of one order: everything that happened to it, in the order in which it happened."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from fulfillment.digital.shown import all_deliveries
from fulfillment.models import Email, Shipment
from payments.models import (
    LaterCharge,
    MoneyAction,
    MoneyEntry,
    Payment,
    StripeRequest,
    WebhookEvent,
)
from shop.catalog import stock
from shop.catalog.models import LicenseKey, StockMovement
from shop.money import Money
from shop.orders import reduction
from shop.orders.models import Order
from shop.work import Work

# Of a much-visited order the newest are shown; nothing is lost, the lists of the rows hold all.
MOST_EVENTS = 200


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when, who did it, what, and whether it went wrong."""

    at: datetime
    who: str
    what: str
    detail: str = ""
    went_wrong: bool = False


def timeline(order: Order) -> list[Entry]:
    """All that is known, the oldest first."""
    sources = [_placed, _moves, _holds, _reductions, _stock, _actions, _requests, _money]
    sources += [_later, _deliveries, _parcels, _digital, _mails]
    return sorted(
        (entry for source in sources for entry in source(order)), key=lambda entry: entry.at
    )


def _placed(order: Order) -> Iterator[Entry]:
    who = order.user.email if order.user else "customer"
    yield Entry(
        order.created_at, who, "placed the order", str(Money(order.subtotal, order.currency))
    )
    if order.cancel_requested_at:
        who = order.cancel_actor_name or "shop"
        yield Entry(order.cancel_requested_at, who, "asked to cancel", order.cancelled_because)


def _moves(order: Order) -> Iterator[Entry]:
    for move in order.transitions.all():
        yield Entry(
            move.at, move.actor_name or "shop", f"order {move.before} → {move.after}", move.cause
        )


def _holds(order: Order) -> Iterator[Entry]:
    for hold in order.holds.all():
        yield Entry(hold.opened_at, hold.opened_by, f"put in review: {hold}", hold.note, True)
        if hold.closed_at:
            yield Entry(hold.closed_at, hold.closed_by, f"closed the review: {hold}")


def _reductions(order: Order) -> Iterator[Entry]:
    for row in order.reductions.all():
        amount = Money(row.amount, order.currency)
        fate = "written off" if row.written_off else ""
        # Before this was asked, settle took off by itself what Stripe had captured less.
        words = reduction.words_of(row) or (["everything is sent"] if row.actor_name else [])
        detail = " · ".join(filter(None, [*words, fate, row.reason]))
        yield Entry(row.at, row.actor_name or "shop", f"took off {amount}", detail)


def _stock(order: Order) -> Iterator[Entry]:
    moves = StockMovement.objects.filter(
        Q(cause_kind__in=["order", stock.NOT_BOUGHT], cause_id=order.reservation)
        | Q(cause_kind=reduction.CAUSE, cause_id__in=order.stripe_requests.values("pk"))
        | Q(cause_kind=reduction.CAUSE, cause_id__in=order.payments.values("pk"))
    )
    for move in moves.select_related("stock__variant"):
        units = f"{move.quantity} × {move.stock.variant.sku}"
        why = "not bought on the payment page" if move.cause_kind == stock.NOT_BOUGHT else ""
        yield Entry(move.at, "shop", f"stock: {move.kind}", " · ".join(filter(None, [units, why])))


def _actions(order: Order) -> Iterator[Entry]:
    for action in MoneyAction.objects.filter(order=order):
        detail = " · ".join(filter(None, [action.reason, action.actor_address]))
        yield Entry(action.at, action.actor_name, f"asked to {action.kind} {action.money}", detail)


def _later(order: Order) -> Iterator[Entry]:
    for charge in LaterCharge.objects.filter(order=order):
        detail = f"{charge.words} · agreed to {charge.consent_version}"
        yield Entry(charge.created_at, charge.actor_name, f"charged later: {charge}", detail)


def _requests(order: Order) -> Iterator[Entry]:
    for request in StripeRequest.objects.filter(order=order):
        words = request.kind.replace("_", " ")
        if request.finished_at:
            detail = " · ".join(filter(None, [request.result, request.stripe_request_id]))
            refused = request.is_refused
            yield Entry(request.finished_at, "Stripe", f"answered: {words}", detail, refused)
        else:
            yield _unfinished(request, f"request: {words}")


def _money(order: Order) -> Iterator[Entry]:
    for payment in Payment.objects.filter(order=order):
        if payment.authorized_at:
            amount = Money(payment.authorized_amount, payment.currency)
            yield Entry(payment.authorized_at, "Stripe", f"holds {amount}", str(payment))
        if payment.failure:
            yield Entry(payment.created_at, "Stripe", "payment failed", payment.failure, True)
    for entry in MoneyEntry.objects.filter(payment__order=order):
        words = entry.get_kind_display().lower()
        # A bank's decision moves nothing by itself.
        if entry.amount:
            words = f"{words}: {Money(abs(entry.amount), entry.currency)}"
        yield Entry(entry.at, "Stripe", words, entry.stripe_object_id)


def _deliveries(order: Order) -> Iterator[Entry]:
    events = WebhookEvent.objects.filter(metadata_order=str(order.pk)).defer("payload")
    for event in events.order_by("-created_at")[:MOST_EVENTS]:
        what = f"webhook: {event.type}"
        if event.finished_at:
            yield Entry(
                event.created_at, "Stripe", what, f"{event.stripe_event_id} · {event.result}"
            )
        else:
            yield _unfinished(event, what)


def _parcels(order: Order) -> Iterator[Entry]:
    for shipment in Shipment.objects.filter(order=order):
        yield Entry(shipment.created_at, "shop", "opened a shipment", str(shipment.pk))
        if shipment.shipped_at:
            detail = " ".join(filter(None, [shipment.carrier, shipment.tracking_number]))
            yield Entry(shipment.shipped_at, shipment.shipped_by or "shop", "shipped", detail)


def _digital(order: Order) -> Iterator[Entry]:
    deliveries = {one.pk: one for one in all_deliveries().filter(order=order)}
    for delivery in deliveries.values():
        sku, file = delivery.order_line.sku, delivery.file
        due = f"{delivery.keys_due} keys due" if delivery.keys_due else ""
        detail = " · ".join(filter(None, [sku, file.name if file else "", due]))
        yield Entry(delivery.delivered_at, "shop", "handed out", detail)
        if delivery.last_download_at:
            number = f"{delivery.downloads} of {delivery.downloads_allowed}"
            detail = f"{sku} · for the last time; {number}"
            yield Entry(delivery.last_download_at, "customer", "downloaded", detail)
    keys = LicenseKey.objects.filter(taken_for__in=[*deliveries]) if deliveries else []
    for (delivery_id, at), taken in Counter((key.taken_for, key.taken_at) for key in keys).items():
        if delivery_id and at:
            sku = deliveries[delivery_id].order_line.sku
            yield Entry(at, "shop", "keys taken", f"{sku} · {taken}")


def _mails(order: Order) -> Iterator[Entry]:
    for email in Email.objects.filter(order=order):
        what = f"mail: {email.get_template_display()}"
        if email.finished_at:
            yield Entry(email.finished_at, "shop", what, email.result)
        else:
            yield _unfinished(email, what)


def _unfinished(row: Work, what: str) -> Entry:
    dead = row.status == Work.Status.DEAD
    tries = "1 attempt" if row.attempts == 1 else f"{row.attempts} attempts"
    state = "given up" if dead else f"waiting, {tries}"
    detail = " · ".join(filter(None, [state, row.trouble[:200]]))
    return Entry(row.created_at, "shop", what, detail, dead or bool(row.last_error))
