"""What the page says in the shop's own words, and what is to be agreed to there."""

from typing import Any

from payments.models import CheckoutSession
from shop.orders.models import Order, PageText
from shop.orders.questions.texts import texts

Place = PageText.Place
# What Stripe's page speaks (the SDK's own list, SessionCreateParams.locale).
SPOKEN = (
    "bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb "
    "nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW"
).split()


def locale_of(language: str) -> str:
    """The language the customer read in the shop; the browser's where Stripe does not speak it."""
    spoken = {tag.lower(): tag for tag in SPOKEN}
    return spoken.get(language.lower(), "auto")


def words(session: CheckoutSession, order: Order) -> dict[str, Any]:
    """Texts where the page has their place, and the consent that the session keeps."""
    own = texts(order.language)
    said = {
        "submit": " ".join(filter(None, [own.get(Place.SUBMIT, ""), session.saving.get("text")])),
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
