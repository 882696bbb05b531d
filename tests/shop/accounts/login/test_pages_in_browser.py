"""T7: the staff's door in a real browser: for everybody, on a phone and on a desk, no script."""

import re
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from shop.accounts.models import User
from shop.accounts.tasks import drain_password_resets
from shop.configuration.security import login_limits
from tests.conftest import SCREENSHOTS
from tests.support.browser import PATIENCE, faults_in_all_ways
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW = "a long sea shanty", "a longer sea shanty"
WIDTHS = (390, 1280)


@pytest.fixture
def ana() -> User:
    user = UserFactory(email="ana@example.com", is_staff=True, is_superuser=True)
    user.set_password(OLD)
    user.save()
    return user


def look(page: Page, name: str) -> list[Any]:
    """What is wrong with the page, of which pictures are left in all widths."""
    found: list[Any] = list(faults_in_all_ways(page, WIDTHS))
    SCREENSHOTS.mkdir(exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 780})
        page.screenshot(path=SCREENSHOTS / f"door-{name}-{width}.png", full_page=True)
    return found


def log_in(page: Page, password: str) -> None:
    page.fill("#id_username", "ana@example.com")
    page.fill("#id_password", password)
    page.get_by_role("button", name="Log in").click()


def test_staff_come_in_go_out_and_are_told_why_they_are_out(
    live_server: Any, page: Page, ana: User
) -> None:
    page.goto(f"{live_server.url}/admin/accounts/user/")
    found = look(page, "log-in")
    log_in(page, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("Please enter the e-mail address")
    found += look(page, "failed")
    log_in(page, OLD)
    expect(page.locator("#user-tools")).to_contain_text("Ana")
    came_to = page.url
    for row in Session.objects.all():
        kept = row.get_decoded()
        store = SessionStore(row.session_key)
        store.update({**kept, "staff_seen": kept["staff_seen"] - 31 * 60})
        store.save()
    page.goto(f"{live_server.url}/admin/accounts/user/?q=ana")
    expect(page.get_by_role("status")).to_have_text(
        "You were logged out after 30 minutes without work."
    )
    found += look(page, "timed-out")
    log_in(page, OLD)
    expect(page.locator("#user-tools")).to_contain_text("Ana")

    assert found == []
    assert came_to == f"{live_server.url}/admin/accounts/user/"
    assert page.url == f"{live_server.url}/admin/accounts/user/?q=ana"


def test_a_forgotten_password_is_set_anew_without_scripts(
    live_server: Any, chromium: Browser, ana: User, settings: Any
) -> None:
    settings.SITE_URL = live_server.url
    context = chromium.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()

    page.goto(f"{live_server.url}/admin/login/")
    page.get_by_role("link", name="Forgotten your password?").click()
    page.get_by_label("E-mail address").fill("ana@example.com")
    page.get_by_role("button", name="Send the link").click()
    expect(page.locator("h1")).to_have_text("Look into your mail")
    drain_password_resets()
    link = re.search(r"http\S+", str(mail.outbox[0].body))
    assert link is not None
    page.goto(link.group(0))
    page.get_by_label("New password", exact=False).first.fill(NEW)
    page.get_by_label("New password again").fill(NEW)
    page.get_by_role("button", name="Set the new password").click()
    expect(page.locator("h1")).to_have_text("The new password is set")
    page.get_by_role("link", name="Log in").click()
    log_in(page, NEW)
    expect(page.locator("#user-tools")).to_contain_text("Ana")
    context.close()


def test_the_pages_of_a_forgotten_password_are_for_everybody(
    live_server: Any, page: Page, ana: User, settings: Any
) -> None:
    settings.SITE_URL = live_server.url
    settings.ACCOUNT_RATE_LIMITS = login_limits(1)

    page.goto(f"{live_server.url}/admin/forgotten-password/")
    found = look(page, "forgotten")
    page.get_by_label("E-mail address").fill("ana@example.com")
    page.get_by_role("button", name="Send the link").click()
    found += look(page, "asked")
    page.goto(f"{live_server.url}/admin/forgotten-password/")
    page.get_by_label("E-mail address").fill("ana@example.com")
    page.get_by_role("button", name="Send the link").click()
    expect(page.locator("h1")).to_have_text("Too many attempts")
    found += look(page, "too-many")
    drain_password_resets()
    link = re.search(r"http\S+", str(mail.outbox[0].body))
    assert link is not None
    page.goto(link.group(0))
    found += look(page, "new-password")
    page.goto(f"{live_server.url}/admin/forgotten-password/1/used/")
    found += look(page, "used-link")
    page.goto(f"{live_server.url}/admin/forgotten-password/changed/")
    found += look(page, "changed")

    assert found == []
