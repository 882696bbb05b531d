"""In which units the content of a thing is measured where the law wants its price by them."""

from django.db import models


class Unit(models.TextChoices):
    """By the words that Google's feed has for them."""

    GRAM = "g", "g"
    KILOGRAM = "kg", "kg"
    MILLILITER = "ml", "ml"
    LITER = "l", "l"
    CENTIMETER = "cm", "cm"
    METER = "m", "m"
    SQUARE_METER = "sqm", "m²"
    PIECE = "ct", "pieces"


# A thousand of the one are one of the other, and so on; prices are said by the larger.
LARGER = {
    Unit.GRAM: (1000, Unit.KILOGRAM),
    Unit.MILLILITER: (1000, Unit.LITER),
    Unit.CENTIMETER: (100, Unit.METER),
}
