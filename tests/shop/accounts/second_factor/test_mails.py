"""Whoever has a second factor or a passkey is told by mail when one comes or goes."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core import mail
from django.test import Client

from shop.accounts.models import User
from shop.accounts.tasks import drain_account_mails
from tests.shop.accounts.second_factor.test_gate import code, confirm, logged_in, somebody
from tests.support.customers import log_in, new_address
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def told() -> list[tuple[list[str], str]]:
    """To whom what was written since."""
    mail.outbox.clear()
    drain_account_mails()
    return [(letter.to, str(letter.subject)) for letter in mail.outbox]


def test_staff_are_told_of_an_app_that_is_added_and_removed() -> None:
    ana = somebody()
    client = logged_in(ana)
    confirm(client)
    client.get("/admin/second-factor/app/add/")
    secret = client.session["mfa.totp.secret"]

    client.post("/admin/second-factor/app/add/", {"code": code(secret)})
    added = told()
    client.post("/admin/second-factor/app/remove/")
    removed = told()

    assert added == [([ana.email], "Holdfast: a second factor was added to your account")]
    assert removed == [([ana.email], "Holdfast: a second factor was removed from your account")]
    assert Authenticator.objects.count() == 0


def test_who_lost_theirs_is_told_that_a_colleague_has_deleted_it(client: Client) -> None:
    ana = somebody()
    auth.TOTP.activate(ana, auth.generate_totp_secret())
    owner = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(owner)
    session = client.session
    session["staff_factor"] = owner.pk
    session.save()
    row = Authenticator.objects.get(user=ana)

    answer = client.post(f"/admin/mfa/authenticator/{row.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 302, answer.content
    assert told() == [([ana.email], "Holdfast: a second factor was removed from your account")]


def test_a_customer_is_told_of_a_passkey_that_is_removed_in_their_language(settings: Any) -> None:
    email = new_address()
    ada = log_in(email)
    user = User.objects.get(email=email)
    row = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Telephone", "credential": {}}
    )
    User.objects.update(language="de")

    ada.post(f"/account/passkeys/{row.pk}/remove/")

    assert told() == [([email], "Holdfast: Ein Passkey wurde aus Ihrem Konto entfernt")]
    assert "Das waren nicht Sie?" in str(mail.outbox[0].body)
