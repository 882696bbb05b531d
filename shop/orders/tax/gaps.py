"""What nobody could buy for want of a tax rate, in sentences for staff."""

from shop.catalog.models import Product
from shop.orders.delivery.terms import Terms
from shop.orders.tax import mode
from shop.orders.tax.rates import Rates


def gaps() -> list[str]:
    """Each tax class on sale that has no rate in some country; none where none are reckoned."""
    if not mode.is_on():
        return []
    rates, sent = Rates.now(), Terms.now().countries
    on_sale = Product.objects.on_sale().filter(variants__is_active=True)
    classes = on_sale.order_by("tax_class").values_list("tax_class", flat=True).distinct()
    sentences = []
    for tax_class in classes:
        countries = sent or rates.countries
        without = [code for code in countries if rates.due(code, tax_class) is None]
        if without or not countries:
            where = ", ".join(without) or "any country"
            sentences.append(
                f"Nobody in {where} can buy what is of the tax class {tax_class}: no tax rate"
                " holds there."
            )
    return sentences
