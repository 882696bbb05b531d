"""Tax rates at Stripe: what it has yet to be told of them, and telling it."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from payments.models import TaxRateSync
from payments.stripe.errors import Refused, translated
from shop import stripe_client, work
from shop.models import Installation
from shop.orders.models import TaxRate
from shop.orders.models.tax import EVERY_COUNTRY
from shop.work import Outcome, WorkQuerySet

Kind = TaxRateSync.Kind


def queue_all(account: str, *, inclusive: Iterable[bool]) -> list[TaxRateSync]:
    """Rows for all that an account was not told: of new rates, made as wanted, and of ended ones.

    Called again and again, so that a rate, a currency or an account that is new is noticed whoever
    brought it.
    """
    active = TaxRate.objects.filter(is_active=True)
    rows = [row for wanted in inclusive for row in queue(active, account, is_inclusive=wanted)]
    return [*rows, *queue_ended(account)]


@transaction.atomic
def queue(
    rates: "QuerySet[TaxRate] | Iterable[TaxRate]", account: str, *, is_inclusive: bool
) -> list[TaxRateSync]:
    """Rows for those of these rates that the account was not told, as they are from now on."""
    told = made(rates, account, is_inclusive=is_inclusive)
    missing = [rate for rate in rates if rate.pk not in set(told.values_list("rate", flat=True))]
    TaxRate.note_use([rate.pk for rate in missing])
    return _write(
        [
            _row(
                rate,
                account,
                Kind.CREATE,
                is_inclusive=is_inclusive,
                parameters=_parameters(rate, is_inclusive=is_inclusive),
            )
            for rate in missing
        ]
    )


def made(
    rates: "QuerySet[TaxRate] | Iterable[TaxRate]", account: str, *, is_inclusive: bool
) -> "WorkQuerySet":
    """What was or is to be made of these rates."""
    rows: WorkQuerySet = TaxRateSync.objects.filter(
        kind=Kind.CREATE,
        rate__in=[rate.pk for rate in rates],
        account=account,
        is_inclusive=is_inclusive,
    )
    return rows


def queue_ended(account: str) -> list[TaxRateSync]:
    """Rows to archive those that hold no longer."""
    mine = TaxRateSync.objects.filter(account=account)
    archived = set(mine.filter(kind=Kind.ARCHIVE).values_list("rate", "is_inclusive"))
    known = mine.filter(kind=Kind.CREATE, rate__is_active=False).exclude(stripe_tax_rate_id="")
    return _write(
        [
            _row(
                row.rate,
                account,
                Kind.ARCHIVE,
                is_inclusive=row.is_inclusive,
                parameters={"active": False},
                stripe_tax_rate_id=row.stripe_tax_rate_id,
            )
            for row in known.select_related("rate")
            if (row.rate_id, row.is_inclusive) not in archived
        ]
    )


def _row(rate: TaxRate, account: str, kind: str, **more: Any) -> TaxRateSync:
    row_id = uuid.uuid4()
    key = f"{Installation.current()}:tax_rate:{row_id}:g1"
    return TaxRateSync(id=row_id, kind=kind, rate=rate, account=account, key=key, **more)


def _write(rows: list[TaxRateSync]) -> list[TaxRateSync]:
    """Store them and ring; those that somebody else has written in this moment are left to them."""
    if not rows:
        return []
    TaxRateSync.objects.bulk_create(rows, ignore_conflicts=True)
    written = list(TaxRateSync.objects.filter(pk__in=[row.pk for row in rows]))
    if written:
        work.ring(written)
    return written


def _parameters(rate: TaxRate, *, is_inclusive: bool) -> dict[str, Any]:
    country = {} if rate.country == EVERY_COUNTRY else {"country": rate.country}
    marks = {"shop": Installation.current(), "rate": str(rate.pk), "class": rate.tax_class}
    return {
        "display_name": rate.name,
        "percentage": rate.share,
        "inclusive": is_inclusive,
        "metadata": marks,
        **country,
    }


def push(row: TaxRateSync) -> None:
    """Make the row's call; the body of the work. Raises OutcomeUnknown: the row is tried again."""
    if row.account != stripe_client.account():
        # For the present one the sweep writes rows of its own.
        work.finish(row, Outcome.NOTED, "of another account, whose key is gone")
        return
    try:
        stripe_id = _call(row)
    except Refused as error:
        work.finish(row, Outcome.REFUSED, str(error))
        return
    with transaction.atomic():
        TaxRateSync.objects.filter(pk=row.pk).update(stripe_tax_rate_id=stripe_id)
        work.finish(row, Outcome.TOLD)


def _call(row: TaxRateSync) -> str:
    api = stripe_client.client().v1.tax_rates
    options: Any = {"idempotency_key": row.key}
    parameters: Any = row.parameters
    with translated():
        if row.kind == Kind.ARCHIVE:
            return api.update(row.stripe_tax_rate_id, parameters, options).id
        # A call whose answer was lost may be older than Stripe's memory of its key.
        found = _made_before(row) if row.attempts > 1 else ""
        return found or api.create(parameters, options).id


def _made_before(row: TaxRateSync) -> str:
    """The one that an earlier try of this row made unheard, by our marks on it."""
    api = stripe_client.client(retries=2).v1.tax_rates
    for rate in api.list({"inclusive": row.is_inclusive, "limit": 100}).auto_paging_iter():
        if stripe_client.plain(rate)["metadata"] == row.parameters["metadata"]:
            return str(rate.id)
    return ""
