"""A shop in use survives the change: what the release before left migrates, and its work goes on.

`before.sql.gz` is that release's database (see make_before.py). What it names at Stripe is made
anew in the stand-in, and the dump is loaded with the new ids.
"""

import gzip
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from psycopg.rows import dict_row

from fulfillment.documents import missing
from fulfillment.models import Document
from local.testing.pytest_services import run_id
from payments import checkout
from payments.models import CheckoutSession, Payment, StripeRequest
from payments.settlement import settle
from shop import work
from shop.catalog.models import CatalogSync, Price, StripeBaseline, Variant
from shop.catalog.stripe_plan.baseline import NOT_IN_BASELINE, Told
from shop.catalog.stripe_sync import push
from shop.models import StripeAccount
from shop.orders.models import DeliveryMethod, DiscountUse, Order, TaxRate
from shop.stripe_client import client
from shop.stripe_client.accounts import _fingerprint
from tests.fulfillment.documents.sales import sums_up
from tests.support import databases
from tests.support.books import broken_invariants
from tests.support.databases import Templates, connected_to
from tests.support.factories import DeliveryMethodFactory, DiscountFactory, TaxRateFactory
from tests.support.purchases import BODIES, new_buyer
from tests.support.stand_in import StandIn

DUMP = Path(__file__).with_name("before.sql.gz")
PASSWORD = "a long sea shanty"
DUMPED_AT = datetime(2026, 11, 28, 20, 15, 30, tzinfo=UTC)
MOMENT = re.compile(r"\b20\d\d-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00\b|\b179\d{7}\b")
SESSIONS = """
    SELECT s.stripe_session_id, s.status, r.parameters, p.stripe_payment_intent_id,
        p.stripe_charge_id, p.status AS payment_status, f.stripe_refund_id
    FROM payments_checkoutsession s
    JOIN payments_striperequest r ON r.session_id = s.id AND r.kind = 'create_session'
    LEFT JOIN payments_payment p ON p.session_id = s.id
    LEFT JOIN payments_refund f ON f.payment_id = p.id
    WHERE s.stripe_session_id IS NOT NULL ORDER BY s.created_at
"""
SEPA = {"method": "sepa_debit", "iban": "AT321904300235473204"}


# Who was there besides: somebody who logs in with what that release let them choose, and a group
# with rights over a model that has another name by now.
BESIDES = """
    INSERT INTO accounts_user (email, password, is_superuser, is_staff, is_active,
        first_name, last_name, date_joined)
        VALUES ('Old@example.com', %s, true, true, true, '', '', now());
    INSERT INTO auth_group (name) VALUES ('buyers');
    INSERT INTO auth_group_permissions (group_id, permission_id)
        SELECT g.id, p.id FROM auth_group g, auth_permission p
        WHERE g.name = 'buyers' AND p.codename = 'change_stripeoffer'
"""


@pytest.fixture
def before(stand_in: StandIn, templates: Templates, django_db_blocker: Any) -> Iterator[None]:
    """That release's database, in place of the tests' own while the test runs; not migrated yet.

    What it names at Stripe is at the stand-in.
    """
    dump = as_of_now(gzip.decompress(DUMP.read_bytes()).decode())
    with (
        database(not_migrated(templates)) as name,
        psycopg.connect(databases.url_of(name), row_factory=dict_row) as connected,
    ):
        sessions = connected.execute(SESSIONS).fetchall()
    for old, new in made_anew(stand_in, sessions).items():
        dump = dump.replace(old, new)
    with database() as name, django_db_blocker.unblock():
        load(dump, name)
        with connected_to(name):
            yield


@dataclass
class Then:
    """What stood in that release's database, before it was migrated."""

    outcomes: dict[Any, str]
    errors: dict[Any, str]
    reasons: dict[Any, str]
    sums: dict[Any, tuple[int | None, ...]]
    holds: list[tuple[Any, ...]]


@pytest.fixture
def then(templates: Templates, django_db_blocker: Any) -> Then:
    with (
        database(not_migrated(templates)) as name,
        django_db_blocker.unblock(),
        connected_to(name),
    ):
        there = connection.introspection.table_names()
        known = [kind for kind in work.kinds() if kind._meta.db_table in there]
        return Then(
            outcomes={pk: text for kind in known for pk, text in rows_of(kind, "outcome")},
            errors=dict(rows_of(StripeRequest, "last_error")),
            reasons=dict(rows_of(Order, "cancel_reason")),
            sums=sums(),
            holds=open_holds(),
        )


@pytest.fixture
def migrated(templates: Templates, django_db_blocker: Any) -> Iterator[None]:
    """That release's database as it is after `migrate`, in place of the tests' own.

    Of what it names nothing is at the stand-in.
    """
    template, name = not_migrated(templates), f"upgraded_{run_id()}"
    with django_db_blocker.unblock():
        with templates.filling(name) as half:
            if half:
                databases.create(half, template)
                with connected_to(half):
                    call_command("migrate", verbosity=0)
        with database(name) as copy, connected_to(copy):
            yield


def not_migrated(templates: Templates) -> str:
    """The name of a database with the dump in it, filled once a run."""
    name = f"before_{run_id()}"
    with templates.filling(name) as half:
        if half:
            databases.create(half)
            load(as_of_now(gzip.decompress(DUMP.read_bytes()).decode()), half)
    return name


def load(dump: str, name: str) -> None:
    with psycopg.connect(databases.url_of(name), autocommit=True) as loading:
        # An older server does not know this setting, and needs none.
        loading.execute(dump.replace("SET transaction_timeout = 0;", "").encode())
        # Of its own tables it found by their full names.
        loading.execute("SET search_path = public")
        psycopg.ClientCursor(loading).execute(BESIDES, [make_password(PASSWORD)])


def as_of_now(dump: str) -> str:
    """Each moment in it, a time or seconds since 1970, is as long ago or ahead as it was then."""
    passed = datetime.now(UTC) - DUMPED_AT

    def moved(found: re.Match[str]) -> str:
        if found[0].isdecimal():
            return str(int(found[0]) + round(passed.total_seconds()))
        return str(datetime.fromisoformat(found[0]) + passed)

    return MOMENT.sub(moved, dump)


@contextmanager
def database(template: str = "template1") -> Iterator[str]:
    """The name of a copy of the template, for a while."""
    name = f"in_use_{os.getpid()}"
    databases.create(name, template)
    try:
        yield name
    finally:
        databases.drop(name)


def made_anew(stand_in: StandIn, sessions: list[dict[str, Any]]) -> dict[str, str]:
    """Each session and payment at the stand-in, in the state in which it was: {old id: new id}."""
    ids: dict[str, str] = {}
    for row in sessions:
        if row["stripe_session_id"] not in ids:
            session = begun(row["parameters"])
            ids[row["stripe_session_id"]] = session
            if row["payment_status"]:
                ids |= paid(stand_in, session, row)
            elif row["status"] == "expired":
                stand_in.call(f"checkout/sessions/{session}/expire")
    return ids


def begun(parameters: dict[str, Any]) -> str:
    sent = {**parameters, "expires_at": int(time.time()) + 45 * 60}
    # Saved cards went with the stand-in of then.
    sent.pop("customer", None)
    return str(client().v1.checkout.sessions.create(sent).id)  # type: ignore[arg-type]


def paid(stand_in: StandIn, session: str, row: dict[str, Any]) -> dict[str, str]:
    is_sepa = row["payment_status"] in {"processing", "failed"}
    answer = stand_in.pay(session, **(SEPA if is_sepa else {}))
    assert answer.status_code == 200, answer.text
    intent = answer.json()["payment_intent"]
    if row["payment_status"] == "captured":
        stand_in.call(f"payment_intents/{intent}/capture")
    elif row["payment_status"] == "released":
        stand_in.call(f"payment_intents/{intent}/cancel")
    ids = {row["stripe_payment_intent_id"]: intent}
    if row["stripe_charge_id"]:
        ids[row["stripe_charge_id"]] = stand_in.api(f"payment_intents/{intent}")["latest_charge"]
    if row["stripe_refund_id"]:
        refund = stand_in.call("refunds", payment_intent=intent)
        ids[row["stripe_refund_id"]] = refund["id"]
    return ids


@pytest.mark.smoke
def test_a_shop_in_use_migrates_and_goes_on(before: None, stand_in: StandIn) -> None:
    call_command("migrate", verbosity=0)

    assert broken_invariants().keys() <= {"I7"}
    the_key_is_known()
    everything_comes_due()
    bodies: list[tuple[type[work.Work], Callable[[Any], None]]] = [
        *BODIES,
        (CatalogSync, push.push),
    ]
    while any(work.drain(kind, body) for kind, body in bodies):
        everything_comes_due()

    kinds = [kind for kind, _ in BODIES]
    left = [row for kind in kinds for row in kind._default_manager.exclude(status="done")]
    assert [(str(row), row.last_error) for row in left] == []
    assert broken_invariants() == {}
    assert set(Order.objects.values_list("status", flat=True)) == set(Order.Status)
    # Nothing is held but what is in review, waits for staff or was refused.
    assert Payment.objects.filter(status="authorized", order__holds=None).count() == 1
    # What had failed at Stripe, and what it may have forgotten, was looked for first; a page for
    # which somebody waits after one failure already.
    assert StripeRequest.objects.filter(generation=2).count() == 3
    assert not CheckoutSession.objects.filter(stripe_session_id=None, status="open").exists()


def test_outcomes_say_what_they_said(then: Then, migrated: None) -> None:  # U2
    """The sentence of each row is the one of before; what decides about money is a word."""
    texts = then.outcomes

    result = {row.pk: row.result for kind in work.kinds() for row in kind._default_manager.all()}
    refused = {row.pk for kind in work.kinds() for row in kind._default_manager.refused()}
    assert result == texts
    assert refused == {pk for pk, text in texts.items() if text.startswith("refused")}


def test_staff_keep_their_log_in(migrated: None) -> None:  # T7
    form = {"username": "old@example.com", "password": PASSWORD}

    assert Client().post("/admin/login/", form).status_code == 302


def test_what_was_agreed_with_stripe_is_summed_up(migrated: None) -> None:  # U4
    """Each variant's baseline says what its finished rows say, one after the other."""
    summed_up = what_was_told()
    assert not CatalogSync.objects.filter(NOT_IN_BASELINE).exists()
    StripeBaseline.objects.all().delete()
    CatalogSync.objects.update(in_baseline=False)

    assert [told.products for told in summed_up] != [{}]
    assert summed_up == what_was_told()


def what_was_told() -> list[Told]:
    accounts = CatalogSync.objects.order_by("stripe_account").values_list("stripe_account")
    return [Told.about(Variant.objects.all(), account) for (account,) in accounts.distinct()]


def test_what_a_process_of_before_writes_is_taken_apart(migrated: None) -> None:  # U2, U3
    """It may run on while this release migrates, and writes one text."""
    request, order = StripeRequest.objects.first(), Order.objects.first()
    assert request is not None
    assert order is not None

    with connection.cursor() as cursor:
        for table, column, text, pk in [
            ("payments_striperequest", "outcome", "refused: No: (such)", request.pk),
            ("orders_order", "cancel_reason", "Asked by mail", order.pk),
        ]:
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [text, pk])  # noqa: S608

    request.refresh_from_db()
    order.refresh_from_db()
    assert (request.outcome, request.detail) == ("refused", "No: (such)")
    assert (order.cancel_reason, order.cancel_note) == ("staff", "Asked by mail")


def test_answers_are_known_by_their_status(then: Then, migrated: None) -> None:  # U1
    statuses = dict(StripeRequest.objects.exclude(last_error="").values_list("pk", "last_status"))
    assert sorted(status or 0 for status in statuses.values()) == [0, 429, 500, 500, 503]
    for pk, status in statuses.items():
        assert str(status or "no answer") in then.errors[pk]


def test_reasons_to_cancel_are_words_and_notes(then: Then, migrated: None) -> None:  # U3
    typed = then.reasons
    reasons = dict(Order.objects.values_list("pk", "cancel_reason"))
    notes = dict(Order.objects.exclude(cancel_note="").values_list("pk", "cancel_note"))
    words = {"cart changed": "cart_changed"}
    assert notes == {
        pk: text
        for pk, text in typed.items()
        if text in {"Asked by phone: wrong size", "changed their mind"}
    }
    assert reasons == {
        pk: "staff" if pk in notes else words.get(text, text) for pk, text in typed.items()
    }


def test_what_was_captured_before_gets_its_documents(migrated: None) -> None:
    captured = Payment.objects.filter(captured_amount__gt=0).exclude(purpose="extra")

    call_command("make_documents", stdout=StringIO())

    invoiced = Document.objects.filter(kind="invoice").values_list("payment", "total")
    assert dict(invoiced) == dict(captured.values_list("pk", "captured_amount")) != {}
    assert [str(document) for document in Document.objects.all() if not sums_up(document)] == []
    assert missing.lacking().count() == 0


# The dump ends at orders.0005: delivery, tax and discounts came later, with columns of their own.
SUMS = "SELECT id, subtotal, discount, shipping, tax, total FROM orders_order"


def sums() -> dict[Any, tuple[int | None, ...]]:
    """What each order costs, as the database has it: subtotal, discount, shipping, tax, total."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS)
        return {row[0]: tuple(row[1:]) for row in cursor.fetchall()}


def open_holds() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT order_id, reason FROM orders_orderhold WHERE closed_at IS NULL")
        return sorted(cursor.fetchall(), key=str)


def test_what_orders_cost_and_wait_for_stays(then: Then, migrated: None) -> None:
    assert sums() == then.sums
    assert open_holds() == then.holds != []
    columns = Order.objects.values_list("taxes", "discounts", "delivery_name")
    assert set(map(str, columns)) == {str(([], [], ""))}
    assert (DiscountUse.objects.count(), TaxRate.objects.count()) == (0, 0)
    # Delivery is what it was: free, everywhere that was served.
    method = DeliveryMethod.objects.get()
    assert (method.is_free, method.is_active, "AT" in method.countries) == (True, True, True)


def test_its_customers_buy_on(before: None, stand_in: StandIn, settings: Any) -> None:
    call_command("migrate", verbosity=0)
    the_key_is_known()

    open_pages_are_paid_as_they_asked(stand_in)
    who_pays_again_has_the_delivery_of_now(stand_in)
    settings.TAX_MODE = "rates"
    what_is_new_works_on_it(stand_in)


def open_pages_are_paid_as_they_asked(stand_in: StandIn) -> None:
    there = CheckoutSession.objects.filter(status="open", stripe_session_id__isnull=False)
    pages = list(there.filter(order__cancel_requested_at=None))
    assert pages != []

    for page in pages:
        assert stand_in.pay(str(page.stripe_session_id)).status_code == 200
        settle.settle(page)

    orders = Order.objects.filter(checkout_sessions__in=pages)
    assert {(order.status, order.is_held) for order in orders} == {("confirmed", False)}
    assert {sums()[order.pk] for order in orders} == {
        (order.subtotal, 0, 0, 0, order.subtotal) for order in orders
    }


def who_pays_again_has_the_delivery_of_now(stand_in: StandIn) -> None:
    order = Order.objects.get(status="expired")

    page = checkout.pay_again(order, new_buyer(country="AT"))
    assert stand_in.pay(str(page.stripe_session_id)).status_code == 200
    settle.settle(page)

    order.refresh_from_db()
    assert [option["name"] for option in page.delivery["options"]] == ["Delivery"]
    assert (order.status, order.is_held) == ("confirmed", False)
    assert sums()[order.pk] == (order.subtotal, 0, 0, 0, order.subtotal)


def what_is_new_works_on_it(stand_in: StandIn) -> None:
    """Delivery that costs something, tax by rates, and an offer, for what it sold before."""
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(countries=["AT"], rates={"eur": {0: 490}})
    TaxRateFactory()
    DiscountFactory(is_automatic=True)
    price = Price.objects.current().get(variant__sku="MUG-KELP", currency="eur")

    page = checkout.start(new_buyer(country="AT"), [checkout.Item(price, 1)])
    assert stand_in.pay(str(page.stripe_session_id)).status_code == 200
    settle.settle(page)

    assert page.order
    amount = price.unit_amount
    off = -(-amount // 10) if amount % 10 >= 5 else amount // 10
    assert sums()[page.order.pk] == (amount, off, 490, 0, amount - off + 490)
    assert not page.order.is_held


def rows_of(model: Any, column: str) -> list[tuple[Any, str]]:
    """A column as the database has it, which may be the one of before."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {column} FROM {model._meta.db_table}")  # noqa: S608
        return list(cursor.fetchall())


def the_key_is_known() -> None:
    """The stand-in of today listens at another address, with which the key is told apart."""
    StripeAccount.objects.update(key_fingerprint=_fingerprint())


def everything_comes_due() -> None:
    """No wait for retries and for leases of workers that are gone; the dead get a new life."""
    past = timezone.now() - timedelta(seconds=1)
    for kind in work.kinds():
        rows = kind._default_manager.all()
        work.revive(rows)
        rows.filter(status="ready").update(run_at=past)
        rows.filter(status="leased").update(lease_until=past)


def test_who_might_decide_on_what_is_unclaimed_at_stripe_still_may(migrated: None) -> None:
    """The model has another name by now, and so have its permissions."""
    group = Group.objects.get(name="buyers")
    assert [one.codename for one in group.permissions.all()] == ["change_unclaimedstripeobject"]
    assert not Permission.objects.filter(codename__endswith="_stripeoffer").exists()
