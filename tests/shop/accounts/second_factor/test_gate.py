"""Who may move money comes no further than to the second factor until they have shown it."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.accounts import ready_groups
from shop.accounts.models import User
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = "required"


def somebody(group: str = "Accounts") -> User:
    # A test before may have emptied the tables.
    ready_groups.give()
    user: User = UserFactory(is_staff=True)
    user.set_password(PASSWORD)
    user.save()
    user.groups.add(Group.objects.get(name=group))
    return user


def logged_in(user: User) -> Client:
    client = Client()
    client.post("/admin/login/", {"username": user.email, "password": PASSWORD})
    return client


def code(secret: str) -> str:
    """What the app shows now."""
    counter = next(auth.yield_hotp_counters_from_time())
    return str(auth.format_hotp_value(auth.hotp_value(secret, counter)))


def code_of(user: User) -> str:
    """The same for the app that somebody has."""
    return code(Authenticator.objects.get(user=user, type="totp").data["secret"])


def confirm(client: Client) -> None:
    client.post("/admin/second-factor/password/", {"password": PASSWORD})


def with_app(user: User) -> User:
    # One of their own: the shop remembers for a while which codes were used.
    auth.TOTP.activate(user, auth.generate_totp_secret())
    return user


def test_without_one_there_is_only_the_page_to_set_one_up() -> None:
    client = logged_in(somebody())

    pages = [
        client.get(address)
        for address in ("/admin/", "/admin/orders/order/", "/admin/capture-queue/")
    ]
    posted = client.post("/admin/capture-queue/bulk/start/", {"ticket": "x"})

    assert {page["Location"] for page in (*pages, posted)} == {"/admin/second-factor/"}
    assert client.get("/admin/second-factor/").status_code == 200
    assert client.get("/").status_code == 200
    assert client.post("/admin/logout/").status_code in {200, 302}


@pytest.mark.parametrize("group", ["Sales", "Warehouse", "Support"])
def test_who_moves_no_money_needs_none(group: str) -> None:
    assert logged_in(somebody(group)).get("/admin/").status_code == 200


def test_a_superuser_needs_one() -> None:
    user = somebody("Sales")
    User.objects.filter(pk=user.pk).update(is_superuser=True)

    assert logged_in(user).get("/admin/")["Location"] == "/admin/second-factor/"


def test_where_it_is_optional_nobody_is_held_up(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = "optional"

    assert logged_in(somebody()).get("/admin/").status_code == 200


def test_an_app_is_added_and_opens_the_pages_at_once() -> None:
    client = logged_in(somebody())

    asked = client.get("/admin/second-factor/app/add/")
    confirm(client)
    page = client.get("/admin/second-factor/app/add/")
    secret = page.context["form"].secret
    added = client.post("/admin/second-factor/app/add/", {"code": code(secret)})

    assert asked["Location"].startswith("/admin/second-factor/password/?next=")
    assert secret in page.content.decode()
    assert added["Location"] == "/admin/second-factor/codes/"
    codes = client.get("/admin/second-factor/codes/")
    assert len(codes.context["unused_codes"]) == 10
    assert client.get("/admin/").status_code == 200


def test_the_password_alone_logs_nobody_in() -> None:
    client = Client()
    user = with_app(somebody())

    answer = client.post("/admin/login/", {"username": user.email, "password": PASSWORD})

    assert answer["Location"].startswith("/admin/second-factor/login/")
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/second-factor/login/").status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_code_of_the_app_logs_in() -> None:
    user = with_app(somebody())
    client = logged_in(user)

    answer = client.post("/admin/second-factor/login/", {"code": code_of(user)})

    assert answer.status_code == 302
    assert client.get("/admin/").status_code == 200


def test_a_wrong_code_does_not() -> None:
    client = logged_in(with_app(somebody()))

    answers = [client.post("/admin/second-factor/login/", {"code": "000000"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert "Incorrect code" in answers[0].content.decode()
    assert client.get("/admin/").status_code == 302


def test_a_code_counts_once() -> None:
    user = with_app(somebody())
    used = code_of(user)
    logged_in(user).post("/admin/second-factor/login/", {"code": used})

    again = logged_in(user)
    again.post("/admin/second-factor/login/", {"code": used})

    assert again.get("/admin/").status_code == 302


def test_a_recovery_code_logs_in_once() -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    user = with_app(somebody())
    spare = RecoveryCodes.activate(user).get_unused_codes()[0]

    first, second = logged_in(user), logged_in(user)
    first.post("/admin/second-factor/login/", {"code": spare})
    second.post("/admin/second-factor/login/", {"code": spare})

    assert (first.get("/admin/").status_code, second.get("/admin/").status_code) == (200, 302)


def test_a_session_that_began_without_does_not_become_better_elsewhere() -> None:
    """Guard: somebody sits in it with the password alone, while its owner adds an app."""
    user = somebody()
    thief = logged_in(user)
    with_app(user)

    answer = thief.get("/admin/capture-queue/")

    assert answer["Location"] == (
        "/admin/second-factor/reauthenticate/?next=%2Fadmin%2Fcapture-queue%2F"
    )
    shown = thief.post("/admin/second-factor/reauthenticate/", {"code": code_of(user)})
    assert shown.status_code == 302
    assert thief.get("/admin/capture-queue/").status_code == 200


@pytest.mark.parametrize(
    "page", ["", "app/remove/", "key/add/", "codes/", "codes/new/", "key/1/remove/"]
)
def test_nor_by_the_pages_of_the_factors_themselves(page: str) -> None:
    """Guard: there the owner's are seen and removed, and further ones are made."""
    user = somebody()
    thief = logged_in(user)
    confirm(thief)
    with_app(user)

    address = f"/admin/second-factor/{page}"
    answers = [thief.get(address), thief.post(address)]

    assert {answer.headers.get("Location", "")[:40] for answer in answers} == {
        "/admin/second-factor/reauthenticate/?nex"
    }
    assert Authenticator.objects.get().type == "totp"


def test_whoever_removes_the_last_one_begins_anew() -> None:
    user = with_app(somebody())
    client = logged_in(user)
    client.post("/admin/second-factor/login/", {"code": code_of(user)})
    confirm(client)

    client.post("/admin/second-factor/app/remove/")

    assert not Authenticator.objects.exists()
    assert client.get("/admin/")["Location"] == "/admin/second-factor/"


def test_the_page_of_a_key_has_no_script_of_its_own() -> None:
    client = logged_in(somebody())
    confirm(client)

    page = client.get("/admin/second-factor/key/add/").content.decode()

    assert "mfa/js/webauthn.js" in page
    assert page.count("<script") == page.count("<script src=") + page.count('json"')
    assert "Key 1" in page


def test_a_page_asks_the_database_nothing_more_for_it(settings: Any) -> None:
    user = with_app(somebody())
    client = logged_in(user)
    client.post("/admin/second-factor/login/", {"code": code_of(user)})
    client.get("/admin/")

    counts = []
    for choice in ("optional", "required"):
        settings.STAFF_SECOND_FACTOR = choice
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_an_owner_sees_who_has_one_and_not_its_secret(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = "optional"
    has = with_app(somebody())
    owner = logged_in(somebody("Owner"))
    row = Authenticator.objects.get()

    listed = owner.get("/admin/mfa/authenticator/").content.decode()
    page = owner.get(f"/admin/mfa/authenticator/{row.pk}/change/").content.decode()
    deleted = owner.post(f"/admin/mfa/authenticator/{row.pk}/delete/", {"post": "yes"})

    assert has.email in listed
    assert row.data["secret"] not in listed + page
    assert deleted.status_code == 302
    assert not Authenticator.objects.exists()
