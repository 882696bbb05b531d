"""Words of options, each translated once for all products that have it."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from shop.catalog import option_words
from shop.catalog.models import OptionWord
from shop.catalog.search import index
from shop.translation.admin import TranslatedAdmin, TranslatedForm
from shop.translation.translated import english_name, further_languages

# Of more products than this staff have the search told by a command: a page answers soon.
MOST_INDEXED = 2000


class LacksFilter(admin.SimpleListFilter):
    """Words that have no translation in a language yet."""

    title = "translation"
    parameter_name = "lacks"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(one, f"{english_name(one)} is missing") for one in further_languages()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[OptionWord]
    ) -> QuerySet[OptionWord]:
        if self.value() not in further_languages():
            return queryset
        field = f"translations__{self.value()}__word"
        return queryset.filter(Q(**{f"{field}__isnull": True}) | Q(**{field: ""}))


class OptionWordForm(TranslatedForm):
    class Meta:
        model = OptionWord
        fields = ("word",)


@admin.register(OptionWord)
class OptionWordAdmin(TranslatedAdmin):
    form = OptionWordForm
    list_display = ("word", "translated_as")
    list_filter = (LacksFilter,)
    search_fields = ("word", "translations")
    search_help_text = "A word in any language"
    list_per_page = 100
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Products have it; another word is another row.
        return ("word",) if obj else ()

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: OptionWord, form: Any, change: bool) -> None:
        before = OptionWord.objects.select_for_update().filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        changed: set[int] = set()
        for language in further_languages():
            was = before.translation(language, "word") if before else ""
            now = obj.translation(language, "word")
            if was != now:
                changed.update(option_words.say_anew(obj.word, language, before=was, after=now))
        if len(changed) <= MOST_INDEXED:
            index.index_many(changed)
        else:
            messages.warning(
                request,
                f"{len(changed)} products show the new word. The search finds them by it after "
                "manage.py index_products.",
            )

    @admin.display(description="in other languages")
    def translated_as(self, word: OptionWord) -> str:
        texts = {one: word.translation(one, "word") for one in further_languages()}
        return ", ".join(f"{text} ({one})" for one, text in texts.items() if text)
