"""What Stripe says comes into the catalog, and a row notes that both sides agree on it."""

from typing import Any

from django.utils import timezone

from shop.catalog import publishing
from shop.catalog.models import CatalogSync, Price, Product, UnclaimedStripeObject, Variant
from shop.catalog.stripe_plan import pictures, queue
from shop.catalog.stripe_plan.baseline import TAKEN, sum_up
from shop.catalog.stripe_sync.compare import title_in, with_opening
from shop.catalog.stripe_sync.difference import Difference
from shop.catalog.stripe_sync.prices import Slot, as_price, option_in, terms_of
from shop.models import Installation


def take_over(difference: Difference, account: str) -> None:
    """Let the catalog say what Stripe says, and note that both agree."""
    variant, value = difference.variant, difference.theirs
    product = variant.product
    match difference.field:
        case "name":
            product.title = title_in(variant, value)
            product.save(update_fields=["title", "updated_at"])
        case "description":
            product.description = with_opening(product.description, value or "")
            product.save(update_fields=["description", "updated_at"])
        case "active":
            Variant.objects.filter(pk=variant.pk).update(is_active=value)
            if value and product.status != Product.Status.ACTIVE:
                product.status = Product.Status.ACTIVE
                product.save(update_fields=["status", "updated_at"])
        case "images":
            wanted = pictures.arrangement(variant, value)
            assert wanted  # noqa: S101
            pictures.arrange(variant, wanted)
        case "shippable":
            Variant.objects.filter(pk=variant.pk).update(requires_shipping=value)
        case "tax_code":
            Variant.objects.filter(pk=variant.pk).update(tax_code=value)
        case _:
            _take_price(difference, account)
            return
    note_agreement(variant, {difference.field: value}, account)


def _take_price(difference: Difference, account: str) -> None:
    """Stripe's price in the place of ours; without one nothing is asked any more."""
    variant, theirs = difference.variant, difference.theirs
    if theirs is None:
        # A Price that is put away takes its further currencies along.
        for price in variant.prices.filter(is_active=True):
            if Slot.of(price).field == difference.field:
                publishing.end_price(price)
    elif option_in(difference.field):
        publishing.replace(variant, _price_at_stripe(theirs))
        note_option(variant, theirs, account)
    else:
        price = _stand_in_for(variant, theirs, account)
        note_options(price, theirs.get("agreed_options", {}), account)
        UnclaimedStripeObject.objects.filter(stripe_account=account, stripe_id=theirs["id"]).update(
            status=UnclaimedStripeObject.Status.ADOPTED
        )


def _stand_in_for(variant: Variant, theirs: dict[str, Any], account: str) -> Price:
    """The price that is Stripe's one from now on: ours, if it asks the same and is not there."""
    price = _price_at_stripe(theirs)
    for ours in variant.prices.filter(is_active=True).exclude(stripe_account=account):
        if terms_of(ours) == terms_of(price):
            price = ours
    price.stripe_account, price.stripe_price_id = account, theirs["id"]
    if price.pk is None:
        price.trial_days = _trial_of(variant, price)
        return publishing.replace(variant, price)
    price.save(update_fields=["stripe_account", "stripe_price_id"])
    return price


def _trial_of(variant: Variant, price: Price) -> int | None:
    """Stripe's Price says nothing of a trial: it stays as it is with the one that is replaced."""
    current = variant.prices.filter(is_active=True, currency=price.currency)
    ours = next((one for one in current if one.rhythm == price.rhythm), None)
    return ours.trial_days if ours else None


def _price_at_stripe(theirs: dict[str, Any]) -> Price:
    price = as_price(theirs)
    assert price  # noqa: S101
    return price


def note_agreement(variant: Variant, fields: dict[str, Any], account: str) -> None:
    """Both sides say this of the product now: neither has anything to tell."""
    if fields:
        _note(CatalogSync.Kind.UPDATE_PRODUCT, variant, None, fields, account)


def note_option(variant: Variant, theirs: dict[str, Any], account: str) -> None:
    """Stripe holds this amount in a further currency of our price."""
    price = variant.prices.filter(stripe_account=account, stripe_price_id=theirs["id"]).first()
    if price is not None:
        amount = {name: value for name, value in theirs.items() if name not in ("id", "currency")}
        note_options(price, {theirs["currency"]: amount}, account)


def note_options(price: Price, options: dict[str, Any], account: str) -> None:
    """The same, of {currency: amount}."""
    if options:
        fields = {"currency_options": options}
        _note(CatalogSync.Kind.UPDATE_PRICE, price.variant, price, fields, account)


def _note(
    kind: str, variant: Variant, price: Price | None, fields: dict[str, Any], account: str
) -> None:
    row = CatalogSync(
        kind=kind,
        variant=variant,
        price=price,
        stripe_account=account,
        parameters=fields,
        status=CatalogSync.Status.DONE,
        outcome=TAKEN,
        finished_at=timezone.now(),
    )
    row.key = queue.key_of(row, Installation.current())
    row.save()
    sum_up(variant.pk, account)
