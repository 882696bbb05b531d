"""Codes that somebody made at Stripe, as in its Dashboard, become discounts of the shop.

Whatever an event tells, the code is read as it is now.
"""

from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from payments.models import DiscountSync
from payments.stripe.errors import Refused, translated
from payments.stripe.terms.discounts.meaning import Meant, meant_by, why_not_ours
from payments.stripe.terms.discounts.terms import digest_of, terms_of
from shop import clock, stripe_client, work
from shop.catalog.stripe_sync.pull import is_echo
from shop.models import Installation
from shop.orders.models import Discount, DiscountCode
from shop.orders.models.discounts.words import LONGEST_CODE, skeleton
from shop.work import Outcome

Kind = DiscountSync.Kind
EXPAND = [
    "promotion.coupon.applies_to",
    "promotion.coupon.currency_options",
    "restrictions.currency_options",
]

log = structlog.get_logger(__name__)


def take_event(event: dict[str, Any]) -> str:
    """What a `promotion_code.*` or `coupon.*` event is about; what came of it, in words."""
    if not settings.ALLOW_PROMOTION_CODES:
        return "ignored: the payment page takes no codes"
    if is_echo(event, Installation.current()):
        return "ignored: our own change"
    told = event["data"]["object"]
    if told["object"] == "promotion_code":
        return take(told["id"])
    return "; ".join(take(code) for code in _codes_of(told["id"])) or "ignored: it has no code"


def _codes_of(coupon_id: str) -> list[str]:
    """The promotion codes of a coupon, also of one that was deleted."""
    known = DiscountSync.objects.filter(
        account=stripe_client.account(), kind=Kind.CODE, parameters__promotion__coupon=coupon_id
    ).exclude(stripe_id="")
    found = list(known.values_list("stripe_id", flat=True))
    try:
        with translated():
            api = stripe_client.client(retries=2).v1.promotion_codes
            listed = api.list({"coupon": coupon_id, "limit": 100})
            found += [code.id for code in listed.auto_paging_iter()]
    except Refused as error:
        if error.code != "resource_missing":
            raise
    return list(dict.fromkeys(found))


def take(stripe_id: str) -> str:
    """Bring the shop's discount of this promotion code in line with it; what came of it."""
    account = stripe_client.account()
    code = _read(stripe_id)
    if code is None:
        return "gone at Stripe"
    if not code["active"]:
        _let_ours_try_again(code["code"], account)
    rows = DiscountSync.objects.filter(account=account, kind=Kind.CODE, stripe_id=stripe_id)
    row = rows.select_related("discount").first()
    if row is not None and row.discount is not None:
        return _follow(row, row.discount, code)
    if code["metadata"].get("shop") == Installation.current():
        return "ignored: our own"
    return _take_over(code, account) if code["active"] else "ignored: not active"


def _read(stripe_id: str) -> dict[str, Any] | None:
    try:
        with translated():
            api = stripe_client.client().v1.promotion_codes
            return stripe_client.plain(api.retrieve(stripe_id, {"expand": EXPAND}))
    except Refused as error:
        if error.code != "resource_missing":
            raise
        return None


def _let_ours_try_again(word: str, account: str) -> None:
    """A word of ours that Stripe refused, as it was theirs, may be free now: the sweep asks."""
    DiscountSync.objects.filter(
        account=account, kind=Kind.CODE, word=word.upper(), is_live=True, outcome=Outcome.REFUSED
    ).update(is_live=False)


@transaction.atomic
def _follow(row: DiscountSync, discount: Discount, code: dict[str, Any]) -> str:
    ours = DiscountCode.objects.filter(code=row.word, discount=discount)
    if not code["active"]:
        if not row.is_live or _has_ended(code):
            return "in step"
        ours.update(is_active=False)
        DiscountSync.objects.filter(pk=row.pk).update(is_live=False)
        return "switched off here, too"
    is_same = discount.works_on_page and terms_of(discount) == row.terms
    if not row.is_live:
        if not is_same or not ours.update(is_active=True):
            return "left alone: the shop has other terms for it"
        DiscountSync.objects.filter(pk=row.pk).update(is_live=True)
        return "switched on here, too"
    meant = meant_by(code)
    if row.outcome == Outcome.TAKEN_OVER and is_same and not why_not_ours(code):
        _write(discount, meant)
        _agree(row, discount)
    return "in step" if terms_of(discount) == row.terms else "left alone: changed here, too"


def _has_ended(code: dict[str, Any]) -> bool:
    """Whether it is over by its own terms; else somebody has switched it off."""
    coupon, most = code["promotion"]["coupon"], code["max_redemptions"]
    is_late = bool(code["expires_at"]) and code["expires_at"] <= clock.now().timestamp()
    is_used_up = most is not None and code["times_redeemed"] >= most
    return is_late or is_used_up or (isinstance(coupon, dict) and coupon.get("valid") is False)


def _take_over(code: dict[str, Any], account: str) -> str:
    """A discount of the shop's own for it, or a row that says why there is none."""
    row, _ = DiscountSync.objects.get_or_create(
        account=account,
        kind=Kind.CODE,
        stripe_id=code["id"],
        defaults={
            "word": code["code"].upper()[:LONGEST_CODE],
            "status": work.Work.Status.DONE,
            "outcome": Outcome.IGNORED,
            "finished_at": timezone.now(),
            "key": f"{Installation.current()}:taken_over:{code['id']}",
        },
    )
    why_not = why_not_ours(code)
    if not why_not and DiscountCode.objects.filter(code=row.word).exists():
        why_not = "the shop has this code already"
    if why_not:
        log.warning("promotion code left alone", code=code["id"], why=why_not)
        DiscountSync.objects.filter(pk=row.pk).update(detail=why_not)
        return f"left alone: {why_not}"
    with transaction.atomic():
        meant = meant_by(code)
        discount = Discount(most_uses=meant.left, ends_at=meant.ends_at)
        _write(discount, meant)
        DiscountCode.objects.create(discount=discount, code=row.word, skeleton=skeleton(row.word))
        coupon = {"promotion": {"type": "coupon", "coupon": code["promotion"]["coupon"]["id"]}}
        DiscountSync.objects.filter(pk=row.pk).update(
            discount=discount,
            outcome=Outcome.TAKEN_OVER,
            detail="",
            is_live=True,
            parameters=coupon,
        )
        _agree(row, discount)
    return f"taken over as {discount}"


def _write(discount: Discount, meant: Meant) -> None:
    discount.name, discount.kind, discount.percentage = meant.name, meant.kind, meant.percentage
    discount.save()
    discount.amounts.all().delete()
    for currency, amounts in meant.amounts.items():
        discount.amounts.create(currency=currency, **amounts)


def _agree(row: DiscountSync, discount: Discount) -> None:
    """What both sides say now: the sweep tells nothing while it stays so."""
    discount.refresh_from_db()
    terms = terms_of(discount)
    row.terms = terms
    DiscountSync.objects.filter(pk=row.pk).update(terms=terms, digest=digest_of(terms))
