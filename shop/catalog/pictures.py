"""Which files show a picture: `pictures/<name>-<width>.<format>`, static ones or stored media."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

from django.core.files.storage import default_storage
from django.templatetags.static import static

from shop.catalog.models import Image

MANIFEST = Path(__file__).parent / "static" / "pictures" / "manifest.json"

# What a picture is offered as, the smallest first; browsers take the first they can show.
FORMATS = (("image/avif", "avif"), ("image/webp", "webp"))
PLAIN_FORMAT = "jpg"
# What a browser without `srcset` loads: sharp enough, light enough.
PLAIN_WIDTH = 640


class Size(TypedDict):
    width: int
    height: int
    widths: list[int]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture with its renditions; `width` and `height` are those of the original."""

    name: str
    width: int
    height: int
    widths: tuple[int, ...]
    alt: str = ""
    is_stored: bool = False

    @classmethod
    def of(cls, image: Image | None, alt: str = "") -> "Picture | None":
        """The picture of a product's image; None when it has no renditions of ours."""
        if image is None or not image.name or not image.widths:
            return None
        widths = tuple(sorted(image.widths))
        if not image.is_stored and not _are_here(image.name, widths):
            return None
        words = image.translated("alt") or alt
        return cls(image.name, image.width, image.height, widths, words, image.is_stored)

    @classmethod
    def named(cls, name: str, alt: str = "") -> "Picture | None":
        """A picture that belongs to no product, as the home page's; None when it is not drawn."""
        size = manifest().get(name)
        if size is None:
            return None
        return cls(name, size["width"], size["height"], tuple(sorted(size["widths"])), alt)

    @property
    def plain(self) -> str:
        """The address of one middling rendition."""
        middling = min(self.widths, key=lambda width: abs(width - PLAIN_WIDTH))
        return address(self.name, middling, is_stored=self.is_stored)

    @property
    def large(self) -> str:
        """The address of the largest rendition."""
        return address(self.name, self.widths[-1], is_stored=self.is_stored)

    @property
    def small(self) -> str:
        """The address of the smallest rendition."""
        return address(self.name, self.widths[0], is_stored=self.is_stored)

    def sources(self) -> tuple[tuple[str, str], ...]:
        """MIME type and `srcset` of each format."""
        return tuple((mime, self._srcset(suffix)) for mime, suffix in FORMATS)

    def plain_srcset(self) -> str:
        return self._srcset(PLAIN_FORMAT)

    def _srcset(self, suffix: str) -> str:
        return srcset(self.name, self.widths, suffix, is_stored=self.is_stored)


@lru_cache(maxsize=20_000)
def srcset(name: str, widths: tuple[int, ...], suffix: str, *, is_stored: bool = False) -> str:
    return ", ".join(
        f"{address(name, width, suffix, is_stored=is_stored)} {width}w" for width in widths
    )


def address(name: str, width: int, suffix: str = PLAIN_FORMAT, *, is_stored: bool = False) -> str:
    path = f"pictures/{name}-{width}.{suffix}"
    return default_storage.url(path) if is_stored else static(path)


def _are_here(name: str, widths: tuple[int, ...]) -> bool:
    """A release may lack the files that a row names; that must not break every list it is in."""
    try:
        return bool(srcset(name, widths, PLAIN_FORMAT))
    except ValueError:  # what the storage of hashed files raises for a name it does not know
        return False


@lru_cache(maxsize=1)
def manifest() -> dict[str, Size]:
    """Sizes of all drawn pictures by name; empty before `make pictures`."""
    return json.loads(MANIFEST.read_text()) if MANIFEST.exists() else {}
