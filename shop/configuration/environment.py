"""Reads what varies from the environment and reports every missing or odd value at once."""

import difflib
import os
import sys
from collections.abc import Callable
from typing import Any, Never

from shop.configuration import kinds

REQUIRED = object()
# What gunicorn, too, takes for "cannot be loaded": it ends instead of trying again for ever.
EXIT_CODE = 4


class Environment:
    """Collects problems while values are read; `finish` ends the start with them, by name."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._problems: list[str] = []

    def read(
        self,
        name: str,
        kind: Callable[[str], Any] = kinds.text,
        *,
        default: Any = REQUIRED,
        mend: str = "",
    ) -> Any:
        """Return the value of `name`, without white space around it; empty counts as missing."""
        self._names.append(name)
        given = self._given(name)
        try:
            # A list of nothing but commas is as empty as none.
            value = kind(given) if given else None
        except kinds.Odd as odd:
            self.report(name, str(odd))
            return _nothing(kind) if default is REQUIRED else default
        if value is not None and value != []:
            return value
        if default is REQUIRED:
            self.report(name, f"is missing. {mend}{self._suggestion(name)}")
            return _nothing(kind)
        return default

    def number(self, name: str, *, default: int, least: int, most: int | None = None) -> int:
        """A whole number within its bounds."""

        def kind(given: str) -> int:
            number = int(given) if given.isascii() and given.lstrip("-").isdigit() else None
            if number is None or number < least or (most is not None and number > most):
                span = f"from {least} to {most}" if most is not None else f"of at least {least}"
                raise kinds.Odd(f"is {given!r}. Use a whole number {span}, such as {default}.")
            return number

        return int(self.read(name, kind, default=default))

    def choice(self, name: str, allowed: list[str], *, default: str) -> str:
        value = str(self.read(name, default=default))
        if value not in allowed:
            self.report(name, f"is {value!r}. Use one of: {', '.join(filter(None, allowed))}.")
        return value

    def check(self, name: str, ok: Callable[[], bool], sentence: str) -> None:
        if not ok():
            self.report(name, sentence)

    def report(self, name: str, sentence: str) -> None:
        self._problems.append(f"{name} {sentence.strip()}")

    def finish(self) -> None:
        if self._problems:
            _end(self._problems)

    def names(self) -> list[str]:
        """Every name read so far; a test holds .env.example to this list."""
        return list(dict.fromkeys(self._names))

    def _given(self, name: str) -> str:
        """The text, from NAME or from the file that NAME_FILE names, as mounted secrets arrive."""
        file = os.environ.get(f"{name}_FILE", "").strip()
        if not file:
            return os.environ.get(name, "").strip()
        try:
            with open(file, encoding="utf-8") as secret:  # noqa: PTH123
                return secret.read().strip()
        except (OSError, UnicodeDecodeError) as error:
            self.report(f"{name}_FILE", f"cannot be read: {error}.")
            return ""

    def _suggestion(self, name: str) -> str:
        close = difflib.get_close_matches(name, set(os.environ) - set(self._names), 1, 0.85)
        return f" Did you mean the {close[0]} that is set?" if close else ""


def _end(problems: list[str]) -> Never:
    """Say all of them and end: a traceback would say where we looked, and not what to mend."""
    listed = "\n".join(f"  - {problem}" for problem in problems)
    sys.stderr.write(
        f"The settings need mending ({len(problems)}):\n{listed}\n"
        ".env.example explains every variable; a .env file beside it is read at start.\n"
    )
    sys.stderr.flush()
    raise SystemExit(EXIT_CODE)


def _nothing(kind: Callable[[str], Any]) -> Any:
    """What the settings can be read on with, so that the next problems are found as well."""
    if kind is kinds.database:
        return {"ENGINE": "django.db.backends.postgresql", "NAME": ""}
    return [] if kind is kinds.listed else ""
