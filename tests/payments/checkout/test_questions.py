"""Questions on the payment page: what is asked, and that nothing else is taken for an answer."""

from typing import Any

import pytest

from payments.models import CheckoutSession
from shop.orders.models import Question
from tests.support.factories import QuestionFactory
from tests.support.purchases import order_of, paid, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def questions() -> None:
    """Words, digits and a choice, the last of which must be answered."""
    QuestionFactory(key="gift", label="Gift message", max_length=200)
    QuestionFactory(key="floor", label="Floor", kind="number", min_length=1, max_length=2)
    QuestionFactory(
        key="wrapping",
        label="Wrapping",
        kind="choice",
        options=["Paper", "Linen"],
        is_required=True,
        translations={"de": {"label": "Verpackung", "options": {"Linen": "Leinen"}}},
    )


def answers(session: CheckoutSession) -> list[tuple[str, str]]:
    return [(each["label"], each["answer"]) for each in order_of(session).answers]


def test_the_page_asks_them_as_stripe_takes_them(stand_in: StandIn) -> None:
    session = start(language="de")

    assert session.url
    assert session.requests.get().parameters["custom_fields"] == [
        {
            "key": "gift",
            "label": {"type": "custom", "custom": "Gift message"},
            "type": "text",
            "optional": True,
            "text": {"maximum_length": 200},
        },
        {
            "key": "floor",
            "label": {"type": "custom", "custom": "Floor"},
            "type": "numeric",
            "optional": True,
            "numeric": {"minimum_length": 1, "maximum_length": 2},
        },
        {
            "key": "wrapping",
            "label": {"type": "custom", "custom": "Verpackung"},
            "type": "dropdown",
            "optional": False,
            "dropdown": {
                "options": [{"value": "1", "label": "Paper"}, {"value": "2", "label": "Leinen"}]
            },
        },
    ]


def test_the_answers_are_kept_as_they_were_asked(stand_in: StandIn) -> None:
    session = start(language="de")
    Question.objects.update(label="Something else", options=[])
    Question.objects.filter(key="gift").delete()

    paid(stand_in, session, answers={"gift": "Für Ana ❤", "floor": "12", "wrapping": "2"})

    assert order_of(session).answers == [
        {"key": "gift", "label": "Gift message", "answer": "Für Ana ❤"},
        {"key": "floor", "label": "Floor", "answer": "12"},
        {"key": "wrapping", "label": "Verpackung", "answer": "Leinen"},
    ]
    assert not order_of(session).is_held


def test_what_is_left_empty_is_not_kept(stand_in: StandIn) -> None:
    session = paid(stand_in, start(), answers={"wrapping": "1"})

    assert answers(session) == [("Wrapping", "Paper")]


@pytest.mark.parametrize(
    ("kept", "taken"),
    [
        (lambda asked: asked[1:], [("Floor", "3"), ("Wrapping", "Linen")]),
        (lambda asked: [], []),
        (
            lambda asked: [*asked[:2], {**asked[2], "options": asked[2]["options"][:1]}],
            [("Gift message", "Hello"), ("Floor", "3")],
        ),
    ],
    ids=["one more than asked", "asked by the release before", "an option of its own"],
)
def test_what_was_not_asked_is_no_answer(
    stand_in: StandIn, kept: Any, taken: list[tuple[str, str]]
) -> None:
    """Somebody has changed the page in the Dashboard; as the shop sees it from its own row."""
    session = start()
    CheckoutSession.objects.filter(pk=session.pk).update(questions=kept(session.questions))

    session = CheckoutSession.objects.get(pk=session.pk)
    paid(stand_in, session, answers={"gift": "Hello", "floor": "3", "wrapping": "2"})

    assert answers(session) == taken


def test_without_questions_the_page_asks_nothing(stand_in: StandIn) -> None:
    Question.objects.update(is_active=False)

    session = paid(stand_in, start())

    assert "custom_fields" not in session.requests.get(kind="create_session").parameters
    assert answers(session) == []
