"""Whether a subscription is as somebody has asked for it."""

from datetime import UTC, datetime
from typing import Any

from payments.models import StripeRequest, Subscription
from shop import clock


def is_so(request: StripeRequest) -> bool:
    """Whether the row, as it was read last, is what the request wants it to be."""
    row = Subscription.objects.get(requests=request)
    if request.kind == StripeRequest.Kind.CANCEL_SUBSCRIPTION:
        return row.is_over
    return is_as(row, request.parameters)


def is_as(row: Subscription, wanted: dict[str, Any]) -> bool:
    """Whether the row is as these parameters of Stripe's would make it."""
    return all(_is(row, name, value) for name, value in wanted.items())


def _is(row: Subscription, name: str, wanted: Any) -> bool:
    match name:
        case "cancel_at_period_end":
            return bool(row.cancel_at_period_end == wanted)
        case "default_payment_method":
            return bool(row.stripe_payment_method_id == wanted)
        case "pause_collection" if wanted:
            same = row.resumes_at == _moment(wanted.get("resumes_at"))
            return row.paused_by == wanted["behavior"] and same
        case "pause_collection":
            return not row.paused_by
        case "items":
            return _are_items(row, wanted)
    # How it was to be billed leaves no trace in the subscription.
    return True


def _moment(seconds: int | None) -> datetime | None:
    """What is sent is told on the wall clock; see shop.clock."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC) + clock.offset()


def _are_items(row: Subscription, wanted: list[dict[str, Any]]) -> bool:
    items = {item.stripe_item_id: item for item in row.items.select_related("price")}
    for each in wanted:
        item = items.get(each["id"])
        if item is None or item.quantity != each["quantity"]:
            return False
        if "price" in each and (item.price is None or item.price.stripe_price_id != each["price"]):
            return False
    return True
