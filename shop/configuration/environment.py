"""Reads what varies from the environment and reports every missing or odd value at once."""

import difflib
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

REQUIRED = object()
TRUE_OR_FALSE = {"true", "false", "yes", "no", "on", "off", "1", "0"}


class Environment:
    """Collects problems while values are read; `finish` raises them together, by name."""

    def __init__(self) -> None:
        # FileAwareEnv also takes NAME_FILE, the way mounted secrets arrive.
        self._env = environ.FileAwareEnv()
        self._names: list[str] = []
        self._problems: list[str] = []

    def read(self, name: str, cast: str = "str", *, default: Any = REQUIRED, mend: str = "") -> Any:
        """Return the value of `name`; an empty value counts as missing."""
        self._names.append(name)
        if not (os.environ.get(name) or os.environ.get(f"{name}_FILE")):
            if default is REQUIRED:
                self.report(name, f"is missing. {mend}{self._suggestion(name)}")
                return _EMPTY[cast]
            return default
        try:
            value = getattr(self._env, cast)(name)
        except Exception as error:  # noqa: BLE001 - environ raises whatever the cast raises
            given = os.environ.get(name)
            if cast == "int" and given:
                self.report(name, f"is {given!r}. Use a whole number, such as {default}.")
            else:
                self.report(name, f"cannot be read: {error}. {mend}")
            return _EMPTY[cast] if default is REQUIRED else default
        # environ takes any other word for False.
        if cast == "bool" and os.environ.get(name, "false").lower() not in TRUE_OR_FALSE:
            self.report(name, f"is {os.environ[name]!r}. Use true or false.")
        return value

    def choice(self, name: str, allowed: list[str], *, default: str) -> str:
        value = str(self.read(name, default=default))
        if value not in allowed:
            self.report(name, f"is {value!r}. Use one of: {', '.join(allowed)}.")
        return value

    def url(self, name: str, *, default: str) -> str:
        value = str(self.read(name, default=default)).rstrip("/")
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
            self.report(name, f"is {value!r}. Use an address like https://shop.example.")
        return value

    def check(self, name: str, ok: Callable[[], bool], sentence: str) -> None:
        if not ok():
            self.report(name, sentence)

    def report(self, name: str, sentence: str) -> None:
        self._problems.append(f"{name} {sentence.strip()}")

    def finish(self) -> None:
        if self._problems:
            listed = "\n".join(f"  - {problem}" for problem in self._problems)
            raise ImproperlyConfigured(
                f"The settings need mending ({len(self._problems)}):\n{listed}\n"
                ".env.example explains every variable; a .env file beside it is read at start."
            )

    def names(self) -> list[str]:
        """Every name read so far; a test holds .env.example to this list."""
        return list(dict.fromkeys(self._names))

    def _suggestion(self, name: str) -> str:
        close = difflib.get_close_matches(name, set(os.environ) - set(self._names), 1, 0.85)
        return f" Did you mean the {close[0]} that is set?" if close else ""


_EMPTY: dict[str, Any] = {
    "str": "",
    "bool": False,
    "int": 0,
    "float": 0.0,
    "list": [],
    "db_url": {"ENGINE": "django.db.backends.postgresql", "NAME": ""},
    "email_url": {},
}
