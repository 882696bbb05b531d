"""Questions in the admin: what staff type, and what is said of what Stripe would refuse."""

import pytest
from django.test import Client

from shop.orders.models import PageText, Question
from tests.support.factories import QuestionFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/orders/question/add/"
WORDS = {
    "label": "Gift message",
    "key": "giftmessage",
    "kind": "text",
    "options": "",
    "min_length": "",
    "max_length": "200",
    "is_active": "on",
    "position": "1",
    "label_de": "Grußbotschaft",
    "options_de": "",
}
CHOICE = {
    **WORDS,
    "label": "Wrapping",
    "key": "wrapping",
    "kind": "choice",
    "options": "Paper\n\n Linen \n",
    "max_length": "",
    "label_de": "Verpackung",
    "options_de": "Linen = Leinen",
}
LONG = "x" * 101


def test_what_is_typed_is_kept(admin_client: Client) -> None:
    answer = admin_client.post(ADD, CHOICE)

    assert answer.status_code == 302, answer.content.decode()
    question = Question.objects.get()
    assert (question.key, question.options) == ("wrapping", ["Paper", "Linen"])
    assert question.translation("de", "label") == "Verpackung"
    assert question.glossary("de", "options") == {"Linen": "Leinen"}


def test_what_is_kept_is_shown_as_it_was_typed(admin_client: Client) -> None:
    question = QuestionFactory(kind="choice", options=["Paper", "Linen"])

    page = admin_client.get(f"/admin/orders/question/{question.pk}/change/").content.decode()

    assert "Paper\nLinen</textarea>" in page
    assert "Paper = \nLinen = </textarea>" in page


@pytest.mark.parametrize(
    ("filled", "changes", "field", "sentence"),
    [
        (WORDS, {"key": "gift message"}, "key", "Use letters and digits alone"),
        (WORDS, {"key": "gruß"}, "key", "Use letters and digits alone"),
        (WORDS, {"key": "k" * 41}, "key", "at most 40 characters"),
        (WORDS, {"key": ""}, "key", "This field is required."),
        (WORDS, {"label": LONG}, "label", "at most 100 characters"),
        (WORDS, {"label_de": LONG}, "label_de", "at most 100 characters"),
        (WORDS, {"kind": "poem"}, "kind", "Select a valid choice."),
        (WORDS, {"options": "Paper"}, "options", "Only a choice has options."),
        (WORDS, {"max_length": "256"}, "max_length", "Give a number from 1 to 255."),
        (WORDS, {"min_length": "0"}, "min_length", "Give a number from 1 to 255."),
        (WORDS, {"min_length": "-1"}, "min_length", "greater than or equal to 0"),
        (WORDS, {"min_length": "201"}, "max_length", "must not be less than the fewest"),
        (CHOICE, {"max_length": "9"}, "max_length", "A choice has no length."),
        (CHOICE, {"options": " \n"}, "options", "Say what there is to choose from."),
        (CHOICE, {"options": "Paper\nPaper"}, "options", "Two of the options are the same."),
        (CHOICE, {"options": LONG}, "options", "An option has at most 100 characters."),
        (CHOICE, {"options_de": f"Paper = {LONG}"}, "options_de", "An option has at most 100"),
        (
            CHOICE,
            {"options": "\n".join(map(str, range(201)))},
            "options",
            "Give at most 200 options.",
        ),
    ],
)
def test_what_stripe_would_refuse_is_refused_at_its_field(
    admin_client: Client, filled: dict[str, str], changes: dict[str, str], field: str, sentence: str
) -> None:
    answer = admin_client.post(ADD, {**filled, **changes})

    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert list(errors) == [field]
    assert sentence in str(errors[field])
    assert not Question.objects.exists()


def test_the_fourth_active_question_is_refused(admin_client: Client) -> None:
    for number in range(3):
        QuestionFactory(label=f"Question {number}")

    answer = admin_client.post(ADD, WORDS)

    errors = answer.context["adminform"].form.errors
    assert errors == {
        "is_active": [
            "The page asks at most 3 questions. Active are: Question 0, Question 1, Question 2."
        ]
    }
    assert admin_client.post(ADD, {**WORDS, "is_active": ""}).status_code == 302


def test_one_of_three_active_ones_may_be_changed(admin_client: Client) -> None:
    first, *_ = [QuestionFactory() for _ in range(3)]

    answer = admin_client.post(f"/admin/orders/question/{first.pk}/change/", WORDS)

    assert answer.status_code == 302
    first.refresh_from_db()
    assert first.label == "Gift message"


ADD_TEXT = "/admin/orders/pagetext/add/"


def test_a_text_is_kept_in_each_language(admin_client: Client) -> None:
    typed = {"place": "submit", "text": "x" * 1000, "text_de": "Danke!"}

    answer = admin_client.post(ADD_TEXT, typed)

    assert answer.status_code == 302, answer.content.decode()
    assert PageText.objects.get().translation("de", "text") == "Danke!"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"text": "x" * 1201}, "text", "at most 1200 characters"),
        ({"text_de": "x" * 1201}, "text_de", "at most 1200 characters"),
        ({"place": "submit", "text": "x" * 1001}, "text", "at most 1000 letters"),
        ({"place": "submit", "text_de": "x" * 1001}, "text_de", "at most 1000 letters"),
        ({"place": "roof"}, "place", "Select a valid choice."),
        ({"text": " "}, "text", "This field is required."),
    ],
)
def test_a_text_too_long_is_refused_at_its_field(
    admin_client: Client, changes: dict[str, str], field: str, sentence: str
) -> None:
    typed = {"place": "after_submit", "text": "Thank you!", "text_de": "Danke!", **changes}

    answer = admin_client.post(ADD_TEXT, typed)

    errors = answer.context["adminform"].form.errors
    assert list(errors) == [field]
    assert sentence in str(errors[field])
    assert not PageText.objects.exists()


def test_each_place_has_one_text(admin_client: Client) -> None:
    PageText.objects.create(place="submit", text="Thank you!")

    answer = admin_client.post(ADD_TEXT, {"place": "submit", "text": "Danke!"})

    assert list(answer.context["adminform"].form.errors) == ["place"]
