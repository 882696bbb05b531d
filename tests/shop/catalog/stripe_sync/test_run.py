import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from shop import stripe_client, work
from shop.catalog import publishing, tasks
from shop.catalog.models import CatalogSync, Image, Price, Product, Variant
from shop.catalog.stripe_plan import mapping, queue
from shop.catalog.stripe_sync import api, push, synced_ids
from shop.models import Installation, StripeAccount
from shop.money import Money
from tests.support.factories import PriceFactory
from tests.support.stand_in import StandIn

Status = CatalogSync.Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def price(stand_in: StandIn) -> Price:
    """A price, and a key that was used before."""
    stripe_client.account()
    return PriceFactory(
        variant__sku="LANTERN-STORM",
        variant__option_values=["Brass"],
        variant__product__title="Storm Lantern",
        variant__product__description="Burns in wind.\n\nGlass and brass.",
    )


def push_what_is_queued() -> None:
    """As workers do, without waiting for the times of retries."""
    for _ in range(50):
        CatalogSync.objects.filter(status=Status.READY).update(run_at=timezone.now())
        if not work.do_next(CatalogSync, push.push):
            return
    raise AssertionError("the catalog never comes to rest")


def sync(variant: Variant) -> None:
    queue.queue(variant)
    push_what_is_queued()


def kinds() -> list[str]:
    """What Stripe was told, in order."""
    told = CatalogSync.objects.filter(outcome="told").order_by("finished_at")
    return list(told.values_list("kind", flat=True))


def test_a_variant_is_a_product_and_its_price_a_price(stand_in: StandIn, price: Price) -> None:
    sync(price.variant)

    price.refresh_from_db()
    shop = Installation.current()
    product = stand_in.api(f"products/{price.variant.stripe_product_id}")
    synced = stand_in.api(f"prices/{price.stripe_price_id}")
    assert {name: product[name] for name in ("name", "active", "description", "images")} == {
        "name": "Storm Lantern (Brass)",
        "active": True,
        "description": "Burns in wind.",
        "images": [],
    }
    assert (product["shippable"], product["metadata"]) == (
        True,
        {"shop": shop, "sku": "LANTERN-STORM"},
    )
    assert {name: synced[name] for name in ("unit_amount", "currency", "product", "active")} == {
        "unit_amount": 1800,
        "currency": "eur",
        "product": product["id"],
        "active": True,
    }
    assert synced["lookup_key"] == f"{shop}:LANTERN-STORM:eur"
    assert synced["metadata"] == {"shop": shop, "sku": "LANTERN-STORM", "price": price.key}
    assert price.stripe_account == price.variant.stripe_account == stripe_client.account()


def test_keys_name_installation_kind_row_and_generation(stand_in: StandIn, price: Price) -> None:
    sync(price.variant)

    rows = CatalogSync.objects.order_by("created_at")
    assert [call["idempotency_key"] for call in stand_in.requests_made("/v1/")] == [
        f"{Installation.current()}:{row.kind}:{row.pk}:g1" for row in rows
    ]


def test_what_is_told_is_not_told_again(stand_in: StandIn, price: Price) -> None:
    sync(price.variant)
    before = len(stand_in.requests_made("/v1/"))

    sync(price.variant)

    assert list(api.plan()) == []
    assert len(stand_in.requests_made("/v1/")) == before


def test_a_changed_price_is_a_new_one_and_then_the_old_one_goes(
    stand_in: StandIn, price: Price
) -> None:
    sync(price.variant)
    price.refresh_from_db()

    new = publishing.set_price(price.variant, Money(2150, "eur"))
    sync(price.variant)

    new.refresh_from_db()
    was, now = (stand_in.api(f"prices/{row.stripe_price_id}") for row in (price, new))
    assert kinds()[2:] == ["create_price", "archive_price"]
    assert (was["active"], was["unit_amount"], was["lookup_key"]) == (False, 1800, None)
    assert (now["active"], now["unit_amount"]) == (True, 2150)
    assert now["lookup_key"] == f"{Installation.current()}:LANTERN-STORM:eur"


def test_changed_words_are_told_and_emptied_ones_cleared(stand_in: StandIn, price: Price) -> None:
    sync(price.variant)

    Product.objects.update(title="Gale Lantern", description="")
    sync(price.variant)

    product = stand_in.api(f"products/{Variant.objects.get().stripe_product_id}")
    assert (product["name"], product["description"]) == ("Gale Lantern (Brass)", None)
    assert kinds()[2:] == ["update_product"]


def test_a_change_that_is_taken_back_before_it_is_told_is_not_told(
    stand_in: StandIn, price: Price
) -> None:
    sync(price.variant)
    Product.objects.update(title="Gale Lantern")
    queue.queue(price.variant)
    Product.objects.update(title="Storm Lantern")

    sync(price.variant)

    assert kinds() == ["create_product", "create_price"]


def test_what_changes_while_a_call_is_under_way_is_told_afterwards(
    stand_in: StandIn, price: Price
) -> None:
    row = queue.queue(price.variant)
    assert row
    claimed = work.claim(CatalogSync, row.pk)
    assert claimed
    Product.objects.update(title="Gale Lantern")
    assert queue.queue(price.variant) == row

    push.push(claimed)
    push_what_is_queued()

    product = stand_in.api(f"products/{Variant.objects.get().stripe_product_id}")
    assert product["name"] == "Gale Lantern (Brass)"


def test_a_draft_stays_here(stand_in: StandIn, price: Price) -> None:
    Product.objects.update(status="draft")

    assert queue.queue(price.variant) is None
    assert list(api.plan()) == []


@pytest.mark.parametrize(
    "take_off_sale",
    [
        lambda: Product.objects.update(status="archived"),
        lambda: Variant.objects.update(is_active=False),
    ],
)
def test_what_is_taken_off_sale_is_archived_at_stripe_and_comes_back(
    stand_in: StandIn, price: Price, take_off_sale: Callable[[], int]
) -> None:
    sync(price.variant)
    take_off_sale()
    [change] = api.plan()
    sync(price.variant)
    product = stand_in.api(f"products/{Variant.objects.get().stripe_product_id}")
    price.refresh_from_db()

    assert change.action == "archive"
    assert product["active"] is False
    assert synced_ids.synced_price_id(price) is None

    Product.objects.update(status="active")
    Variant.objects.update(is_active=True)
    sync(price.variant)

    assert stand_in.api(f"products/{product['id']}")["active"] is True
    assert synced_ids.synced_price_id(price) == price.stripe_price_id


@pytest.mark.parametrize("path", ["/v1/products$", "/v1/prices$"])
@pytest.mark.parametrize(
    "trouble",
    [
        {"when": "after", "reset": True},
        {"when": "before", "reset": True},
        {"status": 500, "times": 3},
        {"status": 429},
        {"status": 409},
        {"status": 401},
        {"status": 403},
    ],
    ids=lambda trouble: " ".join(map(str, trouble.values())),
)
def test_an_unknown_outcome_is_tried_again_with_the_same_key_and_made_once(
    stand_in: StandIn, price: Price, path: str, trouble: dict[str, Any]
) -> None:
    stand_in.fail(path, **trouble)

    sync(price.variant)

    assert kinds() == ["create_product", "create_price"]
    assert [len(stand_in.api(kind)["data"]) for kind in ("products", "prices")] == [1, 1]
    keys = {call["idempotency_key"] for call in stand_in.requests_made("/v1/")}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("path", "kind"), [("products", "create_product"), ("prices", "create_price")]
)
def test_a_failure_that_stripe_repeats_for_its_key_is_left_behind(
    stand_in: StandIn, price: Price, path: str, kind: str
) -> None:
    """Guard: `_is_replayed`. The object was made all the same, and is made once."""
    stand_in.fail(f"/v1/{path}$", when="after", status=500)

    sync(price.variant)

    assert len(stand_in.api(path)["data"]) == 1
    row = CatalogSync.objects.get(kind=kind)
    assert (row.status, row.generation) == (Status.DONE, 2)


def test_a_lost_lease_stores_nothing_and_the_next_worker_finds_it_made(
    stand_in: StandIn, price: Price
) -> None:
    row = queue.queue(price.variant)
    assert row
    slow = work.claim(CatalogSync, row.pk)
    CatalogSync.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    quick = work.claim(CatalogSync, row.pk)
    assert slow
    assert quick

    with pytest.raises(work.LeaseLost):
        push.push(slow)
    after_the_slow_one = Variant.objects.get().stripe_product_id
    push.push(quick)

    assert after_the_slow_one == ""
    assert [product["id"] for product in stand_in.api("products")["data"]] == [
        Variant.objects.get().stripe_product_id
    ]


def test_a_refusal_is_left_to_a_person_with_stripes_sentence(
    stand_in: StandIn, price: Price
) -> None:
    stand_in.fail("/v1/products$", status=400)

    sync(price.variant)

    row = CatalogSync.objects.get()
    assert (row.status, row.outcome) == (Status.DEAD, "refused")
    assert row.last_error == "Impossible: Stripe refused it: The request was refused on demand."
    # The same call would get the same answer.
    assert queue.queue(price.variant) is None


# K11
@pytest.mark.parametrize("status", [400, 404, 408, 421])
def test_a_page_of_something_in_between_is_no_refusal(
    stand_in: StandIn, price: Price, status: int
) -> None:
    stand_in.fail("/v1/products", method="POST", status=status, html=True)
    queue.queue(price.variant)

    drained = CatalogSync.objects.get()
    work.run(CatalogSync, drained.pk, push.push)
    after = CatalogSync.objects.get(pk=drained.pk)

    assert (after.status, after.outcome) == ("ready", "")


def test_after_a_refusal_a_changed_product_goes_out_under_a_new_key(
    stand_in: StandIn, price: Price
) -> None:
    stand_in.fail("/v1/products$", status=400)
    sync(price.variant)

    Product.objects.update(title="Gale Lantern")
    sync(price.variant)

    first = CatalogSync.objects.get(kind="create_product")
    assert (first.status, first.generation, first.key[-3:]) == (Status.DONE, 2, ":g2")
    assert kinds() == ["create_product", "create_price"]


def test_a_refused_change_of_words_does_not_hold_up_the_price(
    stand_in: StandIn, price: Price
) -> None:
    sync(price.variant)
    stand_in.fail("/v1/products/", method="POST", status=400)
    Product.objects.update(title="Gale Lantern")
    publishing.set_price(price.variant, Money(2150, "eur"))

    sync(price.variant)

    assert kinds()[2:] == ["create_price", "archive_price"]
    assert [change.kind for change in api.plan()] == ["update_product"]


def test_a_refused_change_that_is_taken_back_needs_nobody(stand_in: StandIn, price: Price) -> None:
    sync(price.variant)
    stand_in.fail("/v1/products/", method="POST", status=400)
    Product.objects.update(title="Gale Lantern")
    sync(price.variant)

    Product.objects.update(title="Storm Lantern")
    sync(price.variant)

    assert not CatalogSync.objects.exclude(status=Status.DONE).exists()


def test_a_row_that_gave_up_over_unknown_outcomes_keeps_its_key(
    stand_in: StandIn, price: Price
) -> None:
    stand_in.fail("/v1/products$", when="after", reset=True)
    queue.queue(price.variant)
    CatalogSync.objects.update(attempts=CatalogSync.MAX_ATTEMPTS)
    CatalogSync.objects.update(run_at=timezone.now())
    work.drain(CatalogSync, push.push)
    # K15: no number of attempts does that by itself any more.
    assert CatalogSync.objects.filter(status=Status.READY).update(status=Status.DEAD) == 1
    dead = CatalogSync.objects.get()

    Product.objects.update(title="Gale Lantern")
    sync(price.variant)

    assert CatalogSync.objects.get(pk=dead.pk).key == dead.key
    assert [product["name"] for product in stand_in.api("products")["data"]] == [
        "Gale Lantern (Brass)"
    ]


def test_a_product_made_under_a_key_that_stripe_forgot_is_found(
    stand_in: StandIn, price: Price
) -> None:
    sync(price.variant)
    made = Variant.objects.get().stripe_product_id
    # As if the answer had been lost two days ago, and the key forgotten since.
    Variant.objects.update(stripe_account="", stripe_product_id="")
    rows = CatalogSync.objects.filter(kind="create_product")
    rows.update(status=Status.READY, attempts=1, outcome="", key="another-key")

    push_what_is_queued()

    assert Variant.objects.get().stripe_product_id == made
    assert len(stand_in.api("products")["data"]) == 1


def test_a_price_made_under_a_key_that_stripe_forgot_is_found(
    stand_in: StandIn, price: Price
) -> None:
    sync(price.variant)
    made = Price.objects.get().stripe_price_id
    Price.objects.update(stripe_account="", stripe_price_id="")
    rows = CatalogSync.objects.filter(kind="create_price")
    long_ago = timezone.now() - timedelta(days=2)
    rows.update(status=Status.READY, attempts=1, outcome="", key="another-key", created_at=long_ago)

    push_what_is_queued()

    assert Price.objects.get().stripe_price_id == made
    assert len(stand_in.api("prices")["data"]) == 1


def test_what_somebody_deleted_at_stripe_is_made_again(stand_in: StandIn, price: Price) -> None:
    sync(price.variant)
    gone = Variant.objects.get().stripe_product_id
    stand_in.ask("reset", {"keep_endpoints": False})
    Product.objects.update(title="Gale Lantern")

    sync(price.variant)

    variant = Variant.objects.get()
    assert variant.stripe_product_id != gone
    assert stand_in.api(f"products/{variant.stripe_product_id}")["name"] == "Gale Lantern (Brass)"
    assert stand_in.api(f"prices/{Price.objects.get().stripe_price_id}")["active"] is True


def test_ids_of_another_account_count_as_absent(stand_in: StandIn, price: Price) -> None:
    Variant.objects.update(stripe_account="acct_other/test", stripe_product_id="prod_other")
    Price.objects.update(stripe_account="acct_other/test", stripe_price_id="price_other")
    price.refresh_from_db()
    absent = synced_ids.synced_price_id(price)

    sync(price.variant)

    price.refresh_from_db()
    assert absent is None
    assert stand_in.api("products")["data"][0]["id"] == price.variant.stripe_product_id
    assert synced_ids.synced_price_id(price) == price.stripe_price_id


def test_a_change_saved_before_the_key_was_ever_used_finds_its_account(
    stand_in: StandIn, price: Price
) -> None:
    StripeAccount.objects.all().delete()
    row = queue.queue(price.variant)
    assert row
    assert row.stripe_account == ""

    push_what_is_queued()

    assert kinds() == ["create_product", "create_price"]
    assert set(CatalogSync.objects.values_list("outcome", "detail", "stripe_account")) == {
        ("noted", "queued anew for another account", ""),
        ("told", "", stripe_client.account()),
    }


def test_a_synced_price_is_used_only_while_it_is_current(stand_in: StandIn, price: Price) -> None:
    before = synced_ids.synced_price_id(price)
    sync(price.variant)
    price.refresh_from_db()
    publishing.set_price(price.variant, Money(2150, "eur"))

    assert before is None
    assert synced_ids.synced_price_id(price) == price.stripe_price_id
    price.refresh_from_db()
    assert synced_ids.synced_price_id(price) is None


def test_synced_prices_of_many_cost_as_many_queries_as_of_one(
    stand_in: StandIn, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        sync(PriceFactory().variant)
    prices = list(Price.objects.select_related("variant"))

    with django_assert_num_queries(8):
        found = synced_ids.synced_price_ids(prices)

    assert found == {price.pk: price.stripe_price_id for price in prices}


def test_workers_are_rung_for_one_row_and_for_all(stand_in: StandIn, price: Price) -> None:
    row = queue.queue(price.variant)
    assert row

    tasks.sync_one(row_id=str(row.pk))
    tasks.drain_syncs()

    assert kinds() == ["create_product", "create_price"]


@pytest.mark.parametrize(
    ("site", "source", "expected"),
    [
        ("https://shop.example.com", "", ["https://shop.example.com/media/pictures/a-960.jpg"]),
        ("http://shop.example.com", "", []),
        ("https://localhost:4242", "", []),
        ("https://192.168.1.4", "", []),
        (
            "http://localhost:4242",
            "https://cdn.example.com/a.jpg",
            ["https://cdn.example.com/a.jpg"],
        ),
        ("https://shop.example.com", "http://cdn.example.com/a.jpg", []),
        ("https://shop.example.com", "https://[::1]/a.jpg", []),
    ],
)
def test_pictures_are_named_only_where_stripe_can_fetch_them(
    price: Price, settings: Any, site: str, source: str, expected: list[str]
) -> None:
    settings.SITE_URL, settings.STRIPE_API_BASE = site, settings.STRIPE_API
    name = "" if source else "a"
    Image.objects.create(
        product=price.variant.product, source=source or "pictures/a", name=name, widths=[320, 960]
    )

    parameters = mapping.product_parameters(price.variant, "shop")

    assert parameters.get("images", []) == expected


@pytest.mark.django_db(transaction=True)
def test_many_who_save_at_once_queue_one_row(stand_in: StandIn, price: Price) -> None:
    """Guard: the lock on the variants in `queue_many`."""

    together = Barrier(4)

    def save(_: int) -> None:
        together.wait()
        with transaction.atomic():
            queue.queue(price.variant)
            # The time in which the others must not decide.
            time.sleep(0.1)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(save, range(4)))

    assert CatalogSync.objects.count() == 1
