"""Passwords are for staff alone: nobody else comes in by one, whatever the form."""

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
