"""Whether the feed still says what it said: a fingerprint of all rows and settings that it shows.

It is worked out from the rows themselves, not from moments that somebody has to keep: whatever
changes a picture, a variant or a category's name, in the admin, in an import or from Stripe, is
seen. It costs one statement, a small part of what writing the feed costs.
"""

import hashlib
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from redis.exceptions import RedisError

from shop.models import Installation

log = structlog.get_logger(__name__)

# Sums of hashes do not depend on the order in which rows are read.
SHOWN = """
    SELECT concat_ws(' ',
        (SELECT concat(count(*), ':', sum(hashtextextended(row(id, slug, title, description, vendor,
            category_id, option_names)::text, 0))) FROM catalog_product WHERE status = 'active'),
        (SELECT concat(count(*), ':', sum(hashtextextended(row(id, product_id, sku, option_values,
            position, image_id)::text, 0))) FROM catalog_variant WHERE is_active),
        (SELECT concat(count(*), ':', sum(hashtextextended(row(id, product_id, position, name,
            widths)::text, 0))) FROM catalog_image),
        (SELECT concat(count(*), ':', sum(hashtextextended(row(variant_id, unit_amount,
            regular_amount)::text, 0))) FROM catalog_price
            WHERE is_active AND interval = '' AND currency = %s),
        (SELECT concat(count(*), ':', sum(hashtextextended(row(variant_id,
            on_hand + backorder > reserved)::text, 0))) FROM catalog_stock),
        (SELECT concat(count(*), ':', sum(hashtextextended(row(id, parent_id, name)::text, 0)))
            FROM catalog_category)
    )
"""


def fingerprint() -> str:
    """The feed's ETag."""
    with connection.cursor() as cursor:
        cursor.execute(SHOWN, [settings.DEFAULT_CURRENCY])
        (rows,) = cursor.fetchone()
    told = f"{rows} {settings.SHOP_NAME} {settings.SITE_URL} {settings.DEFAULT_CURRENCY}"
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def changed_at(tag: str) -> datetime | None:
    """Since when the feed has this fingerprint; None while there is no memory of it.

    The moment is kept in the cache: where that is lost, the feed is sent once more than needed.
    """
    now = timezone.now().replace(microsecond=0)
    key = f"google-feed:{Installation.current()}"
    try:
        known_tag, since = cache.get(key) or ("", now)
        if known_tag == tag:
            return since
        # Two changes within a second must not share it, for HTTP knows no finer moments.
        moment = max(now, since + timedelta(seconds=1)) if known_tag else now
        cache.set(key, (tag, moment), timeout=None)
    except RedisError as error:
        log.warning("the feed's moment is not known", why=str(error))
        return None
    return moment
