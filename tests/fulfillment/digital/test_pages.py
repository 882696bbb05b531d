"""A download is fetched by its link alone, for some days, and so often (S-4)."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils import timezone

from fulfillment.digital import links
from fulfillment.digital.models import DigitalDelivery
from payments.models import Dispute, Refund
from shop.catalog import digital_goods
from shop.catalog.models import DigitalGood
from shop.orders.models import Order, OrderHold
from tests.fulfillment.digital.sales import sold
from tests.support.concurrency import at_once
from tests.support.digital import CONTENT, digital_root, uploaded

__all__ = ["digital_root"]
pytestmark = pytest.mark.django_db


def fetch(delivery: DigitalDelivery, method: str = "get", **headers: str) -> Any:
    return getattr(Client(), method)(links.file_of(delivery), headers=headers)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def downloads(delivery: DigitalDelivery) -> int:
    delivery.refresh_from_db()
    return delivery.downloads


def sentence(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_the_file_comes_byte_by_byte_to_be_saved_and_not_to_be_run() -> None:
    delivery = sold(name="Führer <貝殻>.html")

    answer = fetch(delivery)

    assert (answer.status_code, body(answer)) == (200, CONTENT)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''" + quote("Führer <貝殻>.html")
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Length"] == str(len(CONTENT))
    assert downloads(delivery) == 1


def test_looking_counts_nothing() -> None:
    delivery = sold()

    page = Client().get(links.page_of(delivery))
    head = fetch(delivery, "head")

    assert (page.status_code, head.status_code) == (200, 200)
    assert re.search(rf'href="/downloads/{delivery.pk.hex}\.[^"]+/file"', page.content.decode())
    assert head["Content-Length"] == str(len(CONTENT))
    assert downloads(delivery) == 0


def test_what_broke_off_goes_on_and_counts_once() -> None:
    delivery = sold()
    first = fetch(delivery)

    rest = fetch(delivery, range="bytes=1000-")
    part = fetch(delivery, range="bytes=10-19", **{"if-range": first["ETag"]})

    assert (rest.status_code, body(rest)) == (206, CONTENT[1000:])
    assert rest["Content-Range"] == f"bytes 1000-{len(CONTENT) - 1}/{len(CONTENT)}"
    assert (part.status_code, body(part)) == (206, CONTENT[10:20])
    assert downloads(delivery) == 1


def test_a_part_without_a_beginning_counts() -> None:
    """Or everything but the first byte could be had for ever."""
    delivery = sold()

    assert fetch(delivery, range="bytes=1-").status_code == 206
    assert downloads(delivery) == 1


@pytest.mark.parametrize(
    "asked", ["bytes=-5", "bytes=5-2", "bytes=0-1,4-5", "lines=1-2", "bytes=x-", "bytes=٣-"]
)
def test_an_odd_range_is_answered_with_the_whole(asked: str) -> None:
    answer = fetch(sold(), range=asked)

    assert (answer.status_code, body(answer)) == (200, CONTENT)


def test_a_range_beyond_the_end_counts_nothing() -> None:
    delivery = sold()

    answer = fetch(delivery, range=f"bytes={len(CONTENT)}-")

    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")
    assert downloads(delivery) == 0


def test_another_file_than_the_one_that_was_begun_comes_whole() -> None:
    answer = fetch(sold(), range="bytes=10-19", **{"if-range": '"another"'})

    assert (answer.status_code, body(answer)) == (200, CONTENT)


def test_beyond_the_limit_is_a_sentence_and_a_way_on() -> None:
    delivery = sold()
    DigitalDelivery.objects.update(downloads=5)

    answer = fetch(delivery)

    assert answer.status_code == 403
    assert "It was downloaded 5 times" in sentence(answer)
    assert f"name order {delivery.order.number}" in sentence(answer)
    assert 'href="/contact/"' in sentence(answer)
    assert downloads(delivery) == 5


@pytest.mark.django_db(transaction=True)
def test_two_at_once_past_the_limit_are_one_download() -> None:
    delivery = sold()
    DigitalDelivery.objects.update(downloads=4)

    answers = at_once([lambda: fetch(delivery)] * 4)

    statuses = sorted(getattr(answer, "status_code", 0) for answer in answers)
    assert statuses == [200, 403, 403, 403]
    assert downloads(delivery) == 5


@pytest.mark.parametrize("page", [links.page_of, links.file_of])
def test_a_link_ends_and_says_where_a_fresh_one_is(page: Any, settings: Any) -> None:
    delivery = sold()
    address = page(delivery)

    later = timezone.now() + timedelta(days=settings.DOWNLOAD_DAYS, minutes=1)
    with time_machine.travel(later):
        answer = Client().get(address)

    assert answer.status_code == 410
    assert "This link is over." in sentence(answer)
    assert delivery.order.token not in sentence(answer)
    assert downloads(delivery) == 0


def wrong_links(delivery: DigitalDelivery) -> list[str]:
    right = links.page_of(delivery).split("/")[2]
    other = sold()
    ours, _, signature = right.partition(".")
    return [
        right[:-1] + ("a" if right[-1] != "a" else "b"),
        f"{other.pk.hex}.{signature}",
        ours,
        str(delivery.pk),
        "x",
        "..%2F..%2Fetc%2Fpasswd",
        TimestampSigner(salt="other", sep=".").sign(delivery.pk.hex),
        TimestampSigner(salt=links.SALT, sep=".").sign("../../etc/passwd"),
        TimestampSigner(salt=links.SALT, sep=".").sign("0" * 32),
    ]


def test_what_nobody_signed_opens_nothing() -> None:
    delivery = sold()

    for wrong in wrong_links(delivery):
        for address in (f"/downloads/{wrong}/", f"/downloads/{wrong}/file"):
            assert Client().get(address).status_code == 404, address
    assert downloads(delivery) == 0


def test_a_link_opens_what_it_was_made_for_alone() -> None:
    first, second = sold(), sold(content=b"second")

    assert body(fetch(first)) == CONTENT
    assert body(fetch(second)) == b"second"
    assert (downloads(first), downloads(second)) == (1, 1)


def test_no_address_leads_to_the_file_itself() -> None:
    delivery = sold()
    assert delivery.file
    name = f"{delivery.file.id.hex[:2]}/{delivery.file.id.hex}"

    for address in (f"/media/{name}", f"/media/../digital/{name}", f"/digital/{name}"):
        assert Client().get(address).status_code == 404


def cancelled(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(cancel_requested_at=order.created_at)


def refunded(order: Order) -> None:
    payment = order.payments.get()
    Refund.objects.create(
        payment=payment, account="acct", stripe_refund_id="re_1", amount=1800, currency="eur",
        status="succeeded", created_at=order.created_at,
    )  # fmt: skip


def lost(order: Order) -> None:
    Dispute.objects.create(
        payment=order.payments.get(), account="acct", stripe_dispute_id="dp_1", amount=1800,
        currency="eur", status="lost", created_at=order.created_at,
    )  # fmt: skip


@pytest.mark.parametrize("end", [cancelled, refunded, lost])
def test_links_end_with_the_order(end: Any) -> None:
    delivery = sold()
    address = links.file_of(delivery)

    end(delivery.order)

    for answer in (Client().get(address), Client().get(links.page_of(delivery))):
        assert answer.status_code == 403
        assert "its downloads have ended" in sentence(answer)
    page = sentence(Client().get(f"/orders/{delivery.order.token}/"))
    assert "its downloads have ended" in page
    assert "/downloads/" not in page
    assert downloads(delivery) == 0


def test_in_review_nothing_is_handed_out() -> None:
    delivery = sold()
    delivery.order.hold(OrderHold.Reason.STAFF, "odd")

    answer = fetch(delivery)

    assert answer.status_code == 403
    assert "We are looking at this order" in sentence(answer)


def test_what_was_taken_off_is_not_downloaded() -> None:
    delivery = sold()
    delivery.order.lines.update(removed=1)

    assert fetch(delivery).status_code == 403
    assert "/downloads/" not in sentence(Client().get(f"/orders/{delivery.order.token}/"))


def test_a_file_that_is_lost_is_a_sentence_and_counts_nothing() -> None:
    delivery = sold()
    assert delivery.file
    delivery.file.path.unlink()

    answer = fetch(delivery)

    assert answer.status_code == 503
    assert "Nothing was counted" in sentence(answer)
    assert downloads(delivery) == 0


def test_where_there_is_no_file_there_is_none_to_fetch() -> None:
    delivery = sold()
    DigitalDelivery.objects.update(file=None)

    assert fetch(delivery).status_code == 404


def test_the_orders_page_has_a_fresh_link_whenever_it_is_opened() -> None:
    delivery = sold()

    with time_machine.travel(timezone.now() + timedelta(days=100)):
        page = Client().get(f"/orders/{delivery.order.token}/").content.decode()
        found = re.search(r'href="(/downloads/[^"]+/file)"', page)
        assert found
        answer = Client().get(found.group(1))

        assert (answer.status_code, body(answer)) == (200, CONTENT)


def test_only_looking_is_allowed() -> None:
    delivery = sold()

    for address in (links.page_of(delivery), links.file_of(delivery)):
        assert Client().post(address).status_code == 405


def test_replaced_the_former_file_is_still_the_one_that_was_bought() -> None:
    delivery = sold()

    newer = digital_goods.keep(delivery.order_line.variant, uploaded(content=b"newer"))
    DigitalGood.objects.update(file=newer)

    assert body(fetch(delivery)) == CONTENT
