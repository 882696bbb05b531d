"""What Stripe has yet to be told of discounts: rows for new codes, changed terms and ended ones."""

import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch

from payments.models import DiscountSync
from payments.stripe.terms.discounts.terms import (
    code_parameters,
    coupon_parameters,
    digest_of,
    terms_of,
)
from shop import clock, work
from shop.catalog.models import Category, Product
from shop.models import Installation
from shop.orders.models import Discount

Kind = DiscountSync.Kind


def queue_all(account: str) -> list[DiscountSync]:
    """Rows for all that an account was not told; nothing counts there while no page takes codes.

    Called again and again, so that time, uses and accounts are noticed as well as what staff do.
    """
    wanted = _wanted() if settings.ALLOW_PROMOTION_CODES else {}
    live = {
        row.word: row
        for row in DiscountSync.objects.filter(account=account, kind=Kind.CODE, is_live=True)
    }
    rows = []
    for word in sorted({*wanted, *live}):
        discount, told = wanted.get(word), live.get(word)
        if not _is_told(told, discount):
            rows += _tell(word, told, discount, account)
    return rows


def _wanted() -> dict[str, Discount]:
    """Each word that may be typed on the page now, and what for."""
    found = Discount.objects.filter(is_active=True).prefetch_related(
        "amounts",
        "codes",
        Prefetch("products", Product.objects.only("pk")),
        Prefetch("categories", Category.objects.only("pk")),
    )
    now = clock.now()
    return {
        code.code: discount
        for discount in found
        if discount.works_on_page
        and (discount.starts_at is None or discount.starts_at <= now)
        and (discount.ends_at is None or discount.ends_at > now)
        and (discount.most_uses is None or discount.uses < discount.most_uses)
        for code in discount.codes.all()
        if code.is_active
    }


def _is_told(told: DiscountSync | None, discount: Discount | None) -> bool:
    if told is None or discount is None:
        return told is None and discount is None
    return told.discount_id == discount.pk and told.terms == terms_of(discount)


@transaction.atomic
def _tell(
    word: str, told: DiscountSync | None, discount: Discount | None, account: str
) -> list[DiscountSync]:
    """The former code ends, and another takes its place: Stripe has one active code per word."""
    rows = []
    if told is not None:
        DiscountSync.objects.filter(pk=told.pk).update(is_live=False)
        rows.append(_row(Kind.OFF, account, of=told, discount=told.discount, word=word))
    if discount is not None:
        coupon = _coupon(discount, account)
        rows.append(_code(word, coupon, discount))
    DiscountSync.objects.bulk_create(rows, ignore_conflicts=True)
    # Those that somebody else has written in this moment are left to them.
    written = list(
        DiscountSync.objects.filter(pk__in=[row.pk for row in rows]).order_by("created_at")
    )
    if written:
        work.ring(written)
    return written


def _coupon(discount: Discount, account: str) -> DiscountSync:
    """The row of the coupon with these terms, which may have been made long ago."""
    terms = terms_of(discount)
    row = _row(Kind.COUPON, account, discount=discount, terms=terms, digest=digest_of(terms))
    row.parameters = coupon_parameters(terms, row.pk.hex, _left(discount), _marks(discount))
    DiscountSync.objects.bulk_create([row], ignore_conflicts=True)
    made: DiscountSync = DiscountSync.objects.get(
        account=account, kind=Kind.COUPON, discount=discount, digest=row.digest
    )
    if made.pk == row.pk:
        made.ring()
    return made


def _code(word: str, coupon: DiscountSync, discount: Discount) -> DiscountSync:
    row = _row(Kind.CODE, coupon.account, of=coupon, discount=discount, word=word)
    row.terms, row.digest, row.is_live = coupon.terms, coupon.digest, True
    # A code allows no more than its coupon.
    left, most = _left(discount), coupon.parameters.get("max_redemptions")
    left = min(left, most) if left is not None and most is not None else left
    row.parameters = code_parameters(
        coupon.terms, coupon.parameters["id"], word, left, {**_marks(discount), "sync": str(row.pk)}
    )
    return row


def _row(kind: str, account: str, **more: Any) -> DiscountSync:
    row_id = uuid.uuid4()
    key = f"{Installation.current()}:discount:{row_id}:g1"
    return DiscountSync(id=row_id, kind=kind, account=account, key=key, **more)


def _left(discount: Discount) -> int | None:
    """How often it may still be used: what the cart has had, Stripe does not know."""
    return None if discount.most_uses is None else discount.most_uses - discount.uses


def _marks(discount: Discount) -> dict[str, str]:
    return {"shop": Installation.current(), "discount": str(discount.pk)}
