from typing import cast

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserCreationForm

from shop.accounts.models import AccountMail, LoginFailure, PasswordReset, User
from shop.accounts.second_factor.admin import FactorAdmin
from shop.staff.read_only import ReadOnlyAdmin, WorkAdmin, dead_work
from shop.staff.site import ShopAdminSite

# To import it is to register it.
__all__ = ["FactorAdmin"]

cast(ShopAdminSite, admin.site).add_waiting(
    dead_work(PasswordReset, "Mails about forgotten passwords that could not be sent")
)
cast(ShopAdminSite, admin.site).add_waiting(
    dead_work(AccountMail, "Mails about customers' accounts that could not be sent")
)
# allauth's addresses are for customers who confirm them; staff have the one in their account.
admin.site.unregister(EmailAddress)


class NewUserForm(UserCreationForm[User]):
    """A person is known by the e-mail address; there is no other user name."""

    class Meta:
        model = User
        fields = ("email",)


@admin.register(User)
class StaffAdmin(UserAdmin[User]):
    """Who may log in, and what each may do."""

    ordering = ("email",)
    list_display = ("email", "first_name", "last_name", "is_staff", "is_active")
    search_fields = ("email", "first_name", "last_name")
    add_form = NewUserForm
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Name", {"fields": ("first_name", "last_name")}),
        (
            "What they may do",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "password1", "password2")}),)


@admin.register(LoginFailure)
class LoginFailureAdmin(ReadOnlyAdmin):
    list_display = ["at", "email", "address", "reason"]
    list_filter = ("reason", "at")
    search_fields = ["email", "address"]
    show_full_result_count = False


@admin.register(PasswordReset)
class PasswordResetAdmin(WorkAdmin):
    list_display = ["created_at", "email", "status", "result", "attempts", "last_error"]
    search_fields = ["email"]


@admin.register(AccountMail)
class AccountMailAdmin(WorkAdmin):
    """Never the code: whoever reads it could log in as the customer."""

    list_display = ["created_at", "kind", "email", "status", "result", "attempts", "last_error"]
    search_fields = ["email"]
