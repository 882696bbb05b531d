"""The log of events and requests: whole, narrowed, and page by page."""

import re
from pathlib import Path

import pytest

from tests.fake_stripe.rig import Fake, Receiver, start, stop
from tests.support.waiting import eventually


def text(fake: Fake, path: str, status: int = 200) -> str:
    answer = fake.raw("GET", f"/_fake/log/{path}")
    assert answer.status_code == status
    return answer.text


def rows(page: str, kind: str) -> list[str]:
    return re.findall(rf"/_fake/log/{kind}/(\w+)", page)


def test_event_is_shown_with_what_it_says_and_who_got_it(fake: Fake, receiver: Receiver) -> None:
    fake.control("webhooks", {"endpoint": receiver.url})
    customer = fake.v1.customers.create({"name": "Ada <b>"})
    eventually(lambda: receiver.types() == ["customer.created"])
    event = fake.v1.events.list().data[0]
    eventually(lambda: "200 in" in text(fake, f"events/{event.id}"))

    page = text(fake, f"events/{event.id}")

    for known in (customer.id, "Ada &lt;b&gt;", receiver.url, "delivered", "ok"):
        assert known in page
    assert str(event.request.id) in page
    assert "no such event" in text(fake, "events/evt_none", 404)


def test_request_is_shown_with_what_was_sent_and_answered(fake: Fake) -> None:
    made = fake.v1.customers.create({"name": "Ada"}, {"idempotency_key": "once"})
    read = fake.v1.customers.retrieve(made.id, {"expand": ["tax_ids"]})
    refused = fake.raw("POST", "/v1/customers", data={"colour": "blue"})

    pages = [
        text(fake, f"requests/{one}")
        for one in (
            made.last_response.request_id, read.last_response.request_id,
            refused.headers["Request-Id"],
        )
    ]  # fmt: skip

    for page, expected in zip(
        pages, [("Ada", made.id, "once"), ("tax_ids", made.id), ("colour", "parameter_unknown")],
        strict=True,
    ):  # fmt: skip
        assert [one for one in expected if one not in page] == []
    assert "no such request" in text(fake, "requests/req_none", 404)


def test_events_are_found_by_type_and_object(fake: Fake) -> None:
    paid, other = fake.paid().id, fake.paid().id

    charges = text(fake, "events?type=charge.succ")
    about = text(fake, f"events?object={paid}&type=payment_intent")

    assert len(rows(charges, "events")) == 2
    assert len(rows(about, "events")) == 2
    assert other not in about


def test_requests_are_found_by_method_path_and_status(fake: Fake) -> None:
    fake.v1.customers.create({"name": "Ada"})
    fake.v1.customers.list()
    fake.raw("POST", "/v1/prices", data={"colour": "blue"})

    def count(query: str) -> int:
        return len(rows(text(fake, f"requests?{query}"), "requests"))

    assert (count(""), count("method=GET"), count("path=customers")) == (3, 1, 2)
    assert (count("status=4"), count("status=200")) == (1, 2)


@pytest.mark.parametrize("kind", ["events", "requests"])
def test_lists_go_on_page_by_page(fake: Fake, kind: str) -> None:
    for number in range(60):
        fake.v1.products.create({"name": f"Cup {number}"})

    first, second = text(fake, f"{kind}?page=1"), text(fake, f"{kind}?page=2")

    seen = rows(first, kind) + rows(second, kind)
    assert (len(rows(first, kind)), len(set(seen))) == (50, 60)
    assert ('rel="next"' in first, 'rel="next"' in second) == (True, False)
    assert rows(text(fake, f"{kind}?page=x"), kind) == rows(first, kind)


def test_controls_tell_of_the_newest_events_and_go_on_backwards(fake: Fake) -> None:
    for number in range(5):
        fake.v1.products.create({"name": f"Cup {number}"})
    names = ["Cup 0", "Cup 1", "Cup 2", "Cup 3", "Cup 4"]

    newest = fake.control("events?limit=2")["data"]
    earlier = fake.control(f"events?limit=2&before={newest[0]['id']}")["data"]

    assert [one["data"]["object"]["name"] for one in newest] == names[3:]
    assert [one["data"]["object"]["name"] for one in earlier] == names[1:3]
    assert [one["params"]["name"] for one in fake.control("requests?limit=2")["data"]] == names[3:]
    for wrong in ("events?limit=0", "events?limit=x", "events?before=evt_no", "requests?limit=²"):
        assert fake.controlled(wrong).status_code == 400


def test_thousands_of_events_do_not_stand_in_the_way(tmp_path: Path) -> None:
    process, url = start(tmp_path / "state.sqlite3", "--log-level", "warning")
    fake = Fake(url)
    product = fake.v1.products.create({"name": "Cup"}).id
    for number in range(1200):
        fake.raw("POST", f"/v1/products/{product}", data={"name": f"{number}"})
    made = busy(process.pid)

    events = fake.control("events")["data"]
    listed = busy(process.pid) - made
    stop(process)

    assert len(events) == 1000
    assert listed < made / 2


def busy(pid: int) -> int:
    """How much the processor has worked for a process; how long all took depends on others."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
