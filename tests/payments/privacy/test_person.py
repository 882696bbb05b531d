"""Whoever is forgotten has nothing left at Stripe to pay with, and no address there."""

from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from payments.models import Customer, SavedMethod, StripeRequest
from payments.privacy import person
from payments.settlement.customers.settle import settle_customer
from payments.subscriptions import changes
from shop import stripe_client
from shop.accounts.addresses import book
from shop.accounts.models import User
from shop.accounts.privacy import registry
from shop.accounts.privacy.registry import Person
from tests.support.factories import UserFactory
from tests.support.purchases import do_the_work, do_what_waits, paid, read, start
from tests.support.stand_in import StandIn
from tests.support.subscriptions import subscribed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def saving(settings: Any) -> None:
    settings.PAYMENT_METHOD_SAVE = True


@pytest.fixture
def known(stand_in: StandIn) -> Customer:
    """Somebody for whom two cards and an address are kept."""
    user: User = UserFactory()
    stripe_id = stand_in.call("customers", email=user.email)["id"]
    for card in ("pm_card_visa", "pm_card_mastercard"):
        stand_in.call(f"payment_methods/{card}/attach", customer=stripe_id)
    customer = Customer.objects.create(
        account=stripe_client.account(),
        stripe_customer_id=stripe_id,
        user=user,
        saved_at=timezone.now(),
    )
    settle_customer(customer)
    book.add(user, name="Ada", line1="Ring 1", city="Vienna", country="AT")
    do_the_work()
    return customer


def forget(customer: Customer) -> None:
    assert customer.user is not None
    registry.erase(Person.of_user(customer.user))


def kept(stand_in: StandIn, customer: Customer) -> int:
    return len(stand_in.api(f"customers/{customer.stripe_customer_id}/payment_methods")["data"])


def at_stripe(stand_in: StandIn, customer: Customer) -> Any:
    return stand_in.api(f"customers/{customer.stripe_customer_id}")["shipping"]


def described(customer: Customer) -> list[tuple[str, str, str]]:
    return list(customer.methods.values_list("status", "brand", "last4"))


def test_methods_are_detached_and_the_address_goes(known: Customer, stand_in: StandIn) -> None:
    before = kept(stand_in, known), at_stripe(stand_in, known)["name"]

    forget(known)
    do_the_work()

    assert before == (2, "Ada")
    assert (kept(stand_in, known), at_stripe(stand_in, known)) == (0, None)
    assert described(known) == [("detached", "", ""), ("detached", "", "")]
    assert not User.objects.exists()


def test_what_stripe_must_do_is_asked_with_the_forgetting_and_goes_on_later(
    known: Customer, stand_in: StandIn
) -> None:
    stand_in.fail("/v1/(customers|payment_methods)/", method="POST", when="after", reset=True)

    forget(known)
    asked = sorted(StripeRequest.objects.open().values_list("kind", flat=True))
    do_the_work()
    stand_in.ask("faults/clear", {})
    do_what_waits()

    assert asked == ["detach_method", "detach_method", "set_address"]
    assert (kept(stand_in, known), at_stripe(stand_in, known)) == (0, None)
    assert not StripeRequest.objects.open().exists()


def test_while_something_is_under_way_nothing_is_detached(
    known: Customer, stand_in: StandIn
) -> None:
    paid(stand_in, start(user=known.user))

    with pytest.raises(registry.StillNeeded):
        forget(known)
    do_the_work()

    assert kept(stand_in, known) == 2


def test_late_news_of_a_page_bring_nothing_back(known: Customer, stand_in: StandIn) -> None:
    session = paid(stand_in, start(user=known.user), save=True)
    assert known.user is not None
    with transaction.atomic():
        person.erase(Person.of_user(known.user))

    read(session)
    known.refresh_from_db()
    do_what_waits()

    assert known.user is None
    assert known.saved_at is None
    assert {(brand, last4) for _, brand, last4 in described(known)} == {("", "")}
    assert not SavedMethod.objects.filter(status="attached").exists()


@pytest.mark.parametrize("is_guest", [True, False])
def test_a_live_subscription_keeps_its_person(stand_in: StandIn, is_guest: bool) -> None:
    row = subscribed(stand_in, user=None if is_guest else UserFactory())
    known = Person.of_email(row.email) if row.user is None else Person.of_user(row.user)

    before = person.refuses(known)
    told = person.export(known)["subscriptions"]
    changes.end_now(row)
    after = person.refuses(known)
    person.erase(known)

    assert "A subscription goes on. End it first" in before
    assert [each["items"][0]["title"] for each in told] == [row.items.get().title]
    assert "subscription" not in after
    row.refresh_from_db()
    assert (row.user, row.email, row.name, row.billing_address) == (None, "", "", {})
