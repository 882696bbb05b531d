"""The mails of a rehearsal in the browser, and nothing else of the disk."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(tmp_path: Path, settings: Any) -> Path:
    settings.REHEARSAL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def write(subject: str) -> None:
    message = EmailMultiAlternatives(subject, "Hello, Mara.", to=["mara@example.com"])
    message.attach_alternative("<h1>Hello, <b>Mara</b></h1>", "text/html")
    message.send()


def test_lists_subject_and_recipient(mailbox: Path) -> None:
    write("Order HF-1: confirmed")

    text = Client().get("/_dev/mail/").content.decode()

    assert "Order HF-1: confirmed" in text
    assert "mara@example.com" in text


def test_a_letter_shows_its_text_and_frames_its_html(mailbox: Path) -> None:
    write("Order HF-1: confirmed")
    name = next(mailbox.iterdir()).name

    letter = Client().get(f"/_dev/mail/{name}/").content.decode()
    framed = Client().get(f"/_dev/mail/{name}/html")

    assert "Hello, Mara." in letter
    assert f'src="/_dev/mail/{name}/html"' in letter
    assert framed.content.strip() == b"<h1>Hello, <b>Mara</b></h1>"
    assert framed["Content-Security-Policy"].startswith("sandbox")
    assert framed["X-Frame-Options"] == "SAMEORIGIN"


def test_empty_mailbox_says_so(mailbox: Path) -> None:
    assert "There are no emails yet" in Client().get("/_dev/mail/").content.decode()


def test_without_files_there_is_no_mail(settings: Any) -> None:
    settings.REHEARSAL = True
    settings.EMAIL_FILE_PATH = None

    assert Client().get("/_dev/mail/").status_code == 200


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "nothing.log", "x.txt"])
def test_only_mails_are_read(mailbox: Path, name: str) -> None:
    (mailbox / "x.txt").write_text("secret")

    assert Client().get(f"/_dev/mail/{name}/").status_code == 404


@pytest.mark.parametrize("address", ["/_dev/mail/", "/_dev/mail/a.log/", "/_dev/mail/a.log/html"])
def test_absent_in_production(mailbox: Path, settings: Any, address: str) -> None:
    settings.REHEARSAL = False

    assert Client().get(address).status_code == 404
