"""Which files show a picture: `pictures/<name>-<width>.<format>` among the media."""

from dataclasses import dataclass
from functools import lru_cache

from django.core.files.storage import default_storage

from shop.catalog.models import Image

# What a picture is offered as, the smallest first; browsers take the first they can show.
FORMATS = (("image/avif", "avif"), ("image/webp", "webp"))
PLAIN_FORMAT = "jpg"
# What a browser without `srcset` loads: sharp enough, light enough.
PLAIN_WIDTH = 640


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture with its renditions; `width` and `height` are those of the original."""

    name: str
    width: int
    height: int
    widths: tuple[int, ...]
    alt: str = ""

    @classmethod
    def of(cls, image: Image | None, alt: str = "") -> "Picture | None":
        """The picture of a product's image; None when it has no renditions of ours."""
        if image is None or not image.name or not image.widths:
            return None
        widths = tuple(sorted(image.widths))
        words = image.translated("alt") or alt
        return cls(image.name, image.width, image.height, widths, words)

    @property
    def plain(self) -> str:
        """The address of one middling rendition."""
        middling = min(self.widths, key=lambda width: abs(width - PLAIN_WIDTH))
        return address(self.name, middling)

    @property
    def large(self) -> str:
        """The address of the largest rendition."""
        return address(self.name, self.widths[-1])

    @property
    def small(self) -> str:
        """The address of the smallest rendition."""
        return address(self.name, self.widths[0])

    def sources(self) -> tuple[tuple[str, str], ...]:
        """MIME type and `srcset` of each format."""
        return tuple((mime, srcset(self.name, self.widths, suffix)) for mime, suffix in FORMATS)

    def plain_srcset(self) -> str:
        return srcset(self.name, self.widths, PLAIN_FORMAT)


@lru_cache(maxsize=20_000)
def srcset(name: str, widths: tuple[int, ...], suffix: str) -> str:
    """The value of an HTML `srcset`: each width with the address of its file."""
    return ", ".join(f"{address(name, width, suffix)} {width}w" for width in widths)


def address(name: str, width: int, suffix: str = PLAIN_FORMAT) -> str:
    """Where browsers find one size of a picture, `width` pixels wide."""
    return default_storage.url(f"pictures/{name}-{width}.{suffix}")
