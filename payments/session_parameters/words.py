"""What the page says in the shop's own words, and what is to be agreed to there."""

from typing import Any

from payments.models import CheckoutSession
from payments.session_parameters.saving import terms_of_saving
from shop.orders.models import Order, PageText
from shop.orders.questions.texts import texts

Place = PageText.Place


def words(session: CheckoutSession, order: Order) -> dict[str, Any]:
    """Texts where the page has their place, and the consent that the session keeps."""
    own = texts(order.language)
    said = {
        "submit": " ".join(filter(None, [own.get(Place.SUBMIT, ""), terms_of_saving(order)])),
        "after_submit": own.get(Place.AFTER_SUBMIT, ""),
        "shipping_address": own.get(Place.SHIPPING_ADDRESS, "") if session.delivery else "",
        "terms_of_service_acceptance": session.consent.get("terms_of_service", ""),
    }
    sent: dict[str, Any] = {}
    if any(said.values()):
        sent["custom_text"] = {place: {"message": text} for place, text in said.items() if text}
    if session.consent:
        asked_as = {"terms_of_service": "required", "promotions": "auto"}
        sent["consent_collection"] = {to: asked_as[to] for to in session.consent}
    return sent
