"""Five groups of staff to begin with, each with the least rights that its work asks for.

`migrate` makes them. Each right is given once and noted: what staff take from a group, add to it,
rename or delete stays so, while a right that comes with a later release still reaches its group.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import connections, transaction

from shop.accounts.models import GivenRight

SEE, ADD, CHANGE, DELETE = "view", "add", "change", "delete"
KEEP = (SEE, ADD, CHANGE, DELETE)
READ = (SEE,)
EVERYTHING = ("accounts", "auth", "mfa", "catalog", "orders", "payments", "fulfillment")

# Which rights on which lists; a word that no verb is, is a right of its own.
RIGHTS: dict[str, dict[str, tuple[str, ...]]] = {
    "Sales": {
        "catalog.product": KEEP,
        "catalog.variant": KEEP,
        "catalog.image": KEEP,
        "catalog.category": KEEP,
        "catalog.optionword": KEEP,
        "catalog.fact": KEEP,
        "catalog.productfact": KEEP,
        "catalog.price": (SEE, ADD, CHANGE),
        "catalog.digitalgood": KEEP,
        "catalog.stock": READ,
        "catalog.syncconflict": (SEE, CHANGE),
        "catalog.unclaimedstripeobject": (SEE, CHANGE),
        "catalog.catalogsync": (SEE, CHANGE),
        "orders.discount": KEEP,
        "orders.discountcode": KEEP,
        "orders.discountamount": KEEP,
        "orders.question": KEEP,
        "orders.pagetext": KEEP,
        "fulfillment.stockalert": READ,
    },
    "Warehouse": {
        "orders.order": READ,
        "fulfillment.shipment": (SEE, "ship_order"),
        "fulfillment.preparation": (SEE, CHANGE),
        "catalog.stock": (SEE, "adjust_stock"),
        "catalog.stockmovement": READ,
        "fulfillment.stockalert": READ,
    },
    "Support": {
        "orders.order": (SEE, CHANGE),
        "orders.orderhold": READ,
        "orders.ordertransition": READ,
        "payments.payment": READ,
        "payments.latercharge": READ,
        "payments.refund": READ,
        "fulfillment.shipment": READ,
        "fulfillment.document": READ,
        "fulfillment.digitaldelivery": (SEE, CHANGE),
        "fulfillment.email": (SEE, CHANGE),
        "fulfillment.backinstock": (SEE, CHANGE),
        "payments.subscription": (SEE, CHANGE),
        "fulfillment.subscriptionmail": (SEE, CHANGE),
        "fulfillment.stockalert": READ,
        "fulfillment.contactmessage": (SEE, CHANGE),
        "fulfillment.orderlink": (SEE, CHANGE),
        "accounts.accountmail": (SEE, CHANGE),
        "catalog.stock": READ,
    },
    "Accounts": {
        "orders.order": READ,
        "orders.orderhold": READ,
        "orders.ordertransition": READ,
        "orders.orderreduction": READ,
        "orders.taxrate": (SEE, ADD, CHANGE),
        "payments.payment": (SEE, "capture_payment", "release_payment", "refund_payment"),
        "payments.latercharge": (SEE, "charge_later"),
        "payments.refund": READ,
        "payments.dispute": READ,
        "payments.risksign": READ,
        "payments.moneyentry": READ,
        "payments.moneyaction": READ,
        "payments.checkoutsession": READ,
        "payments.customer": READ,
        "payments.subscription": READ,
        "payments.savedmethod": READ,
        "payments.striperequest": (SEE, CHANGE),
        "payments.taxratesync": (SEE, CHANGE),
        "fulfillment.document": READ,
    },
    # All there is, and so all that is to come.
    "Owner": {},
}


def give(*, using: str = "default", **_: Any) -> None:
    """After `migrate`: give each group the rights that it was never given."""
    if GivenRight._meta.db_table not in connections[using].introspection.table_names():
        return
    given = set(GivenRight.objects.values_list("group", "right"))
    due = {
        (group, right): found for group, right, found in _rights() if (group, right) not in given
    }
    if not due:
        return
    with transaction.atomic():
        begun = {group for group, _ in given}
        groups = _groups({group for group, _ in due}, begun)
        held = [
            Group.permissions.through(group_id=groups[group].pk, permission_id=found.pk)
            for (group, _), found in due.items()
            if group in groups
        ]
        Group.permissions.through.objects.bulk_create(held, ignore_conflicts=True)
        noted = [GivenRight(group=group, right=right) for group, right in due]
        GivenRight.objects.bulk_create(noted, ignore_conflicts=True)


def _groups(named: set[str], begun: set[str]) -> dict[str, Group]:
    """Those to give rights to. One that was begun and is gone was taken away on purpose; one of
    that name that was there before is the shop's own.
    """
    known = {group.name: group for group in Group.objects.filter(name__in=named)}
    new = {name: Group(name=name) for name in named - begun - set(known)}
    Group.objects.bulk_create(new.values())
    return {**{name: group for name, group in known.items() if name in begun}, **new}


def _rights() -> Iterator[tuple[str, str, Permission]]:
    """Group, right and its permission; what the database does not know yet comes another time."""
    named = {
        (group, _name(model, verb)) for group, lists in RIGHTS.items()
        for model, verbs in lists.items() for verb in verbs
    }  # fmt: skip
    everything = Permission.objects.filter(content_type__app_label__in=EVERYTHING).select_related(
        "content_type"
    )
    for permission in everything.order_by("pk"):
        right = f"{permission.content_type.app_label}.{permission.codename}"
        yield "Owner", right, permission
        for group in RIGHTS:
            if (group, right) in named:
                yield group, right, permission


def _name(model: str, verb: str) -> str:
    app, name = model.split(".")
    return f"{app}.{verb}_{name}" if verb in KEEP else f"{app}.{verb}"
