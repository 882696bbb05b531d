"""Who a session belongs to, by the door that it began at."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from shop.accounts.models import User


class StaffPasswords(ModelBackend):
    """Django's, which takes as long for an unknown account, for active staff."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **fields: Any,
    ) -> User | None:
        user = super().authenticate(request, username, password, **fields)
        return user if isinstance(user, User) and user.is_staff else None


class Customers(ModelBackend):
    """Of sessions that began at the customers' door: whoever is made staff is nobody there."""

    def authenticate(self, *_: Any, **__: Any) -> None:
        """By a code alone, which is allauth's matter."""

    def get_user(self, user_id: int) -> User | None:
        user = super().get_user(user_id)
        return user if isinstance(user, User) and not user.is_staff else None
