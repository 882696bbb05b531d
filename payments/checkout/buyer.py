"""Who is buying."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Buyer:
    """The browser session, the network it came from, the user if logged in, and the language they
    read.
    """

    visitor: uuid.UUID
    network: str = ""
    user: Any = None
    language: str = settings.LANGUAGE_CODE
