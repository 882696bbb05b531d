"""What never belongs in a log line is taken out before it is written."""

import re
from collections.abc import MutableMapping
from typing import Any

# Keys, secrets, card-like numbers and e-mail addresses (a log is read by more people than a row).
SECRETS = re.compile(
    r"(sk|rk)_(test|live)_\w+|whsec_\w+|\w+_secret_\w+"
    r"|(?<![\w-])\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![\w-])|[\w.+-]+@[\w-]+\.[\w.]+"
)


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: mask secrets and personal data in every text of the event."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = SECRETS.sub("[masked]", value).replace("\n", "\\n")
    return event
