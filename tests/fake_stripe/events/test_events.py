"""The list of events, and how they are delivered: signed, repeated, in disorder, or not at all."""

import threading
import time
from typing import Any

import pytest
import stripe

from tests.fake_stripe.rig import Fake, Receiver
from tests.support.waiting import eventually

SECRET = "whsec_test"


def listen(fake: Fake, receiver: Receiver, **options: object) -> dict[str, object]:
    body = {"endpoint": receiver.url, "secret": SECRET, **options}
    endpoint: dict[str, object] = fake.control("webhooks", body)
    return endpoint


def test_events_are_listed_by_type_time_and_page(fake: Fake) -> None:
    for name in ("a", "b", "c"):
        fake.v1.products.create({"name": name})
    fake.v1.customers.create({"email": "jane@example.com"})

    def types(**filters: object) -> list[str]:
        return [one.type for one in fake.v1.events.list(filters).data]  # type: ignore[arg-type]

    assert types() == ["customer.created", *["product.created"] * 3]
    assert types(type="customer.created") == ["customer.created"]
    assert types(type="product.*") == ["product.created"] * 3
    assert types(types=["customer.created", "price.created"]) == ["customer.created"]
    assert types(created={"lt": 5}) == []
    pages = fake.v1.events.list({"limit": 1, "type": "product.*"})
    assert [one.data.object["name"] for one in pages.auto_paging_iter()] == ["c", "b", "a"]


def test_event_carries_the_key_of_its_request(fake: Fake) -> None:
    product = fake.v1.products.create({"name": "a"}, {"idempotency_key": "k"})

    event = fake.v1.events.list().data[0]

    assert event.request is not None
    assert event.request.idempotency_key == "k"
    assert event.request.id == product.last_response.request_id
    assert event.api_version == stripe.api_version
    assert fake.v1.events.retrieve(event.id).data.object["id"] == product.id


def test_delivery_is_signed_and_has_the_endpoints_version(fake: Fake, receiver: Receiver) -> None:
    endpoint = fake.v1.webhook_endpoints.create(
        {
            "url": receiver.url,
            "enabled_events": ["product.created"],
            "api_version": "2026-09-30.endive",
        }
    )

    fake.v1.products.create({"name": "a"})
    fake.v1.customers.create({"name": "b"})

    eventually(lambda: len(receiver.got) == 1)
    body, header = receiver.got[0]
    assert endpoint.secret is not None
    event = fake.client.construct_event(body, header, endpoint.secret)
    assert (event.type, event.api_version) == ("product.created", "2026-09-30.endive")
    eventually(lambda: fake.v1.events.list({"delivery_success": False}).data == [])


def test_endpoint_answers_its_secret_only_at_creation(fake: Fake, receiver: Receiver) -> None:
    made = fake.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]})

    read = fake.v1.webhook_endpoints.retrieve(made.id)

    assert "secret" in made
    assert "secret" not in read
    assert fake.v1.webhook_endpoints.list().data[0].id == made.id
    assert fake.v1.webhook_endpoints.delete(made.id).deleted


def test_disabled_endpoint_gets_nothing(fake: Fake, receiver: Receiver) -> None:
    made = fake.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]})
    fake.v1.webhook_endpoints.update(made.id, {"disabled": True})

    fake.v1.products.create({"name": "a"})

    assert fake.control("events")["data"][0]["deliveries"] == []


def test_refused_delivery_is_tried_again_with_a_fresh_signature(
    fake: Fake, receiver: Receiver
) -> None:
    listen(fake, receiver)
    receiver.answers = [500]

    fake.v1.products.create({"name": "a"})

    eventually(lambda: len(receiver.got) == 2)
    first, second = receiver.got
    assert first[0] == second[0]
    assert first[1] != second[1]
    fake.client.construct_event(*second, SECRET)
    eventually(lambda: fake.control("events")["data"][0]["deliveries"][0]["status"] == "delivered")
    (delivery,) = fake.control("events")["data"][0]["deliveries"]
    assert [answer["status"] for answer in delivery["answers"]] == [500, 200]


def test_clock_brings_the_next_try_forward(fake: Fake, receiver: Receiver) -> None:
    # This schedule has no tries of real time that might come first.
    listen(fake, receiver, schedule="live")
    receiver.answers = [500, 500, 500]
    fake.v1.products.create({"name": "a"})

    for tries in (2, 3, 4):
        eventually(lambda: pending_after(fake, tries - 1))  # noqa: B023 - waited for at once
        assert len(fake.v1.events.list({"delivery_success": False}).data) == 1
        fake.control("clock", {"advance": 8 * 60 * 60})
        eventually(lambda: len(receiver.got) == tries)  # noqa: B023


def pending_after(fake: Fake, tries: int) -> bool:
    (delivery,) = fake.control("events")["data"][0]["deliveries"]
    return bool(delivery["attempts"] == tries)


def test_unreachable_endpoint_is_noted(fake: Fake) -> None:
    fake.control("webhooks", {"endpoint": "http://127.0.0.1:9/webhook"})

    fake.v1.products.create({"name": "a"})

    eventually(lambda: pending_after(fake, 1))
    (delivery,) = fake.control("events")["data"][0]["deliveries"]
    assert delivery["status"] == "pending"
    assert "ClientConnectorError" in delivery["answers"][0]["error"]


def test_duplicates(fake: Fake, receiver: Receiver) -> None:
    listen(fake, receiver, mode="duplicate", copies=5)

    fake.v1.products.create({"name": "a"})

    eventually(lambda: len(receiver.got) == 5)
    assert len({event["id"] for event in receiver.events()}) == 1


def test_held_events_wait_for_the_control(fake: Fake, receiver: Receiver) -> None:
    listen(fake, receiver, mode="hold")
    for name in ("a", "b"):
        fake.v1.products.create({"name": name})
    ids = [event.id for event in fake.v1.events.list({"delivery_success": False}).data]
    assert (len(ids), receiver.got) == (2, [])

    answers = fake.control("deliver", {"events": ids, "copies": 2})

    assert [event["id"] for event in receiver.events()] == [ids[0], ids[0], ids[1], ids[1]]
    assert [answer["status"] for answer in answers["data"]] == [200] * 4
    assert fake.v1.events.list({"delivery_success": False}).data == []


def test_parallel_delivery_by_hand(fake: Fake, receiver: Receiver) -> None:
    listen(fake, receiver, mode="hold")
    fake.v1.products.create({"name": "a"})
    event = fake.v1.events.list().data[0].id
    receiver.gate.clear()
    receiver.answers = [200, 500, 200]
    answers: list[Any] = []
    body = {"events": [event], "copies": 20, "parallel": True}
    delivering = threading.Thread(
        target=lambda: answers.extend(fake.control("deliver", body)["data"])
    )

    delivering.start()
    eventually(lambda: len(receiver.begun) == 20)
    answered_before = len(receiver.got)
    receiver.gate.set()
    delivering.join()

    assert sorted(answer["status"] for answer in answers) == [200] * 19 + [500]
    assert (answered_before, len(receiver.got)) == (0, 20)


def test_dropped_events_are_listed_but_never_sent(fake: Fake, receiver: Receiver) -> None:
    listen(fake, receiver, mode="drop")
    fake.v1.products.create({"name": "lost"})
    listen(fake, receiver, mode="normal")
    fake.v1.products.create({"name": "found"})

    eventually(lambda: len(receiver.got) == 1)

    assert receiver.events()[0]["data"]["object"]["name"] == "found"
    eventually(lambda: len(fake.v1.events.list({"delivery_success": False}).data) == 1)
    lost = fake.v1.events.list({"delivery_success": False}).data
    assert [event.data.object["name"] for event in lost] == ["lost"]
    assert len(fake.v1.events.list().data) == 2


def test_delayed_events_come_later(fake: Fake, receiver: Receiver) -> None:
    listen(fake, receiver, mode="delay", seconds=0.6)

    began = time.monotonic()
    fake.v1.products.create({"name": "a"})
    eventually(lambda: len(receiver.got) == 1)

    assert time.monotonic() - began >= 0.6


def test_shuffled_events_all_come_in_another_order(fake: Fake, receiver: Receiver) -> None:
    ids = [fake.session().id for _ in range(30)]
    listen(fake, receiver, mode="shuffle", seconds=0.5)

    # All of them end at one moment, however long they took to be made.
    fake.control("clock", {"advance": 2 * 24 * 60 * 60})

    eventually(lambda: len(receiver.got) == 30)
    in_order = [event["data"]["object"]["id"] for event in fake.control("events")["data"]]
    came = [event["data"]["object"]["id"] for event in receiver.events()]
    assert sorted(came) == sorted(in_order) == sorted(ids)
    assert came != in_order


def test_payment_arrives_as_webhooks_in_stripes_order(fake: Fake, receiver: Receiver) -> None:
    listen(fake, receiver)
    session = fake.session()

    fake.pay(session.id)

    eventually(lambda: len(receiver.got) == 5)
    assert sorted(receiver.types()) == sorted(fake.types())
    for body, header in receiver.got:
        fake.client.construct_event(body, header, SECRET)


def test_endpoint_keeps_its_secret_when_the_mode_changes(fake: Fake, receiver: Receiver) -> None:
    first = listen(fake, receiver)

    second = fake.control("webhooks", {"endpoint": receiver.url, "mode": "drop"})

    assert (first["mode"], second["mode"]) == ("normal", "drop")
    assert (second["id"], second["secret"]) == (first["id"], SECRET)


def test_rolled_secret_signs_twice_until_the_old_one_ends(fake: Fake, receiver: Receiver) -> None:
    old = fake.control("webhooks", {"endpoint": receiver.url})["secret"]

    new = fake.control("webhooks", {"endpoint": receiver.url, "roll": True, "expires_in": 600})
    fake.v1.customers.create()
    eventually(lambda: len(receiver.got) == 1)
    fake.control("clock", {"advance": 700})
    fake.v1.customers.create()
    eventually(lambda: len(receiver.got) == 2)

    body, header = receiver.got[0]
    assert fake.client.construct_event(body, header, new["secret"]).type == "customer.created"
    assert fake.client.construct_event(body, header, old).type == "customer.created"
    body, header = receiver.got[1]
    assert fake.client.construct_event(body, header, new["secret"]).type == "customer.created"
    with pytest.raises(stripe.SignatureVerificationError):
        fake.client.construct_event(body, header, old)


def test_resent_event_is_delivered_again_to_the_endpoint_named(
    fake: Fake, receiver: Receiver
) -> None:
    fake.control("webhooks", {"endpoint": receiver.url})
    fake.v1.customers.create()
    eventually(lambda: len(receiver.got) == 1)
    event = receiver.events()[0]["id"]
    endpoint = fake.v1.webhook_endpoints.list().data[0].id

    answer = fake.raw("POST", f"/v1/events/{event}/retry", data={"webhook_endpoint": endpoint})
    wrong = fake.raw("POST", f"/v1/events/{event}/retry", data={"webhook_endpoint": "we_no"})
    eventually(lambda: len(receiver.got) == 2)

    assert (answer.status_code, wrong.status_code) == (200, 400)
    assert [one["id"] for one in receiver.events()] == [event, event]
