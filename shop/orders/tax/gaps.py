"""What nobody could buy for want of a tax rate, or is taxed by a guess, in sentences for staff."""

from django.conf import settings

from shop.catalog.models import Product, Variant
from shop.orders.delivery.terms import Terms
from shop.orders.tax import mode
from shop.orders.tax.rates import Rates

# So many things are named; nobody reads more.
NAMED = 5


def gaps() -> list[str]:
    """Each tax class on sale without a rate in some country; in mode stripe what has no code."""
    if mode.is_by_stripe():
        return _without_code()
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


def _without_code() -> list[str]:
    """Whether something on sale has neither a tax code of its own nor the shop's."""
    if settings.TAX_CODE_DEFAULT:
        return []
    on_sale = Product.objects.on_sale()
    without = Variant.objects.filter(product__in=on_sale, is_active=True, tax_code="")
    skus = list(without.order_by("sku").values_list("sku", flat=True)[:NAMED])
    if not skus:
        return []
    named = ", ".join(skus) + (" and others" if without.count() > NAMED else "")
    return [f"{named}: without a tax code, and the shop has no default (TAX_CODE_DEFAULT)."]
