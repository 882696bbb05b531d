"""The red line on every staff page, and the mail to staff who look at none."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from fulfillment.models import Trouble
from fulfillment.troubles import mail as mails
from shop import pulse
from shop.models import Heartbeat
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def an_hour_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "_began", timezone.now() - timedelta(hours=1))


def heard(**ago: int) -> None:
    for part in pulse.Part:
        at = timezone.now() - timedelta(minutes=ago.get(part.value, 0))
        Heartbeat.objects.update_or_create(name=part, defaults={"at": at})


def red_lines(address: str = "/admin/") -> list[str]:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    html = client.get(address).content.decode()
    found = re.search(r'<ul class="alarms".*?</ul>', html, re.DOTALL)
    return re.findall(r"<li>\s*(.*?)\s*</li>", found[0], re.DOTALL) if found else []


@pytest.mark.parametrize("address", ["/admin/", "/admin/orders/order/", "/admin/capture-queue/"])
def test_all_is_well_without_a_red_line(address: str) -> None:
    # T5
    heard()

    assert red_lines(address) == []
    assert mail.outbox == []


@pytest.mark.parametrize("address", ["/admin/", "/admin/orders/order/", "/admin/capture-queue/"])
def test_workers_away_are_told_on_every_staff_page_and_by_mail(address: str, settings: Any) -> None:
    # T5
    settings.STAFF_EMAIL = ["ana@example.com", "bo@example.com"]
    heard(worker=10, bell=10, sweep=10)

    (said,) = red_lines(address)
    red_lines(address)

    assert said.startswith("No worker has answered since ")
    assert said.endswith("Nothing is captured, mailed or told to Stripe: start the workers.")
    # No worker could send it, so this process did; once, however often it is met.
    assert [(one.subject, one.to) for one in mail.outbox] == [
        ("Holdfast: No worker answers", ["ana@example.com", "bo@example.com"])
    ]


def test_beat_and_a_sweep_that_does_not_end_are_told() -> None:
    # T5
    heard(bell=10, sweep=10)

    said = red_lines()
    mails.tell()
    mails.tell()

    assert [line.split(" since ")[0] for line in said] == [
        "Beat has not rung for what is due",
        "No whole round of the sweep has come to its end",
    ]
    assert [one.subject for one in mail.outbox] == [
        "Holdfast: Beat does not ring",
        "Holdfast: The sweep does not come round",
    ]


def test_a_trouble_that_stays_is_told_again_after_an_hour() -> None:
    # T5
    heard(bell=10)
    mails.tell()
    Trouble.objects.update(told_at=timezone.now() - mails.AGAIN_AFTER)

    mails.tell()

    assert len(mail.outbox) == 2


def test_a_mail_that_could_not_be_sent_is_tried_again(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # T5
    heard(bell=10)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 9
    mails.tell()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    mails.tell()

    assert len(mail.outbox) == 1


def test_readyz_has_staff_told(client: Client, settings: Any) -> None:
    # T5
    settings.STAFF_EMAIL = ["ana@example.com"]
    heard(worker=10)

    client.get("/readyz")

    assert [one.to for one in mail.outbox] == [["ana@example.com"]]


def test_customers_see_no_red_line(client: Client) -> None:
    # T5
    heard(worker=10)

    assert "alarms" not in client.get("/").content.decode()
    assert "alarms" not in client.get("/admin/login/").content.decode()
