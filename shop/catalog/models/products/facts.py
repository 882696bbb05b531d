"""Facts of products, such as material, measures and care."""

from django.db import models
from django.db.models import Q

from shop.catalog.models.products.product import Product
from shop.translation.translated import Translated

# What may stand around the values of a fact that lists are narrowed by, as in "Linen, Cotton": the
# database takes them apart as well, and both must find the same words.
BLANKS = " \t\r\n\N{NO-BREAK SPACE}"


class Fact(models.Model):
    """Something that can be said of products, as "Material".

    What it is called in further languages stands among the words of options, as option names do.
    """

    name = models.CharField(max_length=100, unique=True, help_text="As “Material”; no colon.")
    is_filter = models.BooleanField(
        "narrows lists",
        default=False,
        help_text="Customers choose among its values, which are words parted by commas, as “Linen,"
        " Cotton”. Else it is a text.",
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            # Files say facts as "fact:Care:de".
            models.CheckConstraint(
                name="fact_has_a_name_without_colon",
                condition=~Q(name__contains=":") & ~Q(name=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductFact(Translated):
    """What a product says of a fact; the words of one that narrows lists are translated as those
    of options are, each once for all products."""

    TRANSLATED = ("text",)

    product = models.ForeignKey(Product, models.CASCADE, related_name="facts", db_index=False)
    fact = models.ForeignKey(Fact, models.PROTECT, related_name="said")
    text = models.TextField()

    class Meta:
        ordering = ["fact__position", "fact__name"]
        constraints = [
            *Translated.Meta.constraints,
            models.UniqueConstraint(fields=["product", "fact"], name="one_text_per_fact"),
            models.CheckConstraint(name="fact_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.fact}: {self.text}"

    @property
    def words(self) -> list[str]:
        """The values of a fact that narrows lists; of any other nothing."""
        return values_of(self.text) if self.fact.is_filter else []

    @property
    def translated_name(self) -> str:
        return self.product.translated_word("options", self.fact.name)

    @property
    def translated_text(self) -> str:
        """As customers read it in the present language."""
        if not self.fact.is_filter:
            return self.translated("text")
        return ", ".join(self.product.translated_word("options", word) for word in self.words)


def values_of(text: str) -> list[str]:
    """The words of "Linen, Cotton", each once."""
    words = (word.strip(BLANKS) for word in text.split(","))
    return list(dict.fromkeys(word for word in words if word))
