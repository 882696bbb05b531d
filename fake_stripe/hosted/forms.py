"""What the customer typed, checked field by field."""

import re
from datetime import UTC, datetime

from fake_stripe.billing import tax_ids
from fake_stripe.checkout import custom_fields
from fake_stripe.checkout.sessions import asks_for_method
from fake_stripe.checkout.submission import Submission, fixed_email
from fake_stripe.engine.messages import Message
from fake_stripe.hosted import countries, methods_form
from fake_stripe.hosted.form_values import Errors, Typed, text
from fake_stripe.methods import test_cards
from fake_stripe.methods.types import WALLETS
from fake_stripe.protocol.rules import is_email
from fake_stripe.schema import Object

# Where the postal code is checked by the card's bank, so that it must be given.
POSTAL_CODE_REQUIRED = frozenset({"US", "GB", "CA"})
TAX_ID_TYPES = {kind: label for kind, (label, _) in tax_ids.OFFERED.items()}
METHOD = "payment-method-accordion-item-title"


def check(typed: Typed, session: Object, saved: list[Object]) -> tuple[Submission, Errors]:
    """The submission, and what is wrong with it by the name of the field."""
    errors: Errors = {}
    submission = Submission(phone=text(typed, "phoneNumber") or None)
    wallet = text(typed, "express")
    if is_by_wallet(typed):
        methods_form.take_wallet(wallet, typed, submission)
    check_contact(typed, session, submission, errors)
    if asks_for_method(session) and not is_by_wallet(typed):
        chosen = text(typed, METHOD) or default_method(session, saved)
        if chosen in [method["id"] for method in saved]:
            take_saved(submission, next(method for method in saved if method["id"] == chosen))
        elif chosen != "card" and chosen in session["payment_method_types"]:
            methods_form.check_method(chosen, typed, submission, errors)
        else:
            check_card(typed, submission, errors)
            if session["billing_address_collection"] == "required":
                check_street(typed, submission, errors)
        submission.save = text(typed, "savePaymentMethod") != ""
    if session["shipping_address_collection"]:
        check_shipping(typed, session, submission, errors)
    submission.shipping_rate = text(typed, "shippingRate")
    check_names(typed, session, submission, errors)
    check_questions(typed, session, submission, errors)
    return submission, errors


def is_by_wallet(typed: Typed) -> bool:
    """Whether the button of a wallet was pressed."""
    return text(typed, "express") in WALLETS


def default_method(session: Object, saved: list[Object]) -> str:
    """The method that is chosen before the customer chooses."""
    return str(saved[0]["id"] if saved else session["payment_method_types"][0])


def check_contact(typed: Typed, session: Object, submission: Submission, errors: Errors) -> None:
    """E-mail, phone and tax id."""
    # Of what was typed at several attempts the last counts.
    submission.email = fixed_email(session) or submission.email or text(typed, "email")
    if not submission.email:
        errors["email"] = Message("Enter your email address.")
    elif not is_email(submission.email):
        errors["email"] = Message("This email address is incomplete.")
    if session["phone_number_collection"]["enabled"] and not submission.phone:
        errors["phoneNumber"] = Message("Enter your phone number.")
    collection = session.get("tax_id_collection") or {"enabled": False}
    if collection.get("required") == "if_supported" and not text(typed, "taxId"):
        errors["taxId"] = Message("Enter your tax ID.")
    if collection["enabled"] and (number := text(typed, "taxId")):
        kind = text(typed, "taxIdType")
        if kind not in TAX_ID_TYPES or not tax_ids.is_plausible(kind, number):
            errors["taxId"] = Message("This tax ID is incomplete.")
        else:
            submission.tax_ids = [(kind, number)]
        submission.business_name = text(typed, "businessName") or None
        if not submission.business_name:
            errors["businessName"] = Message("Enter the name of the business.")


def check_names(typed: Typed, session: Object, submission: Submission, errors: Errors) -> None:
    """The names that the session asks for."""
    collection = session.get("name_collection") or {}
    for kind in ("business", "individual"):
        field = collection.get(kind) or {"enabled": False}
        name = text(typed, f"{kind}Name")
        if field["enabled"] and not name and not field["optional"]:
            errors[f"{kind}Name"] = Message("Enter a name.")
        if field["enabled"]:
            setattr(submission, f"{kind}_name", name or None)


def check_questions(typed: Typed, session: Object, submission: Submission, errors: Errors) -> None:
    """The session's own fields, and what the customer agrees to."""
    for field in session["custom_fields"]:
        name = f"custom-{field['key']}"
        submission.answers[field["key"]] = answer = text(typed, name)
        if wrong := custom_fields.complaint(field, answer):
            errors[name] = wrong
    submission.terms = text(typed, "termsOfService") != ""
    submission.promotions = text(typed, "promotions") != ""
    consent = session["consent_collection"] or {}
    if consent.get("terms_of_service") == "required" and not submission.terms:
        errors["termsOfService"] = Message("Agree to the terms to go on.")


def take_saved(submission: Submission, method: Object) -> None:
    """Pay with a saved card: who pays is known from it."""
    submission.saved = method["id"]
    billing = method["billing_details"]
    submission.name, submission.address = billing["name"], billing["address"]


def check_card(typed: Typed, submission: Submission, errors: Errors) -> None:
    """Number, date, security code, name and address of a card."""
    submission.number = re.sub(r"[\s-]", "", text(typed, "cardNumber"))
    if not submission.number:
        errors["cardNumber"] = Message("Enter your card number.")
    elif not test_cards.is_plausible(submission.number):
        errors["cardNumber"] = Message("Your card number is invalid.")
    check_expiry(text(typed, "cardExpiry"), submission, errors)
    code, length = text(typed, "cardCvc"), test_cards.cvc_length(submission.number)
    if not code:
        errors["cardCvc"] = Message("Enter your card's security code.")
    elif not (code.isascii() and code.isdigit() and len(code) == length):
        errors["cardCvc"] = Message(
            "Your card's security code has %(digits)s digits.", digits=length
        )
    check_billing(typed, submission, errors)
    postal_code = submission.address.get("postal_code")
    if submission.address.get("country") in POSTAL_CODE_REQUIRED and not postal_code:
        errors["billingPostalCode"] = Message("Enter your postal code.")


def check_expiry(written: str, submission: Submission, errors: Errors) -> None:
    """A month that has not passed, as MM / YY."""
    matched = re.fullmatch(r"(\d{1,2})\s*/?\s*(?:20)?(\d{2})", written)
    if not matched or not 1 <= int(matched[1]) <= 12:
        complaint = Message("Your card's expiration date is invalid, write it as MM / YY.")
        errors["cardExpiry"] = (
            complaint if written else Message("Enter your card's expiration date.")
        )
        return
    submission.exp_month, submission.exp_year = int(matched[1]), 2000 + int(matched[2])
    now = datetime.now(UTC)
    if (submission.exp_year, submission.exp_month) < (now.year, now.month):
        errors["cardExpiry"] = Message("Your card's expiration date is in the past.")


def check_billing(typed: Typed, submission: Submission, errors: Errors) -> None:
    """The name and country of the one who pays."""
    submission.name = text(typed, "billingName") or None
    if not submission.name:
        errors["billingName"] = Message("Enter the name of the one who pays.")
    country = text(typed, "billingCountry")
    if country not in countries.CODES:
        errors["billingCountry"] = Message("Choose a country.")
    submission.address = {
        "country": country,
        "postal_code": text(typed, "billingPostalCode") or None,
    }


def check_street(typed: Typed, submission: Submission, errors: Errors) -> None:
    """The rest of the billing address, where the session asks for all of it."""
    required = {
        "billingAddressLine1": ("line1", Message("Enter a street and number.")),
        "billingPostalCode": ("postal_code", Message("Enter your postal code.")),
        "billingLocality": ("city", Message("Enter a city.")),
    }
    for name, (part, complaint) in required.items():
        submission.address[part] = text(typed, name) or None
        if not submission.address[part]:
            errors[name] = complaint


def check_shipping(typed: Typed, session: Object, submission: Submission, errors: Errors) -> None:
    """Where the parcel goes."""
    required = {
        "shippingName": Message("Enter a name."),
        "shippingAddressLine1": Message("Enter a street and number."),
        "shippingPostalCode": Message("Enter a postal code."),
        "shippingLocality": Message("Enter a city."),
    }
    for name, complaint in required.items():
        if not text(typed, name):
            errors[name] = complaint
    country = text(typed, "shippingCountry")
    if country not in session["shipping_address_collection"]["allowed_countries"]:
        errors["shippingCountry"] = Message("Choose a country.")
    submission.shipping = {
        "name": text(typed, "shippingName"),
        "address": {
            "city": text(typed, "shippingLocality"),
            "country": country,
            "line1": text(typed, "shippingAddressLine1"),
            "line2": text(typed, "shippingAddressLine2") or None,
            "postal_code": text(typed, "shippingPostalCode"),
            "state": text(typed, "shippingAdministrativeArea") or None,
        },
    }
