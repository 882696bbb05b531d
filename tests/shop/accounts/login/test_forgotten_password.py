"""T7: whoever of staff forgot the password gets a link by mail; nobody learns who is staff."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from shop import work
from shop.accounts.models import PasswordReset, User
from shop.accounts.tasks import drain_password_resets
from shop.configuration.security import login_limits
from tests.support.factories import UserFactory
from tests.support.retention import pruned

pytestmark = pytest.mark.django_db

OLD, NEW = "a long sea shanty", "a longer sea shanty"


def somebody(**fields: Any) -> User:
    user = UserFactory(email=f"{uuid.uuid4().hex}@example.com", **fields)
    user.set_password(OLD)
    user.save()
    return user


def ask(email: str) -> Any:
    return Client().post("/admin/forgotten-password/", {"email": email}, follow=True)


def link_for(user: User) -> str:
    """The path of the link in the mail that the worker sends."""
    mail.outbox.clear()
    ask(user.email)
    drain_password_resets()
    found = re.search(r"http://localhost:4242(/\S+)", str(mail.outbox[0].body))
    assert found is not None
    return found.group(1)


def set_by(client: Client, link: str, password: str = NEW, again: str = "") -> Any:
    form = client.get(link, follow=True)
    action = form.context.get("action_url") or form.request["PATH_INFO"]
    return client.post(action, {"password1": password, "password2": again or password}, follow=True)


def may_log_in(user: User, password: str) -> bool:
    form = {"username": user.email, "password": password}
    return bool(Client().post("/admin/login/", form).status_code == 302)


def test_known_and_unknown_hear_the_same_and_cost_the_same(
    django_assert_num_queries: Any,
) -> None:
    user = somebody(is_staff=True)
    pages = []
    for email in (user.email, "nobody@example.com"):
        # One row, and its bell.
        with django_assert_num_queries(1):
            answer = Client().post("/admin/forgotten-password/", {"email": email})
        pages.append((answer.status_code, answer["Location"]))

    assert pages == [(302, "/admin/forgotten-password/asked/")] * 2
    assert mail.outbox == []
    assert "If there is a staff account" in ask(user.email).content.decode()


@pytest.mark.parametrize(
    "fields",
    [{"is_staff": False}, {"is_staff": True, "is_active": False}, None],
    ids=["a customer", "turned off", "nobody"],
)
def test_nobody_else_gets_a_mail(fields: dict[str, bool] | None) -> None:
    ask("nobody@example.com" if fields is None else somebody(**fields).email)

    drain_password_resets()

    row = PasswordReset.objects.get()
    assert mail.outbox == []
    assert (row.status, row.result) == ("done", "ignored: no active staff account")


def test_staff_set_a_new_password_once() -> None:
    user = somebody(is_staff=True)
    inside = Client()
    inside.force_login(user)
    link = link_for(user)
    browser = Client()

    done = set_by(browser, link)
    again = set_by(Client(), link, "yet another shanty")

    assert [one.to for one in mail.outbox] == [[user.email]]
    assert mail.outbox[0].subject == "Holdfast: a new password"
    assert done.request["PATH_INFO"] == "/admin/forgotten-password/changed/"
    assert "This link was used before, or it is too old." in again.content.decode()
    assert (may_log_in(user, OLD), may_log_in(user, NEW)) == (False, True)
    # Whoever was in with the old one is out.
    assert inside.get("/admin/").status_code == 302


def test_the_form_stands_at_an_address_without_the_key() -> None:
    link = link_for(somebody(is_staff=True))

    page = Client().get(link, follow=True)

    key = link.rstrip("/").rpartition("/")[2]
    assert page.request["PATH_INFO"].endswith("/set-password/")
    assert key not in page.content.decode()


def test_the_link_is_good_for_an_hour() -> None:
    user = somebody(is_staff=True)
    with time_machine.travel(datetime(2026, 11, 29, 12, tzinfo=UTC), tick=False) as clock:
        link = link_for(user)
        clock.shift(timedelta(minutes=61))
        page = Client().get(link)

    assert "too old" in page.content.decode()


def test_who_is_no_longer_staff_has_no_use_for_the_link() -> None:
    user = somebody(is_staff=True)
    link = link_for(user)
    User.objects.filter(pk=user.pk).update(is_staff=False)

    page = set_by(Client(), link)

    assert "This link was used before" in page.content.decode()
    user.refresh_from_db()
    assert user.check_password(OLD)


@pytest.mark.parametrize(
    ("first", "second"), [("short", ""), (NEW, "another one altogether"), ("12345678901234", "")]
)
def test_a_bad_password_is_refused(first: str, second: str) -> None:
    user = somebody(is_staff=True)

    page = set_by(Client(), link_for(user), first, second)

    assert page.context["form"].errors
    user.refresh_from_db()
    assert user.check_password(OLD)


@pytest.mark.parametrize("link", ["%00/x", "x/%00", "é/x", "x/é", "x y/z"])
def test_what_no_link_of_ours_looks_like_leads_to_the_log_in(link: str) -> None:
    """As every address of the staff site that there is not."""
    answer = Client().get(f"/admin/forgotten-password/{link}/")

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/admin/login/")


@pytest.mark.parametrize("key", ["x", "set-password", "a-b-c", "z" * 500])
def test_a_made_up_link_says_that_it_is_none(key: str) -> None:
    page = Client().get(f"/admin/forgotten-password/1/{key}/")

    assert page.status_code == 200
    assert "This link was used before" in page.content.decode()


def test_who_was_locked_out_comes_in_with_the_new_one(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = login_limits(2)
    user = somebody(is_staff=True)
    for _ in range(3):
        may_log_in(user, "wrong")
    locked = may_log_in(user, OLD)

    set_by(Client(), link_for(user))

    assert (locked, may_log_in(user, NEW)) == (False, True)


def test_asking_too_often_is_refused(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = login_limits(2)
    email = f"{uuid.uuid4().hex}@example.com"

    answers = [ask(email).status_code for _ in range(3)]

    assert answers == [200, 200, 429]
    assert PasswordReset.objects.count() == 2


def test_a_mail_server_that_is_away_is_asked_again(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 9
    ask(somebody(is_staff=True).email)

    drain_password_resets()

    row = PasswordReset.objects.get()
    assert (row.status, row.attempts) == ("ready", 1)
    assert "Connection refused" in row.last_error


def test_old_rows_are_forgotten_and_open_ones_are_not() -> None:
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        ask("nobody@example.com")
        drained = PasswordReset.objects.get()
        ask("else@example.com")
    PasswordReset.objects.filter(pk=drained.pk).update(status=work.Work.Status.DONE)

    pruned("password_resets")

    assert [one.email for one in PasswordReset.objects.all()] == ["else@example.com"]
