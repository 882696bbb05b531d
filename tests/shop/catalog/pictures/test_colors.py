"""Pictures look as they did, whatever space and depth their colors are of."""

import io
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow
from PIL import ImageCms

from shop.catalog.pictures import files

pytestmark = pytest.mark.django_db

# Display P3, as telephones take photos: the primaries adapted to D50, red, green, blue.
P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
D50 = (0.9642, 1.0, 0.8249)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def profile(*, space: bytes, primaries: Sequence[Sequence[float]]) -> bytes:
    """A small ICC profile of version 2: the white point, primaries, and a gamma of 2.2."""

    def xyz(values: Sequence[float]) -> bytes:
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"Test\0" + b"\0" * 79
    tags = {b"desc": text, b"wtpt": xyz(D50)}
    tags |= {
        name + b"XYZ": xyz(value)
        for name, value in zip((b"r", b"g", b"b"), primaries, strict=False)
    }
    tags |= {name + b"TRC": curve for name in ((b"r", b"g", b"b") if primaries else (b"k",))}
    table, body, place = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        padded = data + b"\0" * (-len(data) % 4)
        table += name + struct.pack(">2I", place + len(body), len(data))
        body += padded
    whole = struct.pack(">I", len(tags)) + table + body
    head = struct.pack(
        ">I4sI4s4s4s", 128 + len(whole), b"lcms", 0x02100000, b"mntr", space, b"XYZ "
    )
    head += b"\0" * 12 + b"acsp" + b"\0" * 28 + xyz(D50)[8:] + b"\0" * 48
    return head + whole


def encoded(picture: Pillow.Image, kind: str, **more: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()


def shown(media: Path, data: bytes) -> tuple[int, ...]:
    """The color in the middle of what customers see."""
    written = files.write(data)
    with Pillow.open(media / "pictures" / f"{written.name}-{written.widths[0]}.jpg") as picture:
        assert "icc_profile" not in picture.info
        color = picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(color, tuple)
    return color


def near(color: tuple[int, ...], expected: tuple[int, ...], within: int = 6) -> bool:
    return all(abs(one - other) <= within for one, other in zip(color, expected, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_f7_a_photo_in_display_p3_looks_as_it_did(media: Path, kind: str) -> None:
    icc = profile(space=b"RGB ", primaries=P3)
    photo = Pillow.new("RGB", (40, 40), (200, 100, 50))

    color = shown(media, encoded(photo, kind, icc_profile=icc))

    assert near(color, (216, 93, 24))


def test_f7_what_is_seen_through_keeps_its_shape(media: Path) -> None:
    icc = profile(space=b"RGB ", primaries=P3)
    photo = Pillow.new("RGBA", (40, 40), (200, 100, 50, 0))

    assert near(shown(media, encoded(photo, "PNG", icc_profile=icc)), (255, 255, 255))


@pytest.mark.parametrize("icc", [b"", b"no profile at all", profile(space=b"GRAY", primaries=())])
def test_f7_a_profile_that_does_not_fit_is_passed_over(media: Path, icc: bytes) -> None:
    photo = Pillow.new("RGB", (40, 40), (200, 100, 50))

    assert near(shown(media, encoded(photo, "PNG", icc_profile=icc)), (200, 100, 50))


def test_f7_sixteen_bits_of_gray_are_not_cut_off(media: Path) -> None:
    photo = Pillow.new("I;16", (40, 40), 32768)

    assert near(shown(media, encoded(photo, "PNG")), (128, 128, 128))


@pytest.mark.parametrize(
    ("mode", "color", "kind", "expected"),
    [
        ("CMYK", (0, 255, 255, 0), "JPEG", (255, 0, 0)),
        ("L", 90, "PNG", (90, 90, 90)),
        ("LA", (90, 0), "PNG", (255, 255, 255)),
        ("1", 1, "PNG", (255, 255, 255)),
        ("P", 0, "GIF", (0, 0, 0)),
    ],
)
def test_f7_odd_modes_are_converted_rightly(
    media: Path, mode: str, color: Any, kind: str, expected: tuple[int, ...]
) -> None:
    photo = Pillow.new(mode, (40, 40), color)

    assert near(shown(media, encoded(photo, kind)), expected)


def test_f7_a_gray_photo_with_a_profile_is_converted(media: Path) -> None:
    icc = profile(space=b"GRAY", primaries=())
    photo = Pillow.new("L", (40, 40), 128)

    assert near(shown(media, encoded(photo, "PNG", icc_profile=icc)), (128, 128, 128))
    assert ImageCms.getProfileDescription(io.BytesIO(icc))
