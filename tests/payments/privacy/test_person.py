"""Somebody who gets something again and again is not forgotten before that has ended."""

import pytest

from payments.privacy import person
from payments.subscriptions import changes
from shop.accounts.privacy.registry import Person
from tests.support.factories import UserFactory
from tests.support.stand_in import StandIn
from tests.support.subscriptions import subscribed

pytestmark = pytest.mark.django_db(transaction=True)


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
