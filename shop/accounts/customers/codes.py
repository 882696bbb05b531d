"""A log-in by a code that is mailed: allauth's, for an address that nobody is asked about.

Known or not, staff or not: the request looks nobody up. It writes one row, and the worker who
mails it decides what is written. Whose account it is, or that one has to be made, is decided when
the right code comes back.
"""

import uuid
from typing import Any, Self

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core import ratelimit
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from shop.accounts.customers.proof import prove
from shop.accounts.models import AccountMail, User


class TooManyCodes(Exception):
    """Enough codes went to that address, or were asked for from that network."""


class NoCustomer(Exception):
    """The account of that address is not for customers, or it is turned off."""


class CodeLogIn(LoginCodeVerificationProcess):
    """allauth's, except that it knows of no user before the end."""

    @classmethod
    def begin(cls, request: HttpRequest, email: str) -> None:
        """Have a code mailed, which is good in this browser alone. Raises TooManyCodes."""
        if not ratelimit.consume(request, action="request_login_code", key=email):
            raise TooManyCodes
        login = Login(user=None, email=email)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=None, email=email))
        stage.state.update(initiated_by_user=True, attempt=uuid.uuid4().hex)
        process = cls(stage=stage)
        process.send()
        process.persist()

    @classmethod
    def under_way(cls, request: HttpRequest) -> Self | None:
        """The one that was begun in this browser, while its code is good."""
        stage = LoginStageController.enter(request, LoginByCodeStage.key)
        return cls(stage=stage).abort_if_invalid() if stage else None

    @property
    def email(self) -> str:
        return str(self.state["email"])

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:
        write_code(AccountMail.Kind.CODE, email, self.generate_code())

    def finish(self, redirect_url: str | None) -> HttpResponse:
        """Log in whose address it is. Raises NoCustomer."""
        try:
            self._user = customer_with(self.email)
        except NoCustomer:
            clear_login(self.request)
            raise
        response: HttpResponse = super().finish(redirect_url)
        return response


def may_try(process: Any) -> bool:
    """Count a try of a code, before it is looked at; the last one was the sixth.

    Counted in the cache besides the session: of tries that come at once each reads the same
    session.
    """
    attempt = process.state["attempt"]
    is_left = ratelimit.consume(process.request, action="confirm_login_code", key=attempt)
    if not is_left:
        process.abort()
    return bool(is_left)


def write_code(kind: "AccountMail.Kind", email: str, code: str) -> None:
    """Have a code mailed, in the language of the page."""
    mail = AccountMail(kind=kind, email=email, code=code, language=get_language() or "")
    mail.save(force_insert=True)
    mail.ring()


@transaction.atomic
def customer_with(email: str) -> User:
    """The account of an address that has just been proved; a new one has no password."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user, _made = User.objects.get_or_create(email=email, defaults=_without_password())
    if user.is_staff or not user.is_active:
        raise NoCustomer(f"Account {user.pk} is not for customers.")
    prove(user, email)
    return user


def _without_password() -> dict[str, Any]:
    nobody = User()
    nobody.set_unusable_password()
    return {"password": nobody.password}
