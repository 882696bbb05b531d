"""Who pays, as the settings have the payment page ask for it, and what its button says."""

from typing import Any

import pytest
import requests
from django.test import Client

from payments.models import CheckoutSession
from shop.configuration.variables.payment_page import names_asked
from shop.orders.models import Order
from tests.support.purchases import buy, order_of, paid, start
from tests.support.staff import staff
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
NEW = {
    "phone_number_collection",
    "billing_address_collection",
    "name_collection",
    "submit_type",
}


class Given:
    """An environment in which one variable stands."""

    def read(self, name: str, kind: Any, *, default: Any) -> Any:
        return kind("individual,business:optional")


def sent(session: CheckoutSession) -> dict[str, Any]:
    """The frozen parameters; Stripe took them, or the session would have no page."""
    assert session.url
    return dict(session.requests.get(kind="create_session").parameters)


def text_of(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_unless_it_is_set_nothing_is_asked(stand_in: StandIn) -> None:
    assert NEW & sent(start()).keys() == set()


def test_a_name_with_optional_may_be_left_empty() -> None:
    assert names_asked(Given()) == {"individual": False, "business": True}  # type: ignore[arg-type]


def test_what_is_asked_for_is_asked_and_kept(stand_in: StandIn, settings: Any) -> None:
    settings.PHONE_NUMBER_COLLECTION = True
    settings.NAME_COLLECTION = {"individual": True, "business": False}

    session = start()
    paid(stand_in, session, phone="+43 660 1234567", name="Kelp & Co")

    asked, order = sent(session), order_of(session)
    assert asked["phone_number_collection"] == {"enabled": True}
    assert asked["name_collection"] == {
        "individual": {"enabled": True, "optional": True},
        "business": {"enabled": True, "optional": False},
    }
    assert (order.phone, order.business_name, order.individual_name) == (
        "+43 660 1234567",
        "Kelp & Co",
        "",
    )


def test_both_pages_of_the_order_show_the_names(stand_in: StandIn) -> None:
    mine = Client()
    order = buy(stand_in, client=mine)
    Order.objects.filter(pk=order.pk).update(
        name="Vera Muster", individual_name="Vera Muster", business_name="Tang GmbH"
    )

    own = text_of(mine, f"/orders/{order.token}/")
    anybody = text_of(Client(), f"/orders/{order.token}/")
    by_staff = text_of(staff("view_order"), f"/admin/orders/order/{order.pk}/change/")

    assert "<address> Vera Muster <br> Tang GmbH <br>" in own
    assert "<address> V••• M••• <br> T••• G••• <br>" in anybody
    assert "<address> Vera Muster <br> Tang GmbH <br>" in by_staff


def test_staff_read_the_address_of_the_bill(stand_in: StandIn, settings: Any) -> None:
    settings.BILLING_ADDRESS_COLLECTION = "required"
    session = start()
    page = requests.get(session.url, timeout=30).text
    order = order_of(paid(stand_in, session))
    address = f"/admin/orders/order/{order.pk}/change/"
    same = text_of(staff("view_order"), address)
    Order.objects.filter(pk=order.pk).update(
        billing_address={"line1": "Ring 1", "postal_code": "1010", "city": "Wien", "country": "AT"}
    )

    other = text_of(staff("view_order"), address)

    assert sent(session)["billing_address_collection"] == "required"
    assert 'name="billingAddressLine1"' in page
    assert order.billing_address["line1"] == "Teststraße 1"
    assert "The bill goes to:" not in same
    assert "The bill goes to:</p> <address> Ring 1 <br> 1010 Wien <br> Austria <br>" in other


@pytest.mark.parametrize(("kind", "word"), [("book", "Book"), ("donate", "Donate"), ("pay", "Pay")])
def test_what_the_button_says(stand_in: StandIn, settings: Any, kind: str, word: str) -> None:
    settings.SUBMIT_TYPE = kind

    session = start()

    page = " ".join(requests.get(session.url, timeout=30).text.split())
    assert sent(session)["submit_type"] == kind
    assert f'type="submit">{word} €18.00</button>' in page
