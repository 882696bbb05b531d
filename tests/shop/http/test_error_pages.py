"""What customers see when something is refused or broken. Check S57."""

import os
import re
import subprocess
import sys
from typing import Any, NoReturn

import pytest
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import translation
from pytest_django import Settings

from local.services.processes import ROOT
from shop import urls
from shop.http import error_pages
from shop.http.error_pages import bad_request, server_error
from tests.support.factories import PriceFactory
from tests.support.stand_in import StandIn

NUMBER = {"X-Request-Id": "abcdefgh-1234"}
TOLD = 'If you <a href="/contact/">write to us</a>, this number helps: abcdefgh-1234'


AWAY = {"DEBUG": "false", "REHEARSAL": "true", "DATABASE_URL": "postgres://x@127.0.0.1:1/x"}


def broken(_request: HttpRequest) -> NoReturn:
    raise DatabaseError("gone")


def busy(_request: HttpRequest) -> NoReturn:
    raise OperationalError("canceling statement due to statement timeout")


urlpatterns = [*urls.urlpatterns, path("broken", broken), path("busy", busy)]
handler400, handler500 = bad_request, server_error


def said(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.urls(__name__)
def test_broken_page_tells_its_number_and_needs_no_database() -> None:
    client = Client(raise_request_exception=False)

    response = client.get("/broken", headers=NUMBER)

    html = said(response)
    assert response.status_code == 500
    assert "Something broke on our side" in html
    assert TOLD in html
    assert "gone" not in html


@pytest.mark.urls(__name__)
def test_busy_database_asks_to_come_back() -> None:
    response = Client(raise_request_exception=False).get("/busy", headers=NUMBER)

    assert (response.status_code, response["Retry-After"]) == (503, "15")
    assert "We are back in a moment" in said(response)
    assert TOLD in said(response)
    assert "statement timeout" not in said(response)


def test_without_its_database_the_shop_says_so() -> None:
    """Each kind of page, in a process whose database nobody answers for."""
    program = (
        "import django, json; django.setup(); from django.test import Client\n"
        "client = Client(raise_request_exception=False)\n"
        "answers = [client.get(path) for path in ('/', '/products/mug/', '/cart/', '/admin/')]\n"
        "hook = client.post('/webhook', data='{}', content_type='application/json')\n"
        "print(json.dumps([[a.status_code, a.get('Retry-After')] for a in [*answers, hook]]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **AWAY},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    told = ended.stdout.splitlines()[-1]
    # Nobody signed what was posted; that is found without a database.
    assert told == '[[503, "15"], [503, "15"], [503, "15"], [302, null], [400, null]]'


def test_request_that_cannot_be_understood_has_a_page() -> None:
    response = Client().get("/", headers={"Host": "elsewhere.example"})

    assert response.status_code == 400
    assert "We did not understand that" in response.content.decode()


def test_form_without_its_cookie_has_a_page_with_a_number() -> None:
    response = Client(enforce_csrf_checks=True).post("/cart/add/", {"x": "1"}, headers=NUMBER)

    assert response.status_code == 403
    assert "Allow cookies for this shop" in said(response)
    assert TOLD in said(response)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "form", "status"),
    [
        ("/no/such/page/", None, 404),
        ("/create-checkout-session", {"price": "nothing", "quantity": "1"}, 400),
        ("/cart/remove/", {"variant": "x"}, 400),
    ],
)
def test_refusals_tell_their_number(
    client: Client, address: str, form: dict[str, str] | None, status: int
) -> None:
    if form is None:
        response = client.get(address, headers=NUMBER)
    else:
        response = client.post(address, form, headers=NUMBER)

    assert response.status_code == status
    assert TOLD in said(response)


@pytest.mark.django_db
def test_too_many_checkouts_is_a_page_with_a_number_and_a_time(
    client: Client, settings: Settings, stand_in: StandIn
) -> None:
    settings.CHECKOUT_RATE_LIMIT = 0

    form = {"price": PriceFactory().key, "quantity": "1"}
    response = client.post("/create-checkout-session", form, headers=NUMBER)

    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert "<h1>A moment, please</h1>" in said(response)
    assert "You have started many checkouts. Please wait a minute." in said(response)
    assert TOLD in said(response)


@pytest.mark.parametrize(
    ("name", "status"), [("400", 400), ("403_csrf", 403), ("500", 500), ("503", 503)]
)
def test_plain_page_needs_nothing(name: str, status: int, settings: Settings) -> None:
    settings.STORAGES = {}
    settings.SHOP_NAME = "Harbor"
    request = RequestFactory().get("/")

    html = said(error_pages._page(request, f"{name}.html", status=status))

    assert html.count("<h1") == 1
    assert re.search(r"<title> ?[^<]+ - Harbor</title>", html)
    assert 'href="/static/shop/shop.css"' in html
    assert "Holdfast" not in html
    for link in ("/help/#shipping", "/help/#returns", "/terms/", "/privacy/"):
        assert f'href="{link}"' in html
    assert 'href="mailto:help@localhost"' in html


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["403", "404", "429"])
def test_titles_name_the_shop(name: str, settings: Settings) -> None:
    from django.template.loader import render_to_string

    settings.SHOP_NAME = "Harbor"
    request = RequestFactory().get("/")
    request.session = Client().session

    html = said(HttpResponse(render_to_string(f"{name}.html", request=request)))

    assert re.search(r"<title>[^<]+ - Harbor</title>", html)


def test_plain_pages_speak_german() -> None:
    with translation.override("de"):
        response = error_pages._page(RequestFactory().get("/"), "503.html", status=503)

    assert '<html lang="de">' in said(response)
    assert "Wir sind gleich zurück" in said(response)


def test_handlers_are_the_shops(settings: Settings) -> None:
    assert (urls.handler400, urls.handler500, settings.CSRF_FAILURE_VIEW) == (
        "shop.http.error_pages.bad_request",
        "shop.http.error_pages.server_error",
        "shop.http.error_pages.csrf_failure",
    )
