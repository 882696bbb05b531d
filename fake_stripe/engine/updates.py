"""How an update is merged into an object: metadata by key, an empty value as unset."""

from typing import Any

from fake_stripe.schema import Object


def merged_metadata(present: Object | None, sent: Any) -> dict[str, str]:
    """Metadata after an update: keys are added, an empty value drops one, empty drops all."""
    if sent == "" or sent is None:
        return {} if sent == "" else dict(present or {})
    merged = {**(present or {}), **sent}
    return {key: value for key, value in merged.items() if value != ""}


def changes(entry: Object, params: dict[str, Any]) -> Object:
    """The fields that an update sets: metadata merged, an empty string as null."""
    changed = {name: None if value == "" else value for name, value in params.items()}
    if "metadata" in params:
        changed["metadata"] = merged_metadata(entry.get("metadata"), params["metadata"])
    return changed
