"""The pages of a subscription: what they tell, what they ask, and what comes of it at Stripe."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from payments.models import StripeRequest, Subscription
from payments.settlement.customers.settle import settle_customer
from payments.subscriptions.shown import shown
from shop import clock
from shop.accounts.models import User
from tests.support.clocks import move_clocks
from tests.support.customers import log_in, new_address
from tests.support.factories import UserFactory
from tests.support.stand_in import StandIn
from tests.support.subscriptions import monthly, seen, subscribed

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/account/subscriptions/"


@pytest.fixture
def ada() -> Client:
    return log_in(new_address())


def user_of(client: Client) -> Any:
    return User.objects.get(pk=client.session["_auth_user_id"])


def text(client: Client, path: str = LIST) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().split())


def hers(stand_in: StandIn, client: Client, **more: Any) -> Subscription:
    return subscribed(stand_in, user=user_of(client), **more)


def home(row: Subscription) -> str:
    return f"{LIST}{row.pk}/"


def ticket_on(client: Client, path: str) -> str:
    found = re.search(r'name="ticket"\s+value="([^"]+)"', client.get(path).content.decode())
    assert found is not None
    return found.group(1)


def do(client: Client, path: str, **fields: Any) -> str:
    """What its page asks for; the page that one comes to."""
    ticket = ticket_on(client, path)
    answer = client.post(path, {"ticket": ticket, **fields}, follow=True)
    assert answer.status_code == 200, answer.content
    return " ".join(answer.content.decode().split())


def now(row: Subscription) -> Subscription:
    return Subscription.objects.get(pk=row.pk)


def at_stripe(stand_in: StandIn, row: Subscription) -> Any:
    return stand_in.api(f"subscriptions/{row.stripe_subscription_id}")


# -- who sees what ---------------------------------------------------------------------------------


def test_who_is_not_logged_in_is_sent_to_the_log_in(client: Client) -> None:
    assert client.get(LIST)["Location"] == f"/account/login/?next={LIST}"


def test_without_any_the_page_says_so(ada: Client) -> None:
    assert "You have no subscription in this account." in text(ada)


def test_list_tells_what_it_is_when_it_goes_on_and_who_pays(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada, quantity=2)

    page = text(ada)

    assert row.items.get().title in page
    assert "€36.00 every month" in page
    assert "Active" in page
    assert "Next on " in page


@pytest.mark.parametrize(
    "page", ["", "cancel/", "keep/", "pause/", "resume/", "change/", "method/"]
)
def test_others_are_as_unknown_as_none(ada: Client, stand_in: StandIn, page: str) -> None:
    row = subscribed(stand_in, user=UserFactory())

    for path in (home(row), f"{LIST}{uuid.uuid4()}/"):
        assert ada.get(path + page).status_code == 404
        assert ada.post(path + page, {"when": "now"}).status_code == 404
    assert now(row).status == "active"


def test_guest_ends_it_by_the_secret_address(client: Client, stand_in: StandIn) -> None:
    row = subscribed(stand_in)
    address = f"/subscriptions/{row.token}/"

    page = text(client, address)
    done = do(client, address + "cancel/", when="period")

    assert "Cancel subscription" in page
    assert "It ends on " in done
    assert at_stripe(stand_in, row)["cancel_at_period_end"] is True
    assert client.get(f"/subscriptions/{uuid.uuid4()}/").status_code == 404
    assert client.get(address + "method/").status_code == 404


def test_the_list_asks_as_often_for_one_as_for_three(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    ada.get(LIST)
    with CaptureQueriesContext(connection) as for_one:
        ada.get(LIST)
    for number in range(2):
        more = Subscription.objects.create(
            account=row.account,
            stripe_subscription_id=f"sub_{number}",
            status="active",
            user=row.user,
            customer=row.customer,
            currency="eur",
        )
        item = row.items.get()
        item.pk, item.subscription, item.stripe_item_id = None, more, f"si_{number}"
        item.save()

    with CaptureQueriesContext(connection) as for_three:
        ada.get(LIST)

    assert [q["sql"][:60] for q in for_three] == [q["sql"][:60] for q in for_one]


@pytest.mark.parametrize(
    ("changed", "label", "sentence"),
    [
        ({"status": "incomplete"}, "Payment open", "It begins once its first payment is made."),
        ({"status": "incomplete_expired"}, "Never began", "never began"),
        ({"status": "past_due"}, "Payment open", "It is tried again"),
        ({"status": "unpaid"}, "Payment open", "failed for good"),
        ({"status": "paused"}, "Paused", "there is no payment method"),
        ({"status": "canceled"}, "Ended", "It has ended."),
        ({"status": "active"}, "Active", ""),
        ({"status": "trialing"}, "Trial", ""),
        ({"paused_by": "void"}, "Paused", "nothing is charged and nothing is sent"),
        ({"cancel_at_period_end": True}, "Ends soon", "is not charged again"),
    ],
)
def test_each_state_has_its_words(
    stand_in: StandIn, changed: dict[str, Any], label: str, sentence: str
) -> None:
    row = subscribed(stand_in)
    for name, value in changed.items():
        setattr(row, name, value)

    (told,) = shown([row])

    assert told.label == label
    assert sentence in told.sentence
    assert bool(told.sentence) == bool(sentence)


# -- ended -----------------------------------------------------------------------------------------


def test_it_ends_with_its_period_and_that_can_be_taken_back(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)

    told = text(ada, home(row) + "cancel/")
    ending = do(ada, home(row) + "cancel/", when="period")
    kept = do(ada, home(row) + "keep/")

    assert "at the end of what is paid for" in told
    assert "Ends soon" in ending
    assert "Do not end it" in ending
    assert "It goes on." in kept
    assert at_stripe(stand_in, row)["cancel_at_period_end"] is False


def test_it_ends_at_once(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)

    done = do(ada, home(row) + "cancel/", when="now")

    assert "Nothing more is charged." in done
    assert "Cancel subscription" not in done
    assert now(row).status == "canceled"
    assert at_stripe(stand_in, row)["status"] == "canceled"


def test_one_button_counts_once(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    ticket = ticket_on(ada, home(row) + "cancel/")

    for _ in range(2):
        ada.post(home(row) + "cancel/", {"ticket": ticket, "when": "now"})

    assert StripeRequest.objects.filter(subscription=row).count() == 1


def test_what_was_told_and_is_true_no_more_is_told_anew(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    ticket = ticket_on(ada, home(row) + "cancel/")
    stand_in.advance(days=32)
    seen(row)

    answer = ada.post(home(row) + "cancel/", {"ticket": ticket, "when": "period"})

    assert answer.status_code == 409
    assert b"nothing was ended" in answer.content
    assert at_stripe(stand_in, row)["cancel_at_period_end"] is False


@pytest.mark.parametrize("ticket", ["", "x", "a:b:c"])
def test_a_forged_button_does_nothing(ada: Client, stand_in: StandIn, ticket: str) -> None:
    row = hers(stand_in, ada)

    answer = ada.post(home(row) + "cancel/", {"ticket": ticket, "when": "now"})

    assert answer.status_code == 409
    assert now(row).status == "active"


def test_a_button_is_good_for_its_own_page_alone(ada: Client, stand_in: StandIn) -> None:
    row, other = hers(stand_in, ada), hers(stand_in, ada)
    ticket = ticket_on(ada, home(row) + "cancel/")

    ada.post(home(other) + "cancel/", {"ticket": ticket, "when": "now"})
    ada.post(home(row) + "pause/", {"ticket": ticket})

    assert [now(each).status for each in (row, other)] == ["active", "active"]
    assert now(row).paused_by == ""


def test_without_an_answer_it_is_under_way(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    stand_in.fail("/v1/subscriptions/", method="POST", when="before", reset=True, times=1)

    done = do(ada, home(row) + "pause/")

    assert "This is being done." in done
    assert "A change is being made." in done


# -- paused ----------------------------------------------------------------------------------------


def test_it_is_paused_and_goes_on(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)

    paused = do(ada, home(row) + "pause/")
    resumed = do(ada, home(row) + "resume/")

    assert "It is paused: nothing is charged and nothing is sent." in paused
    assert "It goes on." in resumed
    assert now(row).paused_by == ""


def test_a_pause_may_have_a_date(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    until = (clock.now() + timedelta(days=10)).date()

    done = do(ada, home(row) + "pause/", until=until.isoformat())

    assert "It is paused until" in done
    paused = at_stripe(stand_in, row)["pause_collection"]
    assert paused["behavior"] == "void"
    assert paused["resumes_at"] > clock.now().timestamp()


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_pause_ends_within_a_year(ada: Client, stand_in: StandIn, days: int) -> None:
    row = hers(stand_in, ada)
    until = (clock.now() + timedelta(days=days)).date()
    ticket = ticket_on(ada, home(row) + "pause/")

    answer = ada.post(home(row) + "pause/", {"ticket": ticket, "until": until.isoformat()})

    assert answer.status_code == 400
    assert b"within the next year" in answer.content
    assert now(row).paused_by == ""


def test_the_clock_of_a_rehearsal_is_minded(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    move_clocks(stand_in, days=3)
    until = (clock.now() + timedelta(days=10)).date()

    done = do(ada, home(row) + "pause/", until=until.isoformat())

    assert "It is paused until" in done


# -- paid otherwise --------------------------------------------------------------------------------


def test_another_of_her_cards_pays(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    assert row.customer is not None
    owner = row.customer.stripe_customer_id
    stand_in.call("payment_methods/pm_card_mastercard/attach", customer=owner)
    settle_customer(row.customer)
    card = row.customer.methods.get(brand="mastercard")

    done = do(ada, home(row) + "method/", method=str(card.pk))

    assert "From now on this pays for it." in done
    assert "Mastercard" in done
    assert at_stripe(stand_in, row)["default_payment_method"] == card.stripe_payment_method_id


def test_nobody_elses_card_pays(ada: Client, stand_in: StandIn) -> None:
    row, other = hers(stand_in, ada), subscribed(stand_in, user=UserFactory())
    assert other.customer is not None
    for each in (row, other):
        assert each.customer is not None
        settle_customer(each.customer)
    card = other.customer.methods.get()
    ticket = ticket_on(ada, home(row) + "method/")

    for wrong in (str(card.pk), "x", ""):
        answer = ada.post(home(row) + "method/", {"ticket": ticket, "method": wrong})
        assert answer.status_code == 400

    assert not StripeRequest.objects.filter(subscription=row).exists()


def test_price_of_what_is_monthly(stand_in: StandIn) -> None:
    row = subscribed(stand_in, monthly(unit_amount=950))

    assert shown([row])[0].each_time.amount == 950


@pytest.mark.parametrize("page", ["", "cancel/", "change/", "pause/"])
def test_each_page_reads_how_it_stands_once(ada: Client, stand_in: StandIn, page: str) -> None:
    row = hers(stand_in, ada)
    ada.get(home(row))

    with CaptureQueriesContext(connection) as asked:
        ada.get(f"{home(row)}{page}")

    of_requests = [one for one in asked if 'FROM "payments_striperequest"' in one["sql"]]
    assert len(of_requests) == 1
