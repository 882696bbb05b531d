"""What the shop keeps of log-ins and browsers, and for how long."""

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import LoginFailure, PasswordReset
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
]
