"""Discounts as staff set them: what is taken off, for what and whom, and the words for it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.http import HttpRequest

from shop.catalog.models import Category, Product
from shop.money import Money, NotAnAmount
from shop.orders.models import Discount, DiscountAmount, DiscountCode, DiscountUse
from shop.orders.models.discounts.words import canonical
from shop.translation.admin import TranslatedAdmin, TranslatedForm

Kind = Discount.Kind
# What each kind needs of the fields that are there for one alone.
NEEDS = {Kind.PERCENT: ("percentage",), Kind.BUNDLE: ("bundle_of", "bundle_price")}
OF_ONE_KIND = ("percentage", "bundle_of", "bundle_price")


class DiscountForm(TranslatedForm):
    class Meta:
        model = Discount
        fields = (
            "name", "kind", "percentage", "bundle_of", "bundle_price", "is_automatic",
            "products", "categories", "with_sale", "is_first_order_only", "customer",
            "most_uses", "most_per_customer", "starts_at", "ends_at", "is_active",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        needs = NEEDS.get(cleaned.get("kind", ""), ())
        for field in OF_ONE_KIND:
            if field not in needs:
                cleaned[field] = None
            elif cleaned.get(field) is None and field not in self.errors:
                self.add_error(field, "Say how much.")
        if cleaned.get("percentage") == 0:
            self.add_error("percentage", "Nothing would be taken off.")
        of, price = cleaned.get("bundle_of"), cleaned.get("bundle_price")
        if of is not None and price is not None and not 1 <= price < of <= 100:
            self.add_error("bundle_price", "Fewer than the units of the bundle, and at least 1.")
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", "It ends before it begins.")
        return cleaned

    def clean_most_uses(self) -> int | None:
        most: int | None = self.cleaned_data["most_uses"]
        used = uses_of(self.instance) if self.instance.pk else 0
        if most is not None and most < used:
            raise forms.ValidationError(f"It has been used {used} times already.")
        return most


class AmountForm(forms.ModelForm[Any]):
    """A currency that the shop offers, with amounts as people type them."""

    currency = forms.ChoiceField()
    off = forms.CharField(label="takes off", max_length=20, required=False)
    from_on = forms.CharField(label="least value of the goods", max_length=20, required=False)
    # The discount that the row belongs to, as it was typed on the same page.
    discount: Discount

    class Meta:
        model = DiscountAmount
        fields = ("currency",)

    field_order = ("currency", "off", "from_on")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        row = self.instance
        known: Any = self.fields["currency"]
        codes = dict.fromkeys([*settings.CURRENCIES_OFFERED, row.currency])
        known.choices = [(code, code.upper()) for code in codes if code]
        if row.pk:
            self.initial["off"] = self._plain(row.amount)
            self.initial["from_on"] = self._plain(row.least)

    def _plain(self, amount: int | None) -> str:
        return "" if amount is None else Money(amount, self.instance.currency).plain

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "currency" in cleaned:
            self.instance.amount = self._amount_of("off")
            self.instance.least = self._amount_of("from_on")
            if self.instance.amount is None and self.instance.least is None and not self.errors:
                self.add_error("off", "Give an amount.")
        return cleaned

    def _amount_of(self, name: str) -> int | None:
        """Whole minor units of what was typed; an error at the field for what is none."""
        typed = str(self.cleaned_data.get(name, "")).strip()
        if not typed:
            return None
        try:
            amount = Money.parse(typed, self.cleaned_data["currency"]).amount
        except NotAnAmount as error:
            self.add_error(name, str(error))
            return None
        if not amount:
            self.add_error(name, "More than nothing, or leave it empty.")
        return amount or None


class AmountInline(admin.TabularInline[Any, Any]):
    model = DiscountAmount
    form = AmountForm
    extra = 0
    verbose_name_plural = "amounts, per currency"


class CodeForm(forms.ModelForm[Any]):
    class Meta:
        model = DiscountCode
        fields = ("code", "is_active")

    def clean_code(self) -> str:
        code = canonical(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError("Letters from A to Z and digits, at most 40.")
        return code


class CodeInline(admin.TabularInline[Any, Any]):
    model = DiscountCode
    form = CodeForm
    extra = 1


class DiscountAdmin(TranslatedAdmin):
    form = DiscountForm
    inlines = (AmountInline, CodeInline)
    list_display = (
        "name", "takes_off", "words", "on_page", "used", "starts_at", "ends_at", "is_active",
    )  # fmt: skip
    readonly_fields = ("on_page",)
    list_filter = ("is_active", "kind", "is_automatic")
    search_fields = ("name", "codes__code")
    autocomplete_fields = ("products",)
    filter_horizontal = ("categories",)
    raw_id_fields = ("customer",)

    def get_queryset(self, request: HttpRequest) -> Any:
        uses = DiscountUse.objects.live().filter(discount=OuterRef("pk")).values("discount")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(
                "amounts",
                "codes",
                Prefetch("products", Product.objects.only("pk")),
                Prefetch("categories", Category.objects.only("pk")),
            )
            .annotate(used_now=Subquery(uses.annotate(count=Count("pk")).values("count")))
        )

    @admin.display(description="takes off")
    def takes_off(self, discount: Discount) -> str:
        match discount.kind:
            case Kind.PERCENT:
                return f"{discount.share} %"
            case Kind.BUNDLE:
                return f"{discount.bundle_of} for {discount.bundle_price}"
            case Kind.AMOUNT:
                rows = [row for row in discount.amounts.all() if row.amount]
                return ", ".join(str(Money(row.amount or 0, row.currency)) for row in rows)
            case _:
                return "delivery"

    @admin.display(description="codes")
    def words(self, discount: Discount) -> str:
        codes = ", ".join(code.code for code in discount.codes.all())
        return codes or ("for everybody" if discount.is_automatic else "none yet")

    @admin.display(description="on Stripe's page")
    def on_page(self, discount: Discount) -> str:
        """Whether its codes may be typed there, too, and if not, why."""
        why_not = discount.why_not_on_page if discount.pk else ""
        return f"In the cart only. {why_not}" if why_not else "yes"

    @admin.display(description="used")
    def used(self, discount: Any) -> str:
        used = discount.used_now or 0
        return str(used) if discount.most_uses is None else f"{used} of {discount.most_uses}"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What orders refer to is ended instead."""
        return super().has_delete_permission(request, obj) and (
            obj is None or not DiscountUse.objects.filter(discount=obj).exists()
        )

    def get_actions(self, request: HttpRequest) -> Any:
        """Not many at once, one of which may have been used."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @transaction.atomic
    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """With a limit that is new, those that had it before count, too."""
        super().save_related(request, form, formsets, change)
        count_uses(form.instance)


def uses_of(discount: Discount) -> int:
    """How many orders have it: those that are open, and those that were bought."""
    return DiscountUse.objects.live().filter(discount=discount).count()


def count_uses(discount: Discount) -> None:
    """Bring `uses` to what it counts, where it is counted; behind the lock that takes one."""
    if not discount.is_counted:
        return
    locked = Discount.objects.select_for_update().get(pk=discount.pk)
    mine = DiscountUse.objects.live().filter(discount=locked)
    mine.filter(is_counted=False).update(is_counted=True)
    Discount.objects.filter(pk=locked.pk).update(uses=mine.count())
