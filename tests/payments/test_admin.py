"""Payments on the staff site: what whoever revives a refund reads."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from payments import stripe_requests
from payments.models import StripeRequest
from shop.money import Money
from tests.support.factories import UserFactory
from tests.support.purchases import captured_at_stripe, perform
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


# K12
def test_who_revives_a_refund_reads_of_the_others(stand_in: StandIn) -> None:
    order, payment = captured_at_stripe(stand_in)
    done = stripe_requests.ask_refund(payment, Money(300, "eur"), reason="scratched")
    perform(done)
    dead = stripe_requests.ask_refund(payment, Money(1000, "eur"), reason="damaged")
    StripeRequest.objects.filter(pk=dead.pk).update(status="dead")
    staff, client = UserFactory(is_staff=True), Client()
    staff.user_permissions.set(Permission.objects.filter(codename__endswith="striperequest"))
    client.force_login(staff)

    page = client.post(
        "/admin/payments/striperequest/",
        {"action": "revive", "_selected_action": [str(dead.pk)]},
        follow=True,
    ).content.decode()

    dead.refresh_from_db()
    assert dead.status == "ready"
    assert f"{order}: a refund of 10.00 EUR is asked for anew, or what is left of it." in page
    assert "18.00 EUR was captured and 3.00 EUR went back." in page
    assert "Others that were asked for: 3.00 EUR carried out." in page
