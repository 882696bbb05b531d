"""Categories in the admin: a tree, indented as deep as each shelf lies."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Count, F, Func, IntegerField, QuerySet, Value
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shop.catalog import publishing
from shop.catalog.admin.forms import CategoryForm
from shop.catalog.category_tree import Tree
from shop.catalog.models import Category
from shop.catalog.search import index
from shop.translation.admin import TranslatedAdmin
from shop.translation.translated import further_languages

# As far as the style sheet indents.
DEEPEST = 6


class CategoryList(ChangeList):
    """The list in the order of the tree, each category knowing its depth."""

    def get_queryset(self, request: HttpRequest, *args: Any, **more: Any) -> QuerySet[Any]:
        self.depths = {category.pk: depth for category, depth in depths().items()}
        ids = Value(list(self.depths), ArrayField(BigIntegerField()))
        place = Func(ids, F("pk"), function="array_position", output_field=IntegerField())
        return super().get_queryset(request, *args, **more).order_by(place, "pk")

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        for category in self.result_list:
            # Somebody may have added it a moment ago.
            category.depth = self.depths.get(category.pk, 0)


class PositionForm(forms.ModelForm[Category]):
    """A row of the list: its one field says whose position it is."""

    class Meta:
        model = Category
        fields = ("position",)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["position"].widget.attrs["aria-label"] = f"Position of {self.instance.name}"


class CategoryAdmin(TranslatedAdmin):
    form = CategoryForm
    list_display = ("indented", "slug", "position", "product_count")
    list_editable = ("position",)
    # Any other order would pull the tree apart.
    sortable_by = ()
    list_per_page = 100
    show_full_result_count = False
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("old_addresses",)
    fieldsets = (
        (None, {"fields": (("name", "slug"), "old_addresses", "parent", "position")}),
        (None, {"fields": ("description",)}),
    )

    def get_changelist_form(self, request: HttpRequest, **more: Any) -> Any:
        return PositionForm

    def get_changelist(self, request: HttpRequest, **more: Any) -> type[ChangeList]:
        return CategoryList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        categories: QuerySet[Category] = super().get_queryset(request)
        return categories.annotate(product_count=Count("products"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **more: Any) -> Any:
        field: Any = super().formfield_for_foreignkey(db_field, request, **more)
        field.choices = [("", "none: it stands at the top"), *tree_choices()]
        return field

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        save_with_address(super().save_model, request, obj, form, change)
        names = {"name", *(f"name_{language}" for language in further_languages())}
        if change and names & set(form.changed_data):
            index.index_many(obj.products.values_list("pk", flat=True))

    @admin.display(description="name")
    def indented(self, category: Any) -> SafeString:
        depth = min(category.depth, DEEPEST)
        return format_html('<span class="indent-{}">{}</span>', depth, category.name)

    @admin.display(description="products")
    def product_count(self, category: Any) -> int:
        return int(category.product_count)

    @admin.display(description="old addresses")
    def old_addresses(self, category: Category) -> str:
        return old_addresses(category)


def save_with_address(save: Any, request: HttpRequest, thing: Any, form: Any, change: bool) -> None:
    """Save a product or category; a changed address through the verb that keeps the old one."""
    if not (change and "slug" in form.changed_data):
        save(request, thing, form, change)
        return
    slug, thing.slug = thing.slug, form.initial["slug"]
    save(request, thing, form, change)
    publishing.rename(thing, slug)


def old_addresses(thing: Any) -> str:
    """What leads to the thing as well, in words."""
    slugs = [old.slug for old in thing.old_slugs.order_by("slug")] if thing.pk else []
    return ", ".join(slugs) or "none"


def depths() -> dict[Category, int]:
    """All categories as a tree is read, with how deep each lies."""
    tree = Tree.read()
    found: dict[Category, int] = {}
    waiting = [(category, 0) for category in reversed(tree.top)]
    while waiting:
        category, depth = waiting.pop()
        found[category] = depth
        waiting += [(child, depth + 1) for child in reversed(tree.children(category))]
    # A circle hangs from nothing; it must be seen to be mended.
    return found | {one: 0 for one in tree.by_id.values() if one not in found}


def tree_choices() -> list[tuple[int, str]]:
    """Every category for a select: its id, and its name behind a dash for each level above it."""
    return [(category.pk, "– " * depth + category.name) for category, depth in depths().items()]
