"""Pictures that come from outside: uploaded by staff, or fetched from where a catalog says."""

import io
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest
import trustme
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Pillow

from shop import work
from shop.catalog import publishing
from shop.catalog.files.run import import_products
from shop.catalog.models import Image, PictureFetch, Product
from shop.catalog.pictures import download
from shop.catalog.pictures import files as picture_files
from tests.shop.catalog.files.formats.shopify_files import file_of, row
from tests.support.factories import PriceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


def photo(width: int = 1000, height: int = 500, kind: str = "JPEG", **more: Any) -> bytes:
    file = io.BytesIO()
    Pillow.new("RGB", (width, height), "teal").save(file, kind, **more)
    return file.getvalue()


def stored(media: Path, written: picture_files.Written, width: int, suffix: str) -> Pillow.Image:
    return Pillow.open(media / "pictures" / f"{written.name}-{width}.{suffix}")


# -- Written anew ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_picture_is_written_in_each_width_and_format(media: Path, kind: str) -> None:
    written = picture_files.write(photo(kind=kind))

    assert (written.width, written.height, written.widths) == (1000, 500, [320, 480, 640, 960])
    for suffix, name in (("avif", "AVIF"), ("webp", "WEBP"), ("jpg", "JPEG")):
        with stored(media, written, 640, suffix) as picture:
            assert (picture.format, picture.size) == (name, (640, 320))


def test_a_small_picture_keeps_its_width(media: Path) -> None:
    assert picture_files.write(photo(200, 100)).widths == [200]


def test_nothing_of_the_metadata_stays_but_what_is_up(media: Path) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "the garden of somebody"

    written = picture_files.write(photo(exif=exif))

    with stored(media, written, 480, "jpg") as picture:
        assert (written.width, written.height) == (500, 1000)
        assert dict(picture.getexif()) == {}
    files = list((media / "pictures").iterdir())
    assert not any(b"somebody" in file.read_bytes() for file in files)


def test_what_is_transparent_becomes_white(media: Path) -> None:
    file = io.BytesIO()
    Pillow.new("RGBA", (400, 400), (0, 0, 0, 0)).save(file, "PNG")

    written = picture_files.write(file.getvalue())

    with stored(media, written, 320, "jpg") as picture:
        assert picture.getpixel((10, 10)) == (255, 255, 255)


def test_the_same_picture_is_written_once(media: Path) -> None:
    first = picture_files.write(photo())
    again = picture_files.write(photo())

    assert first == again
    assert len(list((media / "pictures").iterdir())) == 12


NO_PICTURES = {
    "text": b"hello",
    "empty": b"",
    "script": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "cut off": photo()[:400],
    "other format": b"BM" + b"\0" * 200,
}


@pytest.mark.parametrize("data", NO_PICTURES.values(), ids=NO_PICTURES.keys())
def test_what_is_no_picture_is_refused(media: Path, data: bytes) -> None:
    with pytest.raises(picture_files.NotAPicture, match="no picture that can be read"):
        picture_files.write(data)

    assert not media.exists()


def test_what_is_too_large_is_refused(media: Path) -> None:
    with pytest.raises(picture_files.NotAPicture, match="at most 5 MB"):
        picture_files.write(b"\xff" * (5 * 1024 * 1024 + 1))
    with pytest.raises(picture_files.NotAPicture, match="40 megapixels"):
        picture_files.write(photo(8000, 6000, "PNG"))


# -- Uploaded --------------------------------------------------------------------------------------


def form_of(product: Product, upload: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "title": product.title,
        "slug": product.slug,
        "category": product.category_id,
        "status": product.status,
        "variants-TOTAL_FORMS": 0,
        "variants-INITIAL_FORMS": 0,
        "facts-INITIAL_FORMS": 0,
        "facts-TOTAL_FORMS": 0,
        "images-TOTAL_FORMS": 1,
        "images-INITIAL_FORMS": 0,
        **({"images-0-upload": upload} if upload else {}),
        "images-0-alt": "A lantern",
        "images-0-position": 1,
        **more,
    }


def test_staff_upload_a_picture_and_customers_see_it(admin_client: Client, media: Path) -> None:
    product = PriceFactory(variant__product__slug="lantern").variant.product
    upload = SimpleUploadedFile("garden.jpg", photo(), content_type="image/jpeg")

    answer = admin_client.post(
        f"/admin/catalog/product/{product.pk}/change/", form_of(product, upload)
    )
    image = Image.objects.get()
    page = Client().get("/products/lantern/").content.decode()
    file = Client().get(f"/media/pictures/{image.name}-640.webp")

    assert answer.status_code == 302, answer.context["errors"]
    assert f'src="/media/pictures/{image.name}-640.jpg"' in page
    assert (file.status_code, file.headers["Content-Type"]) == (200, "image/webp")
    assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert file.getvalue()[8:12] == b"WEBP"


def test_an_upload_that_is_no_picture_is_told(admin_client: Client, media: Path) -> None:
    product = PriceFactory().variant.product
    upload = SimpleUploadedFile("a.jpg", b"<script>", content_type="image/jpeg")

    answer = admin_client.post(
        f"/admin/catalog/product/{product.pk}/change/", form_of(product, upload)
    )

    assert "This is no picture that can be read" in answer.content.decode()
    assert not Image.objects.exists()


def test_staff_name_a_picture_by_its_address(
    admin_client: Client, internet: list[str], media: Path
) -> None:
    product = PriceFactory(variant__product__slug="lantern").variant.product
    place = f"/admin/catalog/product/{product.pk}/change/"
    address = "https://pictures.example/lantern.jpg"

    answer = admin_client.post(place, form_of(product, **{"images-0-address": address}))
    asked_while_somebody_waited = list(internet)
    before = admin_client.get(place).content.decode()
    work.drain(PictureFetch, publishing.fetch_picture)
    page = Client().get("/products/lantern/").content.decode()

    assert answer.status_code == 302, answer.context["errors"]
    assert asked_while_somebody_waited == []
    assert "to be fetched" in before
    assert f'src="/media/pictures/{Image.objects.get().name}-640.jpg"' in page


def test_staff_see_why_a_picture_did_not_come(
    admin_client: Client, internet: list[str], media: Path
) -> None:
    product = PriceFactory().variant.product
    place = f"/admin/catalog/product/{product.pk}/change/"
    address = "https://pictures.example/page.jpg"

    admin_client.post(place, form_of(product, **{"images-0-address": address}))
    work.drain(PictureFetch, publishing.fetch_picture)

    said = admin_client.get(place).content.decode()
    assert "not fetched: Impossible: This is no picture that can be read" in said


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://pictures.example/a.jpg", "Only https addresses are fetched"),
        ("https://pictures.example:8443/a.jpg", "Only https addresses are fetched"),
        ("https://me:secret@pictures.example/a.jpg", "with a password is not fetched"),
        ("https://[::1/a.jpg", "no host or port that exists"),
        ("lantern.jpg", "Only https addresses are fetched"),
        ("", "Choose a picture, or give its address."),
    ],
)
def test_an_address_that_is_not_fetched_is_told(
    admin_client: Client, address: str, said: str
) -> None:
    product = PriceFactory().variant.product

    answer = admin_client.post(
        f"/admin/catalog/product/{product.pk}/change/",
        form_of(product, **{"images-0-address": address}),
    )

    assert said in answer.content.decode()
    assert not PictureFetch.objects.exists()


def test_either_a_file_or_an_address(admin_client: Client, media: Path) -> None:
    product = PriceFactory().variant.product
    upload = SimpleUploadedFile("a.jpg", photo(), content_type="image/jpeg")
    form = form_of(product, upload, **{"images-0-address": "https://pictures.example/a.jpg"})

    answer = admin_client.post(f"/admin/catalog/product/{product.pk}/change/", form)

    assert "Either a file or an address, not both." in answer.content.decode()
    assert not Image.objects.exists()


def test_the_same_picture_twice_is_told(admin_client: Client, media: Path) -> None:
    product = PriceFactory().variant.product
    place = f"/admin/catalog/product/{product.pk}/change/"
    first = SimpleUploadedFile("a.jpg", photo(), content_type="image/jpeg")
    again = SimpleUploadedFile("b.jpg", photo(), content_type="image/jpeg")

    admin_client.post(place, form_of(product, first))
    numbers = {"images-TOTAL_FORMS": 2, "images-INITIAL_FORMS": 1}
    rows = {"images-0-id": Image.objects.get().pk, "images-1-upload": again, "images-1-position": 2}
    answer = admin_client.post(place, form_of(product, **numbers, **rows))

    assert "The product has this picture already." in answer.content.decode()
    assert Image.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["x.jpg", "..%2f..%2fmanage.py", "0" * 24 + "-320.svg", "0" * 24 + "-320.jpg"]
)
def test_no_other_file_is_served(client: Client, media: Path, name: str) -> None:
    assert client.get(f"/media/pictures/{name}").status_code == 404


# -- Fetched ---------------------------------------------------------------------------------------


class Pictures(BaseHTTPRequestHandler):
    """A server with a picture, and with what a bad server does."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        match urlsplit(self.path).path:
            case "/lantern.jpg":
                self.answer(200, photo())
            case "/large.jpg":
                self.answer(200, b"\xff\xd8" + b"0" * (6 * 1024 * 1024))
            case "/moved.jpg":
                self.send_response(302)
                self.send_header("Location", "https://127.0.0.1/secret")
                self.end_headers()
            case "/slow-head.jpg":
                self.drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"z" * 1000)
            case "/slow-body.jpg":
                self.send_response(200)
                self.send_header("Content-Length", "100000")
                self.end_headers()
                self.drip(photo())
            case "/page.jpg":
                self.answer(200, b"<html>")
            case _:
                self.answer(404, b"")

    def drip(self, data: bytes) -> None:
        """A byte now and then, until nobody listens."""
        for byte in data:
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return
            time.sleep(0.05)

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[str]]:
    """pictures.example at a public address, where a server of this machine answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    authority.issue_cert("pictures.example").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    silent = socket.create_server(("127.0.0.1", 0))
    known = {
        "pictures.example": ["93.184.215.14"],
        "both.example": ["93.184.215.14", "10.0.0.1"],
        "silent.example": ["93.184.215.15"],
    }
    ports = {"93.184.215.14": server.server_port, "93.184.215.15": silent.getsockname()[1]}
    real, real_names = socket.create_connection, socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *more: Any, **named: Any) -> list[Any]:
        if not host.endswith(".example"):
            return real_names(host, port, *more, **named)
        if host == "slow.example":
            time.sleep(1)
        if host not in known:
            raise socket.gaierror("unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in known[host]]

    def create_connection(address: tuple[str, int], **more: Any) -> socket.socket:
        port = ports.get(address[0])
        return real(("127.0.0.1", port) if port and address[1] == 443 else address, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", create_connection)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    Pictures.asked = []
    yield Pictures.asked
    server.shutdown()
    server.server_close()
    silent.close()


def fetched(source: str) -> PictureFetch:
    """The work row after its one try."""
    product = PriceFactory().variant.product
    row = PictureFetch.objects.create(
        image=Image.objects.create(product=product, source=source, position=1)
    )
    work.run(PictureFetch, row.pk, publishing.fetch_picture)
    row.refresh_from_db()
    return row


def test_a_picture_is_fetched_and_shown(internet: list[str], media: Path) -> None:
    done = fetched("https://pictures.example/lantern.jpg?size=large#top")

    image = Image.objects.get()
    assert (done.status, done.outcome) == ("done", "fetched")
    assert (image.width, image.widths) == (1000, [320, 480, 640, 960])
    assert internet == ["/lantern.jpg?size=large"]


@pytest.mark.parametrize(
    ("source", "status", "said"),
    [
        ("https://pictures.example/large.jpg", "dead", "at most 5 MB"),
        ("https://pictures.example/page.jpg", "dead", "no picture that can be read"),
        ("https://pictures.example/moved.jpg", "ready", "answers 302"),
        ("https://pictures.example/none.jpg", "ready", "answers 404"),
        ("https://nowhere.example/a.jpg", "ready", "is not known"),
        ("https://both.example/a.jpg", "dead", "no address of the public internet"),
        ("http://pictures.example/lantern.jpg", "dead", "Only https"),
        ("https://pictures.example:8443/lantern.jpg", "dead", "Only https"),
        ("https://me:secret@pictures.example/lantern.jpg", "dead", "with a password"),
        ("https://pictures.example:99999/a.jpg", "dead", "no host or port"),
    ],
)
def test_what_cannot_be_fetched_is_told(
    internet: list[str], media: Path, source: str, status: str, said: str
) -> None:
    row = fetched(source)

    assert row.status == status
    assert said in row.last_error
    assert Image.objects.get().name == ""


@pytest.mark.parametrize(
    "place",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
     "224.0.0.1", "::1", "fe80::1", "fd00::1", "fec0::1", "ff02::1", "::", "100::1",
     "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "::7f00:1", "::a9fe:a9fe", "2002:7f00:1::",
     "2002:a9fe:a9fe::1", "64:ff9b::a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b:1::a9fe:a9fe",
     "2001:0:7f00:1::1", "2001::1", "2001:db8::1", "4000::1", "fe80::1%eth0"],
)  # fmt: skip
def test_addresses_of_other_networks_are_not_public(place: str) -> None:
    assert not download.is_public(place)


@pytest.mark.parametrize(
    "place",
    ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"],
)
def test_addresses_of_the_internet_are_public(place: str) -> None:
    assert download.is_public(place)


@pytest.mark.parametrize(
    ("host", "path", "said"),
    [
        ("pictures.example", "slow-head.jpg", "pictures.example takes too long."),
        ("pictures.example", "slow-body.jpg", "pictures.example takes too long."),
        ("slow.example", "lantern.jpg", "The name slow.example takes too long to be found."),
    ],
)
def test_a_fetch_ends_within_its_time(internet: list[str], host: str, path: str, said: str) -> None:
    # Who waits for the end of what comes so slowly is told of something else.
    with pytest.raises(download.CannotBeFetched) as refused:
        download.read(f"https://{host}/{path}", seconds=0.5)

    assert str(refused.value) == said


def test_a_server_that_shakes_no_hands_is_left(internet: list[str]) -> None:
    with pytest.raises(download.CannotBeFetched, match="takes too long"):
        download.read("https://silent.example/lantern.jpg", seconds=0.5)


def test_an_import_asks_for_its_pictures_and_fails_for_none(tmp_path: Path) -> None:
    path = file_of(tmp_path, row(image_src="https://nowhere.example/lamp.jpg"))

    report = import_products(path, currency="eur")
    import_products(path, currency="eur")

    assert (report.problems, report.is_imported) == ([], True)
    assert [row.image.source for row in PictureFetch.objects.all()] == [
        "https://nowhere.example/lamp.jpg"
    ]
