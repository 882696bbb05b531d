"""Telling Stripe of a discount: the one call of a row, after those that it waits for."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from payments.models import DiscountSync
from payments.stripe.errors import Refused, translated
from shop import stripe_client, work
from shop.work import Away, Outcome

Kind = DiscountSync.Kind


def push(row: DiscountSync) -> None:
    """Make the row's call; the body of the work.

    Raises Away while another row comes first, OutcomeUnknown: the row is tried again.
    """
    if row.account != stripe_client.account():
        # For the present one the sweep writes rows of its own.
        work.finish(row, Outcome.NOTED, "of another account, whose key is gone")
        return
    try:
        outcome, stripe_id, detail = _done(row)
    except Refused as error:
        outcome, stripe_id, detail = Outcome.REFUSED, "", str(error)
    with transaction.atomic():
        if stripe_id:
            DiscountSync.objects.filter(pk=row.pk).update(stripe_id=stripe_id)
        work.finish(row, outcome, detail)
        _wake_who_waits(row)


def _done(row: DiscountSync) -> tuple[Outcome, str, str]:
    match row.kind:
        case Kind.COUPON:
            return Outcome.TOLD, _coupon(row), ""
        case Kind.CODE:
            return _code(row)
        case _:
            return _off(row)


def _coupon(row: DiscountSync) -> str:
    """Its id is ours: one that is there was made by an earlier try of this row."""
    api = stripe_client.client().v1.coupons
    parameters: Any = row.parameters
    if row.attempts > 1:
        try:
            with translated():
                return api.retrieve(parameters["id"]).id
        except Refused as error:
            if error.code != "resource_missing":
                raise
    with translated():
        return api.create(parameters, _options(row)).id


def _code(row: DiscountSync) -> tuple[Outcome, str, str]:
    coupon = row.of
    if coupon is None or not row.is_live:
        # Its terms were changed, or it ended, before it was made.
        return Outcome.OVERTAKEN, _made_before(row) if row.attempts > 1 else "", ""
    if coupon.status != work.Work.Status.DONE:
        raise Away("Its coupon is still to be made.")
    if not coupon.stripe_id:
        return Outcome.REFUSED, "", f"Its coupon: {coupon.result}"
    ending = DiscountSync.objects.filter(kind=Kind.OFF, account=row.account, word=row.word)
    if ending.unfinished().exists():
        raise Away("The code before it is still to be switched off.")
    # A call whose answer was lost may be older than Stripe's memory of its key.
    found = _made_before(row) if row.attempts > 1 else ""
    parameters: Any = row.parameters
    with translated():
        api = stripe_client.client().v1.promotion_codes
        return Outcome.TOLD, found or api.create(parameters, _options(row)).id, ""


def _off(row: DiscountSync) -> tuple[Outcome, str, str]:
    code = row.of
    if code is None or code.is_open:
        raise Away("The code is still to be made.")
    # A row that was given up may have made it all the same.
    stripe_id = code.stripe_id or _made_before(code)
    if not stripe_id:
        return Outcome.NOTED, "", "there was none"
    try:
        with translated():
            api = stripe_client.client().v1.promotion_codes
            api.update(stripe_id, {"active": False}, _options(row))
    except Refused as error:
        if error.code != "resource_missing":
            raise
        return Outcome.GONE, "", ""
    return Outcome.TOLD, "", ""


def _made_before(row: DiscountSync) -> str:
    """The promotion code that an earlier try of this row made unheard, by our marks on it."""
    coupon, marks = row.parameters["promotion"]["coupon"], row.parameters["metadata"]
    with translated():
        api = stripe_client.client(retries=2).v1.promotion_codes
        listed = api.list({"code": row.word, "coupon": coupon, "limit": 100})
        for code in listed.auto_paging_iter():
            if stripe_client.plain(code)["metadata"] == marks:
                return str(code.id)
    return ""


def _wake_who_waits(row: DiscountSync) -> None:
    """What waited for this row is done at once."""
    waits = Q(of=row) | (Q(word=row.word, kind=Kind.CODE) if row.kind == Kind.OFF else Q())
    waiting = DiscountSync.objects.filter(
        waits, account=row.account, status=work.Work.Status.READY
    ).exclude(pk=row.pk)
    woken = list(waiting)
    waiting.update(run_at=Now())
    if woken:
        work.ring(woken)


def _options(row: DiscountSync) -> Any:
    return {"idempotency_key": row.key}
