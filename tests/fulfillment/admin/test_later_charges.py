"""Staff charge what a customer owes beside an order: by a page that foretells it, and once."""

import re
import time
from typing import Any

import pytest
from django.test import Client

from fulfillment.invariants import broken
from payments.models import LaterCharge, Payment, SavedMethod
from shop.accounts.login.sessions import BEGAN
from shop.orders.models import Order
from tests.support.later import DECLINED, agreed, charge, charged, now, with_card
from tests.support.purchases import do_what_waits, order_of, paid, start
from tests.support.staff import messages_on, staff
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def ana() -> Client:
    return staff("charge_later", "view_order", "view_payment", "refund_payment")


def address(order: Order, what: str = "") -> str:
    return f"/admin/order/{order.pk}/later/{what}"


def typed(saved: SavedMethod, **other: str) -> dict[str, str]:
    plain = {
        "method": str(saved.pk),
        "amount": "25.00",
        "reason": "no_show",
        "words": "The fitting on 3 May",
    }
    return {**plain, **other}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def ticket(client: Client, order: Order, method: SavedMethod, **other: str) -> str:
    answer = client.post(address(order, "foretell/"), typed(method, **other))
    assert answer.status_code == 200, text(answer)
    return str(answer.context["ticket"])


def press(client: Client, order: Order, button: str) -> list[str]:
    answer = client.post(address(order, "charge/"), {"ticket": button}, follow=True)
    assert answer.status_code == 200
    return messages_on(answer)


def test_the_order_s_page_leads_there_for_whoever_may(stand_in: StandIn, settings: Any) -> None:
    order, _ = agreed(stand_in, settings)

    assert address(order) in text(ana().get(f"/admin/orders/order/{order.pk}/change/"))
    others = staff("view_order", "view_payment", "refund_payment")
    assert address(order) not in text(others.get(f"/admin/orders/order/{order.pk}/change/"))
    assert others.get(address(order)).status_code == 403


def test_the_page_shows_what_was_agreed_to(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)

    page = text(ana().get(address(order)))

    assert "Visa ending in 4242, until 12/2040" in page
    assert method.consent_version in page
    assert "may charge it later" in page
    assert "At most" in page


def test_it_is_foretold_and_then_done(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    client = ana()

    foretold = client.post(address(order, "foretell/"), typed(method))
    assert "is charged now to Visa ending in 4242" in text(foretold)
    assert not LaterCharge.objects.exists()
    said = press(client, order, foretold.context["ticket"])
    do_what_waits()
    do_what_waits()

    made = LaterCharge.objects.get()
    assert said == ["Charging 25.00 EUR. This page follows it."]
    assert (made.status, made.amount, made.actor_address) == ("paid", 2500, "127.0.0.1")
    page = text(client.get(address(order)))
    assert "Missed appointment" in page
    assert "captured, 25.00" in page
    assert broken() == {name: [] for name in broken()}


def test_pressed_twice_it_counts_once(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    client = ana()
    button = ticket(client, order, method)

    press(client, order, button)
    said = press(client, order, button)

    assert said == ["This button was pressed before; that counts once."]
    assert LaterCharge.objects.count() == 1


def test_pressed_by_two_people_it_counts_once(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    first, second = ana(), ana()
    buttons = [ticket(client, order, method) for client in (first, second)]

    press(first, order, buttons[0])
    said = press(second, order, buttons[1])

    assert said == ["Somebody has charged this order since the page was made. Nothing was done."]
    assert LaterCharge.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "0"}, "The amount must be at least"),
        ({"amount": ""}, "Say how much."),
        ({"amount": "-5"}, "is no amount"),
        ({"amount": "25 USD"}, "is no amount"),
        ({"amount": "12.345"}, "more than 2 decimals"),
        ({"amount": "90.01"}, "At most"),
        ({"amount": "999999999999999"}, "is no amount"),
        ({"reason": ""}, "Say what it is for"),
        ({"reason": "because"}, "Say what it is for"),
        ({"words": "  "}, "Say what it is for"),
        ({"words": "x" * 201}, "at most 200 characters"),
        ({"method": ""}, "Choose the payment method."),
        ({"method": "x\x00"}, "cannot be charged later"),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_changes_nothing(
    stand_in: StandIn, settings: Any, wrong: dict[str, str], said: str
) -> None:
    order, method = agreed(stand_in, settings)

    answer = ana().post(address(order, "foretell/"), typed(method, **wrong))

    assert answer.status_code == 400
    assert said in text(answer)
    assert not LaterCharge.objects.exists()


def test_a_method_of_somebody_else_cannot_be_chosen(stand_in: StandIn, settings: Any) -> None:
    order, _ = agreed(stand_in, settings)
    _, of_another = agreed(stand_in, settings)

    answer = ana().post(address(order, "foretell/"), typed(of_another))

    assert answer.status_code == 400
    assert "cannot be charged later" in text(answer)


def test_one_saved_by_the_tick_alone_is_shown_and_not_offered(
    stand_in: StandIn, settings: Any
) -> None:
    order, method = agreed(stand_in, settings)
    SavedMethod.objects.filter(pk=method.pk).update(
        set_up_by="tick", consent_at=None, consent_text="", consent_version=""
    )

    page = text(ana().get(address(order)))

    assert "has saved no payment method that may be charged later" in page
    assert "Its owner has not agreed to it: ticked the box while paying." in page
    assert "foretell" not in page


@pytest.mark.parametrize("button", ["", "x", "a:b:c"])
def test_a_button_of_nobody_does_nothing(stand_in: StandIn, settings: Any, button: str) -> None:
    order, _ = agreed(stand_in, settings)

    assert press(ana(), order, button) == ["The form was incomplete. Nothing was done."]
    assert not LaterCharge.objects.exists()


def test_a_button_of_another_order_does_nothing(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    other, _ = agreed(stand_in, settings)
    client = ana()

    said = press(client, other, ticket(client, order, method))

    assert said == ["The button belongs to something else. Nothing was done."]
    assert not LaterCharge.objects.exists()


def test_removed_since_the_page_was_made_it_is_not_charged(
    stand_in: StandIn, settings: Any
) -> None:
    order, method = agreed(stand_in, settings)
    client = ana()
    button = ticket(client, order, method)
    SavedMethod.objects.filter(pk=method.pk).update(status="detached")

    (said,) = press(client, order, button)

    assert "not, or no longer, one of the customer's" in said
    assert not LaterCharge.objects.exists()


def test_so_much_is_charged_only_after_they_have_shown_who_they_are(
    stand_in: StandIn, settings: Any
) -> None:
    settings.STAFF_FRESH_ABOVE = {"eur": 2000}
    order, method = agreed(stand_in, settings)
    client = ana()
    session = client.session
    session[BEGAN] = time.time() - 60 * 6
    session.save()

    answer = client.post(address(order, "charge/"), {"ticket": ticket(client, order, method)})

    assert answer.status_code == 302
    assert address(order) not in answer["Location"].partition("?")[0]
    assert not LaterCharge.objects.exists()


# -- afterwards ------------------------------------------------------------------------------------


def test_declined_staff_read_why_and_find_the_link(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    stand_in.ask("assumptions", {"advice": "do_not_try_again"})
    made = charged(order, with_card(stand_in, method, DECLINED))

    page = text(ana().get(address(order)))

    assert "the customer is asked to pay by a link" in page
    assert "generic_decline" in page
    assert "Its bank wants no further try" in page
    assert f"/charges/{made.token}/" in page


def test_refused_staff_send_the_link(stand_in: StandIn, settings: Any, mailoutbox: Any) -> None:
    order, method = agreed(stand_in, settings)
    stand_in.call(f"payment_methods/{method.stripe_payment_method_id}/detach")
    made = charged(order, method)
    client = ana()
    assert "Send the link to pay" in text(client.get(address(order)))
    before = len(mailoutbox)

    answer = client.post(address(order, f"{made.pk}/ask/"), follow=True)
    again = client.post(address(order, f"{made.pk}/ask/"), follow=True)
    do_what_waits()

    assert messages_on(answer) == ["The customer gets a mail with the link to pay it."]
    assert "nobody is asked to pay" in messages_on(again)[0]
    (letter,) = mailoutbox[before:]
    assert f"/charges/{made.token}/" in letter.body


def test_dropped_the_link_is_closed(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    made = charged(order, with_card(stand_in, method, DECLINED))

    answer = ana().post(address(order, f"{made.pk}/withdraw/"), follow=True)

    assert messages_on(answer) == ["Withdrawn: the link is closed, nothing is to be paid."]
    assert now(made).status == "withdrawn"


def test_a_claim_of_another_order_is_not_found(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    other, _ = agreed(stand_in, settings)
    made = charge(order, method)

    for verb in ("ask", "withdraw"):
        assert ana().post(address(other, f"{made.pk}/{verb}/")).status_code == 404


def test_it_is_refunded_like_any_payment_and_the_order_stays(
    stand_in: StandIn, settings: Any
) -> None:
    order, method = agreed(stand_in, settings)
    made = charged(order, method)
    payment = Payment.objects.get(later_charge=made)
    client = ana()
    page = text(client.get(f"/admin/capture-queue/{payment.pk}/"))
    assert "Owed beside the order: missed appointment, The fitting on 3 May" in page

    foretold = client.get(
        f"/admin/capture-queue/{payment.pk}/refund/confirm/", {"amount": "25.00", "reason": "Ill"}
    )
    button = re.search(r'name="ticket" value="([^"]+)"', foretold.content.decode())
    assert button is not None
    assert "The order is cancelled" not in text(foretold)
    client.post(
        f"/admin/capture-queue/{payment.pk}/refund/", {"ticket": button[1], "reason": "Ill"}
    )
    do_what_waits()
    do_what_waits()

    order.refresh_from_db()
    assert payment.refunded.amount == 2500
    assert order.status == "confirmed"
    assert broken() == {name: [] for name in broken()}


def test_it_is_listed_beside_the_price_of_the_order(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    made = charged(order, with_card(stand_in, method, DECLINED))

    ours = text(ana().get(f"/admin/orders/order/{order.pk}/change/"))
    theirs = text(Client().get(f"/orders/{order.token}/"))

    assert "Charged later, beside the price" in ours
    assert "Besides this order" in theirs
    assert f"/charges/{made.token}/" in theirs
    assert "€90.00" in theirs


def test_an_order_without_any_says_so(stand_in: StandIn) -> None:
    session = paid(stand_in, start())
    do_what_waits()
    order = order_of(session)

    page = text(ana().get(address(order)))

    assert "has saved no payment method that may be charged later" in page
