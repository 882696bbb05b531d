"""Where digital goods lie, and how long and how often their buyers may fetch them."""

from pathlib import Path
from typing import NamedTuple

from shop.configuration.environment import Environment


class Downloads(NamedTuple):
    """The four settings, in the order in which shop.settings names them."""

    root: str
    file_mb: int
    days: int
    allowed: int


def downloads(env: Environment, media_root: str) -> Downloads:
    """Odd values are reported. The files lie beside the media unless a place is named.

    What lies among the media is served to everybody, by the shop or a proxy in front of it.
    """
    media = Path(media_root).resolve()
    root = str(env.read("DIGITAL_ROOT", default=str(media.parent / "digital")))
    env.check(
        "DIGITAL_ROOT",
        lambda: not Path(root).resolve().is_relative_to(media),
        "lies below MEDIA_ROOT, whose files are public. Use a directory of its own.",
    )
    return Downloads(
        root,
        env.number("DIGITAL_FILE_MB", default=500, least=1),
        env.number("DOWNLOAD_DAYS", default=14, least=1, most=3650),
        env.number("DOWNLOADS_ALLOWED", default=5, least=1, most=1000),
    )
