"""What the demo's payment page asks besides: one thing, as a merchant might."""

from shop.orders.models import Question


def set_gift_message() -> None:
    """In a shop that asks nothing yet."""
    if Question.objects.exists():
        return
    Question.objects.create(
        key="giftmessage",
        label="Gift message",
        translations={"de": {"label": "Grußbotschaft"}},
        max_length=200,
    )
