"""Which questions a page may ask, and in which words."""

from typing import Any

import pytest

from shop.orders.models import Question
from shop.orders.questions.asked import asked
from tests.support.factories import QuestionFactory

pytestmark = pytest.mark.django_db


def test_the_active_ones_in_their_order_and_in_the_orders_language() -> None:
    QuestionFactory(label="Never", is_active=False)
    QuestionFactory(
        key="wrapping",
        label="Wrapping",
        kind="choice",
        options=["Paper", "Linen"],
        position=2,
        translations={"de": {"label": "Verpackung", "options": {"Linen": "Leinen"}}},
    )
    QuestionFactory(key="gift", label="Gift message", is_required=True, max_length=9, position=1)

    words, choice = asked("de")

    assert words == {
        "key": "gift",
        "label": "Gift message",
        "kind": "text",
        "is_required": True,
        "min_length": None,
        "max_length": 9,
        "options": [],
    }
    assert (choice["label"], choice["options"]) == (
        "Verpackung",
        [{"value": "1", "label": "Paper"}, {"value": "2", "label": "Leinen"}],
    )


def test_one_query_and_never_more_than_stripe_takes(django_assert_num_queries: Any) -> None:
    for _ in range(4):
        QuestionFactory()

    with django_assert_num_queries(1):
        questions = asked("en")

    assert [each["key"] for each in questions] == list(
        Question.objects.values_list("key", flat=True)[:3]
    )
