"""Log-ins that failed: kept for staff to look at, without the password."""

import structlog
from django.http import HttpRequest

from shop.accounts.models import LoginFailure, User
from shop.http.client_address import address

log = structlog.get_logger(__name__)

Reason = LoginFailure.Reason


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
