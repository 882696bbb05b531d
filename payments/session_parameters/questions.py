"""What the page asks its customer: what the session keeps, and nothing else."""

from typing import Any

from payments.models import CheckoutSession

TYPES = {"text": "text", "number": "numeric", "choice": "dropdown"}


def questions(session: CheckoutSession) -> dict[str, Any]:
    """The fields of the shop's own; nothing where there are none."""
    if not session.questions:
        return {}
    return {"custom_fields": [_custom_field(question) for question in session.questions]}


def _custom_field(question: dict[str, Any]) -> dict[str, Any]:
    kind = TYPES[question["kind"]]
    bounds = {
        "options": question["options"],
        "minimum_length": question["min_length"],
        "maximum_length": question["max_length"],
    }
    own = {name: value for name, value in bounds.items() if value}
    field = {
        "key": question["key"],
        "label": {"type": "custom", "custom": question["label"]},
        "type": kind,
        "optional": not question["is_required"],
    }
    return {**field, kind: own} if own else field
