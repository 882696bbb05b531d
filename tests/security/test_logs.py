"""Nothing personal, and nothing that opens something, is in any log of a whole journey."""

from pathlib import Path
from urllib.parse import quote

import requests

from fulfillment.models import OrderLink, Shipment
from fulfillment.order_links import links
from fulfillment.shipping import ship
from payments import stripe_requests
from shop.money import Money
from shop.orders.models import Order
from tests.support.house import House
from tests.support.stand_in import session_id_in
from tests.support.waiting import eventually

PERSONAL = {
    "email": "grace.hopper@example.com",
    "name": "Grace Hopper",
    "phone": "+4366012345678",
}
CARD = "4242424242424242"


def bought(house: House, browser: requests.Session) -> Order:
    """Paid, prepared, captured, and its mail sent."""
    answer = browser.post(
        f"{house.url}/create-checkout-session", data="", allow_redirects=False, timeout=60
    )
    session_id = session_id_in(answer.headers["Location"])
    assert house.stand_in.pay(session_id, CARD, **PERSONAL).status_code == 200
    browser.get(f"{house.url}/success", params={"session_id": session_id}, timeout=60)
    order = Order.objects.get(checkout_sessions__stripe_session_id=session_id)
    eventually(lambda: order.shipments.exists())
    return Order.objects.get(pk=order.pk)


def written(directory: Path) -> dict[str, int]:
    """How much is in each log so far: the house was used before."""
    return {path.name: path.stat().st_size for path in directory.glob("*.log")}


def test_a_whole_journey_leaves_no_trace_of_the_person(house: House) -> None:
    house.wait_until_quiet()
    before = written(house.directory)
    browser = house.visitor()

    order = bought(house, browser)
    shipment = Shipment.objects.get(order=order)
    ship(shipment, carrier="Post", tracking_number="RR123456785AT")
    stripe_requests.ask_refund(order.payments.get(), Money(100, "eur"), reason="late")
    found = {"number": order.number, "email": PERSONAL["email"]}
    browser.post(f"{house.url}/orders/find/", data=found, timeout=60)
    letter = {"email": PERSONAL["email"], "text": f"I am {PERSONAL['name']}.", "order_number": ""}
    browser.post(f"{house.url}/contact/", data=letter, timeout=60)
    eventually(lambda: OrderLink.objects.filter(email=PERSONAL["email"], status="done").exists())
    address = links.address_in_full(order).partition("/orders/")[2]
    key = address.partition("key=")[2]
    pages = [
        browser.get(f"{house.url}/orders/{address}", timeout=60),
        browser.post(f"{house.url}/orders/{order.token}/", timeout=60),
        browser.get(f"{house.url}/orders/{order.token}/documents/none/", timeout=60),
        browser.get(f"{house.url}/search/", params={"q": PERSONAL["email"]}, timeout=60),
    ]
    stranger = house.visitor()
    form = stranger.get(f"{house.url}/admin/login/", timeout=60)
    token = form.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    typed = {"username": PERSONAL["email"], "password": "not mine", "csrfmiddlewaretoken": token}
    stranger.post(f"{house.url}/admin/login/", data=typed, timeout=60)
    house.wait_until_quiet()

    assert [page.status_code for page in pages] == [200, 403, 404, 200]
    secrets = {
        **PERSONAL,
        "street": "Teststraße",
        "quoted": quote(PERSONAL["email"]),
        "card": CARD,
        "token": order.token,
        "key": key,
        "session": browser.cookies["session"],
        "tracking": "RR123456785AT",
        "password": "not mine",
    }
    told = {
        path.name: path.read_text(errors="replace")[before.get(path.name, 0) :]
        for path in house.directory.glob("*.log")
    }
    # It is all there to be looked at: requests, and tasks.
    assert "/orders/[masked]" in told["web.log"]
    assert "fulfillment.send_order_link" in told["worker.log"]
    leaks = {
        (log, name)
        for log, text in told.items()
        for name, secret in secrets.items()
        if secret in text
    }
    assert leaks == set()
