"""What the shop says in its own words on the payment page."""

from typing import Any

import pytest
import requests
from django.conf import settings as django_settings
from django.utils import translation

from payments import session_parameters
from payments.models import CheckoutSession
from shop.orders.models import PageText
from shop.orders.questions.admin import LONGEST_ABOVE_THE_BUTTON
from tests.support.factories import PriceFactory
from tests.support.purchases import start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def sent(session: CheckoutSession) -> dict[str, Any]:
    """The texts that Stripe took, or the session would have no page."""
    assert session.url
    parameters = session.requests.get(kind="create_session").parameters
    return {place: text["message"] for place, text in parameters.get("custom_text", {}).items()}


@pytest.fixture
def texts() -> None:
    for place in PageText.Place.values:
        PageText.objects.create(
            place=place, text=f"At {place}.", translations={"de": {"text": f"Bei {place}."}}
        )


def test_the_texts_stand_in_their_places_in_the_orders_language(
    stand_in: StandIn, settings: Any, texts: None
) -> None:
    settings.PAYMENT_METHOD_SAVE = False

    assert sent(start(language="de")) == {
        "submit": "Bei submit.",
        "after_submit": "Bei after_submit.",
        "shipping_address": "Bei shipping_address.",
    }
    assert sent(start())["submit"] == "At submit."


def test_what_is_not_sent_has_no_words_beside_its_address(stand_in: StandIn, texts: None) -> None:
    session = start(PriceFactory(variant__requires_shipping=False))

    assert "shipping_address" not in sent(session)


def test_the_terms_of_kept_cards_follow_the_shops_own(stand_in: StandIn, texts: None) -> None:
    assert sent(start())["submit"] == f"At submit. {session_parameters.TERMS}"


def test_the_longest_text_still_has_room_for_the_terms() -> None:
    lengths = []
    for language, _ in django_settings.LANGUAGES:
        with translation.override(language):
            lengths += [
                len(translation.gettext(terms))
                for terms in (session_parameters.TERMS, session_parameters.TERMS_REUSE)
            ]

    assert LONGEST_ABOVE_THE_BUTTON + len(" ") + max(lengths) <= PageText.LONGEST


def test_a_text_leads_somewhere_and_is_no_markup(stand_in: StandIn) -> None:
    text = "<b>Closed</b> in [August](https://shop.example/?a=1&b=2)"
    PageText.objects.create(place="after_submit", text=text)

    page = requests.get(start().url, timeout=30).text

    assert (
        '&lt;b&gt;Closed&lt;/b&gt; in <a href="https://shop.example/?a=1&amp;b=2" rel="noreferrer"'
        ' target="_blank">August</a>'
    ) in page
