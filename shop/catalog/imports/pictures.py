"""Which renditions the shop carries of a picture that a file names."""

from typing import Any

from shop.catalog.pictures import manifest

OWN = "pictures/"


def renditions(source: str) -> dict[str, Any]:
    """What an Image row keeps of `pictures/<name>`; empty values for a foreign picture."""
    name = source.removeprefix(OWN)
    size = manifest().get(name) if source.startswith(OWN) else None
    if size is None:
        return {"name": "", "width": 0, "height": 0, "widths": []}
    return {
        "name": name,
        "width": size["width"],
        "height": size["height"],
        "widths": size["widths"],
    }
