"""Lists of the admin in which staff search: the table is read once for both list and number."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Window
from django.http import HttpRequest


class SearchList(ChangeList):
    """Where something is searched for, the keys of a page come with how many there are in all.

    Django counts what it finds and then finds it again; a word in the middle of a text is found by
    reading the whole table.
    """

    def get_results(self, request: HttpRequest) -> None:
        if not self.query or self.show_all:
            super().get_results(request)
            return
        first = (self.page_num - 1) * self.list_per_page
        keys = self.queryset.prefetch_related(None).annotate(number_found=Window(Count("*")))
        page = keys.values_list("pk", "number_found")[first : first + self.list_per_page]
        found = list(page)
        if not found and first:
            # There is no such page, which Django says in its own way.
            super().get_results(request)
            return
        self._show([pk for pk, _ in found], found[0][1] if found else 0, request)

    def _show(self, keys: list[Any], number: int, request: HttpRequest) -> None:
        rows = self.apply_select_related(self.root_queryset.filter(pk__in=keys))
        self.result_list = rows.order_by(*self.get_ordering(request, self.queryset))
        self.result_count = number
        self.paginator = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)
        self.paginator.count = number
        self.can_show_all = number <= self.list_max_show_all
        self.multi_page = number > self.list_per_page
        self.show_full_result_count = self.model_admin.show_full_result_count
        self.full_result_count = self.root_queryset.count() if self.show_full_result_count else None
        self.show_admin_actions = not self.show_full_result_count or bool(self.full_result_count)


class SearchAdmin(ModelAdmin[Any]):
    """A list that is read once when staff search it."""

    def get_changelist(self, request: HttpRequest, **more: Any) -> type[ChangeList]:
        return SearchList
