"""The mails that were written to files instead of being sent: for rehearsals only."""

import email
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.utils import timezone

# Django's file backend draws this line below each mail.
LINE_BELOW = b"\n" + b"-" * 79 + b"\n"
NEWEST = 200


@dataclass(frozen=True)
class Letter:
    """One mail on disk. `name` is its file's and holds no directory."""

    name: str
    written_at: datetime
    subject: str
    to: str
    text: str
    html: str


def letters() -> list[Letter]:
    """The newest mails, the newest first."""
    files = sorted(_directory().glob("*.log"), key=lambda file: file.name, reverse=True)
    return [_read(file) for file in files[:NEWEST]] if settings.EMAIL_FILE_PATH else []


def letter(name: str) -> Letter | None:
    """The mail with that name, if there is one; the name is looked up, never joined to a path."""
    files = {file.name: file for file in _directory().glob("*.log")}
    return _read(files[name]) if settings.EMAIL_FILE_PATH and name in files else None


def _directory() -> Path:
    return Path(settings.EMAIL_FILE_PATH or "")


def _read(file: Path) -> Letter:
    raw = file.read_bytes().split(LINE_BELOW)[0]
    message = email.message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    return Letter(
        name=file.name,
        written_at=datetime.fromtimestamp(file.stat().st_mtime, tz=timezone.get_current_timezone()),
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
