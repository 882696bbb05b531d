"""Another address for an account: proved by a code, and the old one is told."""

import threading
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import transaction
from django.test import Client

from shop.accounts.customers.new_email import AddressTaken, change
from shop.accounts.models import AccountMail, User
from shop.accounts.tasks import drain_account_mails
from shop.orders.models import Order
from tests.support.concurrency import at_once, waiting_for_locks
from tests.support.customers import code_for, log_in, new_address
from tests.support.factories import OrderFactory, UserFactory
from tests.support.waiting import PATIENCE, eventually

pytestmark = pytest.mark.django_db

PAGE, CODE = "/account/email/", "/account/email/code/"


def test_changed_by_a_code_to_the_new_one_and_the_old_one_is_told() -> None:
    old, new = new_address(), new_address()
    client = log_in(old)
    user = User.objects.get(email=old)

    asked = client.post(PAGE, {"email": new.upper()})
    unchanged = User.objects.get(pk=user.pk).email
    done = client.post(CODE, {"code": code_for(new)}, follow=True)
    drain_account_mails()

    assert (asked["Location"], unchanged) == (CODE, old)
    assert f"Your address is {new} now." in done.content.decode()
    assert User.objects.get(pk=user.pk).email == new
    assert list(EmailAddress.objects.values_list("email", "verified")) == [(new, True)]
    assert mail.outbox[-1].to == [old]
    assert "this one does not log in any more" in " ".join(str(mail.outbox[-1].body).split())
    assert new not in str(mail.outbox[-1].body)


def test_orders_of_the_new_address_may_be_claimed_and_of_the_old_no_more() -> None:
    old, new = new_address(), new_address()
    client = log_in(old)
    client.post(PAGE, {"email": new})
    client.post(CODE, {"code": code_for(new)})
    of_old: Order = OrderFactory(email=old)
    of_new: Order = OrderFactory(email=new)

    client.post("/account/orders/claim/")

    assert Order.objects.get(pk=of_old.pk).user is None
    assert Order.objects.get(pk=of_new.pk).user == User.objects.get(email=new)


def test_its_own_address_once_more_is_no_news_to_anybody() -> None:
    email = new_address()
    client = log_in(email)
    client.post(PAGE, {"email": email})
    client.post(CODE, {"code": code_for(email)})

    assert not AccountMail.objects.filter(kind="email_changed").exists()


@pytest.mark.parametrize("fields", [{}, {"is_staff": True}])
def test_address_of_another_account_is_told_after_the_proof_alone(fields: Any) -> None:
    other = UserFactory(email=new_address(), **fields)
    email = new_address()
    client = log_in(email)

    asked = client.post(PAGE, {"email": other.email})
    done = client.post(CODE, {"code": code_for(other.email)}, follow=True)

    assert asked["Location"] == CODE
    assert "This address belongs to another account." in done.content.decode()
    assert User.objects.filter(email=email).exists()


@pytest.mark.django_db(transaction=True)
def test_an_address_that_two_prove_at_once_belongs_to_one() -> None:
    first, second = UserFactory(), UserFactory()
    email = new_address()
    is_changed, may_end = threading.Event(), threading.Event()

    def take() -> None:
        with transaction.atomic():
            change(first, email)
            is_changed.set()
            assert may_end.wait(PATIENCE)

    def take_too() -> None:
        assert is_changed.wait(PATIENCE)
        change(second, email)

    def let_go() -> None:
        eventually(waiting_for_locks)
        may_end.set()

    answers = at_once([take, take_too, let_go])

    assert [type(answer) for answer in answers] == [type(None), AddressTaken, type(None)]
    assert User.objects.get(email=email) == first


def test_six_wrong_codes_end_it() -> None:
    old, new = new_address(), new_address()
    client = log_in(old)
    client.post(PAGE, {"email": new})
    code = code_for(new)

    answers = [client.post(CODE, {"code": f"0000-000{n}"}).status_code for n in range(6)]

    assert answers == [400] * 5 + [302]
    assert client.post(CODE, {"code": code})["Location"] == PAGE
    assert User.objects.filter(email=old).exists()


def test_a_code_to_log_in_changes_no_address() -> None:
    old, new = new_address(), new_address()
    client = log_in(old)
    client.post(PAGE, {"email": new})
    other = Client()
    other.post("/account/login/", {"email": old})

    client.post(CODE, {"code": code_for(old)})

    assert User.objects.filter(email=old).exists()


def test_only_who_is_logged_in() -> None:
    assert Client().post(PAGE, {"email": new_address()})["Location"] == "/account/login/"
    assert Client().get(CODE)["Location"] == f"/account/login/?next={CODE}"
