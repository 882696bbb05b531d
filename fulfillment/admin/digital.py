"""Digital goods on the staff site: what each thing gives, how many keys are left, who has which."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from fulfillment.digital import handing_out
from fulfillment.models import DigitalDelivery
from shop.catalog import digital_goods
from shop.catalog.models import DigitalFile, DigitalGood, LicenseKey, Variant
from shop.staff.read_only import ReadOnlyAdmin
from shop.staff.site import Waiting

SEE = "catalog.view_digitalgood"
LACKING = Waiting(
    title="Digital orders that wait for keys",
    url_name="admin:fulfillment_digitaldelivery_changelist",
    permission="fulfillment.view_digitaldelivery",
    count=lambda: handing_out.waiting().count(),
    query="?keys_missing__gt=0",
    is_trouble=True,
)
# So many more by one press.
MORE_DOWNLOADS = 5


class DigitalGoodForm(forms.ModelForm[DigitalGood]):
    """What a variant gives, with a file and keys that come in with it."""

    variant = forms.ModelChoiceField(
        Variant.objects.select_related("product"),
        to_field_name="sku",
        label="SKU",
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
        help_text="Of a variant that requires no shipping.",
        error_messages={"invalid_choice": "There is no variant with this SKU."},
    )
    new_file = forms.FileField(
        required=False,
        label="New file",
        help_text="Takes the place of the present one; who has bought that keeps it.",
    )
    no_file = forms.BooleanField(required=False, label="Give no file any more")
    new_keys = forms.CharField(
        required=False,
        label="More keys",
        widget=forms.Textarea(attrs={"rows": 8, "cols": 60, "spellcheck": "false"}),
        help_text="One a line. Those that are known already are not added again.",
    )

    class Meta:
        model = DigitalGood
        fields = ("variant", "gives_keys", "text")

    def clean_variant(self) -> Any:
        variant = self.cleaned_data["variant"]
        if variant.requires_shipping:
            raise forms.ValidationError("This one is sent: switch “requires shipping” off first.")
        return variant

    def clean_new_file(self) -> Any:
        upload = self.cleaned_data["new_file"]
        if upload:
            try:
                digital_goods.check_size(upload.size)
            except digital_goods.NotAFile as error:
                raise forms.ValidationError(str(error)) from error
        return upload

    def clean_new_keys(self) -> list[str]:
        try:
            return digital_goods.keys_in(self.cleaned_data["new_keys"])
        except digital_goods.NotKeys as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        stays = self.instance.file_id and not cleaned.get("no_file")
        has_file = stays or cleaned.get("new_file") or "new_file" in self.errors
        if cleaned.get("new_keys") and not cleaned.get("gives_keys"):
            self.add_error("gives_keys", "You have pasted keys: tick this, or take them out.")
        elif not (has_file or cleaned.get("gives_keys") or cleaned.get("text")):
            raise forms.ValidationError("Give a file, keys or words.")
        return cleaned


@admin.register(DigitalGood)
class DigitalGoodAdmin(admin.ModelAdmin[DigitalGood]):
    """Taking one away ends what later buyers get; who has bought keeps what they have."""

    form = DigitalGoodForm
    list_display = ("sku", "variant", "shown_file", "gives_keys", "keys_left", "waiting")
    list_select_related = ("variant__product", "file")
    search_fields = ("variant__sku", "variant__product__title")
    search_help_text = "SKU or title"
    readonly_fields = ("shown_file", "keys_left", "waiting", "who_has_which")
    fields = (
        "variant",
        "shown_file",
        "new_file",
        "no_file",
        "text",
        "gives_keys",
        "new_keys",
        "keys_left",
        "waiting",
        "who_has_which",
    )
    show_full_result_count = False
    ordering = ("variant__sku",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DigitalGood]:
        lacking = handing_out.waiting().filter(order_line__variant=OuterRef("variant"))
        count = lacking.order_by().values("order_line__variant").annotate(sum=Count("pk"))
        goods: QuerySet[DigitalGood] = super().get_queryset(request)
        free = Count("variant__license_keys", filter=Q(variant__license_keys__taken_for=None))
        return goods.annotate(free=free, lacking=Coalesce(Subquery(count.values("sum")), 0))

    def get_readonly_fields(self, request: HttpRequest, obj: DigitalGood | None = None) -> Any:
        # Whose it is stays: its keys and files are of that variant.
        return ("variant", *self.readonly_fields) if obj else self.readonly_fields

    def changeform_view(self, request: HttpRequest, *args: Any, **more: Any) -> Any:
        """Its transaction ends within: what fails later takes the row of a new file with it."""
        try:
            return super().changeform_view(request, *args, **more)
        except BaseException:
            if file := getattr(request, "written_file", None):
                digital_goods.drop_if_rolled_back(file)
            raise

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        upload, keys = form.cleaned_data["new_file"], form.cleaned_data["new_keys"]
        if form.cleaned_data["no_file"]:
            obj.file = None
        if upload:
            obj.file = digital_goods.keep(obj.variant, upload, by=str(request.user))
            request.written_file = obj.file  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)
        if keys:
            added = digital_goods.add_keys(obj.variant, keys)
            known = len(keys) - added
            sentence = f"{added} keys added" + (f", {known} were known already" if known else "")
            if handing_out.waiting().filter(order_line__variant=obj.variant).exists():
                handing_out.ring_for_waiting(obj.variant_id)
                sentence += ". Who waits for one gets it in a moment, the oldest order first"
            messages.success(request, f"{sentence}.")

    @admin.display(description="SKU", ordering="variant__sku")
    def sku(self, good: DigitalGood) -> str:
        return good.variant.sku

    @admin.display(description="file", empty_value="none")
    def shown_file(self, good: DigitalGood) -> SafeString | None:
        if good.file is None:
            return None
        address = reverse("admin:digital_file", args=[good.file.pk])
        size = filesizeformat(good.file.size)
        return format_html('<a href="{}">{}</a> ({})', address, good.file.name, size)

    @admin.display(description="keys left", empty_value="–")
    def keys_left(self, good: Any) -> int | None:
        return good.free if good.gives_keys and good.pk else None

    @admin.display(description="orders that wait for keys", empty_value="–")
    def waiting(self, good: Any) -> int | None:
        return good.lacking if good.pk and good.lacking else None

    @admin.display(description="who has which")
    def who_has_which(self, good: DigitalGood) -> SafeString | str:
        if good.pk is None:
            return "–"
        keys = reverse("admin:catalog_licensekey_changelist")
        orders = reverse("admin:fulfillment_digitaldelivery_changelist")
        links = [
            (f"{keys}?variant__id__exact={good.variant_id}", "Keys and the orders that have them"),
            (f"{orders}?q={good.variant.sku}", "Orders and their downloads"),
        ]
        return format_html_join(" · ", '<a href="{}">{}</a>', links)


@admin.register(LicenseKey)
class LicenseKeyAdmin(ReadOnlyAdmin):
    """Keys that somebody has are there for good; one that nobody has can be taken out."""

    list_display = ("key", "sku", "order", "taken_at", "added_at")
    list_filter = (("taken_for", admin.EmptyFieldListFilter),)
    list_select_related = ("variant",)
    search_fields = ("key", "variant__sku")
    search_help_text = "Key or SKU"
    ordering = ("-taken_at", "-pk")
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        deliveries = DigitalDelivery.objects.filter(pk=OuterRef("taken_for"))
        keys: QuerySet[Any] = super().get_queryset(request)
        with_orders: QuerySet[Any] = keys.annotate(
            order_id=Subquery(deliveries.values("order")[:1]),
            order_number=Subquery(deliveries.values("order__number")[:1]),
        )
        return with_orders

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_free = obj is not None and obj.taken_for is None
        return is_free and request.user.has_perm("catalog.delete_licensekey")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup == "variant__id__exact" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    @admin.display(description="SKU", ordering="variant__sku")
    def sku(self, key: LicenseKey) -> str:
        return key.variant.sku

    @admin.display(description="order", empty_value="nobody's yet")
    def order(self, key: Any) -> SafeString | None:
        if key.order_id is None:
            return None
        address = reverse("admin:orders_order_change", args=[key.order_id])
        return format_html('<a href="{}">{}</a>', address, key.order_number)


@admin.register(DigitalDelivery)
class DigitalDeliveryAdmin(ReadOnlyAdmin):
    """Who has bought what, and how often it was fetched."""

    list_display = (
        "order",
        "order_line",
        "file",
        "downloads",
        "downloads_allowed",
        "last_download_at",
        "keys_missing",
    )
    list_select_related = ("order", "order_line", "file")
    search_fields = ("order__number", "order__email", "order_line__sku")
    search_help_text = "Order, e-mail or SKU"
    ordering = ("-delivered_at",)
    actions = ("allow_more",)
    show_full_result_count = False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup == "keys_missing__gt" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    @admin.action(description=f"Allow {MORE_DOWNLOADS} more downloads", permissions=["allow"])
    def allow_more(self, request: HttpRequest, deliveries: QuerySet[DigitalDelivery]) -> None:
        for delivery in deliveries.order_by("pk"):
            handing_out.allow_more(delivery, MORE_DOWNLOADS)
            self.log_change(request, delivery, f"{MORE_DOWNLOADS} more downloads allowed.")
        messages.success(request, f"{MORE_DOWNLOADS} more downloads allowed for each.")

    def has_allow_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("fulfillment.change_digitaldelivery")


def file_for_staff(_request: HttpRequest, file_id: Any) -> Any:
    """A file as its buyers get it; nothing is counted."""
    file = get_object_or_404(DigitalFile, pk=file_id)
    try:
        source = digital_goods.opened(file)
    except OSError as error:
        raise Http404("The storage has lost this file.") from error
    return FileResponse(
        source,
        as_attachment=True,
        filename=file.name,
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )
