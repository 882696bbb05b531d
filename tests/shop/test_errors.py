import pytest
from django.db import DatabaseError
from django.http import HttpRequest
from django.test import Client
from django.urls import path

from shop import urls
from shop.errors import bad_request, server_error


def broken(_request: HttpRequest) -> None:
    raise DatabaseError("gone")


urlpatterns = [*urls.urlpatterns, path("broken", broken)]
handler400, handler500 = bad_request, server_error


@pytest.mark.urls(__name__)
def test_broken_page_tells_its_number_and_needs_no_database() -> None:
    client = Client(raise_request_exception=False)

    response = client.get("/broken", headers={"X-Request-Id": "abcdefgh-1234"})

    html = response.content.decode()
    assert response.status_code == 500
    assert "Something broke on our side" in html
    assert "If you write to us, this number helps: abcdefgh-1234" in html
    assert "gone" not in html


def test_request_that_cannot_be_understood_has_a_page() -> None:
    response = Client().get("/", headers={"Host": "elsewhere.example"})

    assert response.status_code == 400
    assert "We did not understand that" in response.content.decode()


def test_handlers_are_the_shops() -> None:
    assert (urls.handler400, urls.handler500) == (
        "shop.errors.bad_request",
        "shop.errors.server_error",
    )
