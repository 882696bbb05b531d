"""The icons that a browser and a shared link show."""

from pathlib import Path

from PIL import Image

BRAND = Path(__file__).resolve().parents[4] / "shop" / "catalog" / "static" / "brand"


def test_brand_is_complete() -> None:
    with Image.open(BRAND / "share.jpg") as share, Image.open(BRAND / "favicon.ico") as icon:
        assert share.size == (1200, 630)
        assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    with Image.open(BRAND / "apple-touch-icon.png") as touch:
        assert touch.size == (180, 180)
    assert "currentColor" in (BRAND / "mark.svg").read_text()
    assert (BRAND / "favicon.svg").read_text().startswith("<svg")
