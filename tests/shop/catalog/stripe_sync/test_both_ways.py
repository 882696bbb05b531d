"""What is changed at Stripe comes in; what both sides changed is decided by a person."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shop import stripe_client, work
from shop.accounts.models import User
from shop.catalog import publishing
from shop.catalog.models import (
    CatalogSync,
    Price,
    Product,
    SyncConflict,
    UnclaimedStripeObject,
    Variant,
)
from shop.catalog.stripe_plan import queue
from shop.catalog.stripe_sync import api, decisions, pull, push, run, synced_ids
from shop.models import Installation, StripeAccount
from shop.money import Money
from tests.shop.catalog.management.test_sync_catalog import sync_catalog
from tests.shop.catalog.stripe_sync.syncing import product_of, sync, told_of
from tests.support.factories import PriceFactory
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db


# -- Taking over -----------------------------------------------------------------------------------


def test_words_changed_at_stripe_come_in_and_nothing_is_told(
    stand_in: StandIn, price: Price
) -> None:
    variant = price.variant
    stand_in.call(
        f"products/{variant.stripe_product_id}",
        name="Gale Lantern (Brass)",
        description="Burns in a gale.",
        tax_code="txcd_99999999",
    )
    calls = len(stand_in.requests_made("/v1/"))

    found = pull.take(variant.pk)
    sync(variant)

    product = Product.objects.get()
    variant.refresh_from_db()
    assert sorted(one.field for one in found) == ["description", "name", "tax_code"]
    assert (product.title, product.description, variant.tax_code) == (
        "Gale Lantern",
        "Burns in a gale.\n\nGlass and brass.",
        "txcd_99999999",
    )
    assert len(stand_in.requests_made("/v1/")) == calls
    assert (list(api.plan()), list(pull.drift())) == ([], [])


def test_a_title_taken_over_is_told_to_the_other_variants(stand_in: StandIn, price: Price) -> None:
    other: Price = PriceFactory(
        variant__product=price.variant.product, variant__option_values=["Iron"]
    )
    sync(other.variant)
    stand_in.call(f"products/{price.variant.stripe_product_id}", name="Gale Lantern (Brass)")

    pull.take(price.variant_id)
    sync(other.variant)

    other.variant.refresh_from_db()
    assert product_of(stand_in, other.variant)["name"] == "Gale Lantern (Iron)"


def test_archived_at_stripe_is_no_longer_sold(stand_in: StandIn, price: Price) -> None:
    stand_in.call(f"products/{price.variant.stripe_product_id}", active="false")

    pull.take(price.variant_id)

    assert not Variant.objects.get().is_active


def test_a_price_replaced_in_the_dashboard_is_the_price(stand_in: StandIn, price: Price) -> None:
    new = replaced_in_the_dashboard(stand_in, price, 2500)

    pull.take(price.variant_id)
    sync(price.variant)

    now = Price.objects.current().get()
    at_stripe = stand_in.api(f"prices/{new}")
    assert (now.money, now.stripe_price_id) == (Money(2500, "eur"), new)
    assert at_stripe["lookup_key"] == f"{Installation.current()}:LANTERN-STORM:eur"
    assert at_stripe["metadata"]["price"] == now.key
    assert synced_ids.synced_price_id(now) == new
    assert (list(api.plan()), list(pull.drift())) == ([], [])


def test_a_price_archived_without_another_is_asked_no_longer(
    stand_in: StandIn, price: Price
) -> None:
    stand_in.call(f"prices/{price.stripe_price_id}", active="false")

    pull.take(price.variant_id)

    assert not Price.objects.current().exists()


def test_a_further_price_is_offered_and_changes_nothing(stand_in: StandIn, price: Price) -> None:
    other = stand_in.call(
        "prices", product=price.variant.stripe_product_id, unit_amount=1500, currency="eur"
    )

    found = pull.pull()

    offer = UnclaimedStripeObject.objects.get()
    assert found == []
    assert (offer.stripe_id, offer.variant, offer.unit_amount) == (other["id"], price.variant, 1500)
    assert Price.objects.current().get() == price


@pytest.mark.parametrize("by", ["pull", "event"])
def test_what_was_deleted_at_stripe_is_made_again(stand_in: StandIn, by: str) -> None:
    stripe_client.account()
    price: Price = PriceFactory()
    row = queue.queue(price.variant)
    assert row
    work.run(CatalogSync, row.pk, push.push)
    # Stripe deletes only what has no price.
    CatalogSync.objects.filter(status="ready").delete()
    price.variant.refresh_from_db()
    gone = price.variant.stripe_product_id
    stand_in.http.delete(
        f"{stand_in.url}/v1/products/{gone}", headers={"Authorization": "Bearer sk_test_a_b_c_d"}
    ).raise_for_status()

    if by == "pull":
        pull.pull()
    else:
        outcome = pull.take_event(told_of(stand_in, "product.deleted"))
        assert outcome == f"gone at Stripe: {price.variant.sku} ({price.variant})"
    sync(price.variant)

    price.variant.refresh_from_db()
    assert price.variant.stripe_product_id not in ("", gone)


def test_a_default_price_makes_way_before_it_is_archived(stand_in: StandIn, price: Price) -> None:
    new = replaced_in_the_dashboard(stand_in, price, 2500)
    pull.take(price.variant_id)
    sync(price.variant)

    ours = publishing.set_price(price.variant, Money(2700, "eur"))
    sync(price.variant)

    ours.refresh_from_db()
    assert product_of(stand_in, price.variant)["default_price"] == ours.stripe_price_id
    assert stand_in.api(f"prices/{new}")["active"] is False


def replaced_in_the_dashboard(stand_in: StandIn, price: Price, amount: int) -> str:
    """As the Dashboard edits a price: another one, made the default, and the old one archived."""
    product = price.variant.stripe_product_id
    new: str = stand_in.call("prices", product=product, unit_amount=amount, currency="eur")["id"]
    stand_in.call(f"products/{product}", default_price=new)
    stand_in.call(f"prices/{price.stripe_price_id}", active="false")
    return new


# -- Events ----------------------------------------------------------------------------------------


def test_an_event_of_the_dashboard_is_taken(stand_in: StandIn, price: Price) -> None:
    replaced_in_the_dashboard(stand_in, price, 2500)

    outcome = pull.take_event(told_of(stand_in, "price.updated"))

    assert outcome == "take over price of LANTERN-STORM: at Stripe 18.00 EUR → 25.00 EUR"
    assert Price.objects.current().get().unit_amount == 2500


@pytest.mark.parametrize(
    "kind", ["product.created", "product.updated", "price.created", "price.updated"]
)
def test_the_echo_of_our_own_change_asks_nothing(
    stand_in: StandIn, price: Price, kind: str
) -> None:
    Product.objects.update(title="Gale Lantern")
    publishing.set_price(price.variant, Money(2100, "usd"))
    sync(price.variant)
    before = len(stand_in.requests_made(method="GET"))

    outcome = pull.take_event(told_of(stand_in, kind))

    assert outcome == "ignored: our own change"
    assert len(stand_in.requests_made(method="GET")) == before


def test_an_event_of_an_unmarked_product_is_an_offer(stand_in: StandIn, price: Price) -> None:
    stand_in.call("products", name="Somebody's lamp")

    outcome = pull.take_event(told_of(stand_in, "product.created"))

    assert outcome == "offered for adoption"
    assert [offer.name for offer in UnclaimedStripeObject.objects.all()] == ["Somebody's lamp"]


def test_what_is_being_told_right_now_is_compared_later(stand_in: StandIn, price: Price) -> None:
    Product.objects.update(title="Gale Lantern")
    row = queue.queue(price.variant)
    assert row
    assert work.claim(CatalogSync, row.pk)

    with pytest.raises(work.TryLater):
        pull.take(price.variant_id)


# -- Conflicts -------------------------------------------------------------------------------------


@pytest.fixture
def conflict(stand_in: StandIn, price: Price) -> SyncConflict:
    """The name was changed here and at Stripe."""
    stand_in.call(f"products/{price.variant.stripe_product_id}", name="Theirs (Brass)")
    Product.objects.update(title="Ours")
    sync(price.variant)
    return SyncConflict.objects.get()


def test_what_both_changed_stays_as_it_is_on_both_sides(
    stand_in: StandIn, price: Price, conflict: SyncConflict
) -> None:
    assert (conflict.base, conflict.ours, conflict.theirs) == (
        "Storm Lantern (Brass)",
        "Ours (Brass)",
        "Theirs (Brass)",
    )
    assert product_of(stand_in, price.variant)["name"] == "Theirs (Brass)"
    assert Product.objects.get().title == "Ours"
    assert list(api.plan()) == []


def test_other_fields_go_on_while_one_is_disputed(
    stand_in: StandIn, price: Price, conflict: SyncConflict
) -> None:
    Product.objects.update(description="Never goes out.")

    sync(price.variant)

    product = product_of(stand_in, price.variant)
    assert (product["name"], product["description"]) == ("Theirs (Brass)", "Never goes out.")


def test_taking_ours_tells_stripe(
    stand_in: StandIn, price: Price, conflict: SyncConflict, somebody: User
) -> None:
    decisions.take_ours(conflict, somebody)
    sync(price.variant)

    conflict.refresh_from_db()
    assert product_of(stand_in, price.variant)["name"] == "Ours (Brass)"
    assert (conflict.status, conflict.closed_by_name) == ("ours", str(somebody))
    assert (list(api.plan()), list(pull.drift())) == ([], [])


def test_taking_theirs_changes_the_catalog(
    stand_in: StandIn, price: Price, conflict: SyncConflict, somebody: User
) -> None:
    decisions.take_theirs(conflict, somebody)
    sync(price.variant)

    assert Product.objects.get().title == "Theirs"
    assert (list(api.plan()), list(pull.drift())) == ([], [])


def test_a_name_of_another_make_is_a_conflict_that_cannot_be_taken(
    stand_in: StandIn, price: Price, somebody: User
) -> None:
    stand_in.call(f"products/{price.variant.stripe_product_id}", name="Brass lantern")
    pull.take(price.variant_id)

    with pytest.raises(decisions.CannotBeTaken, match=r"would have to end with \(Brass\)"):
        decisions.take_theirs(SyncConflict.objects.get(), somebody)

    assert SyncConflict.objects.get().status == "open"


@pytest.mark.parametrize(("decide", "amount"), [("take_ours", 2200), ("take_theirs", 2500)])
def test_a_price_changed_on_both_sides_is_decided_once(
    stand_in: StandIn, price: Price, somebody: User, decide: str, amount: int
) -> None:
    replaced_in_the_dashboard(stand_in, price, 2500)
    publishing.set_price(price.variant, Money(2200, "eur"))
    sync(price.variant)
    conflict = SyncConflict.objects.get()
    before = {one["id"] for one in stand_in.api("prices", active="true")["data"]}

    verb: Callable[[SyncConflict, User], None] = getattr(decisions, decide)
    verb(conflict, somebody)
    sync(price.variant)

    now = Price.objects.current().get()
    assert len(before) == 1
    assert conflict.theirs
    assert (conflict.ours, conflict.theirs["unit_amount"]) == (
        {"unit_amount": 2200, "currency": "eur"},
        2500,
    )
    assert now.unit_amount == amount
    assert stand_in.api(f"prices/{now.stripe_price_id}")["unit_amount"] == amount
    assert (list(api.plan()), list(pull.drift())) == ([], [])


def test_the_same_change_on_both_sides_is_no_conflict(stand_in: StandIn, price: Price) -> None:
    stand_in.call(f"products/{price.variant.stripe_product_id}", name="Gale Lantern (Brass)")
    Product.objects.update(title="Gale Lantern")

    sync(price.variant)

    assert not SyncConflict.objects.exists()
    assert (list(api.plan()), list(pull.drift())) == ([], [])


def test_a_conflict_that_one_side_gives_up_is_over(
    stand_in: StandIn, price: Price, conflict: SyncConflict
) -> None:
    Product.objects.update(title="Theirs")

    pull.take(price.variant_id)

    conflict.refresh_from_db()
    assert conflict.status == "over"


# -- Adoption --------------------------------------------------------------------------------------


def test_an_unmarked_product_becomes_a_variants(stand_in: StandIn) -> None:
    stripe_client.account()
    made = stand_in.call("products", name="Lamp")
    price: Price = PriceFactory(variant__product__title="Lamp", variant__sku="LAMP")
    pull.pull()

    decisions.adopt(UnclaimedStripeObject.objects.get(), price.variant)
    sync(price.variant)

    price.variant.refresh_from_db()
    at_stripe = stand_in.api(f"products/{made['id']}")
    assert price.variant.stripe_product_id == made["id"]
    assert at_stripe["metadata"] == {"shop": Installation.current(), "sku": "LAMP"}
    assert not SyncConflict.objects.exists()


def test_an_unmarked_product_is_never_touched(stand_in: StandIn, price: Price) -> None:
    made = stand_in.call("products", name="Lamp")

    run.apply()
    run.apply()

    assert stand_in.api(f"products/{made['id']}") == made
    assert UnclaimedStripeObject.objects.get().status == "open"


def test_a_variant_has_one_product(stand_in: StandIn, price: Price) -> None:
    stand_in.call("products", name="Lamp")
    pull.pull()

    with pytest.raises(decisions.CannotBeAdopted, match="has its product at Stripe already"):
        decisions.adopt(UnclaimedStripeObject.objects.get(), price.variant)


# -- The command -----------------------------------------------------------------------------------


def test_drift_is_told_and_check_fails_until_it_is_settled(stand_in: StandIn, price: Price) -> None:
    stand_in.call(f"products/{price.variant.stripe_product_id}", name="Gale Lantern (Brass)")

    before = sync_catalog("--check")
    plan = sync_catalog("--plan")
    title = Product.objects.get().title
    pulled = sync_catalog("--pull")
    after = sync_catalog("--check")

    line = (
        "  take over name of LANTERN-STORM: at Stripe"
        " “Storm Lantern (Brass)” → “Gale Lantern (Brass)”"
    )
    assert before == (1, f"{line}\nNot in step: 1 take over.\n")
    assert plan == (0, f"{line}\n1 take over. --apply does it.\n")
    assert title == "Storm Lantern"
    assert pulled == (0, f"{line}\n")
    assert after == (0, "Stripe is in step with the catalog.\n")


def test_a_conflict_keeps_check_failing(stand_in: StandIn, conflict: SyncConflict) -> None:
    code, printed = sync_catalog("--check")

    assert code == 1
    assert "conflict name of LANTERN-STORM: at Stripe" in printed
    assert "conflict: name of LANTERN-STORM; decide in the admin." in printed


def test_lists_that_lag_take_nothing_away(stand_in: StandIn) -> None:
    stripe_client.account()
    stand_in.ask("lag", {"seconds": 60})
    price: Price = PriceFactory()
    sync(price.variant)

    found = pull.pull()

    assert found == []
    assert Price.objects.current().get() == price


def test_the_pace_leaves_stripes_limit_alone(stand_in: StandIn) -> None:
    for _ in range(8):
        PriceFactory()
    began = time.monotonic()

    sync_catalog("--apply")

    calls = len(stand_in.requests_made("/v1/")) + len(stand_in.requests_made(method="GET"))
    assert calls / (time.monotonic() - began) < 20


# -- Several currencies, chosen and recurring amounts ----------------------------------------------


def test_further_currencies_are_options_of_one_price(
    stand_in: StandIn, price: Price, settings: Any
) -> None:
    dollars = publishing.set_price(price.variant, Money(2100, "usd"))

    sync(price.variant)

    at_stripe = stand_in.api(f"prices/{price.stripe_price_id}", **{"expand[0]": "currency_options"})
    assert at_stripe["currency_options"]["usd"]["unit_amount"] == 2100
    assert synced_ids.synced_price_id(dollars) == price.stripe_price_id

    publishing.set_price(price.variant, Money(2200, "usd"))
    sync(price.variant)
    again = stand_in.api(f"prices/{price.stripe_price_id}", **{"expand[0]": "currency_options"})
    assert again["currency_options"]["usd"]["unit_amount"] == 2200
    assert list(api.plan()) == []


def test_an_amount_that_the_customer_names(stand_in: StandIn, price: Price) -> None:
    chosen = publishing.replace(
        price.variant,
        Price(
            unit_amount=1500,
            currency="eur",
            is_chosen=True,
            minimum_amount=500,
            maximum_amount=9000,
        ),
    )

    sync(price.variant)

    chosen.refresh_from_db()
    assert stand_in.api(f"prices/{chosen.stripe_price_id}")["custom_unit_amount"] == {
        "minimum": 500,
        "preset": 1500,
        "maximum": 9000,
    }


def test_a_fixed_price_beside_one_that_customers_choose_is_stated(
    stand_in: StandIn, price: Price
) -> None:
    dollars = publishing.set_price(price.variant, Money(2100, "usd"))
    chosen = {"is_chosen": True, "minimum_amount": 500, "maximum_amount": 9000}
    publishing.replace(price.variant, Price(unit_amount=1500, currency="eur", **chosen))

    sync(price.variant)

    assert synced_ids.synced_price_id(dollars) is None


def test_a_recurring_price_stands_beside_the_other(stand_in: StandIn, price: Price) -> None:
    monthly = publishing.replace(
        price.variant, Price(unit_amount=900, currency="eur", interval="month")
    )

    sync(price.variant)

    monthly.refresh_from_db()
    at_stripe = stand_in.api(f"prices/{monthly.stripe_price_id}")
    assert (at_stripe["recurring"]["interval"], at_stripe["type"]) == ("month", "recurring")
    assert at_stripe["lookup_key"].endswith(":LANTERN-STORM:eur:1month")
    assert Price.objects.current().get() == price


# -- In the admin ----------------------------------------------------------------------------------


def test_staff_see_both_sides_and_take_one(
    admin_client: Client, stand_in: StandIn, price: Price, conflict: SyncConflict
) -> None:
    address = "/admin/catalog/syncconflict/"

    page = admin_client.get(address).content.decode()
    admin_client.post(address, {"action": "take_theirs", "_selected_action": [conflict.pk]})

    assert all(name in page for name in ("Storm Lantern (Brass)", "Ours (Brass)", "Theirs (Brass)"))
    assert Product.objects.get().title == "Theirs"


@pytest.fixture
def offer(stand_in: StandIn) -> UnclaimedStripeObject:
    """Somebody's lamp, and a variant that it may be."""
    stripe_client.account()
    stand_in.call("products", name="Somebody's lamp")
    PriceFactory(variant__sku="LAMP")
    pull.pull()
    return UnclaimedStripeObject.objects.get()


def adopting(client: Client, offer: UnclaimedStripeObject, sku: str) -> str:
    """What the page says then."""
    address = f"/admin/catalog/unclaimedstripeobject/{offer.pk}/change/"
    return client.post(address, {"sku": sku}, follow=True).content.decode()


def test_staff_adopt_by_sku_and_a_worker_compares(
    admin_client: Client, offer: UnclaimedStripeObject
) -> None:
    """Nothing is asked within Django's transaction: `RateLimit.wait` would refuse."""
    wrong = adopting(admin_client, offer, "NONE")
    right = adopting(admin_client, offer, "LAMP")
    before = list(SyncConflict.objects.all())
    variant = Variant.objects.get(sku="LAMP")
    sync(variant)

    assert "No variant has the SKU NONE." in wrong
    assert "Adopted as LAMP." in right
    assert variant.stripe_product_id == offer.stripe_id
    assert before == []
    assert SyncConflict.objects.get().field == "name"


def test_an_adoption_does_not_wait_for_stripe(
    admin_client: Client, offer: UnclaimedStripeObject, settings: Any
) -> None:
    settings.STRIPE_API_BASE = settings.STRIPE_API_BASE.replace("127.0.0.1", "localhost")
    StripeAccount.objects.all().delete()

    said = adopting(admin_client, offer, "LAMP")

    # Which account the new key belongs to is not known yet, so nothing is half done.
    assert "It stands in another Stripe account." in said
    assert Variant.objects.get().stripe_product_id == ""
    assert UnclaimedStripeObject.objects.get().status == "open"


def test_a_stripe_that_is_away_holds_no_adoption_up(
    admin_client: Client, stand_in: StandIn, offer: UnclaimedStripeObject
) -> None:
    stand_in.fail("/v1/", status=500, times=9)

    said = adopting(admin_client, offer, "LAMP")

    assert "Adopted as LAMP." in said
    assert CatalogSync.objects.get().status == "ready"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"status": "adopted"}, "It has been adopted already."),
        ({"stripe_account": "acct_other/test"}, "It stands in another Stripe account."),
    ],
)
def test_an_adoption_that_came_too_late_is_a_message(
    offer: UnclaimedStripeObject, given: dict[str, str], why: str
) -> None:
    """The rows are read anew within the transaction."""
    UnclaimedStripeObject.objects.update(**given)

    with pytest.raises(decisions.CannotBeAdopted, match=why):
        decisions.adopt(offer, Variant.objects.get())

    assert Variant.objects.get().stripe_product_id == ""


def test_one_product_is_not_adopted_twice(offer: UnclaimedStripeObject) -> None:
    other = PriceFactory().variant
    other.stripe_account, other.stripe_product_id = offer.stripe_account, offer.stripe_id
    other.save()

    with pytest.raises(decisions.CannotBeAdopted, match=f"the product of {other.sku} already"):
        decisions.adopt(offer, Variant.objects.get(sku="LAMP"))


def test_offers_say_what_a_price_asks(
    admin_client: Client, stand_in: StandIn, price: Price
) -> None:
    terms = {"unit_amount": 900, "currency": "eur", "recurring[interval]": "month"}
    stand_in.call("prices", product=price.variant.stripe_product_id, **terms)
    pull.pull()

    page = admin_client.get("/admin/catalog/unclaimedstripeobject/").content.decode()

    assert "9.00 EUR every month" in page
