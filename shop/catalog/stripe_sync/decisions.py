"""What a person decides about the catalog at Stripe: conflicts and adoptions."""

from django.db import transaction
from django.utils import timezone

from shop import stripe_client
from shop.accounts.models import User
from shop.catalog import publishing
from shop.catalog.models import Price, SyncConflict, UnclaimedStripeObject, Variant
from shop.catalog.stripe_plan import changes, queue
from shop.catalog.stripe_sync import take_over
from shop.catalog.stripe_sync.compare import can_take
from shop.catalog.stripe_sync.difference import Difference, Kind
from shop.catalog.stripe_sync.prices import as_price, option_in


class CannotBeTaken(ValueError):
    """The catalog has no way to say it as Stripe does."""


class CannotBeAdopted(ValueError):
    """The object cannot become this variant's."""


@transaction.atomic
def take_ours(conflict: SyncConflict, by: User) -> bool:
    """Stripe will be told what the catalog says; False when somebody had decided before."""
    if not _close(conflict, SyncConflict.Status.OURS, by):
        return False
    account = conflict.stripe_account
    # From here on only we differ from what both know.
    if option_in(conflict.field):
        take_over.note_option(conflict.variant, conflict.theirs or {}, account)
    elif conflict.field.startswith("price"):
        # What Stripe's price was put in the place of is over; ours is told anew.
        _decline(conflict)
    else:
        take_over.note_agreement(conflict.variant, {conflict.field: conflict.theirs}, account)
    queue.queue(conflict.variant)
    return True


@transaction.atomic
def take_theirs(conflict: SyncConflict, by: User) -> bool:
    """The catalog says what Stripe says; False when somebody had decided before.

    Raises CannotBeTaken, and then nothing has changed.
    """
    variant = changes.with_all_parts(Variant.objects.filter(pk=conflict.variant_id)).get()
    if not can_take(variant, conflict.field, conflict.theirs):
        raise CannotBeTaken(_why(variant, conflict))
    if not _close(conflict, SyncConflict.Status.THEIRS, by):
        return False
    found = Difference(
        Kind.TAKE, variant, conflict.field, conflict.base, conflict.ours, conflict.theirs
    )
    take_over.take_over(found, conflict.stripe_account)
    publishing.tell(variant.product)
    return True


@transaction.atomic
def adopt(offer: UnclaimedStripeObject, variant: Variant) -> None:
    """Make an unmarked product this variant's, or an unmarked price its current one.

    A worker then looks where it differs, opens conflicts over that, and marks it as ours. Raises
    CannotBeAdopted.
    """
    variant = Variant.objects.select_for_update(of=["self"], no_key=True).get(pk=variant.pk)
    offer = UnclaimedStripeObject.objects.select_for_update(of=["self"]).get(pk=offer.pk)
    refuse_adoption(offer, variant)
    if offer.variant_id:
        price = _price_of(offer)
        price.stripe_account, price.stripe_price_id = offer.stripe_account, offer.stripe_id
        publishing.replace(variant, price)
    else:
        Variant.objects.filter(pk=variant.pk).update(
            stripe_account=offer.stripe_account, stripe_product_id=offer.stripe_id
        )
    UnclaimedStripeObject.objects.filter(pk=offer.pk).update(
        status=UnclaimedStripeObject.Status.ADOPTED
    )
    queue.queue(variant)


def refuse_adoption(offer: UnclaimedStripeObject, variant: Variant) -> None:
    """Raise CannotBeAdopted where the object cannot become this variant's."""
    account = stripe_client.known_account()
    if offer.stripe_account != account:
        raise CannotBeAdopted("It stands in another Stripe account.")
    if offer.status == UnclaimedStripeObject.Status.ADOPTED:
        raise CannotBeAdopted("It has been adopted already.")
    at_stripe = {"stripe_account": account, "stripe_product_id": offer.stripe_id}
    if offer.variant_id:
        _price_of(offer)
        if offer.variant_id != variant.pk:
            raise CannotBeAdopted(f"It is a price of {offer.variant}.")
    elif variant.stripe_account == account and variant.stripe_product_id:
        raise CannotBeAdopted(f"{variant.sku} has its product at Stripe already.")
    elif other := Variant.objects.filter(**at_stripe).first():
        raise CannotBeAdopted(f"It is the product of {other.sku} already.")


def _price_of(offer: UnclaimedStripeObject) -> Price:
    price = as_price({"unit_amount": offer.unit_amount, "currency": offer.currency, **offer.terms})
    if price is None:
        raise CannotBeAdopted("The catalog has no way to ask what this price asks.")
    return price


def decline(offer: UnclaimedStripeObject) -> None:
    """Leave an object of Stripe's alone; one that is decided already stays as it is."""
    UnclaimedStripeObject.objects.filter(
        pk=offer.pk, status=UnclaimedStripeObject.Status.OPEN
    ).update(status=UnclaimedStripeObject.Status.DECLINED)


def _close(conflict: SyncConflict, status: SyncConflict.Status, by: User) -> bool:
    """Close it, once; False when somebody was faster."""
    open_one = SyncConflict.objects.filter(pk=conflict.pk, status=SyncConflict.Status.OPEN)
    return bool(
        open_one.update(
            status=status,
            closed_at=timezone.now(),
            closed_by_id=by.pk,
            closed_by_name=str(by)[:150],
        )
    )


def _decline(conflict: SyncConflict) -> None:
    variant, account = conflict.variant, conflict.stripe_account
    theirs = conflict.theirs or {}
    UnclaimedStripeObject.objects.update_or_create(
        stripe_account=account,
        stripe_id=theirs.get("id", ""),
        defaults={
            "variant": variant,
            "name": str(variant)[:255],
            "unit_amount": theirs.get("unit_amount"),
            "currency": theirs.get("currency", ""),
            "terms": theirs,
            "status": UnclaimedStripeObject.Status.DECLINED,
        },
    )


def _why(variant: Variant, conflict: SyncConflict) -> str:
    if conflict.field == "name":
        return f"The name at Stripe would have to end with ({variant.choice}), as here."
    return "The catalog cannot say that; take ours, or change it by hand."
