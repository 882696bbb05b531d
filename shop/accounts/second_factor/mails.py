"""Word to its owner that a second factor or a passkey came or went: it may have been somebody else.

Of recovery codes nothing is said: they come and go with the others.
"""

from typing import Any

from allauth.mfa.models import Authenticator

from shop.accounts.customers.codes import write_code
from shop.accounts.models import AccountMail

Kind = AccountMail.Kind
TOLD = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def added(user: Any, authenticator: Authenticator, **_: Any) -> None:
    """Write it, in the transaction of whoever calls."""
    _tell(Kind.FACTOR_ADDED, user, authenticator)


def removed(user: Any, authenticator: Authenticator, **_: Any) -> None:
    """The same."""
    _tell(Kind.FACTOR_REMOVED, user, authenticator)


def _tell(kind: AccountMail.Kind, user: Any, authenticator: Authenticator) -> None:
    if authenticator.type in TOLD:
        write_code(kind, user.email, "")
