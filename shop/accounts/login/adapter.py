"""What allauth asks of the shop: where a request comes from, what failed, where to go on."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from shop.accounts.login import failures
from shop.accounts.models import LoginFailure, User
from shop.http.client_address import network


class ShopAdapter(DefaultAccountAdapter):
    """The admin's door: address and password, of active staff. The customers': a mailed code."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Please enter the e-mail address and the password of a staff "
        "account. The password minds capital letters.",
        "too_many_login_attempts": "There were too many failed attempts. Wait five minutes, then "
        "try again.",
        "invalid_password_reset": "This link was used before, or it is too old.",
    }

    def login(self, request: HttpRequest, user: User) -> None:
        """A session that began at one door opens nothing behind the other."""
        if not user.is_staff:
            user.backend = "shop.accounts.login.backend.Customers"
        super().login(request, user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        staff = isinstance(request.user, User) and request.user.is_staff
        return str(super().get_login_redirect_url(request)) if staff else reverse("account")

    def get_client_ip(self, request: HttpRequest) -> str:
        return network(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            failures.record(request, credentials["email"], LoginFailure.Reason.TOO_MANY)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        account = credentials["email"]
        failures.record(request, account, failures.why(account))

    def set_password(self, user: User, password: str) -> None:
        """Whoever forgot it has used up the attempts: with the new one they may log in at once."""
        super().set_password(user, password)
        self._delete_login_attempts_cached_email(self.request, email=user.email)

    def is_safe_url(self, url: str) -> bool:
        """Only within this site; not every name that it answers to is an address of ours."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def is_ajax(self, request: HttpRequest) -> bool:
        """All is a page here, for everybody."""
        return False

    def add_message(self, *_: Any, **__: Any) -> None:
        """The pages say what was done."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By the account alone. allauth counts for each Host, of which a client may send as many
        as there are ports, and for each spelling that the database takes for the same.
        """
        return str(credentials["email"]).upper().casefold()
