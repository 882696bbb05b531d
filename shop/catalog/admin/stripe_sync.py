"""The catalog at Stripe in the admin: conflicts side by side, and what may be adopted."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST

from shop.catalog.models import CatalogSync, SyncConflict, UnclaimedStripeObject, Variant
from shop.catalog.stripe_sync import decisions
from shop.catalog.stripe_sync.difference import value_in_words
from shop.staff.read_only import ReadOnlyAdmin, dead_work
from shop.staff.search_list import SearchAdmin
from shop.staff.site import ShopAdminSite, Waiting


def add_waiting(site: ShopAdminSite) -> None:
    """What of the catalog at Stripe waits for staff."""
    site.add_waiting(
        Waiting(
            title="Conflicts with Stripe's catalog",
            url_name="admin:catalog_syncconflict_changelist",
            permission="catalog.view_syncconflict",
            count=SyncConflict.objects.filter(status=SyncConflict.Status.OPEN).count,
            query="?status__exact=open",
            is_trouble=True,
        )
    )
    site.add_waiting(
        Waiting(
            title="Objects at Stripe to adopt or leave",
            url_name="admin:catalog_unclaimedstripeobject_changelist",
            permission="catalog.view_unclaimedstripeobject",
            count=UnclaimedStripeObject.objects.filter(
                status=UnclaimedStripeObject.Status.OPEN
            ).count,
            query="?status__exact=open",
            is_trouble=True,
        )
    )
    site.add_waiting(dead_work(CatalogSync, "Changes of the catalog that Stripe was not told"))


@admin.register(SyncConflict)
class SyncConflictAdmin(ReadOnlyAdmin):
    """A field that was changed on both sides: ours beside Stripe's, and one of them to take."""

    list_display = ("about", "field", "was", "here", "at_stripe", "status", "opened_at", "decided")
    list_filter = ("status", "field")
    list_select_related = ("variant__product",)
    search_fields = ("variant__sku", "variant__product__title")
    search_help_text = "SKU or title"
    show_full_result_count = False
    actions = ("take_ours", "take_theirs")
    fields = ("about", "field", "was", "here", "at_stripe", "status", "opened_at", "decided")
    readonly_fields = ("about", "was", "here", "at_stripe", "decided")

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        # The list of products leads to the conflicts of one product.
        return lookup == "variant__product__id__exact" or super().lookup_allowed(
            lookup, value, request
        )

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.change_syncconflict")

    def get_urls(self) -> list[Any]:
        decide = self.admin_site.admin_view(require_POST(self.decide))
        address = path("<int:pk>/decide/", decide, name="catalog_syncconflict_decide")
        return [address, *super().get_urls()]

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One of the two buttons on the page of a conflict."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        conflict = get_object_or_404(SyncConflict.objects.select_related("variant__product"), pk=pk)
        match request.POST.get("take"):
            case "ours":
                self._take_ours(request, [conflict])
            case "theirs":
                self._take_theirs(request, [conflict])
            case _:
                messages.error(request, "Choose whose value to keep. Nothing was done.")
        return redirect("admin:catalog_syncconflict_change", pk)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **more: Any
    ) -> Any:
        conflict: SyncConflict | None = context["original"]
        is_open = conflict is not None and conflict.status == SyncConflict.Status.OPEN
        context["may_decide"] = is_open and self.has_decide_permission(request)
        if conflict is not None:
            context |= {
                "title": f"Conflict over the {conflict}".replace(":", " "),
                "subtitle": "",
                "ours": self.here(conflict),
                "theirs": self.at_stripe(conflict),
            }
        return super().render_change_form(request, context, *args, **more)

    @admin.action(description="Keep ours: tell Stripe", permissions=["decide"])
    def take_ours(self, request: HttpRequest, queryset: QuerySet[SyncConflict]) -> None:
        self._take_ours(request, queryset.select_related("variant__product"))

    @admin.action(description="Take Stripe's: change the catalog", permissions=["decide"])
    def take_theirs(self, request: HttpRequest, queryset: QuerySet[SyncConflict]) -> None:
        self._take_theirs(request, queryset.select_related("variant__product"))

    def _take_ours(self, request: HttpRequest, conflicts: Iterable[SyncConflict]) -> None:
        kept = [decisions.take_ours(one, request.user) for one in conflicts]  # type: ignore[arg-type]
        if any(kept):
            messages.success(request, "Stripe will be told what the shop says.")
        self._say_who_was_faster(request, kept)

    def _take_theirs(self, request: HttpRequest, conflicts: Iterable[SyncConflict]) -> None:
        taken = []
        for conflict in conflicts:
            try:
                taken.append(decisions.take_theirs(conflict, request.user))  # type: ignore[arg-type]
            except decisions.CannotBeTaken as error:
                messages.error(request, f"{conflict}: {error}")
        if any(taken):
            said = f"{sum(taken)} taken over; the catalog says what Stripe says."
            messages.success(request, said)
        self._say_who_was_faster(request, taken)

    def _say_who_was_faster(self, request: HttpRequest, done: list[bool]) -> None:
        if late := done.count(False):
            had = "It had" if late == 1 else f"{late} had"
            messages.warning(request, f"{had} been decided before; that stays.")

    @admin.display(description="what")
    def about(self, conflict: SyncConflict) -> str:
        return f"{conflict.variant.sku} ({conflict.variant})"

    @admin.display(description="last agreed on")
    def was(self, conflict: SyncConflict) -> str:
        return value_in_words(conflict.base)

    @admin.display(description="ours")
    def here(self, conflict: SyncConflict) -> str:
        return value_in_words(conflict.ours)

    @admin.display(description="Stripe's")
    def at_stripe(self, conflict: SyncConflict) -> str:
        return value_in_words(conflict.theirs)

    @admin.display(description="decided by")
    def decided(self, conflict: SyncConflict) -> str:
        return conflict.closed_by_name


class AdoptionForm(forms.ModelForm[UnclaimedStripeObject]):
    sku = forms.CharField(
        label="Adopt as",
        required=False,
        max_length=64,
        help_text="The SKU of the variant that this product at Stripe is. It is marked as ours;"
        " where it differs, a conflict shows both sides.",
    )

    class Meta:
        model = UnclaimedStripeObject
        fields: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        variant = self.instance.variant
        if sku := cleaned.get("sku", "").strip():
            variant = Variant.objects.filter(sku=sku).select_related("product").first()
            if variant is None:
                raise forms.ValidationError({"sku": f"No variant has the SKU {sku}."})
        if variant is None:
            raise forms.ValidationError({"sku": "Say which variant it is."})
        try:
            decisions.refuse_adoption(self.instance, variant)
        except decisions.CannotBeAdopted as error:
            raise forms.ValidationError({"sku": str(error)}) from error
        self.adopted = variant
        return cleaned


@admin.register(UnclaimedStripeObject)
class UnclaimedStripeObjectAdmin(SearchAdmin):
    """Objects at Stripe without our mark: adopt them or leave them alone."""

    list_display = ("name", "kind", "amount", "stripe_id", "status", "seen_at")
    list_filter = ("status",)
    list_select_related = ("variant__product",)
    search_fields = ("name", "stripe_id")
    show_full_result_count = False
    form = AdoptionForm
    fields = ("name", "kind", "amount", "stripe_id", "status", "sku")
    readonly_fields = ("name", "kind", "amount", "stripe_id", "status")
    actions = ("decline",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_open = obj is None or obj.status != UnclaimedStripeObject.Status.ADOPTED
        return is_open and super().has_change_permission(request, obj)

    def save_model(
        self, request: HttpRequest, obj: UnclaimedStripeObject, form: Any, change: bool
    ) -> None:
        """Django's transaction is open: only rows are written, and a worker asks Stripe."""
        try:
            decisions.adopt(obj, form.adopted)
        except decisions.CannotBeAdopted as error:
            # Somebody was faster since the form was looked at.
            messages.error(request, str(error))
        else:
            said = f"Adopted as {form.adopted.sku}. Where it differs, a conflict opens in a moment."
            messages.success(request, said)

    def response_change(self, request: HttpRequest, obj: UnclaimedStripeObject) -> HttpResponse:
        # Without Django's own sentence, which would call a refusal a success.
        return self.response_post_save_change(request, obj)

    @admin.action(description="Leave the selected ones alone", permissions=["change"])
    def decline(self, request: HttpRequest, queryset: QuerySet[UnclaimedStripeObject]) -> None:
        for offer in queryset:
            decisions.decline(offer)
        messages.success(request, "They stay at Stripe as they are and are not offered again.")

    @admin.display
    def kind(self, offer: UnclaimedStripeObject) -> str:
        return "price" if offer.variant_id else "product"

    @admin.display
    def amount(self, offer: UnclaimedStripeObject) -> str:
        if not offer.variant_id:
            return ""
        return value_in_words(
            {"unit_amount": offer.unit_amount, "currency": offer.currency, **offer.terms}
        )


add_waiting(cast(ShopAdminSite, admin.site))
