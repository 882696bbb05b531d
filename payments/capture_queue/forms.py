"""What staff may type on the money pages."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms

from shop.money import Money, NotAnAmount
from shop.orders.models import Order, OrderLine
from shop.orders.reduction import NotPossible

REASONS_FOR_LESS = [
    "A thing is out of stock",
    "A thing is damaged",
    "The customer changed the order",
    "Agreed with the customer",
]


class ReasonForm(forms.Form):
    """Why; always asked, since it stays in the record."""

    reason = forms.CharField(
        max_length=200,
        label="Reason",
        error_messages={"required": "Say why; the reason stays in the record."},
    )


class UnitsField(forms.IntegerField):
    """How many units of one line are left out."""

    def __init__(self, line: OrderLine) -> None:
        super().__init__(label=line.title, min_value=0, max_value=line.left, required=False)
        thing = f"{line.title} {line.choice}".strip()
        self.wrong = f"{thing}: leave out between 0 and {line.left} units."

    def clean(self, value: Any) -> int | None:
        # One sentence for all: the field's own say neither what is meant nor both ends.
        try:
            units: int | None = super().clean(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(self.wrong) from error
        return units


class UnitsForm(forms.Form):
    """How many units of each line are left out of the order, why, and whether they can be sold."""

    # What becomes of them, {name: words}.
    FATE = {"back": "They go back on sale", "gone": "They are damaged or lost"}
    NO_FATE = "Say what becomes of what is left out."
    NO_REASON = "Say why something is left out."

    fate = forms.ChoiceField(
        choices=list(FATE.items()),
        initial="back",
        error_messages={"required": NO_FATE, "invalid_choice": NO_FATE},
    )
    reason = forms.CharField(max_length=200, label="Reason", error_messages={"required": NO_REASON})

    def __init__(
        self,
        *args: Any,
        order: Order | None,
        amount_of: Callable[[Mapping[int, int]], Money],
        **kwargs: Any,
    ) -> None:
        """`amount_of` says what leaving units out comes to, and raises NotPossible."""
        super().__init__(*args, **kwargs)
        self.amount_of = amount_of
        self.lines = list(order.lines.all()) if order else []
        for line in self.lines:
            self.fields[f"off-{line.position}"] = UnitsField(line)
        # As they stand on the page, so that what is wrong is told from the top.
        self.order_fields([f"off-{line.position}" for line in self.lines])

    def clean(self) -> dict[str, Any]:
        """Adds `units`, {line position: units}, and `amount`, what leaving them out comes to."""
        cleaned = super().clean() or self.cleaned_data
        chosen = {line.position: cleaned.get(f"off-{line.position}") for line in self.lines}
        units = {position: number for position, number in chosen.items() if number}
        if self.errors:
            return cleaned
        try:
            amount = self.amount_of(units)
        except NotPossible as error:
            raise forms.ValidationError(str(error)) from error
        return {**cleaned, "units": units, "amount": amount}

    @property
    def rows(self) -> list[tuple[OrderLine, forms.BoundField]]:
        """Each line with its field."""
        return [(line, self[f"off-{line.position}"]) for line in self.lines]


class AmountForm(forms.Form):
    """An amount in major units, at most `at_most`; a reason where less than `full` is meant."""

    amount = forms.CharField(
        max_length=20, label="Amount", widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    reason = forms.CharField(max_length=200, label="Reason", required=False)

    def __init__(self, *args: Any, at_most: Money, full: Money | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at_most = at_most
        self.full = full
        self.fields["reason"].required = full is None
        self.fields["amount"].help_text = f"At most {at_most}."

    def clean_amount(self) -> Money:
        try:
            amount = Money.parse(self.cleaned_data["amount"], self.at_most.currency)
        except NotAnAmount as error:
            raise forms.ValidationError(str(error)) from error
        if not amount:
            raise forms.ValidationError("The amount must be more than nothing.")
        if self.at_most < amount:
            raise forms.ValidationError(f"At most {self.at_most}.")
        return amount

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        amount = cleaned.get("amount")
        if self.full and amount and amount < self.full and not cleaned.get("reason"):
            self.add_error("reason", "Say why less than the full amount is captured.")
        return cleaned
