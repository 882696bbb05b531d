"""A passkey in a real browser, which keeps it in an authenticator of its own."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, Page, expect

from shop.accounts.models import User
from tests.conftest import SCREENSHOTS
from tests.support.browser import PATIENCE, faults_in_all_ways
from tests.support.customers import code_for, new_address

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (360, 390, 1280)


@pytest.fixture(autouse=True)
def here(settings: Any, live_server: Any) -> None:
    settings.SITE_URL = live_server.url


def with_authenticator(page: Page, *, knows_its_owner: bool = True) -> tuple[Any, str]:
    """The browser's own, which is touched at once."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": knows_its_owner,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, str(made["authenticatorId"])


def log_in_by_code(page: Page, url: str, email: str) -> None:
    page.goto(f"{url}/account/login/")
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_label("Code")).to_be_visible()
    page.get_by_label("Code").fill(code_for(email))
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("h1")).to_have_text("Your account")


def add(page: Page, url: str) -> None:
    page.goto(f"{url}/account/passkeys/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What you call it").fill("Telephone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("link", name="Remove Telephone")).to_be_visible()


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Log out").click()
    expect(page.locator(".messages")).to_contain_text("You are logged out.")


def use(page: Page, url: str) -> None:
    page.goto(f"{url}/account/login/?next=/account/passkeys/")
    page.get_by_role("link", name="Log in with a passkey instead").click()
    page.get_by_role("button", name="Use a passkey").click()


def look(page: Page, name: str) -> list[Any]:
    found: list[Any] = list(faults_in_all_ways(page, WIDTHS))
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"passkeys-{name}.png", full_page=True)
    return found


def test_one_is_added_logs_in_and_is_removed(live_server: Any, page: Page) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    with_authenticator(page)
    email = new_address()
    log_in_by_code(page, live_server.url, email)
    page.goto(f"{live_server.url}/account/passkeys/")
    found = look(page, "none")
    page.goto(f"{live_server.url}/account/passkeys/add/")
    found += look(page, "add")

    add(page, live_server.url)
    found += look(page, "one")
    log_out(page)
    page.goto(f"{live_server.url}/account/login/passkey/")
    found += look(page, "door")
    use(page, live_server.url)
    expect(page.locator("h1")).to_have_text("Your passkeys")
    expect(page.locator("main")).to_contain_text("last used on")
    page.get_by_role("link", name="Remove Telephone").click()
    found += look(page, "remove")
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.locator("main")).to_contain_text("You have no passkey yet.")
    log_out(page)
    use(page, live_server.url)
    expect(page.get_by_role("alert").first).to_contain_text("no passkey that we know")

    assert found == []
    assert [one for one in refused if "Content Security Policy" in one] == []
    assert not Authenticator.objects.exists()


def test_a_browser_without_any_says_so(live_server: Any, page: Page) -> None:
    devtools, authenticator = with_authenticator(page)
    devtools.send(
        "WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False}
    )

    use(page, live_server.url)

    expect(page.get_by_role("alert").first).to_contain_text("Nothing was done")


@pytest.mark.parametrize("changed", [{"is_staff": True}, {"is_active": False}])
def test_whoever_is_no_customer_any_more_does_not_come_in(
    live_server: Any, page: Page, changed: dict[str, bool]
) -> None:
    with_authenticator(page)
    email = new_address()
    log_in_by_code(page, live_server.url, email)
    add(page, live_server.url)
    log_out(page)
    User.objects.filter(email=email).update(**changed)

    use(page, live_server.url)

    expect(page.get_by_role("alert").first).to_contain_text("no passkey that we know")
    page.goto(f"{live_server.url}/account/")
    expect(page.locator("h1")).to_have_text("Log in")


def test_without_scripts_the_page_leads_to_the_code(live_server: Any, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()

    page.goto(f"{live_server.url}/account/login/passkey/")
    page.get_by_role("link", name="Log in by a code").first.click()

    expect(page.get_by_role("button", name="Send me a code")).to_be_visible()
    context.close()
