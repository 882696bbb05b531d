"""What is filed under one name of a Stripe account, and filing it under another.

Every model that keeps Stripe's ids has a column for the account they were made in; all of them are
found here by that column's name, so that none is forgotten.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q

from shop.models import StripeAccount

COLUMNS = ("account", "stripe_account")
# Rows in one transaction: few enough that nobody who waits for one of them notices.
AT_ONCE = 1000


def filed() -> Iterator[tuple[type[models.Model], str]]:
    """Each model whose rows are filed under an account, with the column that says so."""
    for model in apps.get_models():
        columns = {field.name for field in model._meta.concrete_fields}
        if model is not StripeAccount and not model._meta.proxy:
            for column in columns.intersection(COLUMNS):
                yield model, column


def refile(old: str, new: str) -> int:
    """File some of what stands under `old` under `new`, the newest first; returns how many.

    Each kind in a transaction of its own, and never waiting for a row that somebody works on: who
    calls again until nothing is left gets those, too. A row that `new` has already, as of a thing
    of Stripe's that was seen under both names, stays where it is.
    """
    return sum(_refile(model, column, old, new) for model, column in filed())


def _refile(model: type[models.Model], column: str, old: str, new: str) -> int:
    rows = model._base_manager.filter(**{column: old}).exclude(
        _is_there_already(model, column, new)
    )
    try:
        with transaction.atomic():
            newest = rows.order_by(_age(model)).select_for_update(skip_locked=True, of=["self"])
            keys = list(newest.values_list("pk", flat=True)[:AT_ONCE])
            return model._base_manager.filter(pk__in=keys).update(**{column: new})
    except IntegrityError:
        # Stored under the new name in just this moment; the next call leaves it out.
        return 0


def _is_there_already(model: type[models.Model], column: str, new: str) -> Q:
    """Whether a constraint would refuse the row under its new name."""
    refused = Q(pk__in=[])
    for fields, condition in _unique(model, column):
        same = {field: OuterRef(field) for field in fields if field != column}
        twin = model._base_manager.filter(condition, **{column: new}, **same)
        refused |= condition & Q(Exists(twin))
    return refused


def _unique(model: type[models.Model], column: str) -> Iterator[tuple[Sequence[str], Q]]:
    if model._meta.get_field(column).unique:  # type: ignore[union-attr]
        yield (column,), Q()
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and column in constraint.fields:
            yield constraint.fields, constraint.condition or Q()


def newest(account: str, stripe_id: str) -> str:
    """The newest id of Stripe's in the column `stripe_id` that is filed under an account, or ""."""
    for model, column in filed():
        if any(field.name == stripe_id for field in model._meta.concrete_fields):
            rows: Any = model._base_manager.filter(**{column: account})
            rows = rows.exclude(**{stripe_id: ""}).exclude(**{stripe_id: None})
            return rows.order_by(_age(model)).values_list(stripe_id, flat=True).first() or ""
    return ""


def _age(model: type[models.Model]) -> str:
    has_time = any(field.name == "created_at" for field in model._meta.concrete_fields)
    return "-created_at" if has_time else "-pk"
