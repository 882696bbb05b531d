"""Staff type texts in further languages beside those in the shop's own: a field for each."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.forms.utils import pretty_name
from django.http import HttpRequest

from shop.translation.translated import Translated, english_name, further_languages


class TranslatedAdmin(admin.ModelAdmin[Any]):
    """The page of a translated row: after its own fields a group for each further language."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        may_type = self.has_change_permission(request, obj)
        if obj is None:
            may_type = self.has_add_permission(request)
        return [
            *super().get_fieldsets(request, obj),
            *translated_fieldsets(self.model, may_type=may_type),
        ]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **more: Any
    ) -> Any:
        # The fields of further languages come with the form; the model knows none of them.
        form: Any = self.form
        return super().get_form(request, obj, change, **{**more, "fields": form.Meta.fields})


class GlossaryField(forms.Field):
    """Words with what they are in a further language, one in each line: "Color = Farbe"."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, **more)

    def prepare_value(self, value: Any) -> Any:
        return in_lines(value) if isinstance(value, Mapping) else value

    def to_python(self, value: Any) -> dict[str, str]:
        words: dict[str, str] = {}
        for line in (value or "").splitlines():
            word, sign, text = (part.strip() for part in line.rpartition("="))
            if line.strip() and not (sign and word):
                raise forms.ValidationError(f"Write {line.strip()[:40]!r} like Color = Farbe.")
            if word:
                words[word] = text
        return words

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            words = self.to_python(data)
        except forms.ValidationError:
            return True
        return _filled(words) != _filled(initial or {})


class TranslatedForm(forms.ModelForm[Any]):
    """Keeps what is typed into `<field>_<language>` among the row's translations."""

    # The heads of a table's columns are no labels of the fields below them.
    is_in_a_table = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._add_languages()
        for name, field in self.fields.items():
            label = str(field.label or pretty_name(name))
            if isinstance(field.widget, forms.MultiWidget):
                for widget, part in zip(field.widget.widgets, ("date", "time"), strict=False):
                    widget.attrs["aria-label"] = f"{label}: {part}"
            elif self.is_in_a_table:
                field.widget.attrs["aria-label"] = label

    def _add_languages(self) -> None:
        row: Translated = self.instance
        for language in further_languages():
            for name in row.TRANSLATED:
                self.fields[f"{name}_{language}"] = _text_field(row, name, language)
                self.initial.setdefault(f"{name}_{language}", row.translation(language, name))
            for name in row.GLOSSARIES:
                known = row.glossary(language, name)
                words = dict.fromkeys(row.words_to_translate(name), "") | known
                self.fields[f"{name}_{language}"] = _glossary_field(name, language)
                self.initial.setdefault(f"{name}_{language}", words)

    def save(self, commit: bool = True) -> Any:
        row: Translated = self.instance
        for language in further_languages():
            for name in row.TRANSLATED:
                row.translate(language, name, self.cleaned_data[f"{name}_{language}"])
            for name in row.GLOSSARIES:
                row.translate_words(language, name, self.cleaned_data[f"{name}_{language}"])
        return super().save(commit)


def translated_fields(
    model: type[Translated], language: str, *, may_type: bool
) -> list[str | Callable[[Any], str]]:
    """The fields of a form in a further language; for those who may only look, how they read."""
    names = [*model.TRANSLATED, *model.GLOSSARIES]
    if may_type:
        return [f"{name}_{language}" for name in names]
    return [_as_read(model, name, language) for name in names]


def translated_fieldsets(
    model: type[Translated], *, may_type: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    """One group of fields for each further language."""
    for language in further_languages():
        fields = translated_fields(model, language, may_type=may_type)
        yield english_name(language), {"fields": fields}


def in_lines(words: Mapping[str, str]) -> str:
    """Words and their translations as staff type them: `own = further`, one to a line."""
    return "\n".join(f"{word} = {text}" for word, text in words.items())


def _filled(words: Mapping[str, str]) -> dict[str, str]:
    return {word: text for word, text in words.items() if text}


def _text_field(row: Translated, name: str, language: str) -> forms.Field:
    """As long as the text in the shop's own language may be."""
    column = row._meta.get_field(name)
    label = f"{english_name(language)} {column.verbose_name}"  # type: ignore[union-attr]
    if isinstance(column, models.TextField):
        attributes = {"class": "vLargeTextField", "rows": 10, "lang": language}
        widget: forms.Widget = forms.Textarea(attrs=attributes)
        return forms.CharField(
            label=label, required=False, widget=widget, validators=column.validators
        )
    widget = forms.TextInput(attrs={"class": "vTextField", "lang": language})
    return forms.CharField(
        label=label,
        max_length=column.max_length,  # type: ignore[union-attr]
        required=False,
        widget=widget,
        help_text=f"Empty: the {column.verbose_name} above is shown.",  # type: ignore[union-attr]
    )


def _glossary_field(name: str, language: str) -> forms.Field:
    return GlossaryField(
        label=f"{english_name(language)} {name}",
        widget=forms.Textarea(attrs={"rows": 6, "lang": language}),
        help_text="One word in each line, like Color = Farbe. Nothing after the sign: the word "
        "before it is shown.",
    )


def _as_read(model: type[Translated], name: str, language: str) -> Callable[[Any], str]:
    @admin.display(description=f"{english_name(language)} {name}")
    def read(row: Translated) -> str:
        if name in model.GLOSSARIES:
            return in_lines(row.glossary(language, name))
        return row.translation(language, name)

    return read
