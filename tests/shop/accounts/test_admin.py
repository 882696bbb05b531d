"""Staff are made and found in admin by their e-mail address."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from shop.accounts.models import User

pytestmark = pytest.mark.django_db


def test_a_new_person_is_made_with_an_address_and_a_password(admin_client: Client) -> None:
    answer = admin_client.post(
        "/admin/accounts/user/add/",
        {
            "email": "bo@example.com",
            "usable_password": "true",
            "password1": "a long sea shanty",
            "password2": "a long sea shanty",
        },
    )

    assert answer.status_code == 302
    assert User.objects.get(email="bo@example.com").check_password("a long sea shanty")


def test_people_are_found_whatever_the_case(admin_client: Client) -> None:
    User.objects.create_user("Bo@example.com", "a long sea shanty")

    page = admin_client.get("/admin/accounts/user/?q=bo@")

    assert "Bo@example.com" in page.content.decode()
    assert User.objects.get_by_natural_key("bo@EXAMPLE.com").email == "Bo@example.com"


def test_an_address_belongs_to_one_person_whatever_its_case() -> None:
    User.objects.create_user("bo@example.com")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("BO@example.com")
