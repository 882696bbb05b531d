"""Prices in the admin: their history, and the form for those that are more than an amount."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from shop.catalog import publishing
from shop.catalog.models import Price, Variant
from shop.catalog.models.prices import LONGEST_TRIAL
from shop.catalog.stripe_plan import queue
from shop.money import MINIMUM_CHARGE, Money, NotAnAmount
from shop.staff.search_list import SearchAdmin

# Stripe bills at least every three years (docs.stripe.com/api/prices, recurring.interval_count).
LONGEST = {"day": 3 * 365, "week": 156, "month": 36, "year": 3}
CHARGED_AT_ONCE = (
    "Sold as a subscription: Stripe charges each period at once. The capture policy and the limit"
    " from which staff decide do not apply to it. A cart holds subscriptions of one rhythm and one"
    " trial, and nothing else."
)
AMOUNTS = ("amount", "regular", "minimum", "maximum")


def amount_field(help_text: str, *, required: bool = False) -> forms.CharField:
    """A field for an amount as people type it; the page that shows it reads it in its currency."""
    attributes = {"inputmode": "decimal", "autocomplete": "off", "size": 10}
    widget = forms.TextInput(attrs=attributes)
    return forms.CharField(max_length=20, required=required, widget=widget, help_text=help_text)


class PriceForm(forms.ModelForm[Price]):
    """A new price of a variant: plain, reduced, chosen by the customer, or paid again and again."""

    sku = forms.ModelChoiceField(
        Variant.objects.select_related("product"),
        to_field_name="sku",
        widget=forms.TextInput,
        label="SKU",
        error_messages={"invalid_choice": "No variant has this SKU."},
    )
    currency = forms.ChoiceField()
    amount = amount_field("Like 12.50; where customers choose, what is proposed.", required=True)
    regular = amount_field("Of a reduced price: what it costs otherwise.")
    is_chosen = forms.BooleanField(label="Customers choose the amount", required=False)
    minimum = amount_field("The least that customers may choose.")
    maximum = amount_field("The most that customers may choose.")
    interval = forms.ChoiceField(
        choices=[("", "paid once"), *Price.Interval.choices],
        required=False,
        label="Paid every",
        help_text="What a subscription costs each time.",
    )
    interval_count = forms.IntegerField(
        min_value=1,
        initial=1,
        label="How many of these",
        help_text="2 with “week”: a fortnight.",
        widget=forms.NumberInput(attrs={"class": "vIntegerField"}),
    )

    trial_days = forms.IntegerField(
        min_value=1,
        max_value=LONGEST_TRIAL,
        required=False,
        label="Days free at first",
        help_text="Then the first period is paid; empty: it is paid at once.",
        widget=forms.NumberInput(attrs={"class": "vIntegerField"}),
    )

    class Meta:
        model = Price
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if "currency" in self.fields:
            codes = [(code, code.upper()) for code in settings.CURRENCIES_OFFERED]
            self.fields["currency"] = forms.ChoiceField(choices=codes)
            self.initial.setdefault("currency", settings.DEFAULT_CURRENCY)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if currency := cleaned.get("currency"):
            for name in AMOUNTS:
                cleaned[name] = self._money(name, currency)
        if not self.errors:
            self._check_interval(cleaned)
            self._check_reduction(cleaned)
            self._check_choice(cleaned)
        return cleaned

    def _money(self, name: str, currency: str) -> Money | None:
        text = self.cleaned_data.get(name, "").strip()
        try:
            return Money.parse(text, currency) if text else None
        except NotAnAmount as error:
            self.add_error(name, str(error))
            return None

    def _check_interval(self, cleaned: dict[str, Any]) -> None:
        interval, count = cleaned["interval"], cleaned["interval_count"]
        if cleaned["trial_days"] and not interval:
            self.add_error("trial_days", "Only what is paid again and again can be free at first.")
        if not interval and count != 1:
            self.add_error("interval_count", "What is paid once has no interval; leave it at 1.")
        elif interval and count > LONGEST[interval]:
            self.add_error(
                "interval_count", f"Stripe allows three years at most: {LONGEST[interval]}."
            )

    def _check_reduction(self, cleaned: dict[str, Any]) -> None:
        regular = cleaned["regular"]
        if regular is None:
            return
        if cleaned["is_chosen"] or cleaned["interval"]:
            self.add_error("regular", "Only a fixed price that is paid once can be reduced.")
        elif regular <= cleaned["amount"]:
            self.add_error(
                "regular", f"{cleaned['amount']} is not below the regular price of {regular}."
            )

    def _check_choice(self, cleaned: dict[str, Any]) -> None:
        least, most = cleaned["minimum"], cleaned["maximum"]
        if not cleaned["is_chosen"]:
            for name in ("minimum", "maximum"):
                if cleaned[name] is not None:
                    self.add_error(name, "This belongs to amounts that customers choose.")
            return
        if cleaned["interval"]:
            self.add_error("interval", "A chosen amount is paid once; Stripe knows no other.")
        for name in ("minimum", "maximum"):
            if cleaned[name] is None:
                self.add_error(name, "Customers who choose need it.")
        if least is None or most is None:
            return
        floor = Money(MINIMUM_CHARGE.get(least.currency, 1), least.currency)
        if least < floor:
            self.add_error("minimum", f"Stripe charges at least {floor}.")
        if not least <= cleaned["amount"] <= most:
            self.add_error("amount", f"It is not between {least} and {most}.")

    @transaction.atomic
    def set(self) -> Price:
        """Put the price in the place of the variant's current one of its kind."""
        typed = self.cleaned_data
        variant: Variant = typed["sku"]
        if typed["is_chosen"] or typed["interval"]:
            Variant.objects.select_for_update(of=("self",), no_key=True).get(pk=variant.pk)
            price = publishing.replace(variant, self._price())
        else:
            price = publishing.set_price(variant, typed["amount"], regular=typed["regular"])
        queue.queue(variant)
        return price

    def _price(self) -> Price:
        typed = self.cleaned_data
        return Price(
            unit_amount=typed["amount"].amount,
            currency=typed["currency"],
            is_chosen=typed["is_chosen"],
            minimum_amount=typed["minimum"].amount if typed["minimum"] else None,
            maximum_amount=typed["maximum"].amount if typed["maximum"] else None,
            interval=typed["interval"],
            interval_count=typed["interval_count"],
            trial_days=typed["trial_days"],
        )


class PriceAdmin(SearchAdmin):
    """Every price that was ever asked; a new one takes the place of the old."""

    form = PriceForm
    list_display = ("created_at", "sku", "price", "paid", "regular", "is_active", "ended_at")
    list_filter = ("is_active", "currency", "interval", "is_chosen")
    list_select_related = ("variant__product",)
    ordering = ("-created_at", "-id")
    search_fields = ("variant__sku", "variant__product__title")
    search_help_text = "SKU or title"
    show_full_result_count = False
    actions = ("end",)
    fieldsets = (
        (None, {"fields": ("sku", ("amount", "currency"), "regular")}),
        ("Chosen by the customer", {"fields": ("is_chosen", ("minimum", "maximum"))}),
        (
            "Paid again and again",
            {
                "fields": (("interval", "interval_count"), "trial_days"),
                "description": CHARGED_AT_ONCE,
            },
        ),
    )
    # What its own page shows: a price is not edited.
    shown = (
        "created_at",
        "ended_at",
        "is_active",
        "sku",
        "variant",
        "price",
        "paid",
        "regular",
        "lowest_recent",
        "stripe_price_id",
    )

    def get_fieldsets(self, request: HttpRequest, obj: Price | None = None) -> Any:
        return [(None, {"fields": self.shown})] if obj else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Price | None = None) -> Any:
        return self.shown if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Price | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Price | None = None) -> bool:
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.change_price")

    @admin.action(description="End the selected prices", permissions=["end"])
    @transaction.atomic
    def end(self, request: HttpRequest, prices: QuerySet[Price]) -> None:
        """For what is no longer offered, as a subscription; a new price ends the old by itself."""
        ended = list(prices.filter(is_active=True).select_related("variant"))
        for price in ended:
            publishing.end_price(price)
            self.log_change(request, price, "Ended.")
        queue.queue_many({price.variant_id for price in ended})
        messages.success(request, f"{len(ended)} ended; nothing is sold at them any more.")

    def save_model(self, request: HttpRequest, obj: Price, form: Any, change: bool) -> None:
        price = form.set()
        # Django goes on with the row it knows: into the log, and into its message.
        obj.pk = price.pk
        obj.refresh_from_db()

    @admin.display(description="SKU", ordering="variant__sku")
    def sku(self, price: Price) -> str:
        return price.variant.sku

    @admin.display(ordering="unit_amount")
    def price(self, price: Price) -> str:
        return price_in_words(price)

    @admin.display(description="paid", ordering="interval")
    def paid(self, price: Price) -> str:
        if not price.interval:
            return "once"
        count = price.interval_count
        every = f"every {price.interval}" if count == 1 else f"every {count} {price.interval}s"
        return f"{every}, {price.trial_days} days free at first" if price.trial_days else every

    @admin.display(description="reduced from")
    def regular(self, price: Price) -> str:
        return str(price.regular or "")

    @admin.display(description="lowest of the 30 days before")
    def lowest_recent(self, price: Price) -> str:
        return str(price.lowest_recent or "")


def price_in_words(price: Price) -> str:
    """As "18.00 EUR", or with the bounds where customers choose."""
    if not price.is_chosen or price.minimum_amount is None or price.maximum_amount is None:
        return str(price)
    least = Money(price.minimum_amount, price.currency)
    most = Money(price.maximum_amount, price.currency)
    return f"{price}, chosen from {least.decimal:f} to {most}"
