"""Changes of a subscription are asked for one at a time, each once, however many press."""

import uuid
from typing import Any

import pytest

from payments import stripe_requests
from payments.models import StripeRequest
from payments.subscriptions import changes
from payments.subscriptions.changes import Change
from tests.support.concurrency import at_once
from tests.support.purchases import perform
from tests.support.stand_in import StandIn
from tests.support.subscriptions import seen, subscribed

pytestmark = pytest.mark.django_db(transaction=True)


def cancellations(stand_in: StandIn) -> list[Any]:
    made = stand_in.requests_made("/v1/subscriptions/", method="DELETE")
    return [call for call in made if call["executed"]]


def test_two_tabs_that_cancel_at_once_count_once(stand_in: StandIn) -> None:
    row = subscribed(stand_in)

    done = at_once([lambda: changes.end_now(row), lambda: changes.end_now(row)])

    assert set(done) <= {Change.DONE, Change.UNDER_WAY}
    assert Change.DONE in done
    assert StripeRequest.objects.filter(subscription=row).count() == 1
    assert len(cancellations(stand_in)) == 1
    assert seen(row).status == "canceled"


def test_two_changes_at_once_are_made_one_after_the_other(stand_in: StandIn) -> None:
    row = subscribed(stand_in)
    stand_in.fail("/v1/subscriptions/", method="POST", when="before", reset=True, times=1)

    first = changes.pause(row)
    second = changes.end_with_period(row)

    assert (first, second) == (Change.UNDER_WAY, Change.ANOTHER_FIRST)
    perform(StripeRequest.objects.get(subscription=row))
    assert changes.end_with_period(row) == Change.DONE
    row.refresh_from_db()
    assert (row.paused_by, row.cancel_at_period_end) == ("void", True)


def test_the_same_button_finds_its_own_row(stand_in: StandIn) -> None:
    row = subscribed(stand_in)
    button = uuid.uuid4()
    wanted = {"pause_collection": {"behavior": "void"}}

    first = stripe_requests.ask_change(row, wanted, row_id=button)
    perform(first)
    again = stripe_requests.ask_change(row, wanted, row_id=button)

    assert (first.pk, again.pk) == (button, button)
    assert first.key.endswith(f":update_subscription:{button}:g1")


def test_what_is_over_is_not_asked_for(stand_in: StandIn) -> None:
    row = subscribed(stand_in)
    changes.end_now(row)

    assert stripe_requests.ask_cancellation(row) is None


def test_cancelled_while_it_renews_it_ends_with_the_period_that_has_begun(
    stand_in: StandIn,
) -> None:
    row = subscribed(stand_in)
    before = row.period_end
    stand_in.advance(days=32)

    done = changes.end_with_period(row)

    assert done == Change.DONE
    assert before is not None
    assert row.period_end is not None
    assert row.period_end > before
    assert row.cancel_at == row.period_end
    assert row.invoices.filter(status="paid", order__isnull=False).count() == 2
    stand_in.advance(days=32)
    assert seen(row).status == "canceled"
    assert row.invoices.count() == 2


def test_answer_that_was_lost_is_seen_and_not_repeated(stand_in: StandIn) -> None:
    row = subscribed(stand_in)
    stand_in.fail("/v1/subscriptions/", method="POST", when="after", status=500, times=1)
    changes.pause(row)
    request = StripeRequest.objects.get(subscription=row)

    for _ in range(3):
        request = perform(request)

    assert request.status == "done"
    assert seen(row).paused_by == "void"
    made = [one for one in stand_in.executed("/v1/subscriptions/") if one["method"] == "POST"]
    assert len(made) == 1


def test_what_stripe_refuses_is_done_with_and_changes_nothing(stand_in: StandIn) -> None:
    row = subscribed(stand_in)
    stripe_id = row.stripe_subscription_id
    stand_in.http.delete(
        f"{stand_in.url}/v1/subscriptions/{stripe_id}", auth=("sk_test_123", ""), timeout=120
    )

    done = changes.pause(row)

    assert done == Change.NOT_DONE
    assert StripeRequest.objects.get(subscription=row).outcome == "refused"
    row.refresh_from_db()
    assert (row.status, row.paused_by) == ("canceled", "")
