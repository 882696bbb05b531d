"""A body is read as it was sent, whether its length was told or not, and else refused: C1."""

import json
import re
import socket
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from django.conf import settings
from django.db import connection

from payments.models import WebhookEvent
from payments.webhook_view import WEBHOOK_LIMIT
from shop.http.whole_bodies import READ_AHEAD, WholeBodies
from shop.orders.models import CartLine, Order, OrderLine
from tests.payments.deliveries import event, signature
from tests.support import databases
from tests.support.factories import PriceFactory
from tests.support.stand_in import HANGS_AFTER, StandIn
from tests.support.web_server import all_of, in_chunks, sent_raw, web_server

pytestmark = pytest.mark.django_db(transaction=True)

CHUNKED = "Transfer-Encoding: chunked"
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, stand_in_process: StandIn
) -> Iterator[int]:
    """The server that the demo and production run, with this test's database behind it."""
    own = {
        "DATABASE_URL": databases.url_of(str(connection.settings_dict["NAME"])),
        "STRIPE_API_BASE": stand_in_process.url,
        "DEFAULT_CHECKOUT_SKU": "THE-DEFAULT",
    }
    with web_server(tmp_path_factory.mktemp("web"), **own) as port:
        yield port


def delivery(size: int = 0) -> tuple[bytes, str]:
    """A signed event of that size, and its header."""
    body = json.dumps(event()).encode()
    body += b" " * (size - len(body))
    return body, f"{CHUNKED}\r\nStripe-Signature: {signature(body)}"


# -- the webhook -----------------------------------------------------------------------------------


def test_a_delivery_whose_length_is_not_told_is_stored(shop: int) -> None:
    body, head = delivery()

    answer = sent_raw(shop, head, in_chunks(body, 100))

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert WebhookEvent.objects.get().payload == json.loads(body)


@pytest.mark.parametrize(
    ("size", "status"),
    [
        (WEBHOOK_LIMIT, b"200"),
        (WEBHOOK_LIMIT + 1, b"413"),
        (3_000_000, b"413"),
        (READ_AHEAD + 1, b"413"),
    ],
)
def test_the_limit_of_a_delivery_counts_what_came(shop: int, size: int, status: bytes) -> None:
    body, head = delivery(size)

    answer = sent_raw(shop, head, in_chunks(body, 50_000))

    assert answer[9:12] == status
    assert WebhookEvent.objects.count() == (status == b"200")


# -- the checkout ----------------------------------------------------------------------------------


def checkout(shop: int, head: str, body: bytes, **more: Any) -> bytes:
    head = f"{FORM}\r\n{head}"
    return sent_raw(shop, head, body, path="/create-checkout-session", **more)


def test_what_is_named_without_telling_its_length_is_what_is_bought(
    shop: int, stand_in: StandIn
) -> None:
    PriceFactory(variant__sku="THE-DEFAULT")
    price = PriceFactory()
    form = urlencode({"price": price.key, "quantity": 2}).encode()

    answer = checkout(shop, CHUNKED, in_chunks(form, 5))

    assert answer.startswith(b"HTTP/1.1 303 ")
    assert list(OrderLine.objects.values_list("variant", "quantity")) == [(price.variant_id, 2)]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (CHUNKED, b"3\r\npri"),
        (CHUNKED, b"price=none&quantity=2"),
        (CHUNKED, b"-1\r\n\r\n0\r\n\r\n"),
        (CHUNKED, b"14\r\nprice=none&quantity=2\r\n0\r\n\r\n"),
        ("Content-Length: 500", b""),
        ("Content-Length: 500", b"cart="),
    ],
    ids=["cut", "not in chunks", "negative", "longer than it says", "never sent", "cut short"],
)
def test_a_body_that_cannot_be_read_buys_nothing(
    shop: int, stand_in: StandIn, head: str, body: bytes
) -> None:
    PriceFactory(variant__sku="THE-DEFAULT")

    answer = checkout(shop, head, body, cut=True)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert not Order.objects.exists()


def test_an_empty_body_still_asks_for_the_default(shop: int, stand_in: StandIn) -> None:
    price = PriceFactory(variant__sku="THE-DEFAULT")

    answers = [
        checkout(shop, head, body)[9:12]
        for head, body in [("Content-Length: 0", b""), (CHUNKED, in_chunks(b""))]
    ]

    assert answers == [b"303", b"303"]
    assert set(OrderLine.objects.values_list("variant", flat=True)) == {price.variant_id}


# -- the cart's forms ------------------------------------------------------------------------------


def test_a_form_of_the_cart_may_come_in_chunks(shop: int) -> None:
    price = PriceFactory()
    address = f"http://localhost:{shop}"
    browser = requests.Session()
    page = browser.get(address + price.variant.product.get_absolute_url(), timeout=HANGS_AFTER)
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert found
    form = {"price": price.key, "quantity": 3, "csrfmiddlewaretoken": found.group(1)}

    answer = browser.post(
        f"{address}/cart/add/",
        data=iter([urlencode(form).encode()]),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        timeout=HANGS_AFTER,
    )

    assert answer.status_code == 200
    assert [line.quantity for line in CartLine.objects.all()] == [3]


@pytest.mark.parametrize("head", [CHUNKED, "Content-Length: 500"])
def test_a_form_that_was_cut_off_is_told_so_and_not_of_cookies(shop: int, head: str) -> None:
    answer = sent_raw(shop, f"{FORM}\r\n{head}", b"4\r\npric", path="/cart/add/", cut=True)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"did not arrive whole" in answer


def test_what_stands_behind_a_refused_body_is_no_request(shop: int) -> None:
    head = f"POST /cart/add/ HTTP/1.1\r\nHost: localhost\r\n{FORM}\r\n{CHUNKED}\r\n\r\n"
    behind = b"zz\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

    with socket.create_connection(("127.0.0.1", shop), timeout=HANGS_AFTER) as wire:
        wire.sendall(head.encode() + behind)
        wire.shutdown(socket.SHUT_WR)
        answer = all_of(wire)

    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.startswith(b"HTTP/1.1 400 ")


# -- other servers, long bodies --------------------------------------------------------------------


def asked(application: Any, **environ: Any) -> tuple[str, bytes]:
    heard: list[str] = []

    def start(status: str, *_: Any) -> Any:
        heard.append(status)

    answer = WholeBodies(application)({"wsgi.input": BytesIO(b""), **environ}, start)
    return heard[0], b"".join(answer)


def test_a_server_that_does_not_read_chunks_asks_for_the_length() -> None:
    """As Django's runserver: it hands on what it finds, and would wait for more at its end."""

    def application(*_: Any) -> Any:
        raise AssertionError("asked though nobody can read the body")

    status, _ = asked(application, HTTP_TRANSFER_ENCODING="chunked")

    assert status == "411 Length Required"


def test_a_long_upload_that_is_cut_off_cannot_be_read() -> None:
    def application(environ: Any, start: Any) -> Any:
        wire = environ["wsgi.input"]
        assert wire.read(3) == b"abc"
        with pytest.raises(OSError):
            wire.read(3)
        start("200 OK", [])
        return []

    status, _ = asked(
        application, CONTENT_LENGTH=str(READ_AHEAD + 1), **{"wsgi.input": BytesIO(b"abc")}
    )

    assert status == "200 OK"


def test_the_shop_is_served_through_it() -> None:
    """Runserver and gunicorn take the same application."""
    from shop.wsgi import application

    assert settings.WSGI_APPLICATION == "shop.wsgi.application"
    assert isinstance(application, WholeBodies)
