from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserCreationForm

from shop.accounts.models import User


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
