"""What the admin says of a product at Stripe is true."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop import stripe_client
from shop.catalog.models import CatalogSync, Price, Product, SyncConflict, Variant
from tests.shop.catalog.admin.staff import PRODUCTS, logged_in, said
from tests.support.factories import PriceFactory, VariantFactory
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(price: Price) -> Variant:
    """A variant that Stripe knows."""
    CatalogSync.objects.all().delete()
    price.variant.refresh_from_db()
    return price.variant


def words(client: Client) -> tuple[str, str]:
    """The words of the only product, and where they lead."""
    page = client.get(PRODUCTS).content.decode()
    cell = page.partition('class="field-stripe">')[2].partition("</td>")[0]
    address, _, said = cell.partition('href="')[2].partition('">')
    return said.removesuffix("</a>"), address.replace("&amp;", "&")


def queued(variant: Variant, **given: Any) -> CatalogSync:
    account = stripe_client.known_account()
    values = {"kind": "update_product", "variant": variant, "stripe_account": account, **given}
    return CatalogSync.objects.create(key=variant.sku, **values)


def disputed(variant: Variant, **given: Any) -> None:
    account = stripe_client.known_account()
    values = {"variant": variant, "field": "price:usd", "stripe_account": account, **given}
    SyncConflict.objects.create(**values)


def test_in_step(admin_client: Client, there: Variant) -> None:
    assert words(admin_client)[0] == "in step"


def test_not_there(admin_client: Client, stand_in: StandIn) -> None:
    PriceFactory()

    assert words(admin_client)[0] == "not there"


def test_waiting(admin_client: Client, there: Variant) -> None:
    queued(there)

    said, address = words(admin_client)

    rows = reverse("admin:catalog_catalogsync_changelist")
    assert (said, address) == (
        "1 waiting",
        f"{rows}?variant__product__id__exact={there.product_id}",
    )


def test_not_told(admin_client: Client, there: Variant) -> None:
    queued(there, status="dead", last_error="Impossible: Stripe refused it: no.")

    assert words(admin_client)[0] == "not told: Impossible: Stripe refused it: no."


def test_a_conflict_and_where_it_is_decided(admin_client: Client, there: Variant) -> None:
    disputed(there)
    queued(there)

    said, address = words(admin_client)
    listed = admin_client.get(address)

    assert said == "conflict: price usd"
    assert listed.status_code == 200
    assert [one.variant for one in listed.context["cl"].result_list] == [there]


def test_only_some(admin_client: Client, there: Variant) -> None:
    VariantFactory(product=there.product, option_values=["Iron"])
    VariantFactory(product=there.product, option_values=["Tin"], is_active=False)

    assert words(admin_client)[0] == "1 of 2 there"


def test_known_to_another_account_is_not_there(admin_client: Client, there: Variant) -> None:
    account = "acct_other/test"
    disputed(there, stripe_account=account)
    queued(there, stripe_account=account, status="dead", last_error="no")
    Variant.objects.update(stripe_account=account)

    assert words(admin_client)[0] == "not there"


def test_a_decided_conflict_is_over(admin_client: Client, there: Variant) -> None:
    disputed(there, status="ours")

    assert words(admin_client)[0] == "in step"


def test_the_page_of_a_product_says_it_of_each_variant(
    admin_client: Client, there: Variant
) -> None:
    VariantFactory(product=there.product, option_values=["Iron"])
    disputed(there, field="name")
    address = reverse("admin:catalog_product_change", args=[Product.objects.get().pk])

    page = admin_client.get(address).content.decode()

    assert ">conflict: name</a>" in page
    assert ">not there</a>" in page


# -- Deciding --------------------------------------------------------------------------------------


def page_of(conflict: SyncConflict) -> str:
    return reverse("admin:catalog_syncconflict_change", args=[conflict.pk])


def decide(client: Client, conflict: SyncConflict, take: str) -> Any:
    address = reverse("admin:catalog_syncconflict_decide", args=[conflict.pk])
    return client.post(address, {"take": take}, follow=True)


@pytest.fixture
def conflict(there: Variant) -> SyncConflict:
    """Both have another name for it."""
    disputed(there, field="name", base="Lamp", ours=str(there), theirs="Gale Lamp (Brass)")
    return SyncConflict.objects.get()


def test_s9_the_page_of_a_conflict_has_two_buttons(
    admin_client: Client, conflict: SyncConflict
) -> None:
    page = " ".join(admin_client.get(page_of(conflict)).content.decode().split())

    assert f"Keep ours: “{conflict.variant}”" in page
    assert "Take Stripe’s: “Gale Lamp (Brass)”" in page


@pytest.mark.parametrize(
    ("take", "message", "title"),
    [
        ("ours", "Stripe will be told what the shop says.", ""),
        ("theirs", "1 taken over; the catalog says what Stripe says.", "Gale Lamp"),
    ],
)
def test_s9_each_button_decides_once(
    admin_client: Client, conflict: SyncConflict, take: str, message: str, title: str
) -> None:
    before = Product.objects.get().title

    first, second = (decide(admin_client, conflict, take) for _ in range(2))

    assert said(first) == [message]
    assert said(second) == ["It had been decided before; that stays."]
    conflict.refresh_from_db()
    assert conflict.status == take
    assert Product.objects.get().title == (title or before)
    assert "Keep ours" not in first.content.decode()


def test_s9_what_cannot_be_taken_stays_open(admin_client: Client, conflict: SyncConflict) -> None:
    Variant.objects.update(option_values=["Iron"])

    answer = decide(admin_client, conflict, "theirs")

    [told] = said(answer)
    assert told.endswith("The name at Stripe would have to end with (Iron), as here.")
    conflict.refresh_from_db()
    assert conflict.status == "open"


def test_s9_a_button_that_is_none_does_nothing(
    admin_client: Client, conflict: SyncConflict
) -> None:
    answer = decide(admin_client, conflict, "both")

    assert said(answer) == ["Choose whose value to keep. Nothing was done."]
    conflict.refresh_from_db()
    assert conflict.status == "open"


def test_s9_who_may_only_look_decides_nothing(conflict: SyncConflict) -> None:
    client = logged_in("view_syncconflict")

    assert "Keep ours" not in client.get(page_of(conflict)).content.decode()
    assert decide(client, conflict, "ours").status_code == 403
    address = reverse("admin:catalog_syncconflict_decide", args=[conflict.pk])
    assert client.get(address).status_code == 405
