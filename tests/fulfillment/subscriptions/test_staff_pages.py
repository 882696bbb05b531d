"""What staff may do with a subscription: foretold, with a reason, and told to the customer."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from payments.models import StripeRequest, Subscription
from tests.support import subscriptions
from tests.support.purchases import do_the_work
from tests.support.staff import messages_on, staff
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
RIGHTS = ("view_subscription", "change_subscription")


def address(row: Subscription, action: str = "") -> str:
    if not action:
        return f"/admin/payments/subscription/{row.pk}/change/"
    return f"/admin/subscriptions/{row.pk}/{action}/"


def ticket(client: Client, path: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', client.get(path).content.decode())
    assert found is not None
    return found.group(1)


def press(client: Client, path: str, **fields: Any) -> Any:
    sent = {"ticket": ticket(client, path), "reason": "asked by phone", **fields}
    return client.post(path, sent, follow=True)


@pytest.mark.parametrize(
    ("action", "foretold", "after"),
    [
        ("end-with-period", "is not charged again", {"cancel_at_period_end": True}),
        ("end-now", "cannot be undone", {"status": "canceled"}),
        ("pause", "Nothing is charged", {"paused_by": "void"}),
    ],
)
def test_it_is_foretold_done_and_told(
    stand_in: StandIn, action: str, foretold: str, after: dict[str, Any]
) -> None:
    row = subscriptions.subscribed(stand_in)
    ana = staff(*RIGHTS)

    page = ana.get(address(row, action)).content.decode()
    done = press(ana, address(row, action))
    do_the_work()

    assert foretold in page
    assert messages_on(done) == ["Done. The customer gets a mail."]
    assert "asked by phone" in done.content.decode()
    found = Subscription.objects.filter(pk=row.pk).values(*after).get()
    assert found == after
    request = StripeRequest.objects.get(subscription=row)
    assert (request.reason, bool(request.actor_id)) == ("asked by phone", True)
    assert len([one for one in mail.outbox if "subscription" in one.subject]) == 1


@pytest.mark.parametrize(("first", "then"), [("pause", "resume"), ("end-with-period", "keep")])
def test_it_is_taken_back(stand_in: StandIn, first: str, then: str) -> None:
    row = subscriptions.subscribed(stand_in)
    ana = staff(*RIGHTS)

    press(ana, address(row, first))
    press(ana, address(row, then))

    row.refresh_from_db()
    assert (row.paused_by, row.cancel_at_period_end, row.status) == ("", False, "active")


def test_it_wants_a_reason(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)

    answer = press(staff(*RIGHTS), address(row, "end-now"), reason=" ")

    assert answer.status_code == 400
    assert not StripeRequest.objects.filter(subscription=row).exists()


def test_who_may_only_look_is_refused(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    ana = staff("view_subscription")

    assert ana.get(address(row, "end-now")).status_code == 403
    assert ana.post(address(row, "end-now"), {"reason": "x"}).status_code == 403
    assert "End now" not in ana.get(address(row)).content.decode()
    assert "End now" in staff(*RIGHTS).get(address(row)).content.decode()


def test_what_is_over_is_left_alone(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    ana = staff(*RIGHTS)
    press(ana, address(row, "end-now"))

    again = ana.get(address(row, "pause"), follow=True)

    assert messages_on(again) == ["This cannot be done with it now. Nothing was done."]
    assert ana.get(address(row, "explode")).status_code == 404


def test_a_period_is_refunded_on_the_page_of_its_payment(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    subscriptions.renewed(stand_in, row)
    newest = row.invoices.order_by("-created_at")[0]

    page = staff(*RIGHTS).get(address(row)).content.decode()

    assert f"/admin/capture-queue/{newest.payment_id}/" in page
    payment = staff("view_payment", "refund_payment", *RIGHTS).get(
        f"/admin/capture-queue/{newest.payment_id}/"
    )
    assert payment.context["may_refund"]
