"""Who is buying."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Reminder:
    """Where somebody wants to be reminded of what they leave unpaid, and the words agreed to."""

    email: str
    words: str


@dataclass(frozen=True)
class Buyer:
    """The browser session, the network it came from, the user if logged in, the language they
    read, and where the things are to go.
    """

    visitor: uuid.UUID
    network: str = ""
    user: Any = None
    language: str = settings.LANGUAGE_CODE
    # Where it is to go, two letters; where nobody has said so, the first that is served.
    country: str = ""
    reminder: Reminder | None = None
    # The words agreed to, that the right to withdraw from digital goods ends; empty for none.
    withdrawal: str = ""
