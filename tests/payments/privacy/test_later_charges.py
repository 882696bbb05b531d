"""What is owed beside an order is told to its customer, and goes with them."""

from typing import Any

import pytest
from django.test import Client

from payments.models import CheckoutSession, LaterCharge
from payments.privacy import person as payments_privacy
from shop.accounts.privacy.registry import Person
from tests.support.later import ASKS, agreed, charged, with_card
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(stand_in: StandIn, settings: Any) -> LaterCharge:
    """Something that is still to be paid, with its page open."""
    order, method = agreed(stand_in, settings)
    made = charged(order, with_card(stand_in, method, ASKS))
    assert Client().post(f"/charges/{made.token}/").status_code == 303
    return made


def owner(charge: LaterCharge) -> Person:
    user = charge.method.customer.user
    assert user is not None
    return Person(email=user.email, user=user)


def test_what_was_owed_besides_is_told_with_what_was_agreed_to(asked: LaterCharge) -> None:
    (told,) = payments_privacy.export(owner(asked))["later_charges"]

    assert (told["words"], told["amount"]) == ("The fitting on 3 May", 2500)
    assert told["consent_text"]


def test_while_it_is_to_be_paid_nobody_is_forgotten(asked: LaterCharge) -> None:
    assert "Something is still to be paid." in payments_privacy.refuses(owner(asked))


def test_forgotten_its_words_and_its_page_s_network_go(asked: LaterCharge) -> None:
    page = CheckoutSession.objects.filter(later_charge=asked)
    page.update(network="192.0.2.0/24")

    payments_privacy.erase(owner(asked))

    asked.refresh_from_db()
    assert asked.words == "–"
    assert page.get().network == ""
