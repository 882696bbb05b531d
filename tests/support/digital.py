"""Digital goods for tests: their files lie in a directory of the test's own."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shop.catalog import digital_goods
from shop.catalog.models import DigitalGood, Price, Variant
from tests.support.factories import PriceFactory

CONTENT = bytes(range(256)) * 300


@pytest.fixture(autouse=True)
def digital_root(settings: Any, tmp_path: Path) -> Path:
    settings.DIGITAL_ROOT = str(tmp_path / "digital")
    return tmp_path / "digital"


def uploaded(name: str = "Strandführer.pdf", content: bytes = CONTENT) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def digital_price(
    *, file: bytes | None = None, keys: list[str] | None = None, text: str = "", **more: Any
) -> Price:
    """A thing for 18.00 EUR that gives a file, keys or words: a file where nothing is said."""
    price: Price = PriceFactory(**{"variant__requires_shipping": False, **more})
    if file is None and keys is None and not text:
        file = CONTENT
    give(price.variant, file=file, keys=keys, text=text)
    return price


def give(
    variant: Variant,
    *,
    file: bytes | None = None,
    keys: list[str] | None = None,
    text: str = "",
) -> DigitalGood:
    kept = digital_goods.keep(variant, uploaded(content=file)) if file is not None else None
    good = DigitalGood.objects.create(
        variant=variant, file=kept, gives_keys=keys is not None, text=text
    )
    digital_goods.add_keys(variant, keys or [])
    return good
