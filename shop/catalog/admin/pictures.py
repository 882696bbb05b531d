"""Pictures in the admin: uploaded, or named by a web address and fetched by a worker."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core import signing
from django.db.models import Prefetch, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shop.catalog.models import Image, PictureFetch, Product
from shop.catalog.pictures import download, files
from shop.catalog.pictures.renditions import Picture
from shop.translation.admin import TranslatedForm, translated_fields
from shop.translation.translated import further_languages

# What is signed under this name is a picture that was written here.
KEPT = "picture that was chosen"
# As long as somebody may leave a page open; a file that no row names is not kept for ever.
KEPT_FOR = timedelta(days=1)


class PictureForm(TranslatedForm):
    """A picture by upload: decoded and written anew, so that nothing of the file itself is kept.

    Or by address: nothing is fetched while somebody waits; see `PictureFormSet`.
    """

    is_in_a_table = True

    upload = forms.FileField(
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text="JPEG, PNG, WebP, AVIF or GIF, at most 5 MB.",
    )
    # A file field forgets its file when the page comes back for another mistake.
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    address = forms.CharField(
        label="or web address",
        required=False,
        max_length=1000,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text="Fetched within minutes.",
    )

    class Meta:
        model = Image
        fields = ("alt", "position")

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        try:
            if address:
                download.checked(address)
        except download.NotPublic as error:
            raise forms.ValidationError(str(error)) from error
        return address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload, address = cleaned.get("upload"), cleaned.get("address")
        if upload and address:
            raise forms.ValidationError({"address": "Either a file or an address, not both."})
        if upload:
            self._take(upload)
        elif address:
            self.instance.source = address
        elif cleaned.get("kept"):
            self._show(_unsigned(cleaned["kept"]))
        elif self.instance.pk is None and "address" not in self.errors:
            raise forms.ValidationError({"upload": "Choose a picture, or give its address."})
        return cleaned

    def _take(self, upload: Any) -> None:
        if upload.size > files.LARGEST_FILE:
            raise forms.ValidationError({"upload": "A picture has at most 5 MB."})
        try:
            written = files.write(upload.read())
        except files.NotAPicture as error:
            raise forms.ValidationError({"upload": str(error)}) from error
        self._show(written)
        data: Any = self.data
        self.data = data = data.copy()
        data[self.add_prefix("kept")] = signing.dumps(asdict(written), salt=KEPT)

    def _show(self, written: files.Written) -> None:
        self.instance.source = f"{files.UPLOADED}{written.name}"
        self.instance.name, self.instance.widths = written.name, written.widths
        self.instance.width, self.instance.height = written.width, written.height


def _unsigned(kept: str) -> files.Written:
    """What was uploaded before, as the page brought it back; it wrote it itself."""
    try:
        return files.Written(**signing.loads(kept, salt=KEPT, max_age=KEPT_FOR))
    except signing.SignatureExpired as error:
        sentence = "The picture was chosen more than a day ago. Choose it again."
        raise forms.ValidationError({"upload": sentence}) from error
    except signing.BadSignature as error:
        sentence = "The picture chosen before is not known any more. Choose it again."
        raise forms.ValidationError({"upload": sentence}) from error


class PictureFormSet(BaseInlineFormSet[Image, Product, forms.ModelForm[Image]]):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Delete this picture"

    def clean(self) -> None:
        """A product has each picture once."""
        seen: set[str] = set()
        for form in self.forms:
            if form.instance.source and form.instance.source in seen:
                field = "address" if form.cleaned_data.get("address") else "upload"
                form.add_error(field, "The product has this picture already.")
            seen.add(form.instance.source)
        super().clean()

    def fetch(self) -> None:
        """Queue what was named by its address; the rows ring once the whole form is saved."""
        for form in self.forms:
            if form.instance.pk and form.cleaned_data.get("address"):
                PictureFetch.objects.create(image=form.instance).ring()


class ImageInline(admin.StackedInline[Image, Product]):
    """The pictures in their order; lists of products show the first.

    One below the other: a table of so many fields fits no phone.
    """

    model = Image
    form = PictureForm
    formset = PictureFormSet
    extra = 0
    readonly_fields = ("thumbnail", "origin")

    def get_fields(self, request: HttpRequest, obj: Product | None = None) -> Any:
        may_type = self.has_change_permission(request, obj) or self.has_add_permission(request, obj)
        further = [
            field
            for language in further_languages()
            for field in translated_fields(Image, language, may_type=may_type)
        ]
        first, words = ("thumbnail", "origin"), ("alt", *further)
        if not may_type:
            return [first, words, "position"]
        return [first, ("upload", "address"), words, "position", "kept"]

    def get_formset(self, request: HttpRequest, obj: Product | None = None, **more: Any) -> Any:
        # The fields of further languages come with the form; the model knows none of them.
        return super().get_formset(request, obj, **{**more, "fields": PictureForm.Meta.fields})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        fetches = PictureFetch.objects.order_by("-created_at")
        return super().get_queryset(request).prefetch_related(Prefetch("fetches", fetches))

    @admin.display(description="from")
    def origin(self, image: Image) -> str | SafeString:
        """The name of its file; the whole address where somebody asks for it."""
        if not image.source:
            return "nothing yet"
        if image.source.startswith(files.UPLOADED):
            return "uploaded"
        name = image.source.rstrip("/").rpartition("/")[2]
        return format_html('<span title="{}">{}</span>', image.source, name[:60] or image.source)

    @admin.display(description="picture")
    def thumbnail(self, image: Image) -> str | SafeString:
        picture = Picture.of(image)
        if picture is None:
            return state(image)
        return format_html('<img src="{}" alt="" class="thumbnail">', picture.small)


def state(image: Image) -> str:
    """Why there is no picture to show."""
    last = next(iter(image.fetches.all()), None) if image.pk else None
    if last is None:
        return "no file here"
    if last.is_open:
        return f"to be fetched; last try: {last.last_error}" if last.last_error else "to be fetched"
    return f"not fetched: {last.last_error}" if last.last_error else "no file here"
