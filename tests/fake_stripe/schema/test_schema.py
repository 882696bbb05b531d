"""Objects have every field that Stripe always sends, and none that it does not."""

from typing import Any

from fake_stripe.schema import complete, problems
from tests.fake_stripe.populated import LISTS, all_kinds, path_of, required
from tests.fake_stripe.rig import Fake


def test_nulls_are_filled_in_and_optional_fields_are_not() -> None:
    completed = complete("charge", {"id": "ch_1", "outcome": {"type": "authorized"}})

    assert completed["balance_transaction"] is None
    assert completed["outcome"]["reason"] is None
    assert "refunds" not in completed
    assert "amount" not in completed


def test_what_is_missing_or_unknown_or_wrong_is_named() -> None:
    found = set(problems("tax_id", {"id": 5, "object": "tax_id", "colour": "blue"}))

    assert {"colour is not a field of tax_id", "id is no string: 5", "value is missing"} <= found


def test_every_object_has_the_fields_of_its_kind(fake: Fake) -> None:
    ids = all_kinds(fake)
    objects: list[dict[str, Any]] = []

    for call in LISTS:
        query = {"limit": "100", **required(call, ids)}
        answer = fake.raw("GET", path_of(call, ids), params=query).json()
        assert answer["data"], call.path
        objects += answer["data"]
    objects += [one["data"]["object"] for one in objects if one["object"] == "event"]
    session = fake.v1.billing_portal.sessions.create({"customer": ids["customers"]})
    objects += [session.to_dict(for_json=True), fake.raw("GET", "/v1/account").json()]

    wrong = [
        f"{one['object']}: {problem}" for one in objects for problem in problems(one["object"], one)
    ]
    assert "\n".join(sorted(set(wrong))) == ""
    assert len({one["object"] for one in objects}) > 25
