"""People of the shop, logged in to the staff site."""

from django.contrib.auth.models import Permission
from django.test import Client

from tests.support.factories import UserFactory


def staff(*permissions: str) -> Client:
    """The browser of Ana, who may do these things."""
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def messages_on(answer: object) -> list[str]:
    """What the page says of the press before it."""
    return [str(message) for message in answer.context["messages"]]  # type: ignore[attr-defined]
