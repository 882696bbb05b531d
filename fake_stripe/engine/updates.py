"""How an update is merged into an object: metadata by key, an empty value as unset."""

from typing import Any

from fake_stripe.engine.errors import StripeError
from fake_stripe.schema import Object

# Of an object, however often it is updated (docs.stripe.com/api/metadata).
MOST_KEYS = 50


def merged_metadata(present: Object | None, sent: Any) -> dict[str, str]:
    """Metadata after an update: keys are added, an empty value drops one, empty drops all."""
    if sent == "" or sent is None:
        return {} if sent == "" else dict(present or {})
    merged = {**(present or {}), **sent}
    kept = {key: value for key, value in merged.items() if value != ""}
    if len(kept) > MOST_KEYS:
        raise StripeError(f"Metadata can have up to {MOST_KEYS} keys.", param="metadata")
    return kept


def changes(entry: Object, params: dict[str, Any]) -> Object:
    """The fields that an update sets: metadata merged, an empty string as null."""
    changed = {name: None if value == "" else value for name, value in params.items()}
    if "metadata" in params:
        changed["metadata"] = merged_metadata(entry.get("metadata"), params["metadata"])
    return changed
