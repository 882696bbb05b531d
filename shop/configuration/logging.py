"""How log lines look, and what never belongs in one: it is taken out before it is written."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# Keys, secrets, card-like numbers and e-mail addresses (a log is read by more people than a row).
SECRETS = re.compile(
    r"(sk|rk)_(test|live)_\w+|whsec_\w+|\w+_secret_\w+"
    r"|(?<![\w-])\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![\w-])|[\w.+-]+@[\w-]+\.[\w.]+"
)
# What opens something to whoever has it: all behind these in an address, and the key of a mail's
# link. At the beginning of an address alone: folders of ours are called so, too.
OPENED_BY = re.compile(
    r"(?P<place>(?:https?://[^/\s]+|(?<![\w./-]))"
    r"(?:/(?:orders|checkout|downloads|stock-alerts)|/admin/forgotten-password)/)"
    r"(?!find\b|asked\b|changed\b)[^\s\"'?#,;)\]}]+"
    r"|(?P<key>[?&]key=)[^\s\"'&#,;)\]}]+"
)


def masked(text: str) -> str:
    """The text without what nobody should read in a log."""
    shown = OPENED_BY.sub(lambda one: f"{one['place'] or one['key']}[masked]", text)
    return SECRETS.sub("[masked]", shown)


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: mask secrets and personal data in every text of the event."""
    for key, value in event.items():
        event[key] = _masked(value, one_line=key != "exception")
    return event


def _masked(value: Any, *, one_line: bool = True) -> Any:
    match value:
        case str():
            text = masked(value)
            # What somebody sent must not look like a line of the log of its own.
            return text.replace("\r", "\\r").replace("\n", "\\n") if one_line else text
        case list() | tuple():
            return [_masked(item) for item in value]
        case dict():
            return {key: _masked(item) for key, item in value.items()}
    return value


# What every line goes through, ours and the libraries'; the traceback becomes text before it is
# masked.
CHAIN: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    redact,
]


def handlers(level: str, *, in_lines: bool) -> dict[str, Any]:
    """Django's LOGGING: lines to read where somebody looks on, else JSON."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "structlog.stdlib.ProcessorFormatter",
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    # A plain traceback: with the values of all variables it would show keys and
                    # addresses, and take a second to draw.
                    structlog.dev.ConsoleRenderer(
                        colors=False, exception_formatter=structlog.dev.plain_traceback
                    )
                    if in_lines
                    else structlog.processors.JSONRenderer(),
                ],
                "foreign_pre_chain": CHAIN,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["stderr"], "propagate": False},
            # DEBUG there prints request and response bodies: personal data.
            "stripe": {"level": "WARNING"},
        },
    }


def configure() -> None:
    """Let structlog's loggers write through Django's LOGGING, and so through the chain above."""
    structlog.configure(
        processors=[*CHAIN, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
