"""Somebody's picture becomes renditions of ours: decoded, turned upright, written anew.

Nothing of the file itself is kept: no metadata, no place where it was taken, no trick in its bytes.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow
from PIL import ImageOps

from shop.catalog.models import Image
from shop.catalog.pictures.colors import OddColors, in_srgb

LARGEST_FILE = 5 * 1024 * 1024
# A small file may unfold to gigabytes: 40 megapixels are more than any camera in a pocket takes.
MOST_PIXELS = 40_000_000
WIDTHS = (320, 480, 640, 960, 1280)
READ = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
QUALITY = {"avif": 55, "webp": 78, "jpg": 82}
NAMES = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}
# The source of a picture that staff uploaded.
UPLOADED = "upload:"


class NotAPicture(ValueError):
    """The bytes are no picture that the shop can show; the message is for whoever sent them."""


@dataclass(frozen=True)
class Written:
    """Renditions that lie in the storage: `pictures/<name>-<width>.<format>`."""

    name: str
    width: int
    height: int
    widths: list[int]


def write(data: bytes) -> Written:
    """Write the renditions of a picture; the same bytes have the same name. Raises NotAPicture."""
    picture = _decoded(data)
    name = hashlib.sha256(data).hexdigest()[:24]
    widths = [width for width in WIDTHS if width < picture.width] or [picture.width]
    for width in widths:
        height = max(1, round(picture.height * width / picture.width))
        smaller = picture.resize((width, height), Pillow.Resampling.LANCZOS)
        for suffix, kind in NAMES.items():
            path = f"pictures/{name}-{width}.{suffix}"
            if not default_storage.exists(path):
                file = io.BytesIO()
                smaller.save(file, kind, quality=QUALITY[suffix])
                default_storage.save(path, ContentFile(file.getvalue()))
    return Written(name, picture.width, picture.height, widths)


def show(image: Image, written: Written) -> None:
    """From now on the image is shown in these renditions."""
    Image.objects.filter(pk=image.pk).update(
        name=written.name,
        width=written.width,
        height=written.height,
        widths=written.widths,
    )


def _decoded(data: bytes) -> Pillow.Image:
    if len(data) > LARGEST_FILE:
        raise NotAPicture(f"A picture has at most {LARGEST_FILE // 1024**2} MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            with Pillow.open(io.BytesIO(data), formats=READ) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise NotAPicture("The picture has more than 40 megapixels.")
                upright = ImageOps.exif_transpose(opened)
                return _on_white(upright)
    except NotAPicture:
        raise
    except OddColors as error:
        raise NotAPicture(str(error)) from error
    except Exception as error:
        # Pillow raises whatever its decoders meet.
        sentence = "This is no picture that can be read: JPEG, PNG, WebP, AVIF or GIF."
        raise NotAPicture(sentence) from error


def _on_white(picture: Pillow.Image) -> Pillow.Image:
    """Without transparency, which JPEG has no way to say, and without metadata."""
    full = in_srgb(picture)
    ground = Pillow.new("RGB", full.size, "white")
    ground.paste(full, mask=full.getchannel("A"))
    return ground
