"""What a payment page may ask its customer, decided and kept before it is asked for."""

from typing import Any

from django.utils import translation

from shop.orders.models import Question

# Stripe takes no more custom fields in a session.
MOST_QUESTIONS = 3


def asked(language: str) -> list[dict[str, Any]]:
    """The questions of now in this language, as CheckoutSession.questions keeps them."""
    with translation.override(language):
        active = Question.objects.filter(is_active=True)[:MOST_QUESTIONS]
        return [_asked(question) for question in active]


def _asked(question: Question) -> dict[str, Any]:
    # By their place: what Stripe takes for an option's value are letters and digits alone.
    options = [
        {"value": str(place), "label": question.translated_word("options", option)}
        for place, option in enumerate(question.options, 1)
    ]
    return {
        "key": question.key,
        "label": question.translated("label"),
        "kind": question.kind,
        "is_required": question.is_required,
        "min_length": question.min_length,
        "max_length": question.max_length,
        "options": options,
    }
