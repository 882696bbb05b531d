"""What is owed beside an order is told by mail: charged, or to be paid by a link."""

from typing import Any

import pytest
from django.core import mail

from fulfillment.emails import letters
from fulfillment.models import Email
from payments.later_charges import charging
from payments.models import LaterCharge
from shop import work
from tests.fulfillment.emails.mails import order_in, owed, written
from tests.support.factories import UserFactory
from tests.support.later import ASKS, DECLINED, agreed, charged, with_card
from tests.support.purchases import do_what_waits
from tests.support.stand_in import StandIn, session_id_in

pytestmark = pytest.mark.django_db(transaction=True)


def sent() -> list[tuple[str, str]]:
    """Template and body of each mail about what was owed besides, the oldest first."""
    rows = Email.objects.filter(template__startswith="later", outcome="sent").order_by("sent_at")
    bodies = {str(letter.extra_headers["Message-ID"]): str(letter.body) for letter in mail.outbox}
    return [
        (row.template, next(body for id_, body in bodies.items() if str(row.pk) in id_))
        for row in rows
    ]


def test_charged_they_are_told_what_for_from_what_and_why(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)

    charged(order, method)

    ((template, body),) = sent()
    words = " ".join(body.split())
    assert template == "later_charged"
    assert "€25.00 paid" in words
    assert "Visa ending in 4242, as you agreed on" in words
    assert "Missed appointment (The fitting on 3 May): €25.00" in words
    assert "Invoice" in words


@pytest.mark.parametrize(
    ("card", "why"),
    [
        (ASKS, "The payment was not confirmed with the bank."),
        (DECLINED, "The payment was declined."),
    ],
)
def test_declined_they_get_a_link_once(
    stand_in: StandIn, settings: Any, card: str, why: str
) -> None:
    order, method = agreed(stand_in, settings)

    made = charged(order, with_card(stand_in, method, card))
    do_what_waits()

    ((template, body),) = sent()
    assert template == "later_asked"
    assert why in " ".join(body.split())
    assert f"http://localhost:4242/charges/{made.token}/" in body


def test_paid_by_the_link_they_are_told_so(client: Any, stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    made = charged(order, with_card(stand_in, method, ASKS))
    stand_in.pay(session_id_in(client.post(f"/charges/{made.token}/")["Location"]))
    client.get(f"/charges/{made.token}/?back")

    do_what_waits()

    (_, (template, body)) = sent()
    assert template == "later_charged"
    assert "Thank you: we have your payment." in " ".join(body.split())
    assert "saved payment method" not in body


def test_dropped_before_it_was_sent_nobody_is_asked() -> None:
    email = written("later_asked")
    charging.withdraw(LaterCharge.objects.get(), actor=UserFactory())

    work.run(Email, email.pk, letters.send)

    email.refresh_from_db()
    assert (email.outcome, mail.outbox) == ("overtaken", [])


def test_the_order_s_own_mails_say_nothing_of_it() -> None:
    order = order_in("shipped")
    owed(order, "asked")
    letters.queue(Email.Template.SHIPPED, order)

    body = letters.compose(Email.objects.get(), order).body

    assert "25.00" not in body
