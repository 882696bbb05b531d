"""The catalog at Stripe: one call for each work row, and what came of it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, cast

import stripe
from django.db import transaction
from django.utils import timezone

from shop import stripe_client, work
from shop.catalog.models import CatalogSync, Price, Variant
from shop.catalog.stripe_plan import changes, mapping
from shop.catalog.stripe_plan.baseline import REFUSED, TOLD, Kind, sum_up
from shop.catalog.stripe_plan.changes import Change
from shop.catalog.stripe_plan.queue import key_of, queue
from shop.http.rate_limit import RateLimit
from shop.models import Installation

# Stripe's limit for one endpoint is 25 requests a second. Every request about the catalog keeps
# this pace, whichever process makes it: in no second more than 17, and customers who pay have room.
PACE = RateLimit("the catalog at Stripe", per_second=14, at_once=3)


# Stripe forgets an idempotency key after 24 hours at the earliest.
KEY_IS_KNOWN_FOR = timedelta(hours=23)


class Unreachable(Exception):
    """Stripe does not answer, or not with what was asked for."""


def plan() -> Iterator[Change]:
    """What Stripe has not been told yet.

    Asks Stripe for the account of a key it has not seen; raises Unreachable when it gets none.
    """
    return changes.plan(account())


def _client(*, retries: int = 0) -> stripe.StripeClient:
    return stripe_client.client(retries=retries, pace=PACE)


def account() -> str:
    """The account of the present key; raises Unreachable."""
    try:
        return stripe_client.account()
    except stripe_client.AccountUnknown as error:
        raise Unreachable(str(error)) from error


def push(row: CatalogSync, *, ring: bool = True) -> None:
    """Do the row's call and store its result."""
    if row.stripe_account != stripe_client.account():
        # The key has changed since, or no key had been used yet.
        end(row, work.Outcome.NOTED, "queued anew for another account", ring=ring)
    elif _is_overtaken(row):
        end(row, work.Outcome.OVERTAKEN, ring=ring)
    else:
        _push(row, ring=ring)


def _is_overtaken(row: CatalogSync) -> bool:
    """Whether a row that was revived has been done by another meanwhile."""
    if row.kind == Kind.CREATE_PRODUCT:
        return row.variant.stripe_account == row.stripe_account
    if row.kind == Kind.CREATE_PRICE and row.price:
        return row.price.stripe_account == row.stripe_account
    return False


def _push(row: CatalogSync, *, ring: bool) -> None:
    try:
        stripe_id = _call(row)
    except stripe.StripeError as error:
        if _says(error, "resource_already_exists") and row.kind == Kind.CREATE_PRODUCT:
            # An earlier try of this row has made it, unheard.
            _store(row, row.parameters["id"], ring=ring)
        elif _says(error, "resource_missing") and _is_gone(row, error):
            _forget(row, ring=ring)
        elif stripe_client.is_refusal(error):
            _refuse(row, error, ring=ring)
        elif _is_replayed(error):
            _take_another_key(row)
            raise work.TryLater("Stripe repeats an old failure.", after=timedelta(0)) from error
        else:
            raise work.Away(f"{type(error).__name__}: {error}") from error
    else:
        _store(row, stripe_id, ring=ring)


def _call(row: CatalogSync) -> str:
    """The one call of the row; returns the id of the Stripe object."""
    api = _client().v1
    options = cast("stripe.RequestOptions", {"idempotency_key": row.key})
    parameters = cast("Any", row.parameters)
    match row.kind:
        case Kind.CREATE_PRODUCT:
            return api.products.create(parameters, options).id
        case Kind.UPDATE_PRODUCT:
            return api.products.update(row.variant.stripe_product_id, parameters, options).id
        case Kind.CREATE_PRICE:
            return _made_before(row) or api.prices.create(parameters, options).id
        case _:
            assert row.price  # noqa: S101
            if row.kind == Kind.ARCHIVE_PRICE:
                _make_room(row)
            return api.prices.update(row.price.stripe_price_id, parameters, options).id


def _make_room(row: CatalogSync) -> None:
    """Stripe archives no default price: the one that follows it becomes that first."""
    assert row.price  # noqa: S101
    api = _client().v1
    product = api.products.retrieve(row.variant.stripe_product_id)
    if product.default_price != row.price.stripe_price_id:
        return
    main = mapping.main_price(row.variant)
    if main and main.stripe_price_id and main.stripe_account == row.stripe_account:
        key = cast("stripe.RequestOptions", {"idempotency_key": f"{row.key}:default"})
        api.products.update(product.id, {"default_price": main.stripe_price_id}, key)


def _made_before(row: CatalogSync) -> str:
    """The price that an earlier try has made, where the key cannot tell."""
    if row.generation == 1 and timezone.now() - row.created_at < KEY_IS_KNOWN_FOR:
        return ""
    found = _client().v1.prices.list({"lookup_keys": [row.parameters["lookup_key"]]})
    key = row.parameters["metadata"]["price"]
    return next(
        (price.id for price in found.data if getattr(price.metadata, "price", "") == key), ""
    )


def _is_replayed(error: stripe.StripeError) -> bool:
    """Whether this failure stands stored under the key: it would come again for a day."""
    is_stored = (error.headers or {}).get("Idempotent-Replayed") == "true"
    return is_stored or isinstance(error, stripe.IdempotencyError)


def _take_another_key(row: CatalogSync) -> None:
    """Nothing can be made twice by it: products have ids of ours, prices are looked for first."""
    row.generation += 1
    CatalogSync.objects.filter(pk=row.pk, lease_token=row.lease_token).update(
        generation=row.generation, key=key_of(row, Installation.current())
    )


def _says(error: stripe.StripeError, code: str) -> bool:
    return isinstance(error, stripe.InvalidRequestError) and error.code == code


def _is_gone(row: CatalogSync, error: stripe.StripeError) -> bool:
    """Whether our own object is missing, and not something that the parameters name."""
    param = getattr(error, "param", None)
    if row.kind == Kind.CREATE_PRICE:
        return param == "product"
    return row.kind != Kind.CREATE_PRODUCT and param in {None, "id", "product", "price"}


@transaction.atomic
def _store(row: CatalogSync, stripe_id: str, *, ring: bool) -> None:
    account = row.stripe_account
    if row.kind == Kind.CREATE_PRODUCT:
        ids = {"stripe_account": account, "stripe_product_id": stripe_id}
        Variant.objects.filter(pk=row.variant_id).update(**ids)
    elif row.kind == Kind.CREATE_PRICE:
        ids = {"stripe_account": account, "stripe_price_id": stripe_id}
        Price.objects.filter(syncs=row).update(**ids)
    end(row, TOLD, ring=ring)


@transaction.atomic
def _forget(row: CatalogSync, *, ring: bool) -> None:
    """Somebody deleted it at Stripe: our ids are void, and it is made again."""
    prices = Price.objects.filter(variant=row.variant_id, stripe_account=row.stripe_account)
    if row.kind == Kind.ARCHIVE_PRICE:
        prices = prices.filter(syncs=row)
    else:
        Variant.objects.filter(pk=row.variant_id).update(stripe_account="", stripe_product_id="")
    prices.update(stripe_account="", stripe_price_id="")
    end(row, work.Outcome.GONE, ring=ring)


@transaction.atomic
def _refuse(row: CatalogSync, error: stripe.StripeError, *, ring: bool) -> None:
    """Leave the row to a person with Stripe's sentence, and go on with what is left."""
    CatalogSync.objects.filter(pk=row.pk, lease_token=row.lease_token).update(outcome=REFUSED)
    sentence = error.user_message or str(error)
    work.give_up(row, work.Impossible(f"Stripe refused it: {sentence}"))
    queue(row.variant, ring=ring)


@transaction.atomic
def end(row: CatalogSync, outcome: work.Outcome, detail: str = "", *, ring: bool) -> None:
    """Finish the row and queue what comes next of its variant."""
    # The same order of locks as in `queue`: the variant, then its rows.
    Variant.objects.select_for_update(of=["self"], no_key=True).get(pk=row.variant_id)
    work.finish(row, outcome, detail)
    sum_up(row.variant_id, row.stripe_account)
    queue(row.variant, ring=ring)


def product_at(stripe_id: str) -> dict[str, Any] | None:
    """The product as it is at Stripe now; None when there is none (any more)."""
    return _retrieved(_client(retries=2).v1.products, stripe_id)


def price_at(stripe_id: str) -> dict[str, Any] | None:
    """The price with its further currencies as it is now; None when there is none."""
    return _retrieved(_client(retries=2).v1.prices, stripe_id, expand=["currency_options"])


def all_products() -> Iterator[dict[str, Any]]:
    """Every product of the account; raises Unreachable."""
    return _listed(_client(retries=2).v1.products, {"limit": 100})


def active_prices(product_id: str = "") -> Iterator[dict[str, Any]]:
    """The prices that can be paid with their further currencies, of one product or of all.

    Raises Unreachable.
    """
    asked = {"limit": 100, "active": True, "expand": ["data.currency_options"]}
    asked |= {"product": product_id} if product_id else {}
    return _listed(_client(retries=2).v1.prices, asked)


def _retrieved(
    service: Any, stripe_id: str, *, expand: Sequence[str] = ()
) -> dict[str, Any] | None:
    try:
        found = service.retrieve(stripe_id, {"expand": list(expand)} if expand else {})
    except stripe.StripeError as error:
        if _says(error, "resource_missing"):
            return None
        raise Unreachable(error.user_message or str(error)) from error
    return None if getattr(found, "deleted", False) else stripe_client.plain(found, for_json=True)


def _listed(service: Any, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    try:
        for found in service.list(asked).auto_paging_iter():
            yield stripe_client.plain(found, for_json=True)
    except stripe.StripeError as error:
        raise Unreachable(error.user_message or str(error)) from error
