"""What subscriptions say of a person: told, kept while they go on, and forgotten."""

from datetime import timedelta

import pytest
from django.utils import timezone

from payments.models import Customer, Subscription, WebhookEvent
from payments.privacy import person as privacy
from shop.accounts.privacy.registry import Person
from shop.orders.models import Order
from tests.support import subscriptions
from tests.support.factories import UserFactory
from tests.support.retention import pruned
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
ADA = Person(email="ADA@example.com", user=None)


def ended(row: Subscription, *, days: int = 0) -> None:
    Subscription.objects.filter(pk=row.pk).update(
        status="canceled", ended_at=timezone.now() - timedelta(days=days)
    )


def test_subscriptions_are_told(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in, delivery=500)

    (told,) = privacy.export(ADA)["subscriptions"]

    assert (told["email"], told["shipping_address"]["country"]) == (row.email, "AT")
    assert [item["quantity"] for item in told["items"]] == [1, 1]
    assert [one["amount_paid"] for one in told["invoices"]] == [2300]


def test_nobody_is_forgotten_while_it_goes_on(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    assert "A subscription goes on" in privacy.refuses(ADA)

    ended(row)

    assert "subscription" not in privacy.refuses(ADA)


def test_what_has_ended_is_forgotten_when_asked(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in, delivery=500)
    ended(row)
    WebhookEvent.objects.create(
        account=row.account,
        stripe_event_id="evt_1",
        type="customer.subscription.created",
        livemode=False,
        object_id=row.stripe_subscription_id,
        stripe_created_at=timezone.now(),
        payload={"email": "ada@example.com"},
        status="done",
        outcome="settled",
    )

    privacy.erase(ADA)

    row.refresh_from_db()
    assert (row.email, row.name, row.shipping_address, row.billing_address) == ("", "", {}, {})
    assert set(row.invoices.values_list("hosted_url", "pdf_url")) == {("", "")}
    assert WebhookEvent.objects.get().payload == {}
    assert Customer.objects.get().saved_at is None


def test_what_ended_long_ago_is_forgotten_by_itself(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    assert pruned("subscriptions") == 0
    ended(row, days=366)

    assert (pruned("subscriptions"), pruned("subscriptions")) == (1, 0)

    row.refresh_from_db()
    assert row.email == ""


@pytest.mark.parametrize("is_claimed", [False, True])
def test_that_of_another_account_is_neither_told_nor_forgotten(
    stand_in: StandIn, is_claimed: bool
) -> None:
    """An address may be somebody else's by now, or have been mistyped."""
    owner = UserFactory()
    row = subscriptions.subscribed(stand_in, user=None if is_claimed else owner)
    Order.objects.update(user=owner)
    ended(row)

    told = privacy.export(ADA)["subscriptions"]
    privacy.erase(ADA)

    row.refresh_from_db()
    assert told == []
    assert row.email == "ada@example.com"
    assert [one["email"] for one in privacy.export(Person.of_user(owner))["subscriptions"]] == (
        [row.email]
    )
