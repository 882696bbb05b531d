"""Sentences that are English for the API and keep what a page needs to translate them."""

from fake_stripe.engine.messages import Message
from fake_stripe.hosted import wording


def test_message_is_its_english_sentence() -> None:
    message = Message("Enter at least %(amount)s.", amount="€1,234.50")

    assert message == "Enter at least €1,234.50."
    assert (message.msgid, message.values) == (
        "Enter at least %(amount)s.",
        {"amount": "€1,234.50"},
    )


def test_message_is_translated_with_its_values() -> None:
    message = Message("Enter at least %(amount)s.", amount="€1,234.50")

    wording.use_locale("de")

    assert wording.translated(message) == "Gib mindestens 1.234,50\N{NO-BREAK SPACE}€ ein."
    assert wording.translated("100% of it") == "100% of it"
    assert wording.translated("") == ""


def test_message_without_values_may_hold_a_percent_sign() -> None:
    assert Message("100% right") == "100% right"
