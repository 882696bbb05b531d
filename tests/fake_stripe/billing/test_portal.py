"""The billing portal: its configurations, its sessions and what its page changes."""

from typing import Any

import pytest
import requests
import stripe

from tests.fake_stripe.rig import Fake
from tests.support.waiting import PATIENCE

OFF = {"customer_update": {"enabled": False}}


def customer_of(fake: Fake, **params: Any) -> Any:
    fields: Any = {"name": "Jane Doe", "email": "jane@example.com", **params}
    return fake.v1.customers.create(fields)


def saved_card(fake: Fake, customer: Any, brand: str = "visa") -> str:
    method = fake.v1.payment_methods.create({"type": "card", "card": {"token": f"tok_{brand}"}})
    fake.v1.payment_methods.attach(method.id, {"customer": customer.id})
    return str(method.id)


def portal(fake: Fake, customer: Any, **params: Any) -> Any:
    fields: Any = {"customer": customer.id, **params}
    return fake.v1.billing_portal.sessions.create(fields)


def submit(session: Any, form: str, **typed: str) -> requests.Response:
    return requests.post(f"{session.url}/{form}", data=typed, timeout=PATIENCE)


def last_event(fake: Fake, kind: str) -> Any:
    return fake.v1.events.list({"type": kind, "limit": 1}).data[0]


def test_a_configuration_has_every_feature_and_keeps_what_an_update_leaves_out(fake: Fake) -> None:
    configurations = fake.v1.billing_portal.configurations
    made = configurations.create(
        {
            "features": {"customer_update": {"enabled": True, "allowed_updates": ["name"]}},
            "business_profile": {"headline": "Hello", "privacy_policy_url": "http://shop.test/p"},
            "metadata": {"a": "1"},
        }
    )

    changed = configurations.update(
        made.id,
        {
            "features": {"payment_method_update": {"enabled": True}},
            "business_profile": {"headline": "Welcome"},
            "metadata": {"b": "2"},
        },
    )

    assert changed.features.customer_update.allowed_updates == ["name"]
    assert changed.features.payment_method_update.enabled is True
    assert changed.features.invoice_history.enabled is False
    assert changed.business_profile.headline == "Welcome"
    assert changed.business_profile.privacy_policy_url == "http://shop.test/p"
    assert changed.metadata is not None
    assert changed.metadata.to_dict() == {"a": "1", "b": "2"}
    assert configurations.retrieve(made.id) == changed
    previous = last_event(fake, "billing_portal.configuration.updated").data.previous_attributes
    assert previous["business_profile"].to_dict() == {"headline": "Hello"}


def test_there_is_one_default_configuration_beside_those_made(fake: Fake) -> None:
    configurations = fake.v1.billing_portal.configurations
    made = configurations.create({"features": OFF})

    default = configurations.list({"is_default": True}).data

    assert len(default) == 1
    assert [one.id for one in configurations.list().data] == [made.id, default[0].id]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        configurations.update(default[0].id, {"active": False})
    assert refused.value.param == "active"


@pytest.mark.parametrize(
    ("params", "param"),
    [
        (
            {"features": {"subscription_pause": {"enabled": True}}},
            "features[subscription_pause][enabled]",
        ),
        (
            {"features": {"subscription_update": {"enabled": True}}},
            "features[subscription_update][enabled]",
        ),
        (
            {"features": OFF, "login_page": {"enabled": True}},
            "login_page[enabled]",
        ),
        ({"features": OFF, "default_return_url": "nowhere"}, "default_return_url"),
        (
            {"features": {"customer_update": {"allowed_updates": ["name"]}}},
            "features[customer_update][enabled]",
        ),
        ({"features": OFF, "colour": "red"}, "colour"),
        ({}, "features"),
    ],
)
def test_a_configuration_that_cannot_be_is_refused(
    fake: Fake, params: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.billing_portal.configurations.create(params)  # type: ignore[arg-type]

    assert refused.value.param == param
    assert fake.types() == []


def test_a_session_leads_to_the_page_of_its_customer(fake: Fake) -> None:
    session = portal(fake, customer_of(fake), return_url="http://shop.test/account")

    answer = requests.get(session.url, timeout=PATIENCE)

    assert answer.status_code == 200
    assert 'value="jane@example.com"' in answer.text
    assert 'href="http://shop.test/account"' in answer.text
    assert fake.types()[-1] == "billing_portal.session.created"


@pytest.mark.parametrize("param", ["flow_data", "on_behalf_of", "customer_account"])
def test_a_session_with_what_is_not_played_is_refused(fake: Fake, param: str) -> None:
    value: Any = {"type": "payment_method_update"} if param == "flow_data" else "acct_1"

    with pytest.raises(stripe.InvalidRequestError) as refused:
        portal(fake, customer_of(fake), **{param: value})

    assert refused.value.param == param


def test_a_session_needs_a_customer_and_a_configuration_in_use(fake: Fake) -> None:
    unused = fake.v1.billing_portal.configurations.create({"features": OFF})
    fake.v1.billing_portal.configurations.update(unused.id, {"active": False})
    customer = customer_of(fake)

    with pytest.raises(stripe.InvalidRequestError) as without:
        fake.v1.billing_portal.sessions.create({})
    with pytest.raises(stripe.InvalidRequestError) as inactive:
        portal(fake, customer, configuration=unused.id)
    fake.v1.customers.delete(customer.id)
    with pytest.raises(stripe.InvalidRequestError) as deleted:
        portal(fake, customer)

    assert (without.value.code, without.value.param) == ("parameter_missing", "customer")
    assert inactive.value.param == "configuration"
    assert (deleted.value.code, deleted.value.param) == ("resource_missing", "customer")


def test_an_address_lapses_unless_it_is_opened_in_time(fake: Fake) -> None:
    unused, used = (portal(fake, customer_of(fake)) for _ in range(2))
    requests.get(used.url, timeout=PATIENCE)

    fake.control("clock", {"advance": 301})

    assert requests.get(used.url, timeout=PATIENCE).status_code == 200
    answer = requests.get(unused.url, timeout=PATIENCE)
    assert answer.status_code == 410
    assert "This page has expired" in answer.text
    assert submit(unused, "details", name="Eve").status_code == 410
    fake.control("clock", {"advance": 3600})
    assert requests.get(used.url, timeout=PATIENCE).status_code == 410


def test_an_unknown_address_says_so(fake: Fake) -> None:
    answer = requests.get(f"{fake.url}/p/session/bps_none", timeout=PATIENCE)

    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_changed_details_are_kept_and_told(fake: Fake) -> None:
    customer = customer_of(fake)
    session = portal(fake, customer)

    answer = submit(
        session, "details", name="Jane Roe", email="roe@example.com", phone="",
        line1="Main Street 1", postal_code="1010", city="Vienna", country="AT",
    )  # fmt: skip

    assert "Your details are saved." in answer.text
    changed = fake.v1.customers.retrieve(customer.id)
    assert (changed.name, changed.email) == ("Jane Roe", "roe@example.com")
    assert changed.address is not None
    assert (changed.address.city, changed.address.country) == ("Vienna", "AT")
    previous = last_event(fake, "customer.updated").data.previous_attributes
    assert previous["name"] == "Jane Doe"


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"email": "no address"}, "Enter an e-mail address like jane@example.com."),
        ({"email": ""}, "Enter your e-mail address."),
        ({"phone": "1" * 21}, "Use at most 20 characters."),
        ({"city": "Vienna", "country": "AT"}, "Enter street and number."),
        ({"line1": "Main Street 1", "country": "XX"}, "Choose a country."),
    ],
)
def test_details_that_cannot_be_change_nothing(
    fake: Fake, typed: dict[str, str], complaint: str
) -> None:
    customer = customer_of(fake)

    answer = submit(
        portal(fake, customer), "details", **{"email": "new@example.com", "name": "New", **typed}
    )

    assert answer.status_code == 400
    assert complaint in answer.text
    assert fake.v1.customers.retrieve(customer.id) == customer
    assert "customer.updated" not in fake.types()


def test_only_what_the_configuration_allows_is_changed(fake: Fake) -> None:
    features: Any = {"customer_update": {"enabled": True, "allowed_updates": ["phone"]}}
    configuration = fake.v1.billing_portal.configurations.create({"features": features})
    customer = customer_of(fake)
    card = saved_card(fake, customer)
    session = portal(fake, customer, configuration=configuration.id)

    submit(session, "details", name="Eve", phone="+43 1 234")
    cards = submit(session, "cards", remove=card)

    changed = fake.v1.customers.retrieve(customer.id)
    assert (changed.name, changed.phone) == ("Jane Doe", "+43 1 234")
    assert cards.status_code == 403
    assert fake.v1.payment_methods.retrieve(card).customer == customer.id


def test_a_card_becomes_the_default_and_is_removed(fake: Fake) -> None:
    customer = customer_of(fake)
    card = saved_card(fake, customer)
    session = portal(fake, customer)

    made = submit(session, "cards", default=card)
    default = fake.v1.customers.retrieve(customer.id).invoice_settings
    removed = submit(session, "cards", remove=card)

    assert "Your default card is changed." in made.text
    assert default is not None
    assert default.default_payment_method == card
    assert "No card is saved." in removed.text
    afterwards = fake.v1.customers.retrieve(customer.id).invoice_settings
    assert afterwards is not None
    assert afterwards.default_payment_method is None
    assert fake.types()[-3:] == ["customer.updated", "payment_method.detached", "customer.updated"]


def test_the_card_of_somebody_else_is_left_alone(fake: Fake) -> None:
    other = customer_of(fake)
    card = saved_card(fake, other)

    answer = submit(portal(fake, customer_of(fake)), "cards", remove=card)

    assert answer.status_code == 400
    assert "This card is not saved any more." in answer.text
    assert fake.v1.payment_methods.retrieve(card).customer == other.id
