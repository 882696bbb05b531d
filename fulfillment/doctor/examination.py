"""All checks, one after the other: whatever one of them meets, the others are made as well."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError

from fulfillment.doctor import delivery, documents, key, machinery, mails, portal, tax, webhooks
from fulfillment.doctor.amiss import Amiss
from payments.stripe.errors import OutcomeUnknown, Refused


@dataclass(frozen=True)
class Finding:
    """What a check has found; `mend` is empty when all is well."""

    name: str
    said: str
    mend: str = ""

    @property
    def is_amiss(self) -> bool:
        return bool(self.mend)


def examine() -> Iterator[Finding]:
    """Make every check, in an order in which the first one amiss explains those after it."""
    for name, check in CHECKS.items():
        yield _made(name, check)


def _made(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, check())
    except Amiss as found:
        return Finding(name, str(found), found.mend)
    except DatabaseError as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        return Finding(name, f"The database: {first}", "Mend the database; see the first check.")
    except (OutcomeUnknown, Refused) as error:
        said = f"The {name} could not be looked at. Stripe: {error}"
        return Finding(name, said, "Mend the key, or try again once Stripe answers.")


CHECKS: dict[str, Callable[[], str]] = {
    "database": machinery.database,
    "mode": key.mode,
    "key": key.is_taken,
    "account": key.account,
    "rights": key.rights,
    "endpoint": webhooks.endpoint,
    "proxies": webhooks.proxies,
    "clock": key.clock,
    "broker": machinery.broker,
    "cache": machinery.cache_server,
    "worker": machinery.workers,
    "beat": machinery.beat,
    "mail": mails.server,
    "letters": mails.letters,
    "delivery": delivery.methods,
    "tax": tax.rates,
    "documents": documents.made,
    "portal": portal.configured,
}
