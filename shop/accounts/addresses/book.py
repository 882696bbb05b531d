"""A customer's address book: at most so many addresses, and one of them first."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from shop.accounts.addresses.signals import default_address_changed
from shop.accounts.models import Address, User

# Nobody has more doors; the oldest is left out of what an order would add.
MOST = 20
PARTS = ["line1", "line2", "postal_code", "city", "state", "country"]


class BookFull(Exception):
    """There is no room for another address."""


@transaction.atomic
def add(user: User, *, is_default: bool = False, **parts: Any) -> Address:
    """Add an address; the first one is the default. One that is there already stays the one.

    Raises BookFull.
    """
    locked = _lock(user)
    same = locked.addresses.filter(**{"line2": "", "state": "", **parts}).first()
    if same is None:
        if locked.addresses.count() >= MOST:
            raise BookFull
        same = Address.objects.create(user=locked, **parts)
    if is_default or not locked.addresses.filter(is_default=True).exists():
        _make_default(locked, same)
    return same


def keep(user: User, name: str, address: Mapping[str, Any]) -> None:
    """Keep where an order was sent to, if it is an address and there is room."""
    parts: dict[str, Any] = {part: str(address.get(part) or "")[:255] for part in PARTS}
    if not (name and parts["line1"] and len(parts["country"]) == 2):
        return
    try:
        add(user, name=name[:255], **{**parts, "postal_code": parts["postal_code"][:30]})
    except BookFull:
        return


@transaction.atomic
def change(address: Address, *, is_default: bool = False, **parts: Any) -> None:
    """Write it anew; making it the default takes that from the one before."""
    user = _lock(address.user)
    Address.objects.filter(pk=address.pk).update(**parts)
    if is_default and not address.is_default:
        _make_default(user, address)
    elif default_of(user) == address:
        _tell(user)


@transaction.atomic
def make_default(address: Address) -> None:
    """From now on it is proposed first."""
    _make_default(_lock(address.user), address)


@transaction.atomic
def remove(address: Address) -> None:
    """Take it out; the newest of the others comes first then, if this one did."""
    user = _lock(address.user)
    was_default = Address.objects.filter(pk=address.pk, is_default=True).exists()
    Address.objects.filter(pk=address.pk).delete()
    following = user.addresses.first()
    if was_default and following is not None:
        _make_default(user, following)
    elif was_default:
        _tell(user)


def default_of(user: User) -> Address | None:
    """What is proposed first."""
    return user.addresses.filter(is_default=True).first()


def _make_default(user: User, address: Address) -> None:
    user.addresses.filter(is_default=True).exclude(pk=address.pk).update(is_default=False)
    user.addresses.filter(pk=address.pk).update(is_default=True)
    _tell(user)


def _tell(user: User) -> None:
    default_address_changed.send(sender=Address, user=user)


def _lock(user: User) -> User:
    """Two changes of one book wait for each other."""
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)
