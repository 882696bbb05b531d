"""What is digital is handed out once it is paid, each key to one buyer alone (S-4)."""

from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from fulfillment import shipping
from fulfillment.digital import handing_out
from fulfillment.models import DigitalDelivery, Email, Trouble
from fulfillment.troubles import watch
from payments import stripe_requests
from payments.models import CheckoutSession
from payments.settlement import settle
from shop.catalog import digital_goods
from shop.catalog.models import DigitalGood, LicenseKey, Price
from shop.money import Money
from shop.orders.models import Cart, Order
from tests.support.concurrency import at_once
from tests.support.digital import digital_price, digital_root, give, uploaded
from tests.support.factories import PriceFactory
from tests.support.purchases import do_the_work, order_of, payment_of, perform_all
from tests.support.stand_in import StandIn, session_id_in

__all__ = ["digital_root"]
pytestmark = pytest.mark.django_db(transaction=True)


def bought(
    stand_in: StandIn, *prices: Price, client: Client | None = None, quantity: int = 1
) -> Order:
    """An order from the cart, paid and settled; its work rows wait."""
    client = client or Client()
    for price in prices:
        client.post("/cart/add/", {"price": price.key, "quantity": str(quantity)})
    version = Cart.objects.get(pk=client.session["cart"]).version
    answer = client.post("/create-checkout-session", {"cart": version, "withdrawal": "1"})
    assert answer.status_code == 303, answer.content.decode()
    session_id = session_id_in(answer["Location"])
    assert stand_in.pay(session_id).status_code == 200
    session = CheckoutSession.objects.get(stripe_session_id=session_id)
    settle.settle(session)
    return order_of(session)


def keys_of(order: Order) -> list[str]:
    deliveries = order.digital_deliveries.values("pk")
    return list(LicenseKey.objects.filter(taken_for__in=deliveries).values_list("key", flat=True))


def page_of(order: Order) -> str:
    answer = Client().get(f"/orders/{order.token}/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_nothing_is_handed_out_while_the_money_is_only_held(stand_in: StandIn) -> None:
    order = bought(stand_in, digital_price(keys=["K-1"]))

    assert (order.status, payment_of(order).status) == ("confirmed", "authorized")
    assert not DigitalDelivery.objects.exists()
    assert "Your downloads" not in page_of(order)
    assert "K-1" not in page_of(order)


def test_what_is_paid_is_handed_out_on_the_page_and_by_mail(stand_in: StandIn) -> None:
    order = bought(stand_in, digital_price(text="Read chapter <2> first."))
    good = DigitalGood.objects.get()
    good.file = digital_goods.keep(good.variant, _upload())
    good.gives_keys = True
    good.save()
    digital_goods.add_keys(good.variant, ["貝-1"])

    do_the_work()

    order.refresh_from_db()
    page, body = page_of(order), mail.outbox[0].body
    delivery = order.digital_deliveries.get()
    assert order.status == "completed"
    assert (delivery.downloads_allowed, delivery.keys_missing) == (5, 0)
    assert "Führer 貝殻.pdf" in page
    assert "Read chapter &lt;2&gt; first." in page
    assert "<code>貝-1</code>" in page
    assert f"/downloads/{delivery.pk.hex}." in page
    assert "Führer 貝殻.pdf" in body
    assert "Read chapter <2> first." in body
    assert "Key: 貝-1" in body
    assert f"http://localhost:4242/downloads/{delivery.pk.hex}." in body
    assert "On the way" not in page
    # Neither a delivery row nor parcel steps.
    assert "Shipped" not in page
    assert ">Delivery<" not in page.replace(" ", "")
    call_command("check_invariants")


def _upload() -> Any:
    return uploaded("Führer 貝殻.pdf")


def test_a_mixed_order_has_a_parcel_and_downloads(stand_in: StandIn) -> None:
    guide, lamp = digital_price(), PriceFactory()

    order = bought(stand_in, guide, lamp)
    do_the_work()

    page = page_of(order)
    assert order.digital_deliveries.get().order_line.variant == guide.variant
    assert [line.order_line.variant for line in order.shipments.get().lines.all()] == [lamp.variant]
    assert "Your downloads" in page
    assert "Packed" in page
    assert "We pack it now" in mail.outbox[0].body
    assert "/downloads/" in mail.outbox[0].body


def test_each_unit_has_a_key_of_its_own(stand_in: StandIn) -> None:
    price = digital_price(keys=["A", "B", "C"])

    order = bought(stand_in, price, quantity=2)
    do_the_work()

    assert keys_of(order) == ["A", "B"]
    assert digital_goods.keys_left(price.variant_id) == 1


def test_handed_out_twice_it_is_the_same(stand_in: StandIn) -> None:
    order = bought(stand_in, digital_price(keys=["A", "B"]))
    do_the_work()

    order.refresh_from_db()
    handing_out.hand_out(order, list(order.lines.select_related("variant__product")))

    assert keys_of(order) == ["A"]
    assert DigitalDelivery.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "of_the_stock", "of_both"),
    [
        (
            "en",
            "Everything is in stock and set aside for you.",
            "What we send you is in stock and set aside for you.",
        ),
        (
            "de",
            "Alles ist auf Lager und für Sie zurückgelegt.",
            "Was wir Ihnen schicken, ist auf Lager und für Sie zurückgelegt.",
        ),
    ],
)
def test_the_confirmation_speaks_of_stock_for_what_is_sent_alone(
    stand_in: StandIn, language: str, of_the_stock: str, of_both: str
) -> None:
    file, cup = digital_price(), PriceFactory()
    orders = [bought(stand_in, *prices) for prices in ([file], [cup], [file, cup])]
    Order.objects.update(language=language)

    do_the_work()

    said = []
    for order in orders:
        [letter] = [one for one in mail.outbox if order.number in one.subject]
        texts = [str(letter.body), str(letter.alternatives[0][0])]  # type: ignore[attr-defined]
        texts = [" ".join(text.split()) for text in texts]
        said.append([[words in text for words in (of_the_stock, of_both)] for text in texts])
    assert said == [[[False, False]] * 2, [[True, False]] * 2, [[False, True]] * 2]


def test_two_buyers_of_the_last_key_do_not_share_it(stand_in: StandIn) -> None:
    price = digital_price(keys=["LAST"])
    orders = [bought(stand_in, price) for _ in range(2)]

    do_the_work()

    deliveries = DigitalDelivery.objects.order_by("keys_missing")
    assert [delivery.keys_missing for delivery in deliveries] == [0, 1]
    assert sorted(len(keys_of(order)) for order in orders) == [0, 1]
    assert sorted(Order.objects.values_list("status", flat=True)) == ["completed", "confirmed"]


def test_a_key_that_is_missing_follows_and_nothing_is_lost(stand_in: StandIn) -> None:
    price = digital_price(keys=[])
    order = bought(stand_in, price)
    do_the_work()
    order.refresh_from_db()
    assert order.status == "confirmed"
    assert "Your key is not here yet" in page_of(order)
    assert "One key is not here yet." in mail.outbox[0].body
    watch.look()
    trouble = Trouble.objects.get(kind="keys")
    assert price.variant.sku in trouble.said

    digital_goods.add_keys(price.variant, ["LATE"])
    answers = at_once([shipping.hand_out_late] * 3)
    do_the_work()
    watch.look()

    order.refresh_from_db()
    trouble.refresh_from_db()
    assert sorted(map(str, answers)) == ["0", "0", "1"]
    assert (order.status, keys_of(order)) == ("completed", ["LATE"])
    assert trouble.ended_at is not None
    assert [letter.subject for letter in mail.outbox if order.number in letter.subject] == [
        f"Order {order.number}: confirmed",
        f"Order {order.number}: your key is here",
    ]
    assert "Key: LATE" in mail.outbox[-1].body
    assert Email.objects.filter(template="keys").count() == 1
    call_command("check_invariants")


def test_who_got_the_money_back_waits_for_no_key(stand_in: StandIn) -> None:
    price = digital_price(keys=[])
    order = bought(stand_in, price)
    do_the_work()
    payment = payment_of(order)
    stripe_requests.ask_refund(payment, Money(payment.captured_amount, "eur"), reason="sorry")
    perform_all()

    digital_goods.add_keys(price.variant, ["LATE"])
    shipping.hand_out_late()

    assert digital_goods.keys_left(price.variant_id) == 1


def test_what_was_bought_stays_when_the_thing_gives_something_else(stand_in: StandIn) -> None:
    price = digital_price()
    order = bought(stand_in, price)
    do_the_work()
    first = order.digital_deliveries.get().file

    good = DigitalGood.objects.get()
    good.file = digital_goods.keep(price.variant, _upload())
    good.save()
    good.delete()

    assert order.digital_deliveries.get().file == first
    assert first
    assert first.path.exists()
    assert first.name in page_of(order)


def test_a_thing_that_gives_nothing_is_sold_as_before(stand_in: StandIn) -> None:
    price: Price = PriceFactory(variant__requires_shipping=False)

    order = bought(stand_in, price)
    do_the_work()

    order.refresh_from_db()
    assert order.status == "completed"
    assert not DigitalDelivery.objects.exists()
    assert order.consent == []


def test_words_for_all_need_no_file(stand_in: StandIn) -> None:
    price: Price = PriceFactory(variant__requires_shipping=False)
    give(price.variant, text="https://school.example/join/9x8")

    order = bought(stand_in, price)
    do_the_work()

    assert 'href="https://school.example/join/9x8"' in page_of(order)
