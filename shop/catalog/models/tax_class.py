"""Which taxes are due on a thing: a short word that rates are kept by, or a code of Stripe's."""

from django.core.validators import RegexValidator

STANDARD = "standard"
MOST_LETTERS = 20

# Stripe's own, as docs.stripe.com/tax/tax-codes lists them.
TAX_CODE = r"\Atxcd_[0-9]{8}\Z"
is_tax_code = RegexValidator(TAX_CODE, "Write a tax code of Stripe's: txcd_ and eight digits.")
is_tax_class = RegexValidator(
    r"\A[a-z][a-z0-9_-]*\Z", "Write one short word in small letters, as standard or books."
)
