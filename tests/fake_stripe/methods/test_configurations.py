"""Payment method configurations: which methods sessions, intents and pages offer."""

from typing import Any

import pytest
import requests
import stripe

from tests.fake_stripe.rig import Fake
from tests.support.waiting import PATIENCE

ON: Any = {"display_preference": {"preference": "on"}}
OFF: Any = {"display_preference": {"preference": "off"}}


def default_of(fake: Fake) -> Any:
    return next(one for one in fake.v1.payment_method_configurations.list().data if one.is_default)


def without(fake: Fake, *methods: str) -> Any:
    sent: Any = {"name": "Narrow", **dict.fromkeys(methods, OFF)}
    return fake.v1.payment_method_configurations.create(sent)


def test_the_default_configuration_has_everything_on(fake: Fake) -> None:
    default = default_of(fake)

    assert (default.name, default.active, default.parent) == ("Default", True, None)
    told = default.to_dict()
    kept = ("ideal", "card", "apple_pay")
    shown = {"overridable": None, "preference": "on", "value": "on"}
    assert [told[name] for name in kept] == 3 * [{"available": True, "display_preference": shown}]
    assert [one.id for one in fake.v1.payment_method_configurations.list().data] == [default.id]


def test_a_configuration_keeps_what_an_update_leaves_out(fake: Fake) -> None:
    made = without(fake, "ideal", "klarna")

    changed = fake.v1.payment_method_configurations.update(
        made.id, {"name": "Wider", "ideal": ON, "active": False}
    )

    assert (changed.name, changed.active, changed.is_default) == ("Wider", False, False)
    told = changed.to_dict()
    preferences = [told[name]["display_preference"] for name in ("ideal", "klarna", "eps")]
    assert [one["preference"] for one in preferences] == ["on", "off", "none"]
    assert [one["value"] for one in preferences] == ["on", "off", "on"]
    assert fake.v1.payment_method_configurations.retrieve(made.id) == changed
    listed = fake.v1.payment_method_configurations.list({"active": False}).data
    assert [one.id for one in listed] == [made.id]


def test_a_session_offers_what_its_configuration_has_on(fake: Fake) -> None:
    configuration = without(fake, "ideal", "sepa_debit", "apple_pay")

    session = fake.session(payment_method_configuration=configuration.id)
    usual = fake.session()

    gone = set(usual.payment_method_types) - set(session.payment_method_types)
    assert gone == {"ideal", "sepa_debit"}
    details = session.payment_method_configuration_details.to_dict()
    assert details == {"id": configuration.id, "parent": None}
    assert usual.payment_method_configuration_details.id == default_of(fake).id
    page = requests.get(session.url, timeout=PATIENCE).text
    assert 'value="google_pay"' in page
    assert 'value="apple_pay"' not in page
    assert 'value="ideal"' not in page
    refused = fake.controlled(f"sessions/{session.id}/pay", {"method": "apple_pay"})
    assert refused.status_code == 400


def test_what_the_default_configuration_switches_off_is_off_the_page(fake: Fake) -> None:
    fake.v1.payment_method_configurations.update(default_of(fake).id, {"klarna": OFF})

    session = fake.session()

    assert "klarna" not in session.payment_method_types
    assert "klarna" not in requests.get(session.url, timeout=PATIENCE).text


def test_an_intent_takes_only_what_its_configuration_has_on(fake: Fake) -> None:
    configuration = without(fake, "card")
    asked: Any = {
        "amount": 900, "currency": "eur", "payment_method_configuration": configuration.id
    }  # fmt: skip

    intent = fake.v1.payment_intents.create(asked)

    assert "card" not in intent.payment_method_types
    assert "ideal" in intent.payment_method_types
    assert intent.payment_method_configuration_details is not None
    assert intent.payment_method_configuration_details.id == configuration.id
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.payment_intents.confirm(
            intent.id, {"payment_method": "pm_card_visa", "return_url": "http://shop.test/"}
        )
    assert refused.value.param == "payment_method"


def test_methods_that_an_older_request_names_follow_no_configuration(fake: Fake) -> None:
    fake.v1.payment_method_configurations.update(default_of(fake).id, {"ideal": OFF})

    answer = fake.raw(
        "POST", "/v1/payment_intents",
        data={"amount": 900, "currency": "eur", "payment_method_types[0]": "ideal"},
        headers={"Stripe-Version": "2025-09-30.clover"},
    ).json()  # fmt: skip

    assert answer["payment_method_types"] == ["ideal"]
    assert answer["payment_method_configuration_details"] is None


def test_a_session_that_is_left_no_method_is_refused(fake: Fake) -> None:
    configuration = without(fake, "ideal")

    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.session(
            payment_method_configuration=configuration.id, allowed_payment_method_types=["ideal"]
        )

    assert refused.value.param == "payment_method_configuration"
    assert "No valid payment method types" in str(refused.value)


def test_an_unknown_or_unused_configuration_is_refused(fake: Fake) -> None:
    unused = without(fake)
    fake.v1.payment_method_configurations.update(unused.id, {"active": False})

    with pytest.raises(stripe.InvalidRequestError) as unknown:
        fake.session(payment_method_configuration="pmc_none")
    with pytest.raises(stripe.InvalidRequestError) as inactive:
        fake.session(payment_method_configuration=unused.id)
    with pytest.raises(stripe.InvalidRequestError) as default:
        fake.v1.payment_method_configurations.update(default_of(fake).id, {"active": False})

    wanted = ("resource_missing", "payment_method_configuration")
    assert (unknown.value.code, unknown.value.param) == wanted
    assert (inactive.value.code, inactive.value.param) == (None, "payment_method_configuration")
    assert default.value.param == "active"


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"twint": ON}, "twint"),
        ({"parent": "pmc_1"}, "parent"),
        ({"card": {"display_preference": {"preference": "perhaps"}}},
         "card[display_preference][preference]"),
        ({"colour": "red"}, "colour"),
    ],
)  # fmt: skip
def test_a_configuration_that_cannot_be_is_refused(
    fake: Fake, params: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.payment_method_configurations.create(params)  # type: ignore[arg-type]

    assert refused.value.param == param
    assert len(fake.v1.payment_method_configurations.list().data) == 1
