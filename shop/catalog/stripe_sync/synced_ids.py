"""Stripe's ids of what it was told of: a checkout uses them instead of stating it all itself."""

from collections.abc import Iterable

from shop import stripe_client
from shop.catalog.models import Price, Variant
from shop.catalog.stripe_plan import mapping, taxed
from shop.catalog.stripe_plan.baseline import Told


def synced_price_id(price: Price) -> str | None:
    """The Price at Stripe that a checkout can use instead of stating the amount itself."""
    return synced_price_ids([price]).get(price.pk)


def synced_price_ids(prices: Iterable[Price]) -> dict[int, str]:
    """{price id: Stripe's id} of the prices that Stripe knows with just these amounts.

    A price in a further currency is an option of the variant's main one: the session that uses it
    must name its own currency.
    """
    account = stripe_client.known_account()
    if not account:
        return {}
    # What a customer names is stated in the session; a Price of this kind would ask again.
    asked = [price for price in prices if price.is_active and not price.is_chosen]
    named = Variant.objects.filter(pk__in=[price.variant_id for price in asked])
    variants = named.prefetch_related("prices").in_bulk()
    told = Told.about(variants.values(), account)
    found = {}
    for price in asked:
        if stripe_id := _known_as(price, variants[price.variant_id], told):
            found[price.pk] = stripe_id
    return found


def synced_product_ids(variants: Iterable[Variant]) -> dict[int, str]:
    """{variant id: Stripe's id} of the variants that Stripe knows and sells: an amount that is
    stated in the session can be named as one of theirs.
    """
    account, variants = stripe_client.known_account(), list(variants)
    if not account or not variants:
        return {}
    told = Told.about(variants, account)
    return {one.pk: one.stripe_product_id for one in variants if _is_sold(one, told)}


def _is_sold(variant: Variant, told: Told) -> bool:
    is_active = told.products.get(variant.pk, {}).get("active", False)
    is_disputed = "active" in told.disputed.get(variant.pk, set())
    return is_active and told.knows(variant) and not is_disputed


def _known_as(price: Price, variant: Variant, told: Told) -> str:
    if not _is_sold(variant, told) or told.disputes_a_price(variant):
        return ""
    if told.knows(price):
        return price.stripe_price_id if _is_taxed_so(price, price.currency, told) else ""
    main = mapping.main_price(variant)
    # Named by its id, one that customers choose would ask for an amount once more.
    if main is None or main.is_chosen or not told.knows(main):
        return ""
    option = told.options(main).get(price.currency)
    is_same = option == {"unit_amount": price.unit_amount}
    return main.stripe_price_id if is_same and _is_taxed_so(main, price.currency, told) else ""


def _is_taxed_so(price: Price, currency: str, told: Told) -> bool:
    """Whether this Price says of tax what the shop says now; of an older one nobody knows."""
    wanted = taxed.behavior(currency).get("tax_behavior")
    return wanted in (None, told.behavior(price, currency))
