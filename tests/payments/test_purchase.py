"""One purchase, in one process: start, pay at the stand-in, settle."""

from typing import Any

import pytest
from django.test import Client

from payments import checkout
from payments.models import CheckoutSession, MoneyEntry, Payment, StripeRequest
from payments.settlement import settle
from shop.orders.models import Order
from tests.support.factories import CartFactory, CartLineFactory, PriceFactory
from tests.support.stand_in import StandIn, session_id_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def default_item() -> Any:
    return PriceFactory(variant__sku="MUG-KELP", on_hand=500)


def bare(client: Client) -> Any:
    return client.post("/create-checkout-session", data="", content_type="application/octet-stream")


def test_the_bare_post_answers_303_with_the_payment_page(
    client: Client, stand_in: StandIn, default_item: Any
) -> None:
    answer = bare(client)

    assert answer.status_code == 303
    assert answer["Location"].startswith(f"{stand_in.url}/c/pay/cs_test_")


def test_each_bare_post_is_a_new_order(
    client: Client, stand_in: StandIn, default_item: Any
) -> None:
    first, second = bare(client)["Location"], bare(client)["Location"]

    assert first != second
    assert Order.objects.count() == 2


def test_paid_by_card_is_held_then_confirmed(
    client: Client, stand_in: StandIn, default_item: Any
) -> None:
    session_id = session_id_in(bare(client)["Location"])

    paid = stand_in.pay(session_id)
    session = CheckoutSession.objects.get()
    settle.settle(session)
    settle.settle(session)

    order, payment = Order.objects.get(), Payment.objects.get()
    assert paid.status_code == 200
    assert (order.status, order.total, order.email) == ("confirmed", 1800, "ada@example.com")
    assert (payment.status, payment.authorized_amount, payment.captured_amount) == (
        "authorized",
        1800,
        0,
    )
    assert payment.deadline_source == "charge"
    assert list(order.transitions.values_list("seq", "before", "after")) == [
        (1, "pending", "confirmed")
    ]
    assert not order.is_held


def test_the_same_cart_gives_the_same_page(client: Client, stand_in: StandIn) -> None:
    cart = CartFactory()
    CartLineFactory(cart=cart, quantity=2)
    buyer = checkout.Buyer(visitor=cart.id)

    first = checkout.start(buyer, checkout.items_of(cart), cart=cart)
    second = checkout.start(buyer, checkout.items_of(cart), cart=cart)

    assert first.pk == second.pk
    assert first.url
    assert len(stand_in.executed("/v1/checkout/sessions")) == 1
    assert StripeRequest.objects.count() == 1


def test_success_page_tells_the_truth_before_any_webhook(
    client: Client, stand_in: StandIn, default_item: Any
) -> None:
    session_id = session_id_in(bare(client)["Location"])
    stand_in.pay(session_id)

    page = client.get("/success", {"session_id": session_id})
    stranger = Client().get("/success", {"session_id": session_id})

    assert page.status_code == 200
    assert "authorized, not yet charged" in page.content.decode()
    assert Order.objects.get().number in page.content.decode()
    assert Order.objects.get().number not in stranger.content.decode()
    assert "ada@example.com" not in stranger.content.decode()


def test_unknown_session_is_404(client: Client, stand_in: StandIn) -> None:
    assert client.get("/success", {"session_id": "cs_test_nothing"}).status_code == 404


def test_sepa_is_processing_then_paid(client: Client, stand_in: StandIn, default_item: Any) -> None:
    session_id = session_id_in(bare(client)["Location"])
    stand_in.pay(session_id, method="sepa_debit", iban="AT321904300235473204")
    session = CheckoutSession.objects.get()

    settle.settle(session)
    on_its_way = Order.objects.get().status
    stand_in.advance(minutes=4)
    settle.settle(session)

    assert on_its_way == "processing"
    assert Order.objects.get().status == "confirmed"
    assert list(MoneyEntry.objects.values_list("kind", "amount")) == [("capture", 1800)]


def test_sepa_that_fails_gives_the_units_back(
    client: Client, stand_in: StandIn, default_item: Any
) -> None:
    session_id = session_id_in(bare(client)["Location"])
    stand_in.pay(session_id, method="sepa_debit", iban="AT861904300235473202")
    session = CheckoutSession.objects.get()
    settle.settle(session)
    stand_in.advance(minutes=4)

    settle.settle(session)

    default_item.variant.stock.refresh_from_db()
    assert Order.objects.get().status == "payment_failed"
    assert default_item.variant.stock.reserved == 0


def test_definite_refusal_cancels_at_once(
    client: Client, stand_in: StandIn, default_item: Any
) -> None:
    stand_in.fail("/v1/checkout/sessions", status=400)

    answer = bare(client)

    default_item.variant.stock.refresh_from_db()
    assert answer.status_code == 502
    assert "Nothing was charged" in answer.content.decode()
    assert Order.objects.get().status == "cancelled"
    assert default_item.variant.stock.reserved == 0


def test_unknown_outcome_waits_and_goes_on(
    client: Client, stand_in: StandIn, default_item: Any
) -> None:
    stand_in.fail("/v1/checkout/sessions", when="after", reset=True)

    answer = bare(client)
    token = Order.objects.get().token
    request = StripeRequest.objects.get()
    from django.utils import timezone

    from payments.settlement import perform
    from shop import work

    StripeRequest.objects.update(run_at=timezone.now())
    work.run(StripeRequest, request.pk, perform.perform)
    onward = client.get(f"/checkout/{token}/")

    assert (answer.status_code, answer["Location"]) == (303, f"/checkout/{token}/")
    assert onward["Location"].startswith(stand_in.url)
    assert len(stand_in.executed("/v1/checkout/sessions")) == 1
