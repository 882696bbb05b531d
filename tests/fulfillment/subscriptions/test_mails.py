"""What a subscriber is told: once for each occasion, and only while it is true."""

from typing import Any

import pytest
from django.core import mail

from fulfillment.models import SubscriptionMail
from payments.subscriptions import changes
from tests.support import subscriptions
from tests.support.purchases import do_the_work
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

# Pays while the customer is there; later the bank wants to see them, or says no.
ASKS_ALWAYS, DECLINES_LATER = "4000002760003184", "4000000000000341"


def told(of: str = "") -> list[str]:
    return [str(letter.subject) for letter in mail.outbox if of in letter.subject]


def test_a_bank_that_wants_to_see_the_customer_is_told_with_stripes_page(
    stand_in: StandIn,
) -> None:
    row = subscriptions.subscribed(stand_in, how={"card": ASKS_ALWAYS})
    subscriptions.renewed(stand_in, row)
    subscriptions.seen(row)

    do_the_work()

    title = row.items.get().title
    assert told("subscription") == [f"Your subscription to {title}: please confirm the payment"]
    letter = next(one for one in mail.outbox if "please confirm" in one.subject)
    invoice = row.invoices.get(status="open")
    assert letter.to == ["ada@example.com"]
    assert invoice.hosted_url in letter.body
    assert "Your bank wants you to confirm the payment of €18.00" in " ".join(letter.body.split())


def test_a_declined_renewal_is_told_each_time_it_is_tried(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    method = stand_in.api(f"subscriptions/{row.stripe_subscription_id}")["default_payment_method"]
    stand_in.call(f"payment_methods/{method}/detach")
    subscriptions.renewed(stand_in, row)
    subscriptions.renewed(stand_in, row, days=4)

    do_the_work()

    sent = SubscriptionMail.objects.filter(kind="renewal_failed")
    assert [one.outcome for one in sent.order_by("created_at")] == ["sent", "sent"]


def test_what_was_paid_in_the_meantime_is_not_told(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in, how={"card": ASKS_ALWAYS})
    subscriptions.renewed(stand_in, row)
    row.invoices.filter(status="open").update(status="paid")

    do_the_work()

    assert SubscriptionMail.objects.get().outcome == "overtaken"
    assert told("subscription") == []


def test_a_renewal_that_comes_is_told_once_where_staff_want_it(
    stand_in: StandIn, settings: Any
) -> None:
    settings.RENEWAL_MAIL_DAYS = 3
    row = subscriptions.subscribed(stand_in)
    subscriptions.renewed(stand_in, row, days=subscriptions.until_the_end(row) - 4)
    assert not SubscriptionMail.objects.exists()

    subscriptions.renewed(stand_in, row, days=2)
    subscriptions.seen(row)
    do_the_work()

    assert told("renews soon") == [f"Your subscription to {row.items.get().title} renews soon"]


def test_no_renewal_is_told_where_it_is_off(stand_in: StandIn, settings: Any) -> None:
    settings.RENEWAL_MAIL_DAYS = 0
    row = subscriptions.subscribed(stand_in)

    subscriptions.renewed(stand_in, row, days=29)

    assert not SubscriptionMail.objects.exists()


def test_the_end_is_told_in_the_language_of_the_order(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in, language="de")
    stand_in.call(f"subscriptions/{row.stripe_subscription_id}", cancel_at_period_end="true")
    subscriptions.renewed(stand_in, row)

    do_the_work()

    assert told("Abo") == [f"Ihr Abo von {row.items.get().title} ist beendet"]


@pytest.mark.parametrize(
    ("action", "subject", "said"),
    [
        (changes.end_with_period, "ends on ", "nothing is charged after it"),
        (changes.pause, "is paused", "Nothing is charged and nothing is sent until you go on"),
        (changes.end_now, "has ended", "Nothing more is charged"),
    ],
)
def test_what_was_changed_is_told_once(
    stand_in: StandIn, action: Any, subject: str, said: str
) -> None:
    row = subscriptions.subscribed(stand_in)

    action(row)
    subscriptions.seen(row)
    do_the_work()

    (letter,) = [one for one in mail.outbox if "subscription" in one.subject]
    assert subject in letter.subject
    assert said in " ".join(letter.body.split())
    assert f"/subscriptions/{row.token}/" in letter.body


def test_another_quantity_is_told_and_so_is_what_was_changed_at_stripe(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    item = row.items.get()
    wanted = [{"id": item.stripe_item_id, "quantity": 2}]
    changes.change_items(row, wanted, counted_from=0, told=0)
    stand_in.call(f"subscriptions/{row.stripe_subscription_id}", cancel_at_period_end="true")
    subscriptions.seen(row)

    do_the_work()

    assert sorted(one.kind for one in SubscriptionMail.objects.all()) == ["changed", "ending"]
    (letter,) = [one for one in mail.outbox if "was changed" in one.subject]
    assert "It costs €36.00 each time." in " ".join(letter.body.split())


def test_what_was_taken_back_before_its_mail_is_not_told(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)

    for action in (changes.pause, changes.resume, changes.end_with_period, changes.keep):
        action(row)
    do_the_work()

    assert sorted(told("subscription")) == [
        f"Your subscription to {row.items.get().title} goes on",
        f"Your subscription to {row.items.get().title} goes on",
    ]
