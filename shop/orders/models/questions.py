"""What the payment page asks and says beside the payment, and what an order keeps of it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value

from shop import clock
from shop.translation.translated import Translated

# As much as Stripe's page takes (stripe-python, SessionCreateParams.custom_fields).
LONGEST_LABEL, LONGEST_ANSWER, MOST_OPTIONS = 100, 255, 200

# What the shop itself asks consent to, in the cart.
RECOVERY, WITHDRAWAL = "recovery", "withdrawal"
IN_CART = {RECOVERY, WITHDRAWAL}
# What is asked consent to, as staff read it: the others by Stripe.
AGREED_TO = {
    "terms_of_service": "the terms",
    "promotions": "news and offers",
    RECOVERY: "a reminder of an order left unpaid",
    WITHDRAWAL: "that the right to withdraw from what is digital ends",
}


class Question(Translated):
    """A field of the shop's own on the payment page, such as a gift message."""

    class Kind(models.TextChoices):
        TEXT = "text", "words"
        NUMBER = "number", "digits"
        CHOICE = "choice", "one of several"

    TRANSLATED = ("label",)
    GLOSSARIES = ("options",)

    label = models.CharField(max_length=LONGEST_LABEL, help_text="As the customer reads it.")
    key = models.CharField(
        max_length=40,
        unique=True,
        help_text="Letters and digits, such as giftmessage: what Stripe calls the answer.",
    )
    kind = models.CharField(
        "is answered with", max_length=6, choices=Kind.choices, default=Kind.TEXT
    )
    options = ArrayField(models.CharField(max_length=LONGEST_LABEL), default=list, blank=True)
    is_required = models.BooleanField("must be answered", default=False)
    # Of words and digits; none where Stripe's own limits are enough.
    min_length = models.PositiveSmallIntegerField("fewest characters", null=True, blank=True)
    max_length = models.PositiveSmallIntegerField("most characters", null=True, blank=True)
    is_active = models.BooleanField("active", default=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="The lower, the earlier.")

    class Meta(Translated.Meta):
        ordering = ["position", "id"]
        constraints = [
            *Translated.Meta.constraints,
            models.CheckConstraint(
                name="question_key_is_of_letters_and_digits",
                condition=Q(key__regex=r"^[A-Za-z0-9]+$"),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def words_to_translate(self, glossary: str, /) -> Iterable[str]:
        return {"options": self.options or []}[glossary]


class PageText(Translated):
    """What the page says in the shop's own words, at one of the places that Stripe has for it."""

    class Place(models.TextChoices):
        SUBMIT = "submit", "above the button"
        AFTER_SUBMIT = "after_submit", "below the button"
        SHIPPING_ADDRESS = "shipping_address", "beside the delivery address"

    TRANSLATED = ("text",)
    # Stripe's limit.
    LONGEST = 1200

    place = models.CharField(max_length=16, choices=Place.choices, unique=True)
    text = models.CharField(max_length=LONGEST, help_text="Links as [words](https://address).")

    class Meta(Translated.Meta):
        ordering = ["place"]

    def __str__(self) -> str:
        return str(self.get_place_display())


class Answered(models.Model):
    """What an order keeps of the questions that its payment page asked."""

    # [{"key", "label", "answer"}], in the words in which it was asked; settle alone writes them.
    answers = models.JSONField(
        default=list, blank=True, editable=False, db_default=Value([], models.JSONField())
    )

    # [{"to", "text", "at"}]: to what the customer agreed, in which words, and when it was told.
    consent = models.JSONField(
        default=list, blank=True, editable=False, db_default=Value([], models.JSONField())
    )
    # Where they want to be reminded of it if they leave without paying; the words of that consent
    # stand above. Empty for who has not asked for it.
    recovery_email = models.EmailField(max_length=512, blank=True, default="", db_default="")
    # Those that the page asked for by themselves; `name` is whom the parcel or the card names.
    business_name = models.CharField(max_length=255, blank=True, default="", db_default="")
    individual_name = models.CharField(max_length=255, blank=True, default="", db_default="")

    class Meta:
        abstract = True

    def keep_answers(self, questions: list[dict[str, Any]], given: dict[str, str]) -> None:
        """Take the answers to these questions, and to nothing else. Saves nothing.

        `questions` are those of the page, as shop.orders.questions.asked makes them; `given` is
        {key: answer} as Stripe tells it.
        """
        self.answers = [
            {"key": asked["key"], "label": asked["label"], "answer": answer}
            for asked in questions
            if (answer := _as_read(asked, given.get(asked["key"], "")))
        ]

    def keep_consent(self, asked: dict[str, str], given: Collection[str]) -> None:
        """Take the consent to what was asked, and to nothing else. Saves nothing.

        `asked` is {what: the text that was shown}, `given` what Stripe says was agreed to. What was
        agreed to in the cart stays.
        """
        agreed = {to: text for to, text in asked.items() if to in given}
        own = [each for each in self.consent if each["to"] in IN_CART]
        self.consent = [*own, *(_agreed(to, text) for to, text in agreed.items())]

    def keep_reminder(self, email: str, text: str) -> None:
        """Take the wish to be reminded at that address, in those words; none where it is empty.

        Saves nothing.
        """
        others = [each for each in self.consent if each["to"] != RECOVERY]
        self.recovery_email = email
        self.consent = [_agreed(RECOVERY, text), *others] if email else others

    def keep_withdrawal(self, text: str) -> None:
        """Take the consent that the right to withdraw ends, in those words; none where they are
        empty. Saves nothing.
        """
        others = [each for each in self.consent if each["to"] != WITHDRAWAL]
        self.consent = [*others, _agreed(WITHDRAWAL, text)] if text else others

    def consent_to(self, what: str) -> dict[str, Any] | None:
        """The words that were agreed to and when, as a moment; None where they were not."""
        return next(
            (
                {**each, "at": datetime.fromisoformat(each["at"])}
                for each in self.consent
                if each["to"] == what
            ),
            None,
        )

    @property
    def agreed_to(self) -> list[dict[str, Any]]:
        """The same for people: what by its name, when as a moment."""
        return [
            {**each, "to": AGREED_TO[each["to"]], "at": datetime.fromisoformat(each["at"])}
            for each in self.consent
        ]


def _agreed(to: str, text: str) -> dict[str, str]:
    return {"to": to, "text": text, "at": clock.now().isoformat(timespec="seconds")}


def _as_read(question: dict[str, Any], answer: str) -> str:
    """The answer as people read it; empty where there is none, or none that could be given."""
    if question["kind"] == Question.Kind.CHOICE:
        return next((each["label"] for each in question["options"] if each["value"] == answer), "")
    return answer[:LONGEST_ANSWER]
