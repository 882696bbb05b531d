"""What nobody here has seen of Stripe can be played both ways."""

from typing import Any

import pytest

from tests.fake_stripe.rig import Fake


def assume(fake: Fake, **chosen: str) -> None:
    fake.control("assumptions", chosen)


@pytest.mark.parametrize(
    ("way", "refunds", "refunded"), [("refund", 1, 2000), ("nothing", 0, 0)]
)  # fmt: skip
@pytest.mark.parametrize("ends", ["canceled", "lapsed"])
def test_x10_a_released_hold(fake: Fake, way: str, ends: str, refunds: int, refunded: int) -> None:
    assume(fake, released_hold=way)
    intent = fake.held()

    if ends == "canceled":
        fake.v1.payment_intents.cancel(intent.id)
    else:
        fake.control("clock", {"advance": 8 * 24 * 60 * 60})

    charge = fake.intent(intent.id).latest_charge
    assert fake.intent(intent.id).status == "canceled"
    assert len(fake.v1.refunds.list({"charge": charge.id}).data) == refunds
    assert charge.amount_refunded == refunded


@pytest.mark.parametrize(("way", "refunded"), [("reversal", 500), ("nothing", 0)])
def test_x10_what_a_partial_capture_leaves(fake: Fake, way: str, refunded: int) -> None:
    assume(fake, uncaptured_rest=way)
    intent = fake.held()

    fake.v1.payment_intents.capture(intent.id, {"amount_to_capture": 1500})

    charge = fake.intent(intent.id).latest_charge
    assert (charge.amount_captured, charge.amount_refunded) == (1500, refunded)
    assert fake.intent(intent.id).amount_received == 1500


@pytest.mark.parametrize("way", ["paid", "unpaid"])
def test_x10_a_session_whose_hold_was_captured(fake: Fake, way: str) -> None:
    assume(fake, captured_session=way)
    session = fake.session(payment_intent_data={"capture_method": "manual"})
    paid = fake.pay(session.id)

    fake.v1.payment_intents.capture(paid["payment_intent"])

    assert fake.v1.checkout.sessions.retrieve(session.id).payment_status == way


@pytest.mark.parametrize(
    ("way", "prefixes"), [("own", ("py_3", "pyr_1")), ("as_cards", ("ch_3", "re_3"))]
)
def test_x6_ids_of_payments_without_a_card(fake: Fake, way: str, prefixes: tuple[str, str]) -> None:
    assume(fake, ids_without_card=way)
    session = fake.session()
    paid = fake.pay(session.id, method="sepa_debit", iban="AT321904300235473204")
    fake.control("clock", {"advance": 200})

    charge = fake.intent(paid["payment_intent"]).latest_charge
    refund = fake.v1.refunds.create({"charge": charge.id})

    assert charge.id.startswith(prefixes[0])
    assert refund.id.startswith(prefixes[1])


@pytest.mark.parametrize(
    ("way", "limit", "status", "count"),
    [
        ("clamped", 0, 200, 1),
        ("clamped", 101, 200, 2),
        ("refused", 0, 400, 0),
        ("refused", 101, 400, 0),
    ],
)
@pytest.mark.parametrize("path", ["/v1/products", "/v1/products/search?query=name:'tea'"])
def test_x9_a_limit_that_is_out_of_bounds(
    fake: Fake, path: str, way: str, limit: int, status: int, count: int
) -> None:
    assume(fake, odd_limit=way)
    for _ in range(2):
        fake.v1.products.create({"name": "Tea"})

    answer = fake.raw("GET", path, params={"limit": limit})

    assert answer.status_code == status, answer.text
    assert len(answer.json().get("data", [])) == count


@pytest.mark.parametrize(
    "body", [{"released_hold": "gone"}, {"tea": "green"}, {"odd_limit": None}, {"odd_limit": []}]
)
def test_what_is_no_choice_is_refused_and_changes_nothing(fake: Fake, body: Any) -> None:
    before = fake.control("assumptions")

    answer = fake.controlled("assumptions", body)

    assert answer.status_code == 400
    assert fake.control("assumptions") == before


def test_a_fresh_start_ends_what_was_chosen(fake: Fake) -> None:
    before = fake.control("assumptions")
    assume(fake, odd_limit="refused")

    fake.control("reset", {})

    assert fake.control("assumptions") == before
