"""What staff may type on the money pages."""

from typing import Any

from django import forms

from shop.money import Money, NotAnAmount

REASONS_FOR_LESS = [
    "A thing is out of stock",
    "A thing is damaged",
    "The customer changed the order",
    "Agreed with the customer",
]


class ReasonForm(forms.Form):
    """Why; always asked, since it stays in the record."""

    reason = forms.CharField(max_length=200, label="Reason")


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
