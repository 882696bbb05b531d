"""The money of a change in the middle of a period: seen, refundable, and no part of an order."""

import pgtrigger
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from fulfillment.documents import missing
from fulfillment.models import Document, Email
from payments import stripe_requests
from payments.models import Payment, Subscription
from shop.money import Money
from shop.orders.models import Order
from tests.payments.subscriptions.test_change_page import half_way
from tests.payments.subscriptions.test_pages import hers, home, ticket_on
from tests.support.books import broken_invariants
from tests.support.customers import log_in, new_address
from tests.support.purchases import do_the_work
from tests.support.stand_in import StandIn
from tests.support.subscriptions import seen

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def changed(stand_in: StandIn) -> Subscription:
    """Three instead of one, from the middle of the period on: 18.00 for two halves."""
    ada = log_in(new_address())
    row = hers(stand_in, ada)
    do_the_work()
    half_way(stand_in, row)
    page = f"{home(row)}change/?quantity=3"
    ada.post(f"{home(row)}change/", {"ticket": ticket_on(ada, page)})
    do_the_work()
    return row


def prorated() -> Payment:
    return Payment.objects.get(purpose=Payment.Purpose.PRORATED)


def test_it_stands_at_the_order_of_its_period_and_pays_nothing_of_it(
    changed: Subscription,
) -> None:
    payment, order = prorated(), Order.objects.get()

    assert (payment.order, payment.status, payment.captured_amount) == (order, "captured", 1800)
    assert (payment.account, payment.subscription_invoice.subscription) == (
        changed.account, changed,
    )  # fmt: skip
    assert order.total == 1800 == order.payments.exclude(pk=payment.pk).get().captured_amount
    assert not order.is_held
    # Stripe's invoice tells of it in full.
    assert not Document.objects.filter(payment=payment).exists()
    assert list(missing.lacking()) == []
    assert broken_invariants() == {}


def test_staff_find_it_and_see_what_it_is(changed: Subscription, admin_client: Client) -> None:
    page = reverse("admin:capture_payment", args=[prorated().pk])
    subscription = reverse("admin:payments_subscription_change", args=[changed.pk])
    order = reverse("admin:orders_order_change", args=[Order.objects.get().pk])

    told = " ".join(admin_client.get(page).content.decode().split())
    assert "It evens out a change of the subscription, and pays nothing of the order" in told
    assert f'href="{page}"' in admin_client.get(subscription).content.decode()
    assert "prorated, captured" in " ".join(admin_client.get(order).content.decode().split())


def test_it_is_refunded_as_any_other_and_the_order_stays(changed: Subscription) -> None:
    payment, order = prorated(), Order.objects.get()
    before = order.status

    request = stripe_requests.ask_refund(payment, Money(500, "eur"), reason="a week without")
    request.ring()
    do_the_work()

    order = Order.objects.get()
    assert (prorated().refunded, order.status) == (Money(500, "eur"), before)
    assert Email.objects.filter(order=order, template=Email.Template.REFUNDED).count() == 1
    told = mail.outbox[-1].body
    assert "€5.00" in told
    # The order's sums say nothing of it.
    assert "we keep" not in told
    assert "all that you paid" not in told
    assert not Document.objects.filter(payment=payment).exists()
    assert broken_invariants() == {}


def test_what_was_taken_before_it_was_filed_is_filed_at_the_next_look(
    changed: Subscription,
) -> None:
    with pgtrigger.ignore():
        Payment.objects.filter(purpose=Payment.Purpose.PRORATED).delete()

    seen(changed)

    assert prorated().captured_amount == 1800
    assert changed.invoices.exclude(no_order="").get().payment == prorated()
