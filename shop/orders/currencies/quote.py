"""What the cart says of currencies before anything is paid."""

from collections.abc import Sequence

from shop.money import Money
from shop.orders.cart_lines import Line
from shop.orders.currencies.terms import Amounts, Thing, Where, can_be_charged, in_each, is_on
from shop.orders.delivery.quote import Quote
from shop.orders.tax.quote import TaxQuote


def elsewhere(lines: Sequence[Line], delivery: Quote | None, tax: TaxQuote | None) -> list[Money]:
    """What the cart comes to, with the cheapest delivery, in each other currency in which the
    payment page may ask for it; nothing where it asks in the cart's.

    For a cart from which nothing is taken off.
    """
    if not is_on():
        return []
    things: list[Thing] = []
    for line in lines:
        if line.had and line.price is not None:
            # Both are read, apart from each other.
            line.price.variant = line.variant
            things.append(Thing(len(things), line.price, line.had))
    where = None
    if delivery is not None:
        methods = [offer.method.pk for offer in delivery.offers]
        where = Where([delivery.country], methods, delivery.terms)
    totals = [
        (amounts.currency, amounts.totals(_on_top(amounts, tax)))
        for amounts in in_each(things, where)
    ]
    if not all(can_be_charged(currency, each) for currency, each in totals):
        return []
    here = {line.seen.currency for line in lines}
    return [Money(min(each), currency) for currency, each in totals if currency not in here]


def _on_top(amounts: Amounts, tax: TaxQuote | None) -> int:
    if tax is None or tax.due is None:
        return 0
    return tax.due.at(amounts.currency, amounts.lines).on_top
