"""What else a subscription could be: other variants of its product, other quantities."""

from payments.models import Subscription, SubscriptionItem
from shop.catalog.models import Price

# What one may have of a thing each time.
MOST = 99


def item_to_change(subscription: Subscription, item_id: str = "") -> SubscriptionItem | None:
    """The item of this number, else the first, of those that are goods sold here still."""
    items = [item for item in subscription.items.all() if is_changeable(item)]
    if not item_id:
        return items[0] if items else None
    return next((item for item in items if str(item.pk) == item_id), None)


def is_changeable(item: SubscriptionItem) -> bool:
    """Delivery follows the goods; what is sold no more goes on as it is."""
    return not item.is_delivery and item.variant is not None and item.variant.is_on_sale


def plans(item: SubscriptionItem) -> list[Price]:
    """The prices that could be put in place of its own.

    In another rhythm only where nothing else stands beside it: one subscription has one rhythm.
    """
    subscription = item.subscription
    if item.variant is None:
        return []
    prices = Price.objects.recurring().filter(
        variant__product=item.variant.product_id,
        variant__is_active=True,
        currency=subscription.currency,
        is_chosen=False,
        stripe_account=subscription.account,
    )
    is_alone = len(subscription.items.all()) == 1
    if not is_alone:
        prices = prices.filter(interval=item.interval, interval_count=item.interval_count)
    found = prices.exclude(stripe_price_id="").select_related("variant__product")
    return [price for price in found if price.pk != item.price_id]
