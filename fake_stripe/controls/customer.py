"""What a customer in Vienna would type where a test does not say it; what the page insists on."""

from typing import Any

from fake_stripe.billing import tax_ids
from fake_stripe.checkout import custom_fields
from fake_stripe.checkout.submission import Submission
from fake_stripe.engine.errors import StripeError
from fake_stripe.methods import test_cards
from fake_stripe.schema import Object

COUNTRY = "AT"
PHONE = "+43 1 5350000"
TAX_ID = ("eu_vat", "ATU12345678")
# Accounts whose debit succeeds, with the bank's number.
ACCOUNTS = {
    "sepa_debit": ("AT321904300235473204", ""),
    "au_becs_debit": ("900123456", "000000"),
    "us_bank_account": ("000123456789", "110000000"),
}


def submission(session: Object, body: dict[str, Any]) -> Submission:
    """What the customer types: what the body says, else what the page could not do without."""
    name = body.get("name", "Vera Muster")
    address = {
        "city": "Wien",
        "country": country_of(session, body),
        "line1": "Teststraße 1",
        "postal_code": body.get("postal_code", "1010"),
        "state": body.get("state"),
    }
    ships = session["shipping_address_collection"]
    shipping = {"address": {**address, "line2": None}, "name": name}
    collects_phone = session["phone_number_collection"]["enabled"]
    return Submission(
        email=body.get("email", "customer@example.com"),
        method=body.get("method", "card"),
        saved=body.get("saved", ""),
        number=body.get("card", test_cards.SHOWN[0].number).replace(" ", ""),
        typed=typed_in(body),
        name=name,
        phone=body.get("phone", PHONE if collects_phone else None),
        address=address,
        shipping=shipping if ships else None,
        shipping_rate=body.get("shipping_rate", ""),
        save=body.get("save", False),
        unit_amount=body.get("unit_amount"),
        tax_ids=tax_ids_of(session, body),
        answers=answers_to(session, body.get("answers", {})),
        terms=agrees(session, body.get("terms", True)),
        promotions=body.get("promotions", False),
        business_name=name if asks_for_name(session, "business") else body.get("business_name"),
        individual_name=name if asks_for_name(session, "individual") else None,
    )


def country_of(session: Object, body: dict[str, Any]) -> str:
    """Where the customer is: where parcels go, if any are sent."""
    allowed = (session["shipping_address_collection"] or {}).get("allowed_countries") or [COUNTRY]
    country: str = body.get("country", COUNTRY if COUNTRY in allowed else allowed[0])
    if session["shipping_address_collection"] and country not in allowed:
        message = f"Nothing is shipped to {country} here: choose one of {', '.join(allowed)}."
        raise StripeError(message, param="country")
    return country


def typed_in(body: dict[str, Any]) -> dict[str, str]:
    """Account, code or tax number: what was sent, else what a good payment needs."""
    account, routing = ACCOUNTS.get(body.get("method", ""), ("", ""))
    return {
        "account": body.get("iban", body.get("account", account)).replace(" ", ""),
        "routing": body.get("routing", routing),
        "code": body.get("code", "123456"),
        "tax_id": body.get("tax_id", "00000000000"),
    }


def tax_ids_of(session: Object, body: dict[str, Any]) -> list[tuple[str, str]]:
    """Type and number of each that is given, as far as the page asks for one."""
    given = [(one["type"], one["value"]) for one in body.get("tax_ids", [])]
    if given and not (session.get("tax_id_collection") or {}).get("enabled"):
        raise StripeError("This session asks for no tax id.", param="tax_ids")
    for kind, value in given:
        if not tax_ids.is_plausible(kind, value):
            message = f"Invalid value for {kind}."
            raise StripeError(message, code="tax_id_invalid", param="tax_ids")
    return given or ([TAX_ID] if requires_tax_id(session) else [])


def requires_tax_id(session: Object) -> bool:
    """Whether the page takes no order without a tax id."""
    collection = session.get("tax_id_collection") or {}
    return collection.get("required") == "if_supported"


def answers_to(session: Object, sent: dict[str, Any]) -> dict[str, str]:
    """An answer to each of the session's own fields; one that does not fit is refused."""
    answers = {}
    for field in session["custom_fields"]:
        key = field["key"]
        answers[key] = str(sent.get(key, fitting_answer(field)))
        if wrong := custom_fields.complaint(field, answers[key]):
            raise StripeError(f"{field['label']['custom']}: {wrong}", param=f"answers[{key}]")
    if unknown := sorted(sent.keys() - answers.keys()):
        message = f"The session has no field `{unknown[0]}`."
        raise StripeError(message, param=f"answers[{unknown[0]}]")
    return answers


def fitting_answer(field: Object) -> str:
    """The first answer that a field takes; none where none is needed."""
    inner = field[field["type"]]
    if field["optional"] or inner.get("default_value"):
        return str(inner.get("default_value") or "")
    if field["type"] == "dropdown":
        return str(inner["options"][0]["value"])
    length = inner.get("minimum_length") or min(4, inner.get("maximum_length") or 4)
    return ("1" if field["type"] == "numeric" else "a") * int(length)


def agrees(session: Object, terms: bool) -> bool:
    """Whether the customer agrees to the terms, without which nothing is bought."""
    required = (session["consent_collection"] or {}).get("terms_of_service") == "required"
    if required and not terms:
        raise StripeError("Agree to the terms to go on.", param="terms")
    return terms


def asks_for_name(session: Object, kind: str) -> bool:
    """Whether a name has to be given."""
    field = (session.get("name_collection") or {}).get(kind)
    return bool(field and field["enabled"] and not field["optional"])
