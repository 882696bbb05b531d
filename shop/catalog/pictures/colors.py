"""Colors as browsers show them without being told anything: sRGB, eight bits each."""

import io
from contextlib import suppress

from PIL import Image as Pillow
from PIL import ImageCms

SRGB = ImageCms.createProfile("sRGB")
# What a profile calls its space, by the mode of pictures that it can be of.
SPACES = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK"}
SIXTEEN_BITS = ("I", "I;16", "I;16L", "I;16B", "I;16N")


class OddColors(ValueError):
    """The picture's colors are of a kind that nobody here knows to show."""


def in_srgb(picture: Pillow.Image) -> Pillow.Image:
    """The same picture in RGBA, in the colors that its profile means. Raises OddColors."""
    alpha = picture.convert("RGBA").getchannel("A") if _is_seen_through(picture) else None
    plain = _plain(picture)
    told = _profile(picture.info.get("icc_profile"), plain.mode)
    if told is not None:
        # A profile that means nothing is passed over, as browsers do.
        with suppress(ImageCms.PyCMSError):
            plain = ImageCms.profileToProfile(
                plain,
                told,
                SRGB,
                renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                outputMode="RGB",
                flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )  # type: ignore[assignment]
    full = plain.convert("RGBA")
    if alpha is not None:
        full.putalpha(alpha)
    return full


def _is_seen_through(picture: Pillow.Image) -> bool:
    return picture.mode in {"LA", "PA", "RGBA", "La", "RGBa"} or "transparency" in picture.info


def _plain(picture: Pillow.Image) -> Pillow.Image:
    """In eight bits and a mode that profiles are of, without transparency."""
    match picture.mode:
        case "RGB" | "L" | "CMYK":
            return picture
        case "1" | "LA" | "La":
            return picture.convert("L")
        case "P" | "PA" | "RGBA" | "RGBa" | "RGBX" | "YCbCr":
            return picture.convert("RGB")
    if picture.mode in SIXTEEN_BITS:
        # Pillow itself would cut off all that is brighter than a 256th.
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    raise OddColors(f"Its colors ({picture.mode}) cannot be shown. Save it in RGB.")


def _profile(data: bytes | None, mode: str) -> ImageCms.ImageCmsProfile | None:
    """The profile, where it is one of pictures of this mode."""
    if not data:
        return None
    try:
        found = ImageCms.ImageCmsProfile(io.BytesIO(data))
    except (OSError, ImageCms.PyCMSError):
        return None
    return found if found.profile.xcolor_space == SPACES[mode] else None
