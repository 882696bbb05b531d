"""`manage.py erase` and `export_person`: what is told, what stays, and when it is refused."""

import builtins
import json
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client

from fulfillment.models import Shipment
from fulfillment.shipping import ship
from payments import stripe_requests, webhooks
from payments.models import CheckoutSession, Customer, Payment, SavedMethod, WebhookEvent
from shop.accounts.models import AccountMail, LoginFailure
from shop.money import Money
from shop.orders.models import Order
from tests.support.customers import log_in
from tests.support.factories import OrderFactory, UserFactory
from tests.support.purchases import buy, do_the_work, paid
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

WHO = "grace.hopper@example.com"
PERSONAL: dict[str, Any] = {
    "email": WHO,
    "name": "Grace Hopper",
    "phone": "+4366012345678",
    "postal_code": "1070",
}
LETTER = {"email": WHO.upper(), "order_number": "", "text": "I am Grace Hopper, call me."}


@pytest.fixture
def order(stand_in: StandIn, settings: Any) -> Order:
    """Bought, paid, shipped, written about, searched for."""
    settings.PHONE_NUMBER_COLLECTION = True
    order = buy(stand_in, **PERSONAL)
    do_the_work()
    ship(Shipment.objects.get(order=order), carrier="Post", tracking_number="RR123")
    Client().post("/contact/", LETTER)
    Client().post("/orders/find/", {"number": order.number, "email": WHO})
    LoginFailure.objects.create(email=WHO, address="192.0.2.1", reason="unknown")
    AccountMail.objects.create(kind="code", email=WHO)
    WebhookEvent.objects.create(
        stripe_event_id="evt_1",
        account="acct_1/test",
        type="charge.captured",
        livemode=False,
        stripe_created_at=order.created_at,
        metadata_order=str(order.pk),
        payload={"data": {"object": {"billing_details": {"email": WHO, "name": "Grace Hopper"}}}},
        status="done",
    )
    do_the_work()
    order.refresh_from_db()
    return order


def run(command: str, *arguments: str) -> str:
    said = StringIO()
    call_command(command, *arguments, stdout=said, stderr=StringIO())
    return said.getvalue()


def everything_kept() -> dict[str, str]:
    """Every row of the database as text, by model."""
    return {
        model._meta.label: json.dumps(
            list(model._default_manager.values()), cls=DjangoJSONEncoder, ensure_ascii=False
        )
        for model in apps.get_models()
    }


def where(secret: str) -> set[str]:
    return {name for name, rows in everything_kept().items() if secret.lower() in rows.lower()}


def test_a_person_is_nowhere_but_in_the_invoice(order: Order) -> None:
    """Looks into every table there is, so that a new one is not forgotten."""
    before = {secret: where(secret) for secret in (WHO, "Grace Hopper")}

    said = run("erase", WHO, "--yes")

    assert {
        "orders.Order", "fulfillment.ContactMessage", "fulfillment.OrderLink",
        "accounts.AccountMail", "accounts.LoginFailure", "payments.WebhookEvent",
    } <= before[WHO]  # fmt: skip
    assert {"orders.Order", "payments.WebhookEvent"} <= before["Grace Hopper"]
    assert where(WHO) == set()
    assert where("Grace Hopper") <= {"fulfillment.Document"}
    assert where(PERSONAL["phone"]) == where("RR123") == set()
    assert "Forgotten." in said


def test_what_the_law_asks_for_stays(order: Order) -> None:
    kept = (order.total, order.number, order.lines.count(), order.status)

    run("erase", WHO, "--yes")

    order.refresh_from_db()
    assert (order.total, order.number, order.lines.count(), order.status) == kept
    assert (order.email, order.name) == ("", "")
    assert set(order.shipping_address) <= {"country"}
    assert order.payments.get().captured_amount == order.total
    call_command("check_invariants")


def test_of_a_kept_card_its_digits_are_told_and_go(order: Order) -> None:
    customer = Customer.objects.create(account="acct_1/test", stripe_customer_id="cus_1")
    order.checkout_sessions.update(customer=customer)
    method = SavedMethod.objects.create(
        account="acct_1/test", stripe_payment_method_id="pm_1", customer=customer, type="card",
        brand="visa", last4="4242", exp_month=12, exp_year=2034,
    )  # fmt: skip

    told = json.loads(run("export_person", WHO))["payments"]["payment_methods"]
    run("erase", WHO, "--yes")

    method.refresh_from_db()
    assert [(one["brand"], one["last4"], one["exp_year"]) for one in told] == [
        ("visa", "4242", 2034)
    ]
    assert (method.brand, method.last4, method.exp_month, method.exp_year) == ("", "", None, None)


def test_of_others_nothing_goes(order: Order, stand_in: StandIn) -> None:
    other = OrderFactory(email="ada@example.com", name="Ada", status="completed")
    WebhookEvent.objects.update(metadata_order=str(other.pk), payment_intent_id="", object_id="")
    words = list(WebhookEvent.objects.order_by("pk").values_list("payload", flat=True))

    run("erase", WHO, "--yes")

    other.refresh_from_db()
    assert (other.email, other.name) == ("ada@example.com", "Ada")
    assert list(WebhookEvent.objects.order_by("pk").values_list("payload", flat=True)) == words


def test_an_order_in_somebody_elses_account_is_theirs_whatever_its_address() -> None:
    """They had that address once, or typed it; whose it is now is nobody to their orders."""
    owner = UserFactory(email="ada@example.com")
    order = OrderFactory(email=WHO, name="Ada", status="completed", user=owner)
    customer = Customer.objects.create(
        account="acct_1/test", stripe_customer_id="cus_1", user=owner, saved_at=order.created_at
    )
    guests = OrderFactory(email=WHO, status="completed")
    CheckoutSession.objects.create(
        order=guests, account="acct_1/test", customer=customer,
        expires_at=order.created_at, due_at=order.created_at,
    )  # fmt: skip

    told = json.loads(run("export_person", WHO))
    run("erase", WHO, "--yes")

    order.refresh_from_db()
    customer.refresh_from_db()
    assert [one["number"] for one in told["orders"]] == [guests.number]
    assert told["payments"]["stripe_customers"] == []
    assert (order.name, order.user) == ("Ada", owner)
    assert customer.user == owner


def test_an_address_for_a_reminder_makes_nobody_the_buyer() -> None:
    order = OrderFactory(
        email="ada@example.com", recovery_email=WHO, name="Ada", status="completed"
    )
    left = OrderFactory(email="", recovery_email=WHO, status="expired")

    told = json.loads(run("export_person", WHO))
    run("erase", WHO, "--yes")

    order.refresh_from_db()
    assert [one["number"] for one in told["orders"]] == [left.number]
    assert (order.email, order.name) == ("ada@example.com", "Ada")
    assert where(WHO) == set()


def test_what_was_added_to_pay_with_and_never_used_goes_too(stand_in: StandIn) -> None:
    log_in(WHO).post("/account/payment-methods/add/")
    page = paid(stand_in, CheckoutSession.objects.get(), email=WHO, name="Grace Hopper")
    assert page.customer is not None
    stand_in.call(f"customers/{page.customer.stripe_customer_id}", name="Grace Hopper")
    webhooks.pull(livemode=False)
    do_the_work()
    assert {"payments.StripeRequest", "payments.WebhookEvent"} <= where(WHO)

    run("erase", WHO, "--yes")

    assert where(WHO) == where("Grace Hopper") == set()
    page.refresh_from_db()
    assert (page.visitor_key, page.network) == ("", "")


def test_it_says_first_what_there_is_and_changes_nothing_when_dry(order: Order) -> None:
    said = run("erase", WHO, "--dry-run")

    lines = [line.rsplit(maxsplit=1) for line in said.splitlines()]
    assert ["  orders", "1"] in lines
    assert ["  fulfillment letters", "1"] in lines
    assert "Nothing was changed." in said
    assert where(WHO) != set()


@pytest.mark.parametrize(("typed", "is_erased"), [(WHO.upper(), True), ("yes", False)])
def test_it_asks_for_the_address_once_more(
    order: Order, monkeypatch: pytest.MonkeyPatch, typed: str, is_erased: bool
) -> None:
    monkeypatch.setattr(builtins, "input", lambda _: typed)

    if is_erased:
        run("erase", WHO)
    else:
        with pytest.raises(CommandError, match=r"Nothing was changed"):
            run("erase", WHO)

    assert (where(WHO) == set()) == is_erased


def test_without_anybody_to_ask_nothing_goes(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: str) -> str:
        raise EOFError

    monkeypatch.setattr(builtins, "input", nobody)

    with pytest.raises(CommandError, match=r"Use --yes"):
        run("erase", WHO)
    assert where(WHO) != set()


@pytest.mark.parametrize("status", ["pending", "processing", "confirmed", "partly_shipped"])
def test_an_order_under_way_needs_its_person(status: str) -> None:
    order = OrderFactory(email=WHO, status=status)

    with pytest.raises(CommandError, match=f"Orders are under way: {order.number}"):
        run("erase", WHO, "--yes")
    assert where(WHO) == {"orders.Order"}


def test_money_under_way_needs_its_person(order: Order) -> None:
    payment = Payment.objects.get(order=order)
    stripe_requests.ask_refund(payment, Money(100, "eur"), reason="late")

    with pytest.raises(
        CommandError, match=r"Stripe has not answered yet what was asked about a payment"
    ):
        run("erase", WHO, "--yes")
    do_the_work()
    run("erase", WHO, "--yes")

    assert where(WHO) == set()


def test_staff_are_not_forgotten() -> None:
    UserFactory(email=WHO, is_staff=True)

    with pytest.raises(CommandError, match=r"It is the account of staff"):
        run("erase", WHO, "--yes")


def test_a_second_time_there_is_nothing_more(order: Order) -> None:
    run("erase", WHO, "--yes")

    assert "Nothing is known of it." in run("erase", WHO, "--yes")


def test_a_card_kept_at_stripe_is_named_and_offered_no_more(
    stand_in: StandIn, client: Client
) -> None:
    order = buy(stand_in, client=client, save=True, **PERSONAL)
    do_the_work()
    ship(Shipment.objects.get(order=order), carrier="Post")
    do_the_work()
    customer = Customer.objects.get()

    said = run("erase", WHO, "--yes")

    assert f"Delete {customer.stripe_customer_id} in Stripe's Dashboard." in said
    customer.refresh_from_db()
    assert (customer.visitor, customer.saved_at) == (None, None)


def test_the_export_has_all_of_it(order: Order, tmp_path: Path) -> None:
    told = json.loads(run("export_person", WHO.upper()))
    file = tmp_path / "grace.json"
    run("export_person", WHO, "--output", str(file))

    (bought,) = told["orders"]
    assert (bought["number"], bought["email"], bought["name"]) == (
        order.number,
        WHO,
        "Grace Hopper",
    )
    assert bought["phone"] == PERSONAL["phone"]
    assert [line["quantity"] for line in bought["lines"]] == [1]
    assert told["payments"]["payments"][0]["last4"] == "4242"
    assert told["fulfillment"]["letters"][0]["text"] == LETTER["text"]
    assert {each["template"] for each in told["fulfillment"]["mails"]} == {"confirmed", "shipped"}
    assert told["log_ins"]["failed"][0]["address"] == "192.0.2.1"
    assert [each["kind"] for each in told["log_ins"]["mails"]] == ["code"]
    assert json.loads(file.read_text()) == told
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_export_overwrites_nothing_and_asks_for_an_address(tmp_path: Path) -> None:
    file = tmp_path / "taken.json"
    file.write_text("mine")

    with pytest.raises(CommandError, match=r"cannot be written: File exists"):
        run("export_person", WHO, "--output", str(file))
    with pytest.raises(CommandError, match=r"is no e-mail address"):
        run("export_person", "grace")
    with pytest.raises(CommandError, match=r"is no e-mail address"):
        run("erase", "grace", "--yes")
    assert file.read_text() == "mine"


def test_nobody_is_told_by_mail(order: Order) -> None:
    sent = len(mail.outbox)

    run("erase", WHO, "--yes")
    do_the_work()

    assert len(mail.outbox) == sent


def test_an_order_without_a_name_is_shown_to_staff_and_customers(
    order: Order, admin_client: Client
) -> None:
    run("erase", WHO, "--yes")

    pages = [
        Client().get(f"/orders/{order.token}/"),
        admin_client.get(f"/admin/orders/order/{order.pk}/change/"),
    ]

    assert [page.status_code for page in pages] == [200, 200]
