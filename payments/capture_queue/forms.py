"""What staff may type on the money pages."""

from typing import Any

from django import forms

from payments import stripe_requests
from payments.models import Payment
from shop.money import Money, NotAnAmount
from shop.orders import reduction
from shop.orders.models import OrderLine

REASONS_FOR_LESS = [
    "A thing is out of stock",
    "A thing is damaged",
    "The customer changed the order",
    "Agreed with the customer",
]


class ReasonForm(forms.Form):
    """Why; always asked, since it stays in the record."""

    reason = forms.CharField(max_length=200, label="Reason")


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

    def __init__(self, *args: Any, payment: Payment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payment = payment
        self.lines = list(payment.order.lines.all()) if payment.order else []
        for line in self.lines:
            self.fields[f"off-{line.position}"] = UnitsField(line)
        # As they stand on the page, so that what is wrong is told from the top.
        self.order_fields([f"off-{line.position}" for line in self.lines])

    def clean(self) -> dict[str, Any]:
        """Adds `units`, {line position: units}, and `amount`, what is captured without them."""
        cleaned = super().clean() or self.cleaned_data
        chosen = {line.position: cleaned.get(f"off-{line.position}") for line in self.lines}
        units = {position: number for position, number in chosen.items() if number}
        order = self.payment.order
        if self.errors or order is None:
            return cleaned
        try:
            reduction.worth(order, units)
            amount = stripe_requests.still_due(order, self.payment, without=units)
        except stripe_requests.NotPossible as error:
            raise forms.ValidationError(str(error)) from error
        if not Money(0, amount.currency) < amount <= self.payment.capturable:
            raise forms.ValidationError("What is left costs nothing, or more than is held.")
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
