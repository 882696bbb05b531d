"""What the web server writes of a request."""

import pytest

from shop.http.access_log import address


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("GET /orders/abc_DEF-1/ HTTP/1.1", "GET /orders/[masked] HTTP/1.1"),
        ("GET /orders/abc/documents/2026-1/pdf/ HTTP/1.1", "GET /orders/[masked] HTTP/1.1"),
        ("GET /orders/abc/?key=1tX.sig HTTP/1.1", "GET /orders/[masked]?key=… HTTP/1.1"),
        ("POST /orders/find/ HTTP/1.1", "POST /orders/find/ HTTP/1.1"),
        ("GET /admin/x/?q=ada&p=2 HTTP/1.1", "GET /admin/x/?q=…&p=… HTTP/1.1"),
        ("GET /search/?q=mug HTTP/1.1", "GET /search/?q=… HTTP/1.1"),
        ("GET /products/kelp-mug/ HTTP/1.1", "GET /products/kelp-mug/ HTTP/1.1"),
        ("http://shop.example/orders/abc/?key=1", "http://shop.example/orders/[masked]?key=…"),
        ("GET /admin/forgotten-password/1/key-1/ HTTP/1.1",
         "GET /admin/forgotten-password/[masked] HTTP/1.1"),
        ("-", "-"),
    ],
)  # fmt: skip
def test_an_address_gives_nothing_away(said: str, written: str) -> None:
    assert address(said) == written
