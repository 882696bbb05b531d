"""One table says what may lead to each status; code, database trigger and docs read it."""

from typing import Any, TypeVar

import pgtrigger
from django.db import models

Model = TypeVar("Model", bound=type[Any])


class IllegalTransition(Exception):
    """The table has no way from the present status to the one asked for."""


def move(instance: Any, to: str) -> str | None:
    """Change the status in one conditional UPDATE.

    Returns the status before when this caller made the change, None when it was done already.
    Raises IllegalTransition when `instance.COMES_FROM` has no such way.
    """
    rows = type(instance)._default_manager.filter(pk=instance.pk)
    while True:
        before = str(instance.status)
        if before == to:
            return None
        if before not in instance.COMES_FROM[to]:
            raise IllegalTransition(f"{instance} is {before}; nothing leads from there to {to}.")
        if rows.filter(status=before).update(status=to):
            instance.status = to
            return before
        _reread(instance, rows)


def can_move(instance: Any, to: str) -> bool:
    """Whether the table leads from the present status to `to`."""
    return instance.status in instance.COMES_FROM[to]


def _reread(instance: Any, rows: "models.QuerySet[Any]") -> None:
    instance.status = rows.values_list("status", flat=True).get()


def guarded(model: Model) -> Model:
    """Put the model's table on its status column as a database trigger, too.

    So that no path around the verbs exists: admin, shell and SQL follow the same table.
    """
    ways = [(before, after) for after, sources in model.COMES_FROM.items() for before in sources]
    trigger = pgtrigger.FSM(name="status_follows_table", field="status", transitions=ways)
    pgtrigger.register(trigger)(model)
    return model


def append_only() -> pgtrigger.Protect:
    """History is written once: the database refuses to change or delete it."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
