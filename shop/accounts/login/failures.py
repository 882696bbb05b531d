"""Log-ins that failed: kept for staff to look at, without the password, and for a while only."""

from datetime import timedelta

import structlog
from django.http import HttpRequest
from django.utils import timezone

from shop.accounts.models import LoginFailure, PasswordReset, User
from shop.http.client_address import address

log = structlog.get_logger(__name__)

Reason = LoginFailure.Reason
# Said on the privacy page, too.
KEPT_FOR = timedelta(days=90)


def record(request: HttpRequest, account: str, reason: LoginFailure.Reason) -> None:
    """Keep it and log it. The account is in the row alone: a log line names nobody."""
    told = address(request).replace("\x00", "")[:64]
    failure = LoginFailure.objects.create(email=account[:254], address=told, reason=reason)
    log.warning("staff log-in failed", reason=reason.value, address=told, failure=failure.pk)


def why(account: str) -> LoginFailure.Reason:
    """What staff are told of it in the list. Whoever tries hears the same in any case."""
    user = User.objects.filter(email__iexact=account).first()
    if user is None:
        return Reason.UNKNOWN
    if not user.is_active:
        return Reason.INACTIVE
    return Reason.PASSWORD if user.is_staff else Reason.NOT_STAFF


def forget_old() -> None:
    """Take away what was kept for long enough; what is still to do is not."""
    until = timezone.now() - KEPT_FOR
    LoginFailure.objects.filter(at__lt=until).delete()
    PasswordReset.objects.filter(created_at__lt=until).exclude(
        status__in=PasswordReset.OPEN
    ).delete()
