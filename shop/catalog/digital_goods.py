"""Files that only their buyers may have, and keys that are handed out once."""

import hashlib
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shop.catalog.models import DigitalFile, DigitalGood, LicenseKey, Product, Variant
from shop.catalog.models.digital import LONGEST_KEY

LONGEST_NAME = 255
# Pasted at once; what is more comes in parts.
MOST_KEYS = 10_000


class NotAFile(ValueError):
    """What was uploaded cannot be kept; the message is for whoever sent it."""


class NotKeys(ValueError):
    """What was pasted cannot be a list of keys; the message is for whoever pasted it."""


class Upload(Protocol):
    """A file on its way in, as Django hands it over."""

    @property
    def name(self) -> str | None: ...

    def chunks(self) -> Iterable[bytes]: ...


def giving(variants: Iterable[Variant]) -> set[int]:
    """The ids of those that hand something out once they are paid; none of what travels."""
    candidates = {
        variant.pk
        for variant in variants
        if not variant.requires_shipping and variant.product.kind == Product.Kind.GOODS
    }
    if not candidates:
        return set()
    goods = DigitalGood.objects.filter(variant__in=candidates)
    return set(goods.values_list("variant_id", flat=True))


def keep(variant: Variant, upload: Upload, *, by: str = "") -> DigitalFile:
    """Write the file where no address leads to, and its row. Raises NotAFile.

    What its variant gave before is still there: who has bought that goes on having it.
    """
    file = DigitalFile(variant=variant, name=readable(upload.name or ""), added_by=by[:150])
    file.path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file.size, file.sha256 = _written(file.path, upload.chunks())
        file.save()
    except BaseException:
        file.path.unlink(missing_ok=True)
        raise
    return file


def drop_if_rolled_back(file: DigitalFile) -> None:
    """Take away what was written for a row that is not there after all.

    Where the database cannot be asked the bytes stay: somebody may have bought them.
    """
    if not DigitalFile.objects.filter(pk=file.pk).exists():
        file.path.unlink(missing_ok=True)


def check_size(size: int) -> None:
    """Raises NotAFile for what is empty or larger than files may be."""
    if size < 1:
        raise NotAFile("The file is empty.")
    if size > settings.DIGITAL_FILE_MB * 1024**2:
        raise NotAFile(f"A file has at most {settings.DIGITAL_FILE_MB} MB (DIGITAL_FILE_MB).")


def _written(path: Path, chunks: Iterable[bytes]) -> tuple[int, str]:
    """Its size, and what tells it from every other."""
    size, digest = 0, hashlib.sha256()
    with path.open("xb") as target:
        for chunk in chunks:
            size += len(chunk)
            if size > settings.DIGITAL_FILE_MB * 1024**2:
                check_size(size)
            digest.update(chunk)
            target.write(chunk)
    check_size(size)
    return size, digest.hexdigest()


def readable(name: str) -> str:
    """The name as somebody may save it: in any script, without a path or what cannot be seen."""
    last = PurePosixPath(name.replace("\\", "/")).name
    # Cc and Cf hold line breaks and what turns the direction of writing: "exe.fdp" read backwards.
    shown = "".join(one for one in last if unicodedata.category(one)[0] != "C").strip(" .")
    stem, dot, ending = (shown or "file").rpartition(".")
    if not dot or len(ending) > 20:
        return shown[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def opened(file: DigitalFile) -> BinaryIO:
    """Its bytes. Raises FileNotFoundError where the storage has lost it."""
    return file.path.open("rb")


def keys_in(pasted: str) -> list[str]:
    """One key a line, in their order, each once. Raises NotKeys."""
    keys = list(dict.fromkeys(filter(None, (line.strip() for line in pasted.splitlines()))))
    if len(keys) > MOST_KEYS:
        raise NotKeys(f"At most {MOST_KEYS} keys at once.")
    for number, key in enumerate(keys, 1):
        if len(key) > LONGEST_KEY:
            raise NotKeys(f"Key {number} has more than {LONGEST_KEY} characters.")
    return keys


def add_keys(variant: Variant, keys: list[str]) -> int:
    """Put keys into the pool; how many of them were not known there."""
    known = LicenseKey.objects.filter(variant=variant)
    before = known.count()
    LicenseKey.objects.bulk_create(
        [LicenseKey(variant=variant, key=key) for key in keys], ignore_conflicts=True
    )
    return known.count() - before


def keys_left(variant_id: int) -> int:
    """How many of its keys nobody has yet."""
    return LicenseKey.objects.filter(variant_id=variant_id, taken_for=None).count()


@transaction.atomic
def take_keys(variant_id: int, number: int, *, taker: uuid.UUID) -> int:
    """Take so many keys out of the pool, for good; how many there were, at most that number.

    Whoever takes at the same time takes others. Only when those that nobody else has in hand do not
    do, the end of the others is waited for: they may come back.
    """
    taken = 0
    for passes_by in (True, False):
        if taken < number:
            taken += _take(variant_id, number - taken, taker, passes_by=passes_by)
    return taken


def _take(variant_id: int, number: int, taker: uuid.UUID, *, passes_by: bool) -> int:
    pool = LicenseKey.objects.filter(variant_id=variant_id, taken_for=None).order_by("pk")
    rows = pool.select_for_update(skip_locked=passes_by).values_list("pk", flat=True)[:number]
    free = LicenseKey.objects.filter(pk__in=list(rows), taken_for=None)
    return free.update(taken_for=taker, taken_at=timezone.now())


def pieces(file: BinaryIO, *, size: int) -> Iterator[bytes]:
    """The next `size` bytes, piece by piece; closes the file."""
    with file:
        while size > 0 and (piece := file.read(min(size, 65536))):
            size -= len(piece)
            yield piece
