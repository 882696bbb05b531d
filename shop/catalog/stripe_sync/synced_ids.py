"""Stripe's ids of what it was told of: a checkout uses them instead of stating it all itself."""

from collections.abc import Iterable

from django.db.models import prefetch_related_objects

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


def prices_by_currency(prices: Iterable[Price]) -> dict[str, dict[int, Price]]:
    """What else they cost where Stripe chooses the currency: {currency: {price id: that price}}.

    Each of these currencies is one that Stripe may choose, and no other is: all are synced with the
    very same ones, which are offered here, and at just these amounts. Empty where that is not so.
    The prices come with their variants; two queries.
    """
    prices = list(prices)
    if not prices or any(price.is_chosen for price in prices):
        return {}
    variants = [price.variant for price in prices]
    prefetch_related_objects(variants, "prices")
    told = Told.at_rest(variants, stripe_client.known_accounts())
    each = {price.pk: _in_each(price, price.variant, told) for price in prices}
    currencies = {frozenset(found) for found in each.values()}
    if len(currencies) > 1:
        return {}
    return {
        currency: {key: found[currency] for key, found in each.items()}
        for currency in sorted(currencies.pop())
    }


def _in_each(price: Price, variant: Variant, told: Told) -> dict[str, Price]:
    """The variant's prices in all currencies of its Price at Stripe; empty if one is not so."""
    main = mapping.main_price(variant)
    if main is None or not price.is_active:
        return {}
    # One that ended, or is offered no more, is still an option there.
    currencies = {main.currency, *told.options(main)}
    mine = {one.currency: one for one in variant.prices.all() if one.is_offered}
    if not currencies <= set(mine):
        return {}
    wanted = _known_as(price, variant, told)
    known = {_known_as(mine[currency], variant, told) for currency in currencies}
    if not wanted or known != {wanted} or wanted != main.stripe_price_id:
        return {}
    return {currency: mine[currency] for currency in currencies}


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
