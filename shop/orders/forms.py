"""What the cart's forms may say. Numbers are ASCII digits and nothing else."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from shop.catalog.models import Price, Product, Rhythm
from shop.catalog.storefront.offers import ONCE, asked_values
from shop.orders.cart import Wish
from shop.orders.cart_lines import MOST_OF_ONE, price_of
from shop.orders.chosen_amount import NotNamed, named
from shop.orders.models import Cart, CartLine
from shop.templatetags.money import typed

# Fits a database's 64-bit key.
PLAIN_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)


class NumberField(forms.Field):
    """A plain whole number from 1; no sign, exponent, space or foreign digit."""

    def __init__(self, *, most: int, sentence: str) -> None:
        super().__init__()
        self.most = most
        self.sentence = sentence

    def clean(self, value: Any) -> int:
        if not PLAIN_NUMBER.fullmatch(value or "") or not 1 <= int(value) <= self.most:
            raise forms.ValidationError(_(self.sentence) % {"most": self.most})
        return int(value)


def quantity_field() -> NumberField:
    """How many of one thing, from 1 on."""
    return NumberField(
        most=MOST_OF_ONE,
        sentence=gettext_noop("How many? Write a whole number from 1 to %(most)s."),
    )


def number_field(sentence: str) -> NumberField:
    """The id of a row, as far as the database can count."""
    return NumberField(most=2**63 - 1, sentence=sentence)


class AddForm(forms.Form):
    """`price` is the key of one of our prices; `amount` counts where that lets customers choose.

    A product with several options is named by `product` and a value for each option instead.
    """

    product = forms.SlugField(
        required=False,
        max_length=255,
        error_messages={"invalid": gettext_lazy("We do not know this product.")},
    )
    price = forms.CharField(
        required=False,
        max_length=16,
        error_messages={"max_length": gettext_lazy("We do not know this price.")},
    )
    quantity = quantity_field()
    amount = forms.Field(required=False)
    # How often, as Rhythm.code has it; ONCE for once. Empty: as the price says.
    every = forms.CharField(required=False)

    def __init__(self, data: QueryDict, *, currency: str) -> None:
        super().__init__(data)
        self._values = asked_values(data)
        self._currency = currency

    def clean_price(self) -> Price:
        prices = Price.objects.select_related("variant__product")
        if key := self.cleaned_data["price"]:
            price = prices.filter(key=key).first()
            if price is None:
                raise forms.ValidationError(_("We do not know this price."))
            return price
        if not self.cleaned_data.get("product") or not self._values:
            raise forms.ValidationError(_("Choose what you would like first."))
        price = (
            prices.asked()
            .filter(
                variant__product__slug=self.cleaned_data["product"],
                variant__option_values=self._values,
                currency=self._currency,
            )
            .by_rhythm()
            .first()
        )
        if price is None and self._is_partly_chosen():
            raise forms.ValidationError(_("Choose what you would like first."))
        if price is None:
            raise forms.ValidationError(_("It is not made in this combination."))
        return price

    def _is_partly_chosen(self) -> bool:
        """Whether an option of the product has no value yet."""
        product = Product.objects.filter(slug=self.cleaned_data["product"]).first()
        return product is not None and sum(map(bool, self._values)) < len(product.option_names)

    def clean(self) -> dict[str, Any]:
        price, every = self.cleaned_data.get("price"), self.cleaned_data.get("every")
        if price is not None and every:
            self.cleaned_data["price"] = price = self._in_rhythm(price, every)
        return _with_named(self, price)

    def _in_rhythm(self, price: Price, every: str) -> Price:
        """What the same thing costs once, or each time."""
        wanted = Rhythm.read(every)
        is_known = wanted is not None or every == ONCE
        if is_known and wanted == price.rhythm:
            return price
        prices = Price.objects.asked().filter(variant=price.variant_id, currency=price.currency)
        found = next((one for one in prices if is_known and one.rhythm == wanted), None)
        if found is None:
            raise forms.ValidationError({"every": _("It is not sold like that. Choose how often.")})
        found.variant = price.variant
        return found


class LineForm(forms.Form):
    """Names one line of the cart."""

    variant = number_field(gettext_noop("We do not know which line you mean."))


class ChangeForm(LineForm):
    """How many, and what each costs where customers choose."""

    quantity = quantity_field()
    amount = forms.Field(required=False)

    def __init__(self, data: Mapping[str, str], *, cart: Cart | None) -> None:
        super().__init__(data)
        self._cart = cart

    @property
    def wish(self) -> Wish:
        asked = self.cleaned_data
        return Wish(asked["variant"], asked["quantity"], asked["named"])

    @property
    def sentence(self) -> str:
        """What is odd about it."""
        return str(next(iter(self.errors.values()))[0])

    def clean(self) -> dict[str, Any]:
        variant = self.cleaned_data.get("variant")
        price = price_of(self._cart, variant) if self._cart and variant else None
        return _with_named(self, price)


def on_screen(posted: QueryDict, cart: Cart) -> list[ChangeForm]:
    """The lines whose numbers were typed over, by the names that the cart's page gives them.

    `shown-…` says what stood there before: what somebody else has changed since is left alone.
    """
    before = {str(line.variant_id): _numbers(line) for line in cart.lines.all()}
    forms = []
    for name in posted:
        kind, _dash, key = name.partition("-")
        if kind == "quantity" and PLAIN_NUMBER.fullmatch(key):
            typed_in = {"variant": key, "quantity": str(posted[name])}
            if f"amount-{key}" in posted:
                typed_in["amount"] = str(posted[f"amount-{key}"])
            shown = posted.get(f"shown-{key}", before.get(key, ""))
            if shown.split("|")[0] != typed_in["quantity"] or (
                "amount" in typed_in and shown.partition("|")[2] != typed_in["amount"]
            ):
                forms.append(ChangeForm(typed_in, cart=cart))
    return forms


def _numbers(line: CartLine) -> str:
    """As `shown-…` on the page: how many, and what each costs as somebody would type it."""
    return f"{line.quantity}|{typed(line.seen)}"


def _with_named(form: forms.Form, price: Price | None) -> dict[str, Any]:
    """What the form says, with the amount that was named for what is sold at `price`."""
    try:
        amount = named(form.cleaned_data["amount"], price) if price else None
        return {**form.cleaned_data, "named": amount}
    except NotNamed as error:
        form.add_error("amount", str(error))
        return form.cleaned_data


class DeliveryForm(forms.Form):
    """The way of delivery of a subscription."""

    method = number_field(gettext_noop("We do not know this way of delivery."))


class AcceptForm(forms.Form):
    """The digest of what stood on the page."""

    shown = forms.RegexField(
        r"\A[0-9a-f]{32}\Z", error_messages={"required": gettext_lazy("The amount is missing.")}
    )


class ReminderForm(forms.Form):
    """The box beside the button that pays: to be reminded, once, of an order left unpaid."""

    remind = forms.BooleanField(required=False)
    remind_email = forms.EmailField(required=False)

    def __init__(self, data: QueryDict, *, known: str) -> None:
        """`known` is the address of who is logged in; nobody is asked for it then."""
        super().__init__(data)
        self._known = known

    @property
    def is_ticked(self) -> bool:
        return bool(self.data.get("remind"))

    @property
    def sentence(self) -> str:
        return _("To be reminded, please write your e-mail address like name@example.com.")

    def clean_remind_email(self) -> str:
        typed_in: str = self.cleaned_data["remind_email"]
        if not (self._known or typed_in):
            raise forms.ValidationError(self.sentence)
        return self._known or typed_in


class CurrencyForm(forms.Form):
    """One of the currencies offered, and the page to go back to."""

    currency = forms.ChoiceField(
        error_messages={"invalid_choice": gettext_lazy("We do not sell in that.")}
    )
    back = forms.CharField(required=False, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["currency"]
        offered.choices = [(code, code.upper()) for code in settings.CURRENCIES_OFFERED]


class CountryForm(forms.Form):
    """One of the countries that something is sent to."""

    country = forms.ChoiceField(
        error_messages={
            "required": gettext_lazy("Choose the country to deliver to."),
            "invalid_choice": gettext_lazy(
                "We do not deliver there. Choose one of the countries in the list."
            ),
        }
    )

    def __init__(self, *args: Any, served: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: Any = self.fields["country"]
        known.choices = [(code, code) for code in served]
