"""Pages and static files travel packed, and are not sent twice for nothing. Check S13."""

import gzip
import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from pytest_django import Settings

from shop.catalog import tasks
from shop.http.compression import CompressionMiddleware
from tests.support.factories import PriceFactory

PACKED = {"Accept-Encoding": "gzip, br"}
# In a gzip header: a name follows, which Django fills with as many bytes as chance says.
NAMED = 0b1000


def vary(response: HttpResponseBase) -> set[str]:
    return {part.strip() for part in response["Vary"].split(",")}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/help/", "/sitemap.xml", "/feeds/google.xml"])
def test_page_travels_packed(
    client: Client, address: str, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    PriceFactory(variant__product__title="Lantern")
    tasks.write_feed()
    plain = client.get(address)

    packed = client.get(address, headers=PACKED)

    body = packed.getvalue()
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == plain.getvalue()
    assert "Content-Encoding" not in plain
    assert {"Accept-Encoding"} <= vary(plain) & vary(packed)


@pytest.mark.django_db
def test_length_of_a_packed_page_is_left_to_chance(client: Client) -> None:
    bodies = [client.get("/help/", headers=PACKED).content for _ in range(12)]

    assert all(body[3] & NAMED for body in bodies)
    assert len({len(body) for body in bodies}) > 1


def test_picture_is_not_packed_again() -> None:
    def answer(_request: object) -> HttpResponse:
        return HttpResponse(b"x" * 5000, content_type="image/avif")

    response: Any = CompressionMiddleware(answer)(RequestFactory().get("/", headers=PACKED))

    assert "Content-Encoding" not in response
    assert response.content == b"x" * 5000


@pytest.mark.django_db
def test_answer_to_a_delivery_is_as_it_is(client: Client) -> None:
    response = client.post("/webhook", data=b"{}", content_type="text/plain", headers=PACKED)

    assert response.content == b"Not signed by Stripe.\n"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/categories/things/", "/search/?q=rope", "/help/"])
def test_page_that_is_known_already_is_not_sent_again(client: Client, address: str) -> None:
    PriceFactory(variant__product__category__slug="things")
    first = client.get(address, headers=PACKED)

    again = client.get(address, headers={**PACKED, "If-None-Match": first["ETag"]})
    other = client.get(
        address, headers={**PACKED, "Accept-Language": "de", "If-None-Match": first["ETag"]}
    )

    assert (again.status_code, again.content) == (304, b"")
    assert {"Accept-Language", "Cookie"} <= vary(again)
    assert "Content-Security-Policy" in again
    assert other.status_code == 200


@pytest.mark.django_db
def test_page_with_a_form_of_its_own_is_always_sent(client: Client) -> None:
    """Its token is another each time; and what is not to be stored has no tag at all."""
    address = PriceFactory().variant.product.get_absolute_url()
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 200
    assert "ETag" not in client.get("/cart/")


@pytest.mark.django_db
def test_static_files_are_packed_and_kept_for_good(settings: Settings, tmp_path: Path) -> None:
    lying, collected = tmp_path / "lying" / "shop", tmp_path / "collected"
    lying.mkdir(parents=True)
    style = Path(str(finders.find("shop/shop.css"))).read_bytes()
    (lying / "shop.css").write_bytes(style)
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [str(lying.parent)], str(collected)
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    (name,) = [path.name for path in (collected / "shop").glob("shop.????????????.css")]

    unpacked = {"br": brotli.decompress, "gzip": gzip.decompress}
    for encoding, unpack in unpacked.items():
        response: Any = Client().get(f"/static/shop/{name}", headers={"Accept-Encoding": encoding})
        assert response["Content-Encoding"] == encoding
        assert unpack(response.getvalue()) == style
        assert re.fullmatch(r"max-age=\d{8,}, public, immutable", response["Cache-Control"])
        assert "Accept-Encoding" in vary(response)
