"""`make pictures`: the drawings as AVIF, WebP and JPEG, those whose files are not all there.

Delete the files of a picture in `pictures/` to have them made anew.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import resvg_py
from PIL import Image

SAMPLE = Path(__file__).parent
DRAWINGS = SAMPLE / "drawings"
PICTURES = SAMPLE / "pictures"
FORMATS = ("avif", "webp", "jpg")
WIDTHS = (320, 480, 640, 960)
# Drawn larger than the largest width, so that every rendition is scaled down from finer lines.
DRAWN_WIDTH = 1440

# A product's files weigh 150 kB at most, all its pictures together; the rest is room.
PRODUCT_BYTES = 148_000
PICTURE_BYTES = 108_000
# Laid rope is fine detail all over.
ROOMIER = {"holdfast-line": 140_000}


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


class TooHeavy(Exception):
    """A picture whose files do not keep within its limit at the lowest quality."""


def main() -> None:
    """Render the drawings whose pictures are missing, and print how heavy each has become."""
    limits = limits_by_name()
    drawings = sorted(DRAWINGS.glob("*.svg"))
    missing = [drawing.stem for drawing in drawings if not is_complete(drawing.stem)]
    with ProcessPoolExecutor() as pool:
        made = pool.map(write, missing, [limits[name] for name in missing])
        for name, weight in zip(missing, made, strict=True):
            print(f"{name:<34}{weight / 1000:>6.0f} kB", flush=True)
    print(f"{len(drawings)} pictures, {len(missing)} made anew.")


def is_complete(name: str) -> bool:
    """Whether a drawing has its picture in each width and format."""
    return all((PICTURES / file).exists() for file in file_names(name))


def file_names(name: str) -> Iterator[str]:
    """The files of one picture: each width in each format."""
    return (f"{name}-{width}.{suffix}" for width in WIDTHS for suffix in FORMATS)


def limits_by_name() -> dict[str, int]:
    """What the files of each picture that the product file names may weigh."""
    products: defaultdict[str, set[str]] = defaultdict(set)
    with (SAMPLE / "products.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            sources = (row["Image Src"], row["Variant Image"])
            products[row["Handle"]] |= {Path(source).stem for source in sources if source}
    return {
        name: min(ROOMIER.get(name, PICTURE_BYTES), PRODUCT_BYTES // len(names))
        for names in products.values()
        for name in names
    }


def write(name: str, limit: int) -> int:
    """Make the files of a picture; what they weigh together."""
    files = render(name, limit)
    for file, content in files.items():
        (PICTURES / file).write_bytes(content)
    return sum(map(len, files.values()))


def render(name: str, limit: int) -> dict[str, bytes]:
    """All files of a picture by name, as good as its limit allows."""
    drawn = rasterized(name, DRAWN_WIDTH)
    sizes = {width: scaled(drawn, width) for width in WIDTHS}
    made = cache(lambda width, suffix, quality: encoded(sizes[width], suffix, quality))
    for rung in LADDER:
        files = {
            f"{name}-{width}.{suffix}": made(width, suffix, getattr(rung, suffix))
            for width in WIDTHS
            for suffix in FORMATS
        }
        if sum(map(len, files.values())) <= limit:
            return files
    raise TooHeavy(f"{name} weighs more than {limit} bytes at any quality.")


def rasterized(name: str, width: int) -> Image.Image:
    """The drawing in pixels, as wide as asked."""
    drawing = (DRAWINGS / f"{name}.svg").read_text()
    png = bytes(resvg_py.svg_to_bytes(svg_string=drawing, width=width, skip_system_fonts=True))
    return Image.open(BytesIO(png)).convert("RGB")


def scaled(picture: Image.Image, width: int) -> Image.Image:
    """The picture, `width` pixels wide, its proportions kept."""
    height = round(width * picture.height / picture.width)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def encoded(picture: Image.Image, suffix: str, quality: int) -> bytes:
    """The picture as a file of one format; what `quality` means is the format's own scale."""
    file = BytesIO()
    if suffix == "avif":
        picture.save(file, "AVIF", quality=quality, speed=6, max_threads=1)
    elif suffix == "webp":
        picture.save(file, "WEBP", quality=quality, method=6)
    else:
        picture.save(
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


if __name__ == "__main__":
    main()
