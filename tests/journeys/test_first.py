import requests

from shop.orders.models import Order
from tests.house import House
from tests.stand_in import eventually, session_id_in


def test_bare_curl_to_shipment(house: House) -> None:
    browser = requests.Session()
    answer = browser.post(f"{house.url}/create-checkout-session", data="", allow_redirects=False)
    assert answer.status_code == 303
    session_id = session_id_in(answer.headers["Location"])
    house.stand_in.pay(session_id)

    order = Order.objects.get(checkout_sessions__stripe_session_id=session_id)
    shipment = eventually(lambda: order.shipments.first(), within=10)
    page = browser.get(f"{house.url}/success?session_id={session_id}")
    assert shipment.status == "open"
    assert "payment has arrived" in page.text
