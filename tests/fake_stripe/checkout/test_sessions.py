"""What a session may ask for besides lines and money: checked, kept and answered."""

from typing import Any

import pytest
import requests
import stripe

from tests.fake_stripe.rig import Fake
from tests.support.waiting import PATIENCE

GIFT = {"key": "gift", "label": {"type": "custom", "custom": "Engraving"}, "type": "text"}
SIZES = [{"label": "Small", "value": "s"}, {"label": "Large", "value": "l"}]
SIZE = {
    "key": "size", "label": {"type": "custom", "custom": "Size"}, "type": "dropdown",
    "dropdown": {"options": SIZES},
}  # fmt: skip
DATA = {"currency": "eur", "unit_amount": 1000, "product_data": {"name": "Kettle"}}


def price(fake: Fake, amount: int = 500) -> str:
    product = fake.v1.products.create({"name": "Gift wrap"})
    made = fake.v1.prices.create({"product": product.id, "currency": "eur", "unit_amount": amount})
    return made.id


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"custom_fields": [GIFT, GIFT]}, "custom_fields[1][key]"),
        ({"custom_fields": [{**GIFT, "key": "a b"}]}, "custom_fields[0][key]"),
        ({"custom_fields": [{**GIFT, "type": "dropdown"}]}, "custom_fields[0][dropdown][options]"),
        ({"custom_fields": [{**SIZE, "type": "text"}]}, "custom_fields[0][dropdown]"),
        (
            {"custom_fields": [{**GIFT, "text": {"minimum_length": 9, "maximum_length": 3}}]},
            "custom_fields[0][text][minimum_length]",
        ),
        (
            {"custom_fields": [{**SIZE, "dropdown": {"options": SIZES, "default_value": "x"}}]},
            "custom_fields[0][dropdown][default_value]",
        ),
        ({"custom_fields": [{**GIFT, "key": f"k{n}"} for n in range(4)]}, "custom_fields"),
        ({"branding_settings": {"button_color": "red"}}, "branding_settings[button_color]"),
        ({"branding_settings": {"logo": {"type": "url"}}}, "branding_settings[logo][url]"),
        (
            {
                "branding_settings": {
                    "icon": {"type": "url", "url": "https://a.example", "file": "f"}
                }
            },
            "branding_settings[icon][file]",
        ),
        (
            {"branding_settings": {"logo": {"type": "url", "url": "logo.png"}}},
            "branding_settings[logo][url]",
        ),
        ({"locale": "xx"}, "locale"),
        (
            {"name_collection": {"business": {"enabled": False, "optional": True}}},
            "name_collection[business][optional]",
        ),
        ({"managed_payments": {"enabled": True}}, "managed_payments[enabled]"),
        ({"discounts": [{"coupon": "A", "promotion_code": "B"}]}, "discounts[0]"),
        ({"discounts": [{"coupon": "GONE"}]}, "discounts[0][coupon]"),
        ({"discounts": [{"coupon": "A"}], "allow_promotion_codes": True}, "discounts"),
        ({"customer_account": "acct_1", "customer_email": "a@b.test"}, "customer_email"),
        ({"optional_items": [{"price": "price_gone", "quantity": 1}]}, "optional_items[0][price]"),
    ],
)
def test_what_makes_no_sense_is_refused(fake: Fake, params: Any, param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.session(**params)

    assert refused.value.param == param
    assert fake.v1.checkout.sessions.list().data == []


@pytest.mark.parametrize(
    ("bounds", "quantity", "param"),
    [
        ({"enabled": True, "minimum": 5, "maximum": 2}, 3, "[adjustable_quantity][minimum]"),
        ({"enabled": True, "maximum": 1_000_000}, 3, "[adjustable_quantity][maximum]"),
        ({"enabled": True, "maximum": 2}, 3, "[quantity]"),
    ],
)
def test_bounds_that_cannot_be_kept_are_refused(
    fake: Fake, bounds: Any, quantity: int, param: str
) -> None:
    line = {"price_data": DATA, "quantity": quantity, "adjustable_quantity": bounds}

    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.session(line_items=[line])

    assert refused.value.param == f"line_items[0]{param}"


def test_everything_asked_for_is_answered(fake: Fake) -> None:
    line = {"price_data": DATA, "quantity": 2, "adjustable_quantity": {"enabled": True}}
    extra = price(fake)
    account = fake.controlled("accounts", {}).json()["id"]

    session = fake.session(
        line_items=[line],
        optional_items=[{"price": extra, "quantity": 1}],
        custom_fields=[GIFT, {**SIZE, "optional": True}],
        name_collection={"business": {"enabled": True, "optional": True}},
        consent_collection={"terms_of_service": "required"},
        branding_settings={"button_color": "#123456", "border_style": "pill"},
        customer_account=account,
        after_expiration={"recovery": {"enabled": True}},
        expand=["line_items"],
    )

    assert session.line_items.data[0].adjustable_quantity.to_dict() == {
        "enabled": True, "minimum": 0, "maximum": 99,
    }  # fmt: skip
    assert (session.optional_items[0].price, session.optional_items[0].quantity) == (extra, 1)
    assert [field.key for field in session.custom_fields] == ["gift", "size"]
    assert session.custom_fields[1].dropdown.options[1].value == "l"
    assert session.custom_fields[0].text.value is None
    assert session.name_collection.business.optional is True
    assert session.branding_settings.button_color == "#123456"
    assert session.branding_settings.font_family == "default"
    assert session.customer_account == account
    assert session.after_expiration.recovery.url is None


def test_expired_session_is_recovered_as_a_copy(fake: Fake) -> None:
    session = fake.session(
        3500,
        metadata={"order": "9"},
        after_expiration={"recovery": {"enabled": True, "allow_promotion_codes": True}},
    )

    expired = fake.v1.checkout.sessions.expire(session.id)
    page = fake.raw("GET", f"/c/recover/{session.id}")
    again = fake.raw("GET", f"/c/recover/{session.id}")

    recovery = expired.after_expiration.recovery
    assert recovery.url == f"{fake.url}/c/recover/{session.id}"
    copy = fake.v1.checkout.sessions.list({"status": "open"}).data[0]
    assert (copy.recovered_from, copy.amount_total) == (session.id, 3500)
    assert copy.metadata.to_dict() == {"order": "9"}
    assert copy.allow_promotion_codes is True
    address = str(copy.url).partition("#")[0]
    assert (page.url, again.url) == (address, address)


def test_session_without_recovery_is_gone(fake: Fake) -> None:
    session = fake.session()

    expired = fake.v1.checkout.sessions.expire(session.id)

    assert expired.after_expiration is None
    assert fake.raw("GET", f"/c/recover/{session.id}").status_code == 404


def test_x6_the_address_is_as_long_as_stripes_and_has_its_part_for_the_browser(fake: Fake) -> None:
    url = str(fake.session().url)

    page, _, rest = url.partition("#")
    assert page.rpartition("/")[2].startswith("cs_test_")
    assert len(url) > 400
    assert rest.isascii()
    assert requests.get(url, timeout=PATIENCE).status_code == 200


def test_an_account_has_to_be_there(fake: Fake) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.session(customer_account="acct_nobody")

    assert (refused.value.code, refused.value.param) == ("resource_missing", "customer_account")
