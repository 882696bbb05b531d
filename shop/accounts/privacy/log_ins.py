"""What the shop keeps of log-ins and browsers, and for how long."""

from typing import Any

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import AccountMail, LoginFailure, PasswordReset
from shop.accounts.privacy.registry import Person
from shop.accounts.privacy.retention import Rule

RULES = [
    Rule(
        "sessions",
        "SESSIONS",
        _("What the server keeps for a browser's cookie, once the cookie has ended"),
        lambda before: Session.objects.filter(expire_date__lt=before),
    ),
    Rule(
        "login_failures",
        "LOGIN_RECORDS",
        _("Failed log-ins: the account tried and the network address"),
        lambda before: LoginFailure.objects.filter(at__lt=before),
    ),
    Rule(
        "password_resets",
        "LOGIN_RECORDS",
        _("Requests for a new password: the address given"),
        lambda before: PasswordReset.objects.filter(created_at__lt=before).exclude(
            status__in=PasswordReset.OPEN
        ),
    ),
    Rule(
        "account_mails",
        "LOGIN_RECORDS",
        _("Mails with a code to log in: the address given"),
        lambda before: AccountMail.objects.filter(created_at__lt=before).exclude(
            status__in=AccountMail.OPEN
        ),
    ),
]


def export(person: Person) -> dict[str, Any]:
    """Where somebody tried to come in by the address, and what was mailed to it for that."""
    failures = LoginFailure.objects.filter(email__iexact=person.email).order_by("at", "pk")
    resets = PasswordReset.objects.filter(email__iexact=person.email).order_by("created_at", "pk")
    mails = AccountMail.objects.filter(email__iexact=person.email).order_by("created_at", "pk")
    return {
        "failed": list(failures.values("at", "address", "reason")),
        "passwords_forgotten": list(resets.values("created_at")),
        "mails": list(mails.values("created_at", "kind")),
    }


def refuses(person: Person) -> str:
    """Who did what stays in the books of a shop: staff are no customers to be forgotten."""
    if person.user is None or not person.user.is_staff:
        return ""
    return "It is the account of staff. Turn it off in admin, and give it another address first."


def erase(person: Person) -> None:
    """The account itself is another section's matter."""
    LoginFailure.objects.filter(email__iexact=person.email).delete()
    PasswordReset.objects.filter(email__iexact=person.email).delete()
