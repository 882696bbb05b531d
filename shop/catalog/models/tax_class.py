"""Which taxes are due on a thing: a short word that rates are kept by, country by country."""

from django.core.validators import RegexValidator

STANDARD = "standard"
MOST_LETTERS = 20

is_tax_class = RegexValidator(
    r"\A[a-z][a-z0-9_-]*\Z", "Write one short word in small letters, as standard or books."
)
