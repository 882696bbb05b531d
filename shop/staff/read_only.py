"""Admin of rows that nobody edits: facts, history and work."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import action, display
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from shop import work
from shop.staff.search_list import SearchAdmin
from shop.staff.site import Waiting


class ReadOnlyAdmin(SearchAdmin):
    """Rows that staff may read and nobody edits here: facts, history, work."""

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class WorkAdmin(ReadOnlyAdmin):
    """Work rows: those that are dead can be given a new life."""

    list_filter: ClassVar[Any] = ("status",)
    ordering = ["-created_at"]
    actions = ["revive"]
    show_full_result_count = False

    @display(description="outcome", ordering="outcome")
    def result(self, row: work.Work) -> str:
        return row.result

    @action(description="Revive the selected dead rows", permissions=["revive"])
    def revive(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        revived = work.revive(queryset)
        if revived:
            self.message_user(request, f"{revived} revived; they run within half a minute.")
        else:
            self.message_user(request, "Only dead rows can be revived.", messages.WARNING)

    def has_revive_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")


def dead_work(kind: type[work.Work], title: str) -> Waiting:
    """The dead rows of one kind, as something that waits for staff."""
    options = kind._meta
    rows = kind._default_manager
    return Waiting(
        title=title,
        url_name=f"admin:{options.app_label}_{options.model_name}_changelist",
        permission=f"{options.app_label}.view_{options.model_name}",
        count=lambda: int(rows.filter(status=work.Work.Status.DEAD).count()),
        query="?status__exact=dead",
        is_trouble=True,
    )
