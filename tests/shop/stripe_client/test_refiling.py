"""Filing rows under another name of their account."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from payments.models import (
    CheckoutSession,
    Customer,
    DiscountSync,
    Dispute,
    EventCursor,
    LaterCharge,
    Payment,
    PortalConfiguration,
    Refund,
    RiskSign,
    SavedMethod,
    StripeRequest,
    Subscription,
    SubscriptionInvoice,
    TaxRateSync,
    WebhookEvent,
)
from shop.catalog.models import (
    CatalogSync,
    Price,
    StripeBaseline,
    SyncConflict,
    UnclaimedStripeObject,
    Variant,
)
from shop.orders.models import Order
from shop.stripe_client import refiling
from tests.support.factories import PriceFactory, TaxRateFactory

# K1
pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW = "key-0123456789abcdef/test", "acct_1/test"


def one_of_each() -> list[Any]:
    """One row of everything that is filed under an account, under its old name."""
    price, now = PriceFactory(), timezone.now()
    price.stripe_account, price.stripe_price_id = OLD, "price_1"
    price.variant.stripe_account, price.variant.stripe_product_id = OLD, "prod_1"
    price.save()
    price.variant.save()
    session = CheckoutSession.objects.create(
        account=OLD, stripe_session_id="cs_1", expires_at=now, due_at=now
    )
    payment = Payment.objects.create(
        account=OLD, stripe_payment_intent_id="pi_1", currency="eur", amount=1, session=session
    )
    money = {"payment": payment, "account": OLD, "amount": 1, "currency": "eur"}
    return [
        price,
        price.variant,
        session,
        payment,
        Refund.objects.create(stripe_refund_id="re_1", created_at=now, **money),
        Dispute.objects.create(stripe_dispute_id="du_1", created_at=now, **money),
        RiskSign.objects.create(
            payment=payment, account=OLD, kind="level", stripe_object_id="ch_1", is_open=True
        ),
        customer := Customer.objects.create(account=OLD, stripe_customer_id="cus_1"),
        method := SavedMethod.objects.create(
            account=OLD, stripe_payment_method_id="pm_1", customer=customer, type="card"
        ),
        LaterCharge.objects.create(
            account=OLD,
            order=Order.objects.create(currency="eur"),
            method=method,
            amount=1,
            currency="eur",
            reason="damage",
            words="A scratch",
            consent_text="It may be charged later.",
            consent_version="1",
            consent_at=now,
        ),
        subscription := Subscription.objects.create(
            account=OLD, stripe_subscription_id="sub_1", currency="eur"
        ),
        SubscriptionInvoice.objects.create(
            account=OLD,
            subscription=subscription,
            stripe_invoice_id="in_1",
            status="open",
            created_at=now,
        ),
        PortalConfiguration.objects.create(account=OLD, stripe_configuration_id="bpc_1"),
        StripeRequest.objects.create(kind="capture", account=OLD, key="k", payment=payment),
        WebhookEvent.objects.create(
            account=OLD,
            stripe_event_id="evt_1",
            type="refund.created",
            livemode=False,
            stripe_created_at=now,
            payload={},
        ),
        TaxRateSync.objects.create(
            kind="create", rate=TaxRateFactory(), account=OLD, is_inclusive=True, key="k"
        ),
        DiscountSync.objects.create(kind="coupon", account=OLD, key="k"),
        EventCursor.objects.create(account=OLD, seen_until=now),
        CatalogSync.objects.create(
            kind="create_product", variant=price.variant, stripe_account=OLD, key="k"
        ),
        StripeBaseline.objects.create(variant=price.variant, stripe_account=OLD),
        UnclaimedStripeObject.objects.create(stripe_account=OLD, stripe_id="prod_2"),
        SyncConflict.objects.create(variant=price.variant, stripe_account=OLD, field="name"),
    ]


def filed_as(row: Any) -> str:
    row.refresh_from_db()
    return str(getattr(row, "stripe_account", None) or row.account)


def test_everything_of_an_account_is_filed_anew() -> None:
    """A new model that keeps an account fails here until it has its row."""
    rows = one_of_each()

    moved = refiling.refile(OLD, NEW)

    assert {type(row) for row in rows} == {model for model, _ in refiling.filed()}
    assert moved == len(rows)
    assert {filed_as(row) for row in rows} == {NEW}
    assert refiling.refile(OLD, NEW) == 0


def test_what_is_there_already_stays_under_the_old_name() -> None:
    """Seen with a secret key and with a restricted one: the same customer, offer and cursor."""
    rows = one_of_each()
    variant = Variant.objects.get()
    there = [
        Customer.objects.create(account=NEW, stripe_customer_id="cus_1"),
        EventCursor.objects.create(account=NEW, seen_until=timezone.now()),
        StripeBaseline.objects.create(variant=variant, stripe_account=NEW),
        UnclaimedStripeObject.objects.create(stripe_account=NEW, stripe_id="prod_2"),
        SyncConflict.objects.create(variant=variant, stripe_account=NEW, field="name"),
    ]

    moved = refiling.refile(OLD, NEW)

    twins = {type(row) for row in there}
    assert moved == len(rows) - len(there)
    assert {type(row) for row in rows if filed_as(row) == OLD} == twins
    assert {filed_as(row) for row in there} == {NEW}
    assert refiling.refile(OLD, NEW) == 0


def test_a_closed_conflict_stands_in_nobodys_way() -> None:
    price = PriceFactory()
    about = {"variant": price.variant, "field": "name"}
    SyncConflict.objects.create(stripe_account=NEW, status="over", **about)
    row = SyncConflict.objects.create(stripe_account=OLD, **about)

    refiling.refile(OLD, NEW)

    assert filed_as(row) == NEW


def test_a_row_that_somebody_works_on_is_not_waited_for() -> None:
    _, _, session, *_ = one_of_each()
    locked, done = threading.Event(), threading.Event()

    def work() -> None:
        with transaction.atomic():
            CheckoutSession.objects.select_for_update().get(pk=session.pk)
            locked.set()
            done.wait()
        connection.close()

    somebody = threading.Thread(target=work)
    somebody.start()
    locked.wait()
    refiling.refile(OLD, NEW)
    meanwhile = filed_as(session)
    done.set()
    somebody.join()
    refiling.refile(OLD, NEW)

    assert (meanwhile, filed_as(session)) == (OLD, NEW)


def test_the_newest_id_is_the_one_to_ask_about() -> None:
    one_of_each()
    Payment.objects.create(
        account=OLD,
        stripe_payment_intent_id="pi_2",
        currency="eur",
        amount=1,
        created_at=timezone.now() - timedelta(days=1),
    )

    assert refiling.newest(OLD, "stripe_payment_intent_id") == "pi_1"
    assert refiling.newest(OLD, "stripe_price_id") == Price.objects.get().stripe_price_id
    assert refiling.newest(NEW, "stripe_price_id") == ""
