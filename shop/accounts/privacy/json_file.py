"""All that is known of a person as one JSON document, written as it is read."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from shop.accounts.privacy import registry
from shop.accounts.privacy.registry import Person


def written(person: Person) -> Iterator[str]:
    """Piece by piece: a section that is read row by row is never held as a whole."""
    before = "{"
    for name, told in registry.export(person):
        yield f"{before}\n{_json(name)}: "
        yield from _rows(told) if isinstance(told, Iterator) else [_json(told)]
        before = ","
    yield "\n}\n" if before == "," else "{}\n"


def _rows(rows: Iterator[Any]) -> Iterator[str]:
    before = "["
    for row in rows:
        yield f"{before}\n{_json(row)}"
        before = ","
    yield "\n]" if before == "," else "[]"


def _json(told: Any) -> str:
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
