"""The amount that a customer names where a price leaves it open."""

from django.utils.translation import gettext as _

from shop.catalog.models import Price
from shop.money import Money, NotAnAmount
from shop.templatetags.money import typed, written


class NotNamed(ValueError):
    """The text is no amount that can be paid for it; the message is for the customer."""

    def __init__(self, price: Price) -> None:
        super().__init__(
            _("Name an amount from %(least)s to %(most)s, written like %(example)s.")
            % {
                "least": written(price.least),
                "most": written(price.most),
                "example": typed(price.money),
            }
        )


def named(text: str | None, price: Price) -> Money | None:
    """What was typed for it; None where nothing was asked for: the price is fixed, or no text came.

    Raises NotNamed.
    """
    if text is None or not price.is_chosen:
        return None
    try:
        money = Money.typed(text, price.currency)
    except NotAnAmount as error:
        raise NotNamed(price) from error
    if price.asked(money) != money:
        raise NotNamed(price)
    return money
