"""Gives a shop the sample range: `python -m sample.load`, in the environment of that shop.

The file is imported as a merchant would, once, while the catalog is empty. Its pictures are put
among the media, now and wherever an older release has left a picture of the sample without files.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import django
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
try:
    if not apps.ready:
        django.setup()  # before any model can be imported
except ImproperlyConfigured as error:
    sys.exit(str(error))

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from sample import (
    delivery,
    digital,
    discounts,
    facts,
    goes_with,
    questions,
    subscriptions,
    tax,
    tip,
)
from shop.catalog.files.run import import_products
from shop.catalog.models import Image, Product
from shop.catalog.pictures import files
from shop.catalog.pictures.files import Written

SAMPLE = Path(__file__).parent
PRODUCTS = SAMPLE / "products.csv"
PICTURES = SAMPLE / "pictures"

# How the file names a picture. The address leads nowhere, and as it is http it is neither fetched
# nor told to Stripe.
ADDRESS = "http://pictures.holdfast.example/{}.jpg"
# How it did while the pictures were a part of the release.
FORMER_ADDRESS = "pictures/{}"


def main() -> None:
    """Import the range into an empty catalog, or end with its problems, and show its pictures."""
    if not Product.objects.exists():
        facts.set_facts()
        report = import_products(PRODUCTS, currency=settings.DEFAULT_CURRENCY)
        if report.problems:
            sys.exit("\n".join(map(str, report.problems)))
        delivery.set_methods()
        questions.set_gift_message()
        tip.set_tip()
        goes_with.set_pairs()
        subscriptions.set_subscriptions(ADDRESS)
        print(f"Imported the sample range: {report.counts['products created']} products.")
    # Where an older release has loaded the range, too: the demo reckons with rates.
    tax.set_rates()
    discounts.set_discounts()
    digital.set_guide()
    print(f"Put {show_pictures()} pictures of the sample among the media.")


def show_pictures() -> int:
    """Show the sample's pictures wherever they are named; how many did not have their files."""
    names = {
        address.format(name): name for name in pictures() for address in (ADDRESS, FORMER_ADDRESS)
    }
    count = 0
    for image in Image.objects.filter(source__in=names).order_by("pk"):
        written = put_among_the_media(names[image.source])
        if image.name != written.name:
            files.show(image, written)
            count += 1
    return count


def pictures() -> list[str]:
    """The names of the sample's pictures, without width and ending."""
    return sorted({file.stem.rpartition("-")[0] for file in PICTURES.glob("*.jpg")})


def put_among_the_media(name: str) -> Written:
    """Like any other picture there it is named for its bytes, so that browsers may keep it."""
    widths = sorted(int(file.stem.rpartition("-")[2]) for file in renditions(name))
    largest = PICTURES / f"{name}-{widths[-1]}.jpg"
    stem = hashlib.sha256(largest.read_bytes()).hexdigest()[:24]
    for width in widths:
        for suffix in files.NAMES:
            path = f"pictures/{stem}-{width}.{suffix}"
            if not default_storage.exists(path):
                content = (PICTURES / f"{name}-{width}.{suffix}").read_bytes()
                default_storage.save(path, ContentFile(content))
    with Pillow.open(largest) as opened:
        return Written(stem, opened.width, opened.height, widths)


def renditions(name: str) -> list[Path]:
    """The JPEG files of the picture; a name may be the beginning of another's."""
    return [file for file in PICTURES.glob(f"{name}-*.jpg") if file.stem.rpartition("-")[0] == name]


if __name__ == "__main__":
    main()
