"""What Stripe tells, as plain data that the database can hold: every read goes through here."""

from typing import Any


def plain(found: Any, **how: Any) -> dict[str, Any]:
    """An object of Stripe's as data that can be stored."""
    return dict(storable(found.to_dict(**how)))


def storable(value: Any) -> Any:
    """PostgreSQL stores neither NUL nor half a surrogate pair in text, and nothing needs one."""
    match value:
        case str():
            return value.replace("\0", "").encode(errors="ignore").decode()
        case list():
            return [storable(item) for item in value]
        case dict():
            return {storable(name): storable(item) for name, item in value.items()}
    return value
