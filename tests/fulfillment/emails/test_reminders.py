"""The reminder of an order left unpaid: asked for in the cart, sent once, while it helps."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from fulfillment.models import Email
from payments.models import CheckoutSession
from shop.catalog.models import Price
from shop.orders.models import Cart, Order
from tests.support.carts import with_cart
from tests.support.factories import PriceFactory, UserFactory
from tests.support.purchases import counted, do_the_work, order_of, paid, unpaid
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "mara@example.com"
TICKED = {"remind": "1", "remind_email": ADDRESS}


@pytest.fixture(autouse=True)
def by_the_shop(settings: Any) -> None:
    settings.CHECKOUT_RECOVERY = "shop"


def press(client: Client, **posted: str) -> CheckoutSession:
    """The cart's button, with what is posted beside it."""
    answer = client.post("/create-checkout-session", posted)
    assert answer.status_code == 303, answer.content
    return CheckoutSession.objects.order_by("-created_at")[0]


def left(stand_in: StandIn, client: Client | None = None, **posted: str) -> Order:
    """An order whose customer has left the payment page; all mails have gone out."""
    client = client or Client()
    with_cart(client)
    order = unpaid(stand_in, press(client, **(posted or TICKED)))
    do_the_work()
    assert order.status == "expired"
    return order


def told() -> list[Any]:
    messages: list[Any] = mail.outbox
    return messages


def read(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_one_mail_leads_back_to_the_order(stand_in: StandIn) -> None:
    order = left(stand_in)

    [message] = told()
    address = f"http://localhost:4242/orders/{order.token}/pay/"
    assert message.to == [ADDRESS]
    assert message.subject == f"Order {order.number}: not paid yet"
    assert f"Pay for this order:\n{address}\n" in message.body
    assert "For 7 days you can pay this very order" in " ".join(message.body.split())
    assert f'href="{address}"' in message.alternatives[0][0]
    assert "It is no advertisement" not in message.alternatives[0][0]
    assert order.email == ""


def test_in_german(stand_in: StandIn) -> None:
    left(stand_in, Client(headers={"Accept-Language": "de"}))

    [message] = told()
    assert "noch nicht bezahlt" in message.subject
    assert "Diese Bestellung bezahlen" in message.body


def test_the_link_shows_the_order_and_its_button_pays_it(stand_in: StandIn) -> None:
    order = left(stand_in)
    stranger = Client(headers={"Sec-Fetch-Site": "cross-site"})

    looked = stranger.get(f"/orders/{order.token}/pay/")
    price = Price.objects.get()
    reserved_by_looking = counted(price)
    answer = Client().post(f"/orders/{order.token}/pay/")

    assert looked.headers["Location"] == f"/orders/{order.token}/"
    assert reserved_by_looking == (10, 0)
    assert answer.status_code == 303
    assert counted(price) == (10, 1)
    again = CheckoutSession.objects.get(status="open")
    assert order_of(paid(stand_in, again)).status == "confirmed"


def test_another_site_pays_for_nobody(stand_in: StandIn) -> None:
    order = left(stand_in)

    answer = Client(headers={"Sec-Fetch-Site": "cross-site"}).post(f"/orders/{order.token}/pay/")

    assert answer.status_code == 403
    assert not CheckoutSession.objects.filter(status="open").exists()


@pytest.mark.parametrize("posted", [{"remind_email": ADDRESS}, {"cart": "0"}])
def test_who_has_not_ticked_the_box_is_not_written_to(
    stand_in: StandIn, posted: dict[str, Any]
) -> None:
    order = left(stand_in, **posted)

    assert (told(), order.recovery_email, order.consent) == ([], "", [])


def test_the_words_are_kept_with_the_moment(stand_in: StandIn, admin_client: Client) -> None:
    order = left(stand_in)

    page = read(admin_client, f"/admin/orders/order/{order.pk}/change/")

    words = "Remind me once by e-mail if I leave without paying."
    [kept] = order.consent
    assert (kept["to"], kept["text"]) == ("recovery", words)
    assert kept["at"].startswith(f"{timezone.now():%Y-%m}")
    assert f"Agreed to a reminder of an order left unpaid: “{words}”" in page
    assert f"To be reminded at {ADDRESS}." in page


def test_consent_from_the_cart_outlives_the_payment(stand_in: StandIn) -> None:
    client = Client()
    with_cart(client)

    order = order_of(paid(stand_in, press(client, **TICKED)))

    assert [each["to"] for each in order.consent] == ["recovery"]
    assert (order.email, order.recovery_email) == ("ada@example.com", ADDRESS)


def test_a_second_press_says_what_the_box_says_then(stand_in: StandIn) -> None:
    client = Client()
    with_cart(client)
    first = press(client)

    second = press(client, **TICKED)
    ticked = order_of(second).recovery_email
    press(client)

    assert first == second
    assert ticked == ADDRESS
    assert (order_of(first).recovery_email, order_of(first).consent) == ("", [])


@pytest.mark.parametrize("typed", ["", "mara", "mara@", "a@b@c.de", "x" * 5000 + "@example.com"])
def test_an_address_that_is_none_is_said_in_the_cart(stand_in: StandIn, typed: str) -> None:
    client = Client()
    with_cart(client)

    answer = client.post(
        "/create-checkout-session", {"remind": "1", "remind_email": typed}, follow=True
    )

    assert answer.redirect_chain[-1][0] == "/cart/"
    assert "please write your e-mail address like name@example.com" in answer.content.decode()
    assert not Order.objects.exists()


def test_who_is_logged_in_is_not_asked_for_an_address(stand_in: StandIn) -> None:
    client = Client()
    client.force_login(UserFactory(email="known@example.com"))
    with_cart(client)
    cart = read(client, "/cart/")

    left(stand_in, client, remind="1", remind_email="other@example.com")

    assert 'name="remind_email"' not in cart
    assert "We would write to known@example.com." in cart
    assert told()[0].to == ["known@example.com"]


def test_the_box_is_never_ticked_beforehand(client: Client) -> None:
    with_cart(client)

    page = read(client, "/cart/")

    (box,) = re.findall(r'<input[^>]* name="remind"[^>]*>', page)
    assert 'type="checkbox"' in box
    assert "checked" not in box
    assert 'name="remind_email"' in page


def test_without_the_setting_there_is_no_box_and_no_mail(stand_in: StandIn, settings: Any) -> None:
    settings.CHECKOUT_RECOVERY = "off"
    client = Client()
    with_cart(client)
    page = read(client, "/cart/")

    order = left(stand_in, client)

    assert 'name="remind"' not in page
    assert (told(), order.recovery_email) == ([], "")


def test_turned_off_meanwhile_nobody_is_written_to(stand_in: StandIn, settings: Any) -> None:
    client = Client()
    with_cart(client)
    session = press(client, **TICKED)
    settings.CHECKOUT_RECOVERY = "off"

    unpaid(stand_in, session)
    do_the_work()

    assert told() == []
    assert Email.objects.get().outcome == "overtaken"


@pytest.mark.parametrize("how", ["the same browser", "the same address"])
@pytest.mark.parametrize("is_paid", [True, False])
def test_who_has_bought_since_or_is_at_it_is_not_reminded(
    stand_in: StandIn, how: str, is_paid: bool
) -> None:
    client = Client()
    with_cart(client)
    session = press(client, **TICKED)
    other = client if how == "the same browser" else Client()
    with_cart(other)
    if how == "the same browser":
        newer = press(other)
    else:
        newer = press(other, **TICKED)
    if is_paid:
        paid(stand_in, newer)

    unpaid(stand_in, session)
    do_the_work()

    assert [message.to for message in told() if message.to == [ADDRESS]] == []
    assert Email.objects.get(template="recovery").outcome == "overtaken"


def test_a_changed_cart_is_not_left(stand_in: StandIn) -> None:
    """The shop itself closes the first page; the customer is on their way to the second."""
    client = Client()
    cart = with_cart(client)
    first = press(client, **TICKED)
    Cart.objects.filter(pk=cart.pk).update(version=cart.version + 1)

    press(client)
    do_the_work()

    assert order_of(first).status == "expired"
    assert not Email.objects.exists()


@pytest.mark.parametrize("what", ["price", "goods"])
def test_what_cannot_be_paid_any_more_is_not_reminded_of(stand_in: StandIn, what: str) -> None:
    client = Client()
    price = PriceFactory()
    with_cart(client, price)
    session = press(client, **TICKED)
    if what == "price":
        Price.objects.filter(pk=price.pk).update(is_active=False)
    else:
        price.variant.is_active = False
        price.variant.save()

    unpaid(stand_in, session)
    do_the_work()

    assert told() == []


def test_left_again_it_is_not_reminded_of_again(stand_in: StandIn) -> None:
    order = left(stand_in)
    Client().post(f"/orders/{order.token}/pay/")
    again = CheckoutSession.objects.get(status="open")

    assert unpaid(stand_in, again).status == "expired"
    do_the_work()

    assert len(told()) == 1
