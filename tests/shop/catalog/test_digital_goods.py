"""Files lie where no address leads to, and each key is taken once (S-4)."""

import threading
import uuid
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from shop.catalog import digital_goods
from shop.catalog.digital_goods import NotAFile, NotKeys, keep, keys_in, readable, take_keys
from shop.catalog.models import DigitalFile, DigitalGood, LicenseKey, Variant
from tests.support.concurrency import at_once, waiting_for_locks
from tests.support.digital import CONTENT, digital_price, digital_root, uploaded
from tests.support.factories import VariantFactory
from tests.support.waiting import PATIENCE, eventually

__all__ = ["digital_root"]
pytestmark = pytest.mark.django_db


def files_in(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


def test_a_file_is_kept_byte_by_byte_under_a_name_of_the_shops_own(digital_root: Path) -> None:
    file = keep(VariantFactory(), uploaded("../../etc/Führer 貝殻.pdf"), by="Ana")

    with digital_goods.opened(file) as read:
        assert read.read() == CONTENT
    assert (file.name, file.size, file.added_by) == ("Führer 貝殻.pdf", len(CONTENT), "Ana")
    assert files_in(digital_root) == [digital_root / file.id.hex[:2] / file.id.hex]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ana\\guide.pdf", "guide.pdf"),
        ("..", "file"),
        ("", "file"),
        ("guide\r\nX-Header: 1.pdf", "guideX-Header: 1.pdf"),
        ("guide\u202efdp.exe", "guidefdp.exe"),
        ("راهنمای ساحل.pdf", "راهنمای ساحل.pdf"),
        ("貝殻" * 200 + ".epub", ("貝殻" * 200)[:250] + ".epub"),
        ("half an emoji \ud83d.pdf", "half an emoji .pdf"),
    ],
)
def test_a_name_of_any_script_is_readable_and_leads_nowhere(name: str, shown: str) -> None:
    assert readable(name) == shown


def test_what_is_empty_or_too_large_leaves_nothing(settings: Any, digital_root: Path) -> None:
    settings.DIGITAL_FILE_MB = 1
    variant = VariantFactory()

    for content in (b"", b"x" * (1024**2 + 1)):
        with pytest.raises(NotAFile):
            keep(variant, uploaded(content=content))

    assert not files_in(digital_root)
    assert not DigitalFile.objects.exists()


def test_the_database_refuses_a_good_that_gives_nothing() -> None:
    with pytest.raises(IntegrityError, match="digital_good_gives_something"):
        DigitalGood.objects.create(variant=VariantFactory())


def test_what_travels_or_gives_nothing_is_not_handed_out() -> None:
    sent: Variant = digital_price().variant
    Variant.objects.filter(pk=sent.pk).update(requires_shipping=True)
    sent.refresh_from_db()
    service: Variant = VariantFactory(requires_shipping=False)
    guide: Variant = digital_price().variant
    tip: Variant = digital_price(variant__product__kind="tip").variant

    assert digital_goods.giving([sent, service, guide, tip]) == {guide.pk}


def test_keys_are_read_line_by_line() -> None:
    assert keys_in("  A-1 \r\n\n貝-2\nA-1\n") == ["A-1", "貝-2"]
    with pytest.raises(NotKeys, match="Key 2 has more than 500 characters"):
        keys_in("A\n" + "B" * 501)
    with pytest.raises(NotKeys, match="At most 10000"):
        keys_in("\n".join(map(str, range(10_001))))


def test_keys_that_are_known_are_not_added_again() -> None:
    variant = VariantFactory()

    assert digital_goods.add_keys(variant, ["A", "B"]) == 2
    assert digital_goods.add_keys(variant, ["B", "C"]) == 1
    assert digital_goods.keys_left(variant.pk) == 3


def test_a_taken_key_stays_with_whom_it_was_given_to() -> None:
    variant, taker = digital_price(keys=["A"]).variant, uuid.uuid4()

    assert take_keys(variant.pk, 2, taker=taker) == 1
    assert take_keys(variant.pk, 1, taker=uuid.uuid4()) == 0

    key = LicenseKey.objects.filter(variant=variant)
    assert key.get().taken_for == taker
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        key.update(taken_for=None, taken_at=None)
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        key.delete()


@pytest.mark.django_db(transaction=True)
def test_keys_taken_at_the_same_time_are_all_different() -> None:
    variant = digital_price(keys=[f"K-{number}" for number in range(10)]).variant
    takers = [uuid.uuid4() for _ in range(6)]

    taken = at_once([partial(take_keys, variant.pk, 2, taker=who) for who in takers])

    assert sorted(map(str, taken)) == ["0", "2", "2", "2", "2", "2"]
    assert not LicenseKey.objects.filter(taken_for=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_key_that_somebody_gives_back_is_waited_for() -> None:
    """A worker that dies in the middle takes no key with it."""
    variant = digital_price(keys=["A"]).variant
    holder, waiter, taken = uuid.uuid4(), uuid.uuid4(), threading.Event()

    class Killed(Exception):
        pass

    def take_and_die() -> int:
        with transaction.atomic():
            assert take_keys(variant.pk, 1, taker=holder) == 1
            taken.set()
            eventually(waiting_for_locks)
            raise Killed

    def take() -> int:
        assert taken.wait(PATIENCE)
        return take_keys(variant.pk, 1, taker=waiter)

    first, second = at_once([take_and_die, take])

    assert (isinstance(first, Killed), second) == (True, 1)
    assert LicenseKey.objects.get(variant=variant).taken_for == waiter
