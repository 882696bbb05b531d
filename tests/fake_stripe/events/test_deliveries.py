"""How deliveries are retried, ended, resent, and how endpoints are kept."""

import json
from typing import Any

import pytest
import stripe

from tests.fake_stripe.rig import Fake, Receiver, receiving
from tests.support.waiting import eventually

HOUR = 60 * 60


def listen(fake: Fake, receiver: Receiver, **options: Any) -> Any:
    return fake.control("webhooks", {"endpoint": receiver.url, **options})


def newest_delivery(fake: Fake) -> Any:
    """What became of the newest event at its first endpoint."""
    return fake.control("events")["data"][-1]["deliveries"][0]


def wait_for_tries(fake: Fake, times: int) -> None:
    eventually(lambda: newest_delivery(fake)["attempts"] == times)


def advance(fake: Fake, seconds: int) -> None:
    fake.control("clock", {"advance": seconds})


def test_sandbox_tries_three_times_over_a_few_hours(fake: Fake, receiver: Receiver) -> None:
    listen(fake, receiver, schedule="sandbox")
    receiver.answers = [500] * 9
    fake.v1.customers.create()
    wait_for_tries(fake, 1)

    for times in (2, 3):
        advance(fake, 3 * HOUR)
        wait_for_tries(fake, times)

    assert newest_delivery(fake)["status"] == "failed"
    advance(fake, 99 * HOUR)
    fake.v1.customers.create()
    eventually(lambda: len(receiver.got) == 4)
    assert len({json.loads(body)["id"] for body, _ in receiver.got[:3]}) == 1


def test_live_tries_for_up_to_three_days_with_growing_waits(fake: Fake, receiver: Receiver) -> None:
    listen(fake, receiver, schedule="live")
    receiver.answers = [500] * 99
    fake.v1.customers.create()
    wait_for_tries(fake, 1)
    waits = [300, 1800, 2 * HOUR, 5 * HOUR, *[10 * HOUR] * 6]

    for times, wait in enumerate(waits, start=2):
        assert newest_delivery(fake)["status"] == "pending"
        advance(fake, wait)
        wait_for_tries(fake, times)

    assert sum(waits) < 3 * 24 * HOUR
    assert (newest_delivery(fake)["status"], len(receiver.got)) == ("failed", 11)


def test_quick_schedule_gives_up_after_three_days_too(fake: Fake, receiver: Receiver) -> None:
    listen(fake, receiver)
    receiver.answers = [500] * 99
    fake.v1.customers.create()
    # It also tries in real time: there may have been more than one.
    eventually(lambda: newest_delivery(fake)["attempts"] >= 1)

    advance(fake, 73 * HOUR)

    eventually(lambda: newest_delivery(fake)["status"] == "failed")


def test_endpoint_disabled_before_the_next_try_gets_no_more(fake: Fake, receiver: Receiver) -> None:
    endpoint = listen(fake, receiver, schedule="sandbox")["id"]
    receiver.answers = [500]
    fake.v1.customers.create()
    wait_for_tries(fake, 1)

    fake.v1.webhook_endpoints.update(endpoint, {"disabled": True})
    advance(fake, HOUR)
    eventually(lambda: newest_delivery(fake)["status"] == "failed")
    fake.v1.webhook_endpoints.update(endpoint, {"disabled": False})
    advance(fake, 99 * HOUR)
    fake.v1.customers.create()

    eventually(lambda: len(receiver.got) == 2)
    first, second = receiver.events()
    assert first["id"] != second["id"]


def test_endpoint_enabled_again_in_time_gets_the_next_try(fake: Fake, receiver: Receiver) -> None:
    endpoint = listen(fake, receiver, schedule="sandbox")["id"]
    receiver.answers = [500]
    fake.v1.customers.create()
    wait_for_tries(fake, 1)

    fake.v1.webhook_endpoints.update(endpoint, {"disabled": True})
    fake.v1.webhook_endpoints.update(endpoint, {"disabled": False})
    advance(fake, HOUR)

    eventually(lambda: newest_delivery(fake)["status"] == "delivered")
    assert [answer["status"] for answer in newest_delivery(fake)["answers"]] == [500, 200]


def test_deleted_endpoint_ends_the_retries(fake: Fake, receiver: Receiver) -> None:
    endpoint = listen(fake, receiver, schedule="sandbox")["id"]
    receiver.answers = [500]
    fake.v1.customers.create()
    wait_for_tries(fake, 1)

    fake.v1.webhook_endpoints.delete(endpoint)
    advance(fake, HOUR)

    eventually(lambda: newest_delivery(fake)["status"] == "failed")
    assert "deleted" in newest_delivery(fake)["answers"][-1]["error"]
    assert len(receiver.got) == 1


@pytest.mark.parametrize("status", [301, 303, 400, 404, 500])
def test_any_answer_but_success_counts_as_failed(
    fake: Fake, receiver: Receiver, status: int
) -> None:
    listen(fake, receiver, schedule="sandbox")
    receiver.answers = [status]

    fake.v1.customers.create()

    wait_for_tries(fake, 1)
    delivery = newest_delivery(fake)
    assert (delivery["status"], delivery["answers"][0]["status"]) == ("pending", status)


def test_each_endpoint_has_its_own_events_and_fate(fake: Fake, receiver: Receiver) -> None:
    with receiving() as other:
        listen(fake, receiver, schedule="sandbox")
        fake.v1.webhook_endpoints.create(
            {"url": other.url, "enabled_events": ["product.created", "product.updated"]}
        )
        receiver.answers = [500]

        fake.v1.customers.create()
        fake.v1.products.create({"name": "Kettle"})
        eventually(lambda: len(receiver.got) == 2)
        eventually(lambda: len(other.got) == 1)

        assert sorted(receiver.types()) == ["customer.created", "product.created"]
        assert other.types() == ["product.created"]


def test_event_tells_how_many_endpoints_wait_for_it(fake: Fake, receiver: Receiver) -> None:
    with receiving() as other:
        listen(fake, receiver)
        listen(fake, other, mode="hold")

        fake.v1.customers.create()
        eventually(lambda: len(receiver.got) == 1)

        assert receiver.events()[0]["pending_webhooks"] == 2
        event = fake.v1.events.list().data[0]
        eventually(lambda: fake.v1.events.retrieve(event.id).pending_webhooks == 1)
        assert fake.v1.events.list({"delivery_success": False}).data[0].id == event.id
        fake.control("deliver", {"events": [event.id], "endpoint": other.url})
        assert fake.v1.events.retrieve(event.id).pending_webhooks == 0


def resend(fake: Fake, event: str, **params: str) -> Any:
    return fake.raw("POST", f"/v1/events/{event}/retry", data=params)


def test_event_that_failed_for_good_is_resent(fake: Fake, receiver: Receiver) -> None:
    listen(fake, receiver, schedule="sandbox")
    receiver.answers = [500] * 4
    fake.v1.customers.create()
    wait_for_tries(fake, 1)
    for times in (2, 3):
        advance(fake, 3 * HOUR)
        wait_for_tries(fake, times)
    event = fake.v1.events.list().data[0].id

    resend(fake, event)
    wait_for_tries(fake, 4)
    failed = newest_delivery(fake)["status"]
    resend(fake, event)

    eventually(lambda: newest_delivery(fake)["status"] == "delivered")
    assert failed == "failed"


def test_event_is_resent_to_an_endpoint_that_came_later(fake: Fake, receiver: Receiver) -> None:
    fake.v1.customers.create()
    endpoint = listen(fake, receiver)["id"]
    event = fake.v1.events.list().data[0].id

    resend(fake, event, webhook_endpoint=endpoint)

    eventually(lambda: [one["id"] for one in receiver.events()] == [event])


def test_resend_that_is_refused_does_not_undo_the_delivery(fake: Fake, receiver: Receiver) -> None:
    listen(fake, receiver, schedule="sandbox")
    fake.v1.customers.create()
    eventually(lambda: newest_delivery(fake)["status"] == "delivered")
    receiver.answers = [500]

    resend(fake, fake.v1.events.list().data[0].id)

    wait_for_tries(fake, 2)
    assert newest_delivery(fake)["status"] == "delivered"


def test_nothing_is_resent_to_a_disabled_endpoint_or_after_thirty_days(
    fake: Fake, receiver: Receiver
) -> None:
    endpoint = listen(fake, receiver, mode="hold")["id"]
    fake.v1.customers.create()
    event = fake.v1.events.list().data[0].id
    fake.v1.webhook_endpoints.update(endpoint, {"disabled": True})

    disabled = resend(fake, event, webhook_endpoint=endpoint)
    advance(fake, 31 * 24 * HOUR)
    late = resend(fake, event)

    assert (disabled.status_code, disabled.json()["error"]["param"]) == (400, "webhook_endpoint")
    assert (late.status_code, late.json()["error"]["code"]) == (404, "resource_missing")
    assert newest_delivery(fake)["status"] == "held"


@pytest.mark.parametrize("kind", ["checkout.session.complete", "payment_intent.*", ""])
def test_type_that_there_is_not_is_refused(fake: Fake, kind: str) -> None:
    url = "https://shop.test/webhook"

    with pytest.raises(stripe.InvalidRequestError) as caught:
        fake.v1.webhook_endpoints.create({"url": url, "enabled_events": [kind]})  # type: ignore[list-item]
    controlled = fake.controlled("webhooks", {"endpoint": url, "enabled_events": [kind]})

    assert caught.value.param == "enabled_events[0]"
    assert controlled.status_code == 400
    assert fake.control("webhooks") == {"data": []}


def test_seventeenth_endpoint_is_refused(fake: Fake) -> None:
    for number in range(16):
        fake.control("webhooks", {"endpoint": f"https://shop.test/{number}"})

    with pytest.raises(stripe.InvalidRequestError, match="maximum of 16"):
        fake.v1.webhook_endpoints.create({"url": "https://shop.test", "enabled_events": ["*"]})

    assert len(fake.control("webhooks")["data"]) == 16


def test_old_secret_ends_after_a_day_unless_told_otherwise(fake: Fake, receiver: Receiver) -> None:
    old = listen(fake, receiver)["secret"]

    new = listen(fake, receiver, roll=True)["secret"]

    for waited, signatures in ((0, 2), (23 * HOUR, 2), (2 * HOUR, 1)):
        advance(fake, waited)
        receiver.got.clear()
        fake.v1.customers.create()
        eventually(lambda: len(receiver.got) == 1)
        body, header = receiver.got[0]
        assert header.count("v1=") == signatures
        fake.client.construct_event(body, header, new)
    with pytest.raises(stripe.SignatureVerificationError):
        fake.client.construct_event(body, header, old)


@pytest.mark.parametrize(
    "body",
    [
        {"schedule": "hourly"},
        {"copies": "many"},
        {"copies": 0},
        {"seconds": -1},
        {"seconds": "soon"},
        {"secret": ""},
        {"secret": 5},
        {"roll": "yes"},
        {"expires_in": 24 * HOUR + 1, "roll": True},
        {"expires_in": True, "roll": True},
        {"enabled_events": "*"},
        {"enabled_events": []},
    ],
)
def test_wrong_wish_for_an_endpoint_is_said(fake: Fake, body: dict[str, Any]) -> None:
    answer = fake.controlled("webhooks", {"endpoint": "https://shop.test", **body})

    assert answer.status_code == 400
    assert answer.json()["error"]["message"]
    assert fake.control("webhooks") == {"data": []}


def test_secret_of_no_endpoint_cannot_be_rolled(fake: Fake) -> None:
    answer = fake.controlled("webhooks", {"endpoint": "https://shop.test", "roll": True})

    assert (answer.status_code, fake.control("webhooks")) == (400, {"data": []})


@pytest.mark.parametrize(
    "body", [{"events": "evt"}, {"events": [{"id": 1}]}, {"events": [], "copies": "two"}, {}]
)
def test_wrong_delivery_by_hand_is_said(fake: Fake, body: dict[str, Any]) -> None:
    answer = fake.controlled("deliver", body)

    assert (answer.status_code, bool(answer.json()["error"]["message"])) == (400, True)


def test_x6_a_false_signature_of_another_scheme_comes_with_the_true_one(
    fake: Fake, receiver: Receiver
) -> None:
    """docs.stripe.com/webhooks: test events carry a fake `v0`, against downgrades."""
    fake.control("webhooks", {"endpoint": receiver.url, "secret": "whsec_x"})
    fake.v1.products.create({"name": "Tea"})

    eventually(lambda: receiver.got)

    body, header = receiver.got[0]
    schemes = [part.partition("=")[0] for part in header.split(",")]
    assert schemes == ["t", "v1", "v0"]
    assert stripe.Webhook.construct_event(body, header, "whsec_x")
    forged = ",".join(part for part in header.split(",") if not part.startswith("v1"))
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, forged, "whsec_x")
