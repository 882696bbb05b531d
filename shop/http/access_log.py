"""The web server's own line for each request, without what an address gives away.

An order's address opens it, a key in a mail's link shows it in full, and what staff search for may
be somebody's name. So of the query only the names are written.
"""

import re
from typing import Any

from gunicorn.glogging import Logger

from shop.configuration.logging import masked

VALUES = re.compile(r"=[^&\s]*")


class AccessLog(Logger):
    """Gunicorn's, for `--logger-class`."""

    def atoms(self, *about: Any) -> dict[str, Any]:
        """What a line may be put together from; addresses are masked wherever they stand."""
        atoms: dict[str, Any] = super().atoms(*about)
        for name in ("r", "U", "f", "{referer}i", "{raw_uri}e", "{path_info}e"):
            if isinstance(atoms.get(name), str):
                atoms[name] = address(atoms[name])
        return {**atoms, "q": VALUES.sub("=…", str(atoms.get("q") or ""))}


def address(said: str) -> str:
    """An address, or a request line that has one, as it may be written down."""
    path, mark, query = said.partition("?")
    query, blank, rest = query.partition(" ")
    return masked(path) + mark + VALUES.sub("=…", query) + blank + rest
