"""From drawings to files: each picture in several widths as AVIF, WebP and JPEG."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import resvg_py
from PIL import Image

from shop.catalog.sample.draw.pictures import Picture

FORMATS = ("avif", "webp", "jpg")

# Raised when the same drawing should give other files.
RECIPE = "1"


@dataclass(frozen=True)
class Quality:
    avif: int
    webp: int
    jpg: int


# From the best down: the first whose files keep within the picture's limit is taken.
LADDER = (
    Quality(66, 84, 84),
    Quality(60, 78, 79),
    Quality(54, 72, 73),
    Quality(48, 65, 66),
    Quality(42, 57, 58),
    Quality(36, 48, 50),
    Quality(30, 40, 42),
)


class TooHeavy(Exception):
    """A picture whose files do not keep within its limit at the lowest quality."""


def digest(picture: Picture) -> str:
    """What tells whether a picture must be made anew."""
    made_of = f"{RECIPE} {LADDER} {picture.limit} {picture.widths} {picture.svg()}"
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]


def rasterize(svg: str, width: int) -> Image.Image:
    """The drawing in pixels, as wide as asked."""
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True))
    return Image.open(BytesIO(png))


def file_name(name: str, width: int, suffix: str) -> str:
    return f"{name}-{width}.{suffix}"


def render(picture: Picture) -> dict[str, bytes]:
    """All files of a picture by name, as good as its limit allows."""
    # Twice the largest width, so that every rendition is scaled down from finer lines.
    original = rasterize(picture.svg(), picture.widths[-1] * 2).convert("RGB")
    sizes = [
        original.resize(size_at(picture, width), Image.Resampling.LANCZOS)
        for width in picture.widths
    ]
    for quality in LADDER:
        files = {
            file_name(picture.name, image.width, suffix): encode(image, suffix, quality)
            for image in sizes
            for suffix in FORMATS
        }
        if sum(map(len, files.values())) <= picture.limit:
            return files
    raise TooHeavy(f"{picture.name} weighs more than {picture.limit} bytes at any quality.")


def size_at(picture: Picture, width: int) -> tuple[int, int]:
    return width, round(width * picture.height / picture.width)


def encode(image: Image.Image, suffix: str, quality: Quality) -> bytes:
    file = BytesIO()
    if suffix == "avif":
        image.save(file, "AVIF", quality=quality.avif, speed=5, max_threads=1)
    elif suffix == "webp":
        image.save(file, "WEBP", quality=quality.webp, method=6)
    else:
        image.save(file, "JPEG", quality=quality.jpg, optimize=True, progressive=True)
    return file.getvalue()


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)
