"""K10: a Stripe customer is theirs who kept a card on purpose, on a page that they opened."""

import re
from typing import Any

import pytest
from django.test import Client

from payments import checkout
from payments.models import CheckoutSession, Customer, StripeRequest
from shop.orders.models import Order
from tests.support.factories import PriceFactory, UserFactory
from tests.support.purchases import new_buyer, order_of, paid, read, start, unpaid
from tests.support.stand_in import StandIn, session_id_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def saving(settings: Any) -> None:
    settings.PAYMENT_METHOD_SAVE = True


def sent(session: CheckoutSession) -> dict[str, Any]:
    """What Stripe was asked for."""
    return dict(StripeRequest.objects.get(session=session, kind="create_session").parameters)


def begun(client: Client) -> CheckoutSession:
    answer = client.post("/create-checkout-session", {"price": PriceFactory().key})
    assert answer.status_code == 303
    return CheckoutSession.objects.get(stripe_session_id=session_id_in(answer["Location"]))


def names_customer(client: Client) -> bool:
    return "customer" in sent(begun(client))


def pressed(client: Client, order: Order) -> CheckoutSession:
    """The page that the order's link leads this browser to."""
    answer = client.post(f"/checkout/{order.token}/again")
    assert answer.status_code == 303, answer.content
    return CheckoutSession.objects.get(stripe_session_id=session_id_in(answer["Location"]))


# -- kept on purpose -------------------------------------------------------------------------------


def test_without_a_card_kept_nobody_is_known_afterwards(client: Client, stand_in: StandIn) -> None:
    session = paid(stand_in, begun(client))

    assert session.customer is None
    assert not Customer.objects.exists()
    assert not names_customer(client)


def test_who_ticked_the_box_is_known_next_time_and_nobody_else(
    client: Client, stand_in: StandIn
) -> None:
    session = paid(stand_in, begun(client), save=True)

    customer = Customer.objects.get()
    assert customer.saved_at is not None
    assert (customer.visitor, session.customer) == (session.visitor, customer)
    assert names_customer(client)
    assert not names_customer(Client())


def test_who_was_asked_for_later_use_is_known_too(
    client: Client, stand_in: StandIn, settings: Any
) -> None:
    settings.SETUP_FUTURE_USAGE = "off_session"

    paid(stand_in, begun(client))

    assert names_customer(client)


def test_a_customer_that_the_release_before_filed_is_not_named(
    client: Client, stand_in: StandIn
) -> None:
    session = begun(client)
    Customer.objects.create(
        account=session.account, stripe_customer_id="cus_before", visitor=session.visitor
    )

    assert not names_customer(client)


# -- whose page it is ------------------------------------------------------------------------------


def test_a_friend_with_the_link_gets_a_page_without_the_owners_customer(
    client: Client, stand_in: StandIn
) -> None:
    paid(stand_in, begun(client), save=True)
    owners = begun(client)
    friend = Client()

    friends = pressed(friend, order_of(owners))

    owners.refresh_from_db()
    assert ("customer" in sent(owners), "customer" in sent(friends)) == (True, False)
    assert (owners.status, friends.status, order_of(friends)) == (
        "expired",
        "open",
        order_of(owners),
    )
    assert order_of(owners).lines.get().variant.stock.reserved == 1


def test_what_a_friend_keeps_is_kept_for_the_friend(client: Client, stand_in: StandIn) -> None:
    owners = begun(client)
    friend = Client()

    paid(stand_in, pressed(friend, order_of(owners)), save=True)

    assert order_of(owners).status == "confirmed"
    assert not names_customer(client)
    assert names_customer(friend)


def test_the_owner_comes_back_to_their_own_page(client: Client, stand_in: StandIn) -> None:
    owners = begun(client)
    order = order_of(owners)

    answer = client.get(f"/checkout/{order.token}/")

    assert (answer.status_code, answer["Location"]) == (303, owners.url)
    assert pressed(client, order) == owners


def test_by_the_link_alone_nobody_is_sent_to_the_owners_page(
    client: Client, stand_in: StandIn
) -> None:
    owners = begun(client)
    order = order_of(owners)

    answer = Client().get(f"/checkout/{order.token}/")

    owners.refresh_from_db()
    assert answer.status_code == 200
    assert owners.url not in answer.content.decode()
    assert f'action="/checkout/{order.token}/again"' in answer.content.decode()
    assert owners.status == "open"


def test_while_stripe_does_not_answer_a_friend_is_not_sent_there_either(
    client: Client, stand_in: StandIn
) -> None:
    owners = begun(client)
    order = order_of(owners)
    stand_in.fail("/expire$", method="POST", status=503, times=9)

    answer = Client().post(f"/checkout/{order.token}/again")

    assert (answer.status_code, answer["Location"]) == (303, f"/checkout/{order.token}/")


def test_who_is_logged_in_comes_back_from_any_browser(stand_in: StandIn) -> None:
    ada = UserFactory()
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(ada)
    session = begun(browsers[0])

    answer = browsers[1].get(f"/checkout/{order_of(session).token}/")

    assert answer["Location"] == session.url


def test_a_page_that_was_paid_meanwhile_is_told_to_a_friend(
    client: Client, stand_in: StandIn
) -> None:
    owners = begun(client)
    stand_in.pay(str(owners.stripe_session_id))

    answer = Client().post(f"/checkout/{order_of(owners).token}/again")

    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/success?session_id={owners.stripe_session_id}",
    )
    assert order_of(owners).checkout_sessions.count() == 1


# -- "Not you?" ------------------------------------------------------------------------------------


def cart_of(client: Client) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get("/cart/").content.decode()).split())


def test_the_cart_offers_to_forget_and_forgets(client: Client, stand_in: StandIn) -> None:
    session = paid(stand_in, begun(client), save=True)
    client.post("/cart/add/", {"price": PriceFactory().key, "quantity": 1})
    offered = cart_of(client)

    answer = client.post("/cart/not-you/", follow=True)
    # Late news about that purchase: they do not bring back who was forgotten.
    read(session)

    assert "Not you?" in offered
    assert "The next payment page opens without your saved card." in answer.content.decode()
    assert "Not you?" not in cart_of(client)
    assert not names_customer(client)


def test_nobody_is_asked_who_is_not_known(client: Client, stand_in: StandIn) -> None:
    client.post("/cart/add/", {"price": PriceFactory().key, "quantity": 1})

    assert "Not you?" not in cart_of(client)
    assert Client().post("/cart/not-you/").status_code == 302


def test_who_forgets_forgets_only_themselves(stand_in: StandIn) -> None:
    one, other = Client(), Client()
    for browser in (one, other):
        paid(stand_in, begun(browser), save=True)

    one.post("/cart/not-you/")

    assert not names_customer(one)
    assert names_customer(other)


def test_who_is_logged_in_is_logged_out_and_keeps_what_is_theirs(stand_in: StandIn) -> None:
    ada, user = Client(), UserFactory()
    ada.force_login(user)
    paid(stand_in, begun(ada), save=True)
    ada.post("/cart/add/", {"price": PriceFactory().key, "quantity": 1})
    offered, before = cart_of(ada), names_customer(ada)

    answer = ada.post("/cart/not-you/", follow=True)
    after = names_customer(ada)
    again = Client()
    again.force_login(user)

    assert "Not you? Log out" in offered
    assert "You are logged out." in answer.content.decode()
    assert (before, after, names_customer(again)) == (True, False, True)


def test_the_privacy_page_says_so(client: Client) -> None:
    text = " ".join(client.get("/privacy/").content.decode().split())

    assert "“Not you?” in the cart ends that." in text


# -- what happened to others -----------------------------------------------------------------------


def test_a_saved_card_is_offered_again_to_who_pays_again(stand_in: StandIn) -> None:
    owner = new_buyer()
    paid(stand_in, checkout.start(owner, [checkout.Item(PriceFactory(), 1)]), save=True)
    order = unpaid(stand_in, start(visitor=owner.visitor))

    by_owner = sent(checkout.pay_again(order, owner))

    assert "customer" in by_owner
