"""A ticket binds a button that moves money to what its page has shown, and lets it count once.

It names what is done, the order, the payment, the amount, and how much could be moved at that
moment; it is signed, so none of that can be exchanged on the way.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction

from payments.models import ButtonPress, Payment
from shop.money import Money

# Not the name of this module: pages that are open while a release goes out must stay good.
SALT = "payments.tickets"
# A page that was opened before the weekend must not move money after it.
GOOD_FOR_SECONDS = 12 * 60 * 60


class Outdated(Exception):
    """The page is not about what is true now; look at it again. The message is for staff."""


class AlreadyPressed(Exception):
    """This very button was pressed before, and that press has counted."""

    def __init__(self, press_id: str) -> None:
        super().__init__("This button was pressed before; that counts once.")
        self.press_id = press_id


@dataclass(frozen=True)
class Ticket:
    """One button: `amount` of `payment` for `order`, of `available` that the page has shown.

    A capture may take units off the order, {line position: units}; JSON knows strings as keys only.
    """

    kind: str
    order: str
    payment: str
    amount: int
    available: int
    nonce: str
    units_off: dict[str, int] = field(default_factory=dict)
    written_off: bool = False

    @property
    def units(self) -> dict[int, int]:
        return {int(position): units for position, units in self.units_off.items()}


def issue(
    kind: str,
    payment: Payment,
    amount: Money,
    available: Money,
    *,
    units_off: Mapping[int, int] = MappingProxyType({}),
    written_off: bool = False,
) -> str:
    """A signed ticket for a new button."""
    ticket = Ticket(
        kind=kind,
        order=str(payment.order_id),
        payment=str(payment.pk),
        amount=amount.amount,
        available=available.amount,
        nonce=str(uuid.uuid4()),
        units_off={str(position): units for position, units in units_off.items()},
        written_off=written_off,
    )
    return seal(asdict(ticket))


def read(text: str, kind: str, payment: Payment) -> Ticket:
    """The ticket, if it is ours, fresh, and about doing this with that payment. Raises Outdated."""
    ticket = Ticket(**unseal(text))
    if (ticket.kind, ticket.payment, ticket.order) != (
        kind,
        str(payment.pk),
        str(payment.order_id),
    ):
        raise Outdated("The button belongs to another payment. Nothing was done.")
    return ticket


def amounts_on(text: str, currency: str = "") -> list[Money]:
    """How much the button moves, the sum in each currency where there are many captures on it.

    Nothing where it is none of ours: whoever uses it is told so.
    """
    try:
        content = unseal(text)
    except Outdated:
        return []
    if "captures" not in content:
        return [Money(content["amount"], currency)]
    sums: dict[str, int] = defaultdict(int)
    for amount, of in content["captures"].values():
        sums[of] += amount
    return [Money(amount, of) for of, amount in sums.items()]


def seal(content: dict[str, Any]) -> str:
    """The content, signed: a form may carry it and cannot change it."""
    return signing.dumps(content, salt=SALT)


def unseal(text: str) -> dict[str, Any]:
    """What `seal` has sealed. Raises Outdated."""
    try:
        return dict(signing.loads(text, salt=SALT, max_age=GOOD_FOR_SECONDS))
    except signing.SignatureExpired as error:
        raise Outdated("The page was open for too long. Nothing was done.") from error
    except signing.BadSignature as error:
        raise Outdated("The form was incomplete. Nothing was done.") from error


def use(nonce: str, actor: Any, *, results: dict[str, str] | None = None) -> ButtonPress:
    """Count the press, in the caller's transaction. Raises AlreadyPressed.

    A second press at the same time waits here for the first one's commit.
    """
    try:
        with transaction.atomic():
            return ButtonPress.objects.create(
                pk=uuid.UUID(nonce), actor_id=actor.pk, results=results or {}
            )
    except IntegrityError as error:
        raise AlreadyPressed(nonce) from error
