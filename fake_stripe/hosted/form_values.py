"""What came in with a form, as text."""

from collections.abc import Mapping

Typed = Mapping[str, str]
Errors = dict[str, str]


def text(typed: Typed, name: str) -> str:
    """A field's text, without space around it; nobody types more than this."""
    return str(typed.get(name, "")).strip()[:500]
