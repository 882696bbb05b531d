"""What the customer agrees to on the payment page, and that nothing else is taken for consent."""

from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from payments.models import CheckoutSession
from shop.orders.models import Order
from tests.support.purchases import order_of, paid, start
from tests.support.staff import staff
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
TERMS = (
    "Ich stimme den [AGB](http://localhost:4242/terms/) zu und habe die Hinweise"
    " zum [Datenschutz](http://localhost:4242/privacy/) gelesen."
)


@pytest.fixture
def asks(settings: Any) -> None:
    settings.CONSENT_TERMS = True
    settings.CONSENT_PROMOTIONS = True


def sent(session: CheckoutSession) -> dict[str, Any]:
    """The frozen parameters; Stripe took them, or the session would have no page."""
    assert session.url
    return dict(session.requests.get(kind="create_session").parameters)


def test_unless_it_is_set_nothing_is_to_be_agreed_to(stand_in: StandIn) -> None:
    session = start()

    paid(stand_in, session)

    assert "consent_collection" not in sent(session)
    assert order_of(session).consent == []


def test_the_terms_are_linked_in_the_orders_language(stand_in: StandIn, asks: None) -> None:
    session = start(language="de")

    page = requests.get(session.url, timeout=30).text
    assert sent(session)["consent_collection"] == {
        "terms_of_service": "required",
        "promotions": "auto",
    }
    assert sent(session)["custom_text"]["terms_of_service_acceptance"] == {"message": TERMS}
    assert '<a href="http://localhost:4242/terms/"' in page
    assert ">AGB</a> zu" in page


def test_without_agreeing_nobody_pays(stand_in: StandIn, asks: None) -> None:
    answer = stand_in.pay(str(start().stripe_session_id), terms=False)

    assert answer.status_code == 400


def test_consent_is_kept_with_its_words_and_its_moment(
    stand_in: StandIn, settings: Any, asks: None
) -> None:
    session = start(language="de")
    settings.CONSENT_TERMS = False
    before = datetime.now(UTC).replace(microsecond=0)

    paid(stand_in, session, promotions=True)

    news, terms = order_of(session).agreed_to
    assert (terms["to"], terms["text"]) == ("the terms", TERMS)
    assert (news["to"], news["text"]) == ("news and offers", "")
    assert before <= terms["at"] <= datetime.now(UTC)


def test_who_wants_no_news_agreed_to_the_terms_alone(stand_in: StandIn, asks: None) -> None:
    order = order_of(paid(stand_in, start()))

    assert [each["to"] for each in order.consent] == ["terms_of_service"]


def test_what_was_not_asked_is_no_consent(stand_in: StandIn, asks: None) -> None:
    """Somebody has changed the page in the Dashboard; as the shop sees it from its own row."""
    session = start()
    CheckoutSession.objects.filter(pk=session.pk).update(consent={})

    paid(stand_in, CheckoutSession.objects.get(pk=session.pk), promotions=True)

    assert order_of(session).consent == []


def test_staff_read_it_on_the_orders_page(stand_in: StandIn, asks: None) -> None:
    order = order_of(paid(stand_in, start(language="de")))
    Order.objects.filter(pk=order.pk).update(
        consent=[{**order.consent[0], "at": "2026-11-29T10:00:00+00:00"}]
    )

    answer = staff("view_order").get(f"/admin/orders/order/{order.pk}/change/")

    page = " ".join(answer.content.decode().split())
    assert f"Agreed to the terms: “{TERMS}”" in page
    assert "29 Nov 2026" in page
