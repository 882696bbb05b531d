"""What staff have the payment page say, in the customer's language."""

from django.utils import translation

from shop.orders.models import PageText


def texts(language: str) -> dict[str, str]:
    """The texts of now by their place, as PageText.Place names them."""
    with translation.override(language):
        return {text.place: text.translated("text") for text in PageText.objects.all()}
