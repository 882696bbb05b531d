"""The groups of staff that are there from the start: what each sees, and that changes stay."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from shop.accounts import ready_groups
from shop.accounts.models import GivenRight
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _migrated(db: None) -> None:
    """As after `migrate`; a test before may have emptied the tables."""
    ready_groups.give()


# The menu of each, as it is told in docs/operations.md.
SEES = {
    "Sales": {
        "Products": ["Products", "Categories", "Option words", "Facts", "Digital goods"],
        "Prices": ["Change prices", "All prices, old and new"],
        "Stock": ["Stock now", "Who waits for what"],
        "Discounts": ["Discounts and codes"],
        "Delivery, tax and texts": ["Questions on the payment page", "Texts on the payment page"],
        "Catalog at Stripe": [
            "Conflicts to decide", "Objects to adopt or leave", "Changes told to Stripe",
        ],
    },
    "Warehouse": {
        "Orders": ["Orders", "Parcels"],
        "Stock": ["Stock now", "Stock movements", "Who waits for what"],
        "Looking closer": ["Stock checks"],
    },
    "Support": {
        "Orders": [
            "Orders", "Payments to capture", "Parcels", "Downloads", "Invoices and credit notes",
            "Charged later", "Subscriptions", "Refunds",
        ],
        "Stock": ["Stock now", "Who waits for what"],
        "People": ["Messages to the shop", "Links to orders asked for", "Mails about accounts"],
        "Looking closer": [
            "Payments", "Order transitions", "Order holds", "Mails", "Mails about what is back",
            "Mails about subscriptions",
        ],
    },
    "Accounts": {
        "Orders": [
            "Orders", "Payments to capture", "Invoices and credit notes", "Charged later",
            "Subscriptions",
            "Refunds", "Disputes",
        ],
        "Delivery, tax and texts": ["Tax rates"],
        "People": ["Customers", "Saved payment methods"],
        "Looking closer": [
            "Payments", "Checkout sessions", "Money entries", "Money actions", "Risk signs",
            "Order transitions", "Order holds", "Order reductions", "Stripe requests",
            "Tax rate syncs",
        ],
    },
}  # fmt: skip


def of(group: str) -> Client:
    """Somebody of that group alone."""
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


def menu(client: Client) -> dict[str, list[str]]:
    groups: Any = client.get(reverse("admin:index")).context["available_apps"]
    return {group["name"]: [entry["name"] for entry in group["models"]] for group in groups}


def rights(group: str) -> set[str]:
    found = Group.objects.get(name=group).permissions.select_related("content_type")
    return {f"{one.content_type.app_label}.{one.codename}" for one in found}


@pytest.mark.parametrize("group", SEES)
def test_each_sees_what_its_work_asks_for(group: str) -> None:
    shown = menu(of(group))

    assert {name: list(map(str, entries)) for name, entries in shown.items()} == SEES[group]


@pytest.mark.parametrize("group", [*SEES, "Owner"])
def test_each_opens_its_own_pages_and_no_others(group: str) -> None:
    client = of(group)
    groups: Any = client.get(reverse("admin:index")).context["available_apps"]
    own = {entry["admin_url"] for one in groups for entry in one["models"]}
    everything = {
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    } | {reverse("admin:capture_queue"), reverse("admin:edit_prices")}

    answers = {address: client.get(address).status_code for address in everything}

    assert {address for address, status in answers.items() if status == 200} == own
    assert {address for address, status in answers.items() if status == 403} == everything - own


@pytest.mark.parametrize("group", [*SEES, "Owner"])
def test_each_can_search_its_lists(group: str) -> None:
    client = of(group)
    groups: Any = client.get(reverse("admin:index")).context["available_apps"]
    lists = [
        entry["admin_url"] for one in groups for entry in one["models"] if not entry.get("is_page")
    ]

    answers = [client.get(address, {"q": "mug"}).status_code for address in lists]

    assert set(answers) == {200}


def test_money_is_moved_by_accounts_and_owner_alone() -> None:
    money = {
        "payments.capture_payment",
        "payments.release_payment",
        "payments.refund_payment",
        "payments.charge_later",
    }

    assert [group for group in ready_groups.RIGHTS if rights(group) & money] == [
        "Accounts",
        "Owner",
    ]
    assert [group for group in ready_groups.RIGHTS if "accounts.change_user" in rights(group)] == [
        "Owner"
    ]


def test_every_right_in_the_table_is_one(db: None) -> None:
    """Guard: a word misspelt there would be given to nobody, and nobody would notice."""
    for group, lists in ready_groups.RIGHTS.items():
        named = {
            ready_groups._name(model, verb) for model, verbs in lists.items() for verb in verbs
        }
        assert named <= rights(group)
        assert group == "Owner" or rights(group) == named


def test_what_staff_take_away_or_add_stays_so() -> None:
    sales = Group.objects.get(name="Sales")
    sales.permissions.remove(Permission.objects.get(codename="delete_product"))
    sales.permissions.add(Permission.objects.get(codename="adjust_stock"))
    before = rights("Sales")

    call_command("migrate", verbosity=0)

    assert rights("Sales") == before


def test_a_group_that_was_deleted_or_renamed_does_not_come_back() -> None:
    Group.objects.get(name="Support").delete()
    Group.objects.filter(name="Warehouse").update(name="Lager")
    GivenRight.objects.filter(
        group__in=["Support", "Warehouse"], right="orders.view_order"
    ).delete()

    ready_groups.give()

    names = set(Group.objects.values_list("name", flat=True))
    assert names == {"Sales", "Lager", "Accounts", "Owner"}


def test_a_right_of_a_later_release_reaches_its_group() -> None:
    sales = Group.objects.get(name="Sales")
    sales.permissions.remove(Permission.objects.get(codename="view_stock"))
    GivenRight.objects.filter(group="Sales", right="catalog.view_stock").delete()

    ready_groups.give()

    assert "catalog.view_stock" in rights("Sales")


def test_a_group_of_the_shops_own_is_left_alone() -> None:
    GivenRight.objects.all().delete()
    Group.objects.all().delete()
    Group.objects.create(name="Sales")

    ready_groups.give()

    assert rights("Sales") == set()
    assert rights("Accounts") != set()
