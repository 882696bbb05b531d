"""A tip for the people of the shop: by a share of the goods, rounded up, or as one likes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from shop.catalog.models import Price, Product
from shop.money import Money, decimals, step
from shop.orders.cart_lines import Line
from shop.orders.tax.arithmetic import tax_on
from shop.templatetags.money import written

# In percent of the goods; what people are used to being asked.
SHARES = (5, 10)
# Rounded up to the next so many whole units of the currency.
ROUND = 5


@dataclass(frozen=True)
class Tip:
    """What may be given, and how much of it is proposed: (words, amount) each."""

    price: Price
    proposed: list[tuple[str, Money]]


def offered(lines: Sequence[Line], goods: Money) -> Tip | None:
    """The shop's tip in the cart's currency; None where it has none, or it is in the cart.

    `goods` is what is to be paid for them. One query where there are goods.
    """
    if not any(line.had and not line.variant.product.is_given for line in lines):
        return None
    price = (
        Price.objects.offered()
        .filter(
            currency=goods.currency,
            is_chosen=True,
            variant__is_active=True,
            variant__product__kind=Product.Kind.TIP,
            variant__product__status=Product.Status.ACTIVE,
        )
        .select_related("variant__product")
        .order_by("pk")
        .first()
    )
    if price is None or any(line.variant.pk == price.variant_id for line in lines):
        return None
    return Tip(price, _proposed(price, goods))


def _proposed(price: Price, goods: Money) -> list[tuple[str, Money]]:
    """Those within the bounds of the price, each amount once."""
    shares = [(_("%(share)s %%") % {"share": share}, _share(goods, share)) for share in SHARES]
    full = _rounded_up(goods)
    up = (_("Round up to %(amount)s") % {"amount": written(full)}, full - goods)
    amounts: dict[int, tuple[str, Money]] = {}
    for words, money in [*shares, up]:
        if price.asked(money) == money:
            amounts.setdefault(money.amount, (words, money))
    return list(amounts.values())


def _share(goods: Money, percent: int) -> Money:
    amount = tax_on(goods.amount, Decimal(percent), is_inclusive=False)
    parts = step(goods.currency)
    return Money(-(-amount // parts) * parts, goods.currency)


def _rounded_up(goods: Money) -> Money:
    whole = ROUND * 10 ** decimals(goods.currency)
    return Money((goods.amount // whole + 1) * whole, goods.currency)
