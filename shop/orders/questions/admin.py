"""Questions and texts of the payment page in admin: what Stripe would refuse is refused there."""

from typing import Any

from django import forms

from shop.orders.models import PageText, Question
from shop.orders.models.questions import LONGEST_ANSWER, LONGEST_LABEL, MOST_OPTIONS
from shop.orders.questions.asked import MOST_QUESTIONS
from shop.translation.admin import TranslatedAdmin, TranslatedForm
from shop.translation.translated import further_languages

Kind = Question.Kind

# Above the button the terms of keeping a card stand, too.
LONGEST_ABOVE_THE_BUTTON = 1000


class LinesField(forms.Field):
    """A list of words, one in each line."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != list(initial or [])


class QuestionForm(TranslatedForm):
    options = LinesField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
        help_text="What there is to choose from, one in each line; for a choice only.",
    )

    class Meta:
        model = Question
        fields = (
            "label", "key", "kind", "options", "is_required", "min_length", "max_length",
            "is_active", "position",
        )  # fmt: skip

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not (key.isascii() and key.isalnum()):
            raise forms.ValidationError("Use letters and digits alone, such as giftmessage.")
        return key

    def clean_options(self) -> list[str]:
        """As many and as long as Stripe's page takes, no two alike."""
        options: list[str] = self.cleaned_data["options"]
        if len(options) > MOST_OPTIONS:
            raise forms.ValidationError(f"Give at most {MOST_OPTIONS} options.")
        if any(len(option) > LONGEST_LABEL for option in options):
            raise forms.ValidationError(f"An option has at most {LONGEST_LABEL} characters.")
        if len(options) != len(set(options)):
            raise forms.ValidationError("Two of the options are the same.")
        return options

    def clean_is_active(self) -> bool:
        """Stripe's page has room for so many of them."""
        is_active: bool = self.cleaned_data["is_active"]
        others = Question.objects.filter(is_active=True).exclude(pk=self.instance.pk)
        if is_active and len(others) >= MOST_QUESTIONS:
            listed = ", ".join(map(str, others))
            raise forms.ValidationError(
                f"The page asks at most {MOST_QUESTIONS} questions. Active are: {listed}."
            )
        return is_active

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        is_choice = cleaned.get("kind") == Kind.CHOICE
        if is_choice and cleaned.get("options") == []:
            self.add_error("options", "Say what there is to choose from.")
        if not is_choice and cleaned.get("options"):
            self.add_error("options", "Only a choice has options.")
        self._check_lengths(cleaned, is_choice=is_choice)
        for language in further_languages():
            words = cleaned.get(f"options_{language}") or {}
            if any(len(word) > LONGEST_LABEL for word in words.values()):
                sentence = f"An option has at most {LONGEST_LABEL} characters."
                self.add_error(f"options_{language}", sentence)
        return cleaned

    def _check_lengths(self, cleaned: dict[str, Any], *, is_choice: bool) -> None:
        fewest, most = cleaned.get("min_length"), cleaned.get("max_length")
        for name, length in (("min_length", fewest), ("max_length", most)):
            if length is None:
                continue
            if is_choice:
                self.add_error(name, "A choice has no length.")
            elif not 1 <= length <= LONGEST_ANSWER:
                self.add_error(name, f"Give a number from 1 to {LONGEST_ANSWER}.")
        if fewest is not None and most is not None and fewest > most:
            self.add_error("max_length", "The most must not be less than the fewest.")


class QuestionAdmin(TranslatedAdmin):
    form = QuestionForm
    list_display = ("label", "key", "kind", "is_required", "is_active", "position")
    fieldsets = (
        (None, {"fields": ("label", "key", "kind", "options")}),
        (None, {"fields": ("is_required", ("min_length", "max_length"))}),
        (None, {"fields": (("is_active", "position"),)}),
    )


class PageTextForm(TranslatedForm):
    class Meta:
        model = PageText
        fields = ("place", "text")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in self._texts():
            self.fields[name].widget = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("place") == PageText.Place.SUBMIT:
            for name in self._texts():
                if len(cleaned.get(name) or "") > LONGEST_ABOVE_THE_BUTTON:
                    sentence = f"Above the button write at most {LONGEST_ABOVE_THE_BUTTON} letters."
                    self.add_error(name, f"{sentence} The terms of kept cards stand there, too.")
        return cleaned

    def _texts(self) -> list[str]:
        return ["text", *(f"text_{language}" for language in further_languages())]


class PageTextAdmin(TranslatedAdmin):
    form = PageTextForm
    list_display = ("place", "text")
    fieldsets = ((None, {"fields": ("place", "text")}),)
