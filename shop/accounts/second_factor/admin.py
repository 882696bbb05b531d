"""Whose second factor is there, without its secret; who lost theirs is helped by deleting it."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from shop.accounts.second_factor import mails
from shop.staff.read_only import ReadOnlyAdmin

admin.site.unregister(Authenticator)


@admin.register(Authenticator)
class FactorAdmin(ReadOnlyAdmin):
    list_display = ["email", "type", "created_at", "last_used_at"]
    list_select_related = ["user"]
    list_filter = ("type",)
    search_fields = ["user__email"]
    fields = ["user", "type", "created_at", "last_used_at"]
    ordering = ["user__email", "type", "pk"]

    @admin.display(ordering="user__email")
    def email(self, row: Authenticator) -> str:
        return str(row.user.email)

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        super().delete_model(request, obj)
        mails.removed(obj.user, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Authenticator]) -> None:
        rows = list(queryset.select_related("user"))
        super().delete_queryset(request, queryset)
        for row in rows:
            mails.removed(row.user, row)

    def has_delete_permission(self, request: HttpRequest, *_: Any) -> bool:
        return request.user.has_perm("mfa.delete_authenticator")
