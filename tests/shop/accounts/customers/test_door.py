"""The customers' door: a code by mail, the same answer for everybody, and six tries."""

import re
import secrets
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from shop.accounts.models import AccountMail, User
from shop.accounts.tasks import drain_account_mails
from shop.configuration.security import login_limits
from shop.work import Outcome, Work
from tests.support.customers import code_for, log_in, new_address
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
LOGIN, CODE = "/account/login/", "/account/login/code/"


def ask(client: Client, email: str, **more: str) -> Any:
    return client.post(LOGIN, {"email": email, **more})


def is_in(client: Client) -> bool:
    return bool(client.get("/account/").status_code == 200)


def test_who_is_new_gets_an_account_by_the_code() -> None:
    client, email = Client(), new_address()

    answer = ask(client, email.upper())
    before = User.objects.filter(email=email).exists()
    done = client.post(CODE, {"code": code_for(email)})

    assert (answer.status_code, answer["Location"], before) == (302, CODE, False)
    assert (done.status_code, done["Location"]) == (302, "/account/")
    user = User.objects.get(email=email)
    assert not user.has_usable_password()
    assert list(EmailAddress.objects.values_list("user", "email", "verified", "primary")) == [
        (user.pk, email, True, True)
    ]
    assert f"You are logged in as {email}." in client.get("/account/").content.decode()


def test_who_has_an_account_comes_into_it_whatever_the_case() -> None:
    user = UserFactory(email=f"Mara.{uuid.uuid4().hex}@example.com")

    client = log_in(user.email.lower())

    assert client.get("/account/").context["user"] == user
    assert User.objects.filter(email__iexact=user.email).count() == 1


@pytest.mark.parametrize("fields", [None, {}, {"is_staff": True}, {"is_active": False}])
def test_everybody_hears_the_same_and_costs_the_same(
    fields: dict[str, bool] | None, django_assert_num_queries: Any
) -> None:
    email = new_address() if fields is None else UserFactory(**fields).email
    client = Client()
    client.get("/account/login/")

    # The row; and the session with its savepoint.
    with django_assert_num_queries(5):
        answer = ask(client, email)
    page = client.get(CODE)
    wrong = client.post(CODE, {"code": "1"})

    assert (answer.status_code, answer["Location"], answer.content) == (302, CODE, b"")
    assert page.status_code == 200
    assert f"We have sent a code to {email}." in page.content.decode()
    assert wrong.status_code == 400
    assert "This is not the code that we sent." in wrong.content.decode()


def test_mail_has_the_code_and_a_link_to_the_form_alone() -> None:
    client, email = Client(), new_address()
    ask(client, email)

    code = code_for(email)

    letter = mail.outbox[-1]
    assert letter.subject == f"{code} is your code for Holdfast"
    assert re.fullmatch(r"\d{4}-\d{4}", code)
    assert re.findall(r"http\S+", str(letter.body))[0] == "http://localhost:4242" + CODE
    row = AccountMail.objects.get(email=email)
    assert (row.status, row.outcome, row.code) == (Work.Status.DONE, Outcome.SENT, "")


def test_what_looks_at_links_logs_nobody_in_and_spends_nothing() -> None:
    client, email = Client(), new_address()
    ask(client, email)
    code = code_for(email)

    elsewhere = Client().get(CODE)
    for _ in range(10):
        client.get(CODE)

    assert (elsewhere.status_code, elsewhere["Location"]) == (302, LOGIN)
    assert client.post(CODE, {"code": code})["Location"] == "/account/"


def test_code_is_good_in_its_own_browser_alone() -> None:
    email = new_address()
    ask(Client(), email)
    other = Client()
    ask(other, new_address())

    other.post(CODE, {"code": code_for(email)})

    assert not is_in(other)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}".replace("-", "")])
def test_code_may_be_typed_as_one_likes(typed: str) -> None:
    client, email = Client(), new_address()
    ask(client, email)

    client.post(CODE, {"code": typed.format(code_for(email).replace("-", " "))})

    assert is_in(client)


def test_six_wrong_codes_end_the_attempt() -> None:
    client, email = Client(), new_address()
    ask(client, email)
    code = code_for(email)

    answers = [client.post(CODE, {"code": f"0000-000{n}"}).status_code for n in range(6)]
    after = client.post(CODE, {"code": code})

    assert answers == [400] * 5 + [302]
    assert after["Location"] == LOGIN
    assert not is_in(client)


def test_tries_at_once_are_six_together() -> None:
    """Each reads the session as it was before the others; the cache counts them all."""
    client, email = Client(), new_address()
    ask(client, email)
    code = code_for(email)
    before = dict(client.session.items())

    for n in range(6):
        client.post(CODE, {"code": f"0000-000{n}"})
        session = client.session
        session.update(before)
        session.save()

    assert client.post(CODE, {"code": code})["Location"] == LOGIN
    assert not is_in(client)


def test_code_grows_old() -> None:
    client, email = Client(), new_address()
    with time_machine.travel(NOON, tick=False) as clock:
        ask(client, email)
        code = code_for(email)
        clock.shift(timedelta(minutes=15, seconds=1))

        assert client.post(CODE, {"code": code})["Location"] == LOGIN


def test_a_code_that_is_too_old_is_not_sent() -> None:
    email = new_address()
    ask(Client(), email)
    AccountMail.objects.update(created_at=timezone.now() - timedelta(minutes=16))

    drain_account_mails()

    row = AccountMail.objects.get(email=email)
    assert (mail.outbox, row.outcome, row.code) == ([], Outcome.OVERTAKEN, "")


def test_codes_of_one_address_come_to_an_end(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = login_limits(5, codes=2)
    email = new_address()

    answers = [_from_somewhere(email) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert answers[2]["Retry-After"] == "300"
    assert "Please wait a few minutes." in answers[2].content.decode()
    assert AccountMail.objects.filter(email=email).count() == 2


def _from_somewhere(email: str) -> Any:
    return Client(REMOTE_ADDR=f"10.9.{secrets.randbelow(256)}.{secrets.randbelow(256)}").post(
        LOGIN, {"email": email}
    )


def test_codes_asked_for_from_one_network_come_to_an_end(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = login_limits(5, codes=1)
    client = Client(REMOTE_ADDR=f"10.8.{secrets.randbelow(256)}.{secrets.randbelow(256)}")

    answers = [ask(client, new_address()).status_code for _ in range(5)]

    assert answers == [302] * 4 + [429]


def test_a_field_that_nobody_sees_catches_programs() -> None:
    client, email = Client(), new_address()

    answer = ask(client, email, website="https://spam.example")

    assert (answer.status_code, answer["Location"]) == (302, CODE)
    assert not AccountMail.objects.exists()


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "x" * 300 + "@example.com", "a\x00@b.com"])
def test_what_is_no_address_is_said(email: str) -> None:
    answer = ask(Client(), email)

    assert answer.status_code == 400
    assert not AccountMail.objects.exists()


@pytest.mark.parametrize("path", [LOGIN, CODE])
def test_without_the_cache_no_code_is_sent_and_the_page_says_so(settings: Any, path: str) -> None:
    client = Client()
    ask(client, new_address())
    AccountMail.objects.all().delete()
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/1"}
    }

    answer = client.post(path, {"email": new_address(), "code": "1"})

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Nobody can log in at the moment" in answer.content.decode()
    assert not AccountMail.objects.exists()


def test_staff_get_no_code_here() -> None:
    user = UserFactory(email=new_address(), is_staff=True)
    client = Client()
    ask(client, user.email)

    drain_account_mails()

    body = str(mail.outbox[0].body)
    assert "http://localhost:4242/admin/login/" in body
    assert not re.search(r"\d{4}-\d{4}", mail.outbox[0].subject + body)


def test_who_became_staff_since_is_not_let_in() -> None:
    client, user = Client(), UserFactory(email=new_address())
    ask(client, user.email)
    code = code_for(user.email)
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)

    answer = client.post(CODE, {"code": code})

    assert answer["Location"] == LOGIN
    assert client.get("/admin/").status_code == 302
    assert not is_in(client)


def test_a_customers_session_opens_nothing_once_they_are_staff() -> None:
    user = UserFactory(email=new_address())
    client = log_in(user.email)
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)

    assert client.get("/admin/").status_code == 302
    assert client.get("/account/")["Location"] == f"{LOGIN}?next=/account/"


def test_staff_are_no_customers() -> None:
    client = Client()
    client.force_login(UserFactory(is_staff=True))

    assert client.get("/account/")["Location"] == f"{LOGIN}?next=/account/"
    assert client.get(LOGIN).status_code == 200


def test_account_turned_off_stays_shut() -> None:
    user = UserFactory(email=new_address(), is_active=False)
    client = Client()
    ask(client, user.email)

    drain_account_mails()

    assert mail.outbox == []


def test_account_turned_off_since_the_mail_stays_shut_too() -> None:
    client, user = Client(), UserFactory(email=new_address())
    ask(client, user.email)
    code = code_for(user.email)
    User.objects.filter(pk=user.pk).update(is_active=False)

    answer = client.post(CODE, {"code": code})

    assert answer["Location"] == LOGIN
    assert not is_in(client)
    assert client.get(CODE)["Location"] == LOGIN


def test_an_address_that_another_account_had_proved_belongs_to_who_proves_it_now() -> None:
    email, other = new_address(), UserFactory()
    EmailAddress.objects.create(user=other, email=email, verified=True, primary=True)

    log_in(email)

    assert EmailAddress.objects.get(email=email).user == User.objects.get(email=email)


def test_log_in_gives_the_session_a_new_key() -> None:
    client, email = Client(), new_address()
    ask(client, email)
    before = client.session.session_key

    client.post(CODE, {"code": code_for(email)})

    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("onward", "then"),
    [
        ("/cart/", "/cart/"),
        ("https://evil.example/", "/account/"),
        ("//evil.example/", "/account/"),
        ("javascript:alert(1)", "/account/"),
    ],
)
def test_leads_on_within_the_shop_alone(onward: str, then: str) -> None:
    client, email = Client(), new_address()
    client.get(LOGIN, {"next": onward})
    ask(client, email, next=onward)

    done = client.post(CODE, {"code": code_for(email), "next": onward})

    assert done["Location"] == then


def test_who_is_in_is_not_asked_again() -> None:
    client = log_in(new_address())

    assert client.get(LOGIN)["Location"] == "/account/"
    assert client.get(CODE)["Location"] == "/account/"
    assert client.get(LOGIN, {"next": "/cart/"})["Location"] == "/cart/"


def test_who_logs_out_is_a_new_visitor() -> None:
    client = log_in(new_address())
    before = client.session.session_key

    answer = client.post("/account/logout/", follow=True)

    assert "You are logged out." in answer.content.decode()
    assert not is_in(client)
    assert client.session.session_key != before


def test_mail_speaks_the_language_of_the_page() -> None:
    client, email = Client(headers={"accept-language": "de"}), new_address()
    ask(client, email)

    drain_account_mails()

    assert AccountMail.objects.get(email=email).language == "de"
    assert "Ihr Code" in str(mail.outbox[0].body)
