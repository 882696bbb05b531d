"""What a person decides about the catalog at Stripe: conflicts and adoptions."""

from django.db import transaction
from django.utils import timezone

from shop import stripe_client
from shop.accounts.models import User
from shop.catalog import publishing, sync_plan, sync_pull, sync_queue
from shop.catalog.models import Price, StripeOffer, SyncConflict, Variant
from shop.catalog.sync_compare import Difference, Kind, can_take
from shop.money import Money


class CannotBeTaken(ValueError):
    """The catalog has no way to say it as Stripe does."""


class CannotBeAdopted(ValueError):
    """The object cannot become this variant's."""


@transaction.atomic
def take_ours(conflict: SyncConflict, by: User) -> None:
    """Stripe will be told what the catalog says."""
    if not _close(conflict, SyncConflict.Status.OURS, by):
        return
    if conflict.field == "price":
        # What Stripe's price was put in the place of is over; ours is told anew.
        _decline(conflict)
    else:
        # From here on only we differ from what both know.
        sync_pull.note_agreement(
            conflict.variant, {conflict.field: conflict.theirs}, conflict.stripe_account
        )
    sync_queue.queue(conflict.variant)


@transaction.atomic
def take_theirs(conflict: SyncConflict, by: User) -> None:
    """The catalog says what Stripe says. Raises CannotBeTaken, and then nothing has changed."""
    variant = sync_plan.with_all_parts(Variant.objects.filter(pk=conflict.variant_id)).get()
    may_be_published = conflict.field == "active"
    if not may_be_published and not can_take(variant, conflict.field, conflict.theirs):
        raise CannotBeTaken(_why(variant, conflict))
    if not _close(conflict, SyncConflict.Status.THEIRS, by):
        return
    found = Difference(
        Kind.TAKE, variant, conflict.field, conflict.base, conflict.ours, conflict.theirs
    )
    sync_pull.take_over(found, conflict.stripe_account)
    publishing.tell(variant.product)


@transaction.atomic
def adopt(offer: StripeOffer, variant: Variant) -> None:
    """Make an unmarked product this variant's, or an unmarked price its current one.

    From then on it is ours: it is marked, and where it differs a conflict opens. Raises
    CannotBeAdopted.
    """
    account = stripe_client.known_account()
    variant = Variant.objects.select_for_update(of=["self"]).get(pk=variant.pk)
    if offer.stripe_account != account:
        raise CannotBeAdopted("It stands in another Stripe account.")
    if offer.status == StripeOffer.Status.ADOPTED:
        raise CannotBeAdopted("It has been adopted already.")
    if offer.variant_id:
        _adopt_price(offer, account)
    elif variant.stripe_account == account and variant.stripe_product_id:
        raise CannotBeAdopted(f"{variant.sku} has its product at Stripe already.")
    else:
        Variant.objects.filter(pk=variant.pk).update(
            stripe_account=account, stripe_product_id=offer.stripe_id
        )
    StripeOffer.objects.filter(pk=offer.pk).update(status=StripeOffer.Status.ADOPTED)


def after_adoption(variant: Variant) -> None:
    """Compare with Stripe, outside the transaction: what differs is a conflict to decide."""
    sync_pull.take(variant.pk)
    sync_queue.queue(variant)


def decline(offer: StripeOffer) -> None:
    StripeOffer.objects.filter(pk=offer.pk, status=StripeOffer.Status.OPEN).update(
        status=StripeOffer.Status.DECLINED
    )


def _adopt_price(offer: StripeOffer, account: str) -> None:
    assert offer.variant and offer.unit_amount is not None  # noqa: S101, PT018
    publishing.replace(
        offer.variant,
        Price(
            unit_amount=Money(offer.unit_amount, offer.currency).amount,
            currency=offer.currency,
            stripe_account=account,
            stripe_price_id=offer.stripe_id,
        ),
    )


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
    StripeOffer.objects.update_or_create(
        stripe_account=account,
        stripe_id=theirs.get("id", ""),
        defaults={
            "variant": variant,
            "name": str(variant)[:255],
            "unit_amount": theirs.get("unit_amount"),
            "currency": theirs.get("currency", ""),
            "status": StripeOffer.Status.DECLINED,
        },
    )


def _why(variant: Variant, conflict: SyncConflict) -> str:
    if conflict.field == "name":
        return f"The name at Stripe would have to end with ({variant.choice}), as here."
    return "The catalog cannot say that; take ours, or change it by hand."
