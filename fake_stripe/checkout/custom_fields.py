"""What a session asks its customer besides the payment: own fields, names, consent."""

import re
from typing import Any

from fake_stripe.engine.errors import StripeError, missing_parameter
from fake_stripe.engine.messages import Message
from fake_stripe.protocol.rules import Rules, at_least, longest, most_items, url
from fake_stripe.schema import Object

HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
LONGEST_ANSWER = 255


def color(value: Any, name: str) -> None:
    """A color as a browser reads it, such as #1a2b3c."""
    if value and not HEX.fullmatch(value):
        raise StripeError("Invalid hex color: use the form #1a2b3c.", param=name)


RULES: Rules = {
    "branding_settings.background_color": color,
    "branding_settings.button_color": color,
    "branding_settings.display_name": longest(255),
    "branding_settings.icon.url": url,
    "branding_settings.logo.url": url,
    "custom_fields": most_items(3),
    "custom_fields[].key": longest(200),
    "custom_fields[].label.custom": longest(100),
    "custom_fields[].dropdown.options": most_items(200),
    "custom_fields[].dropdown.options[].label": longest(100),
    "custom_fields[].dropdown.options[].value": longest(100),
    "custom_fields[].text.minimum_length": at_least(1),
    "custom_fields[].text.maximum_length": at_least(1),
    "custom_fields[].numeric.minimum_length": at_least(1),
    "custom_fields[].numeric.maximum_length": at_least(1),
}


def refuse(params: dict[str, Any]) -> None:
    """Refuse questions that nobody could answer."""
    keys = set[str]()
    for index, field in enumerate(params.get("custom_fields") or []):
        name = f"custom_fields[{index}]"
        if not (field["key"].isascii() and field["key"].isalnum()):
            raise StripeError("The key must be alphanumeric.", param=f"{name}[key]")
        if field["key"] in keys:
            message = f"Each custom field needs a key of its own: {field['key']} comes twice."
            raise StripeError(message, param=f"{name}[key]")
        keys.add(field["key"])
        refuse_field(field, name)
    refuse_images(params.get("branding_settings") or {})
    for kind in ("business", "individual"):
        sent = params.get("name_collection", {}).get(kind, {})
        if sent.get("optional") and not sent["enabled"]:
            message = "`optional` can only be used with `enabled=true`."
            raise StripeError(message, param=f"name_collection[{kind}][optional]")


def refuse_images(settings: dict[str, Any]) -> None:
    """Logo and icon are named as their type says, and in no other way."""
    for image in ("icon", "logo"):
        sent = settings.get(image)
        if not sent:
            continue
        kind = sent["type"]
        if not sent.get(kind):
            raise missing_parameter(f"branding_settings[{image}][{kind}]")
        other = "file" if kind == "url" else "url"
        if other in sent:
            message = f"`{other}` can only be used with an image of the type `{other}`."
            raise StripeError(message, param=f"branding_settings[{image}][{other}]")


def refuse_field(field: dict[str, Any], name: str) -> None:
    """A field has the options of its own type, and bounds that can be kept."""
    kind = field["type"]
    for other in {"text", "numeric", "dropdown"} - {kind}:
        if other in field:
            message = f"`{other}` can only be used with a field of the type `{other}`."
            raise StripeError(message, param=f"{name}[{other}]")
    if kind == "dropdown" and not field.get("dropdown", {}).get("options"):
        raise missing_parameter(f"{name}[dropdown][options]")
    inner = field.get(kind, {})
    values = [option["value"] for option in inner.get("options", [])]
    if len(values) != len(set(values)):
        message = "Each option of a dropdown needs a value of its own."
        raise StripeError(message, param=f"{name}[dropdown][options]")
    if not all(value.isascii() and value.isalnum() for value in values):
        message = "The value of an option must be alphanumeric."
        raise StripeError(message, param=f"{name}[dropdown][options]")
    if inner.get("minimum_length", 0) > inner.get("maximum_length", LONGEST_ANSWER):
        message = "`minimum_length` must not exceed `maximum_length`."
        raise StripeError(message, param=f"{name}[{kind}][minimum_length]")
    default = inner.get("default_value")
    if default and complaint({**field, "optional": False}, default):
        message = "The default value must be an answer that the field takes."
        raise StripeError(message, param=f"{name}[{kind}][default_value]")


def custom_fields(params: dict[str, Any]) -> list[Object]:
    """The fields as the session shows them, not yet answered."""
    return [
        {
            "key": field["key"],
            "label": field["label"],
            "optional": field.get("optional", False),
            "type": field["type"],
            field["type"]: {"value": None, **field.get(field["type"], {})},
        }
        for field in params.get("custom_fields") or []
    ]


def complaint(field: Object, answer: str) -> str:
    """What is wrong with an answer, if anything."""
    inner = field.get(field["type"]) or {}
    if not answer:
        return "" if field["optional"] else Message("Fill in this field.")
    if field["type"] == "dropdown":
        known = [option["value"] for option in inner["options"]]
        return "" if answer in known else Message("Choose one of these.")
    if field["type"] == "numeric" and not (answer.isascii() and answer.isdigit()):
        return Message("Use digits only.")
    least = inner.get("minimum_length") or 0
    most = inner.get("maximum_length") or LONGEST_ANSWER
    if len(answer) < least:
        return Message("Use at least %(count)s characters.", count=least)
    if len(answer) > most:
        return Message("Use at most %(count)s characters.", count=most)
    return ""


def answered(fields: list[Object], answers: dict[str, str]) -> list[Object]:
    """The fields with what the customer answered."""
    return [
        {
            **field,
            field["type"]: {**field[field["type"]], "value": answers.get(field["key"]) or None},
        }
        for field in fields
    ]


def shows_agreement(session: Object) -> bool:
    """Whether the page says what keeping a payment method means, unless the shop says it itself."""
    agreement = (session["consent_collection"] or {}).get("payment_method_reuse_agreement") or {}
    return bool(agreement.get("position", "auto") == "auto")


def consent_of(session: Object, *, terms: bool, promotions: bool) -> Object | None:
    """What the customer has agreed to, where the session asks."""
    collection = session["consent_collection"] or {}
    wants_terms = collection.get("terms_of_service") == "required"
    wants_promotions = collection.get("promotions") == "auto"
    if not wants_terms and not wants_promotions:
        return None
    word = "opt_in" if promotions else "opt_out"
    return {
        "promotions": word if wants_promotions else None,
        "terms_of_service": "accepted" if wants_terms and terms else None,
    }


def name_collection(params: dict[str, Any]) -> Object:
    """Which names are asked for."""
    return {
        kind: {"enabled": sent["enabled"], "optional": sent.get("optional", False)}
        for kind, sent in params["name_collection"].items()
    }


def branding(params: dict[str, Any]) -> Object:
    """How the page looks, in Stripe's own colors where nothing else is said."""
    sent = {name: value for name, value in params["branding_settings"].items() if value}
    return {
        "background_color": "#ffffff",
        "border_style": "rounded",
        "button_color": "#0074d4",
        "display_name": "Test shop",
        "font_family": "default",
        "icon": None,
        "logo": None,
        **sent,
    }
