"""From drawings to files: each picture in several widths as AVIF, WebP and JPEG."""

import hashlib
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import resvg_py
from PIL import Image

from shop.catalog.sample.draw.pictures import Picture

FORMATS = ("avif", "webp", "jpg")

# Raised when the same drawing should give other files, as after a change of the ladder.
RECIPE = "3"


@dataclass(frozen=True)
class Quality:
    avif: int
    webp: int
    # How coarse JPEG is with fine detail; see `coarse`.
    jpg: int


# From the best down: the first whose files keep within the picture's limit is taken. JPEG gives
# way first: it weighs the most, and few browsers still ask for it.
LADDER = (
    Quality(60, 80, 2),
    Quality(60, 78, 3),
    Quality(58, 74, 4),
    Quality(56, 68, 5),
    Quality(54, 62, 6),
    Quality(50, 56, 8),
    Quality(47, 50, 10),
    Quality(44, 46, 13),
    Quality(40, 42, 17),
    Quality(37, 36, 21),
    Quality(34, 30, 26),
    Quality(30, 24, 32),
)

# Drawn larger than the largest width, so that every rendition is scaled down from finer lines.
FINER = 1.5


class TooHeavy(Exception):
    """A picture whose files do not keep within its limit at the lowest quality."""


def digest(picture: Picture) -> str:
    """What tells whether a picture must be made anew."""
    made_of = f"{RECIPE} {picture.limit} {picture.widths} {picture.svg()}"
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]


def rasterize(svg: str, width: int) -> Image.Image:
    """The drawing in pixels, as wide as asked."""
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True))
    return Image.open(BytesIO(png))


def file_name(name: str, width: int, suffix: str) -> str:
    return f"{name}-{width}.{suffix}"


def render(picture: Picture) -> dict[str, bytes]:
    """All files of a picture by name, as good as its limit allows."""
    drawn = rasterize(picture.svg(), round(picture.widths[-1] * FINER)).convert("RGB")
    sizes = {
        width: drawn.resize(size_at(picture, width), Image.Resampling.LANCZOS)
        for width in picture.widths
    }
    made = cache(lambda width, suffix, quality: encode(sizes[width], suffix, quality))
    for rung in LADDER:
        files = {
            file_name(picture.name, width, suffix): made(width, suffix, getattr(rung, suffix))
            for width in picture.widths
            for suffix in FORMATS
        }
        if sum(map(len, files.values())) <= picture.limit:
            return files
    raise TooHeavy(f"{picture.name} weighs more than {picture.limit} bytes at any quality.")


def size_at(picture: Picture, width: int) -> tuple[int, int]:
    return width, round(width * picture.height / picture.width)


def encode(image: Image.Image, suffix: str, quality: int) -> bytes:
    file = BytesIO()
    if suffix == "avif":
        image.save(file, "AVIF", quality=quality, speed=6, max_threads=1)
    elif suffix == "webp":
        image.save(file, "WEBP", quality=quality, method=6)
    else:
        image.save(
            file, "JPEG", qtables=coarse(quality), subsampling=2, optimize=True, progressive=True
        )
    return file.getvalue()


def coarse(coarseness: int) -> list[list[int]]:
    """Tables for JPEG that keep soft gradients whole and save on fine detail.

    The usual ones do the reverse at low quality, which draws steps into a wall in soft light.
    """
    return [
        [
            min(255, round(9 + share * coarseness * (u + v) ** 1.5))
            for v in range(8)
            for u in range(8)
        ]
        for share in (1.0, 2.2)
    ]


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)
