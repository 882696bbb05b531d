"""Orders, parcels, stock and dead work on the staff site."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone

from fulfillment.models import Email, Shipment
from shop.catalog.models import Stock
from shop.orders.models import Order, OrderHold
from tests.support.factories import OrderFactory, PriceFactory, UserFactory
from tests.support.purchases import buy, do_the_work, payment_of
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def staff(*permissions: str) -> Client:
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, order: Order) -> str:
    answer = client.get(f"/admin/orders/order/{order.pk}/change/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


ALL = ["view_order", "change_order", "ship_order", "release_payment", "refund_payment"]


def test_the_order_page_reads_as_text_and_names_the_next_thing(
    stand_in: StandIn, settings: Any
) -> None:
    settings.CAPTURE_POLICY = "staff"
    order = buy(stand_in)
    do_the_work()

    text = page(staff(*ALL), order)

    assert "Capture 18.00 EUR" in text
    assert "ada@example.com" in text
    assert "order pending → confirmed" in text
    assert not re.search(r"<input[^>]*(ada@example|value=\"18)", text)


def test_hold_then_close_lets_the_order_go_on(stand_in: StandIn) -> None:
    order = buy(stand_in)
    client = staff(*ALL, "capture_payment")

    client.post(f"/admin/order/{order.pk}/hold/", {"reason": "Odd address"})
    do_the_work()
    held = payment_of(order).status
    hold = order.holds.get()
    for _ in range(2):
        client.post(f"/admin/order/{order.pk}/hold/{hold.pk}/close/")
    do_the_work()

    hold.refresh_from_db()
    assert held == "authorized"
    assert (hold.note, hold.opened_by, hold.closed_by) == ("Odd address", "Ana", "Ana")
    assert payment_of(order).status == "captured"
    assert order.shipments.count() == 1


def test_what_is_over_is_not_put_in_review(stand_in: StandIn) -> None:
    order = buy(stand_in)
    client = staff(*ALL)
    offered = "Put in review" in page(client, order)
    order.cancel("test")

    answer = client.post(f"/admin/order/{order.pk}/hold/", {"reason": "Odd address"}, follow=True)

    assert offered
    assert "Nothing of this order is left to be captured or shipped." in answer.content.decode()
    assert "Put in review" not in page(client, order)
    assert not order.holds.exists()


def test_cancelling_sends_the_money_back_and_says_who(stand_in: StandIn) -> None:
    order = buy(stand_in)
    do_the_work()

    staff(*ALL).post(f"/admin/order/{order.pk}/cancel/", {"reason": "Asked by phone"})
    do_the_work()

    order.refresh_from_db()
    assert (order.status, order.cancel_reason, order.cancel_note) == (
        "cancelled",
        "staff",
        "Asked by phone",
    )
    assert order.money_actions.get(kind="refund").actor_name == "Ana"


# U3, T4
def test_what_staff_type_does_not_choose_the_mail(stand_in: StandIn) -> None:
    order = buy(stand_in)
    do_the_work()

    staff(*ALL).post(f"/admin/order/{order.pk}/cancel/", {"reason": "out_of_stock"})
    do_the_work()

    order.refresh_from_db()
    assert (order.cancel_reason, order.cancel_note) == ("staff", "out_of_stock")
    assert not order.emails.filter(template="out_of_stock").exists()
    assert order.emails.filter(template="cancelled").exists()


# U3
def test_the_database_knows_every_reason() -> None:
    order = OrderFactory()

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # It takes apart what the release before wrote, whatever that is.
        cursor.execute("ALTER TABLE orders_order DISABLE TRIGGER USER")

    with pytest.raises(IntegrityError, match="order_cancel_reason_is_known"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(cancel_reason="whim")


# Guard: cancelling moves money, so it wants the permission to move it.
@pytest.mark.parametrize("missing", ["release_payment", "change_order"])
def test_cancelling_needs_the_permission_for_its_money(
    missing: str, stand_in: StandIn, settings: Any
) -> None:
    settings.CAPTURE_POLICY = "staff"
    order = buy(stand_in)
    client = staff(*[name for name in ALL if name != missing])

    answer = client.post(f"/admin/order/{order.pk}/cancel/", {"reason": "x"})

    assert answer.status_code in {302, 403}
    assert Order.objects.get().cancel_requested_at is None


def test_packed_shipped_delivered_by_staff(stand_in: StandIn) -> None:
    order = buy(stand_in)
    do_the_work()
    client = staff(*ALL)
    shipment = order.shipments.get()

    client.post(f"/admin/shipment/{shipment.pk}/pack/")
    odd = client.post(
        f"/admin/shipment/{shipment.pk}/ship/",
        {"carrier": "Post", "tracking_url": "javascript:alert(1)"},
    )
    for _ in range(2):
        client.post(
            f"/admin/shipment/{shipment.pk}/ship/",
            {"carrier": "Post", "tracking_number": "AT1", "tracking_url": "https://post.example/1"},
        )
    shipped = page(client, order)
    client.post(f"/admin/shipment/{shipment.pk}/deliver/")

    assert odd.status_code == 400
    assert "Delivered</button>" in shipped
    assert Shipment.objects.get().shipped_by == "Ana"
    assert Order.objects.get().status == "completed"
    assert Email.objects.filter(template="shipped").count() == 1


def test_each_waiting_parcel_leads_to_the_page_of_its_order(stand_in: StandIn) -> None:
    order = buy(stand_in)
    do_the_work()
    client = staff(*ALL, "view_shipment")

    text = client.get("/admin/fulfillment/shipment/?status__in=open,packed").content.decode()

    assert f'<a href="/admin/orders/order/{order.pk}/change/">{order.number}</a>' in text
    assert "Packed</button>" in page(client, order)


def test_the_staff_order_page_names_the_country() -> None:
    order = OrderFactory(
        shipping_address={"postal_code": "1010", "city": "Vienna", "country": "AT"}
    )

    assert "1010 Vienna <br> Austria <br>" in page(staff(*ALL), order)


def test_the_list_of_orders_says_which_are_in_review() -> None:
    OrderFactory().hold(OrderHold.Reason.STAFF, "look")
    OrderFactory()

    text = staff("view_order").get("/admin/orders/order/").content.decode()

    assert sorted(re.findall(r'<td class="field-in_review">(.*?)</td>', text)) == ["in review", "–"]


def test_the_list_of_orders_asks_no_more_of_the_database_for_more_of_them() -> None:
    client = staff("view_order")
    price = PriceFactory(on_hand=60)
    counts = []
    for more in (5, 45):
        for number in range(more):
            order = OrderFactory(price=price)
            if number % 3 == 0:
                order.hold(OrderHold.Reason.STAFF, "look")
        with CaptureQueriesContext(connection) as queries:
            answer = client.get("/admin/orders/order/")
        counts.append((len(answer.context["cl"].result_list), len(queries)))

    (few, queries_for_few), (many, queries_for_many) = counts
    assert (few, many) == (5, 50)
    assert queries_for_few == queries_for_many <= 10


def test_unpaid_parcels_are_refused_with_a_sentence(stand_in: StandIn) -> None:
    order = buy(stand_in)
    do_the_work()
    client = staff(*ALL)
    client.post(f"/admin/order/{order.pk}/hold/", {"reason": "look"})

    answer = client.post(
        f"/admin/shipment/{order.shipments.get().pk}/ship/", {"carrier": "Post"}, follow=True
    )

    assert "is in review" in answer.content.decode()
    assert Shipment.objects.get().status == "open"


def test_stock_by_delta_with_preview_and_once(stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=1)
    order = OrderFactory(price=price)
    client = staff("adjust_stock")
    address = f"/admin/stock/{price.variant_id}/"

    preview = client.post(address, {"delta": "-1", "reason": "Broken"}).content.decode()
    ticket = re.search(r'name="ticket" value="([^"]+)"', preview)
    assert ticket
    for _ in range(2):
        answer = client.post(address, {"ticket": ticket.group(1)}, follow=True)

    stock = Stock.objects.get()
    assert order.number in preview
    assert "call off 1 order" in " ".join(preview.split())
    assert "pressed before" in answer.content.decode()
    assert (stock.on_hand, stock.reserved, stock.shortage) == (0, 0, 0)
    assert Order.objects.get().status == "cancelled"
    assert stock.movements.get(cause_kind="stocktake").actor_name == "Ana"


@pytest.mark.parametrize("delta", ["0", "-5", "1e3", "", "x", "99999999999", "1.5"])
def test_odd_stock_changes_change_nothing(delta: str) -> None:
    price = PriceFactory(on_hand=4)

    answer = staff("adjust_stock").post(
        f"/admin/stock/{price.variant_id}/", {"delta": delta, "reason": "x"}
    )

    assert answer.status_code == 400
    assert Stock.objects.get().on_hand == 4


def test_dead_work_is_shown_and_revived() -> None:
    order = OrderFactory()
    email = Email.objects.create(
        order=order, about=order.pk, template="confirmed", status="dead", attempts=60
    )
    client = staff("view_email", "change_email")

    landing = client.get("/admin/").content.decode()
    client.post(
        "/admin/fulfillment/email/", {"action": "revive", "_selected_action": [str(email.pk)]}
    )

    email.refresh_from_db()
    assert "Mails that could not be sent" in landing
    assert (email.status, email.attempts) == ("ready", 0)
    assert email.run_at <= timezone.now()


def test_reviving_wants_its_permission() -> None:
    order = OrderFactory()
    email = Email.objects.create(order=order, about=order.pk, template="confirmed", status="dead")

    staff("view_email").post(
        "/admin/fulfillment/email/", {"action": "revive", "_selected_action": [str(email.pk)]}
    )

    assert Email.objects.get().status == "dead"


def admin_addresses() -> list[str]:
    """Every address of the staff site, with plausible arguments."""
    addresses = []
    for pattern in get_resolver().url_patterns:
        if getattr(pattern, "app_name", None) == "admin":
            addresses += list(_addresses(pattern, "/admin/"))
    return addresses


def _addresses(pattern: Any, before: str) -> Any:
    for entry in pattern.url_patterns:
        address = before + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from _addresses(entry, address)
        else:
            yield address


def filled(address: str) -> str:
    zero = "00000000-0000-0000-0000-000000000000"
    address = re.sub(r"<uuid:\w+>", zero, address)
    address = re.sub(r"<int:\w+>", "1", address)
    address = address.replace("<str:kind>", "capture").replace("<path:object_id>", zero)
    return re.sub(r"<\w+:\w+>", "x", address)


OPEN_TO_ALL_STAFF = {
    "/admin/",
    "/admin/login/",
    "/admin/logout/",
    "/admin/password_change/",
    "/admin/password_change/done/",
    "/admin/jsi18n/",
    "/admin/autocomplete/",
}


def test_no_staff_page_opens_without_its_permission() -> None:
    """Enumerated, so that a new page cannot be forgotten."""
    nobody, outsider = staff(), Client()
    addresses = [
        filled(address)
        for address in admin_addresses()
        if filled(address) not in OPEN_TO_ALL_STAFF and not re.search(r"[(^$\\]", address)
    ]

    answers = {
        address: (nobody.get(address).status_code, nobody.post(address).status_code)
        for address in addresses
    }
    strangers = {address: outsider.get(address).status_code for address in addresses}

    assert len(addresses) > 60
    # 405 where the method is not the page's; 302 is the admin's way back to its index.
    assert {a: codes for a, codes in answers.items() if 200 in codes} == {}
    assert set(strangers.values()) == {302}


def test_history_and_money_cannot_be_changed_or_deleted_by_hand() -> None:
    order = OrderFactory()
    order.expire("test")
    root = UserFactory(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(root)

    answers = [
        client.post(f"/admin/orders/order/{order.pk}/delete/", {"post": "yes"}).status_code,
        client.get("/admin/payments/payment/add/").status_code,
        client.get("/admin/payments/moneyaction/add/").status_code,
    ]

    client.post(
        "/admin/orders/order/",
        {"action": "delete_selected", "_selected_action": [str(order.pk)], "post": "yes"},
    )

    assert answers == [403, 403, 403]
    assert Order.objects.filter(pk=order.pk).exists()


def test_orders_lost_to_the_deadline_are_a_list(client: Client) -> None:
    # T5
    lost, called_off = OrderFactory(), OrderFactory()
    for order, reason in ((lost, "deadline"), (called_off, "staff")):
        order.cancel_reason = reason
        order.save(update_fields=["cancel_reason"])
        order.cancel("test")
    ana = staff("view_order")

    landing = " ".join(ana.get("/admin/").content.decode().split())
    listed = ana.get("/admin/orders/order/?lost=lately").content.decode()

    assert '?lost=lately"><b>1</b> Orders lost to the deadline lately' in landing
    assert lost.number in listed
    assert called_off.number not in listed
