"""Products as staff keep them: publishing, previews, addresses, German, pictures."""

import io
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from PIL import Image as Pillow

from shop.catalog import publishing
from shop.catalog.models import CatalogSync, Image, OldSlug, Product
from tests.shop.catalog.admin.staff import PRODUCTS, act, complaints, said
from tests.shop.catalog.admin.test_lists import many
from tests.shop.catalog.admin.test_site import address, row, typed
from tests.support.factories import PriceFactory, ProductFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_publishing_together_says_what_came_of_it(staff: Client) -> None:
    # By its number another product's category may be called, too.
    draft = PriceFactory(
        variant__product__status="draft", variant__product__title="Gale"
    ).variant.product
    bare = ProductFactory(status="draft", title="Bare")
    there = PriceFactory().variant.product

    response = act(staff, "publish", draft, bare, there)

    assert said(response) == [
        "2 published; 1 had been before.",
        "Without a price nobody can buy Bare.",
    ]
    assert Product.objects.on_sale().count() == 3
    assert [sync.variant.product for sync in CatalogSync.objects.all()] == [draft]
    assert Product.objects.get(search_vector="gale") == draft


@pytest.mark.parametrize("count", [2, 200])
@pytest.mark.parametrize("action", ["publish", "archive"])
def test_many_together_cost_as_much_as_few(
    staff: Client, action: str, count: int, django_assert_max_num_queries: Any
) -> None:
    many(count)
    Product.objects.update(status="draft")
    CatalogSync.objects.all().delete()
    everything = {"action": action, "_selected_action": [Product.objects.values("pk")[0]["pk"]]}

    with django_assert_max_num_queries(48):
        staff.post(PRODUCTS, {**everything, "select_across": "1"})

    status = {"publish": "active", "archive": "archived"}[action]
    assert Product.objects.filter(status=status).count() == count
    assert CatalogSync.objects.count() == (count if action == "publish" else 0)
    assert LogEntry.objects.count() == count


def test_archiving_together_says_what_came_of_it(staff: Client) -> None:
    products = [PriceFactory().variant.product for _ in range(2)]
    gone = ProductFactory(status="archived")

    response = act(staff, "archive", *products, gone)

    assert said(response) == ["2 archived; customers no longer see them. 1 had been before."]
    assert Product.objects.filter(status="archived").count() == 3


def moment(at: datetime) -> dict[str, str]:
    local = localtime(at)
    return {"publish_at_0": f"{local:%Y-%m-%d}", "publish_at_1": f"{local:%H:%M:%S}"}


def test_a_draft_goes_on_sale_at_the_time_that_was_typed(staff: Client) -> None:
    price = PriceFactory(variant__product__status="draft")
    product = price.variant.product
    at = timezone.now().replace(microsecond=0) + timedelta(days=2)

    staff.post(address(product), typed(product, row(price.variant), **moment(at)))
    listed = staff.get(PRODUCTS).content.decode()
    before = publishing.publish_due()
    Product.objects.update(publish_at=timezone.now() - timedelta(seconds=1))
    after = publishing.publish_due()

    product.refresh_from_db()
    assert f"draft until {localtime(at):%-d %b %Y %H:%M}" in listed
    assert (before, after, product.status) == (0, 1, "active")
    assert CatalogSync.objects.get().variant == price.variant


def test_a_draft_is_not_put_on_sale_by_a_time_that_is_past(staff: Client) -> None:
    price = PriceFactory()
    product = price.variant.product
    past = moment(timezone.now() - timedelta(hours=1))

    response = staff.post(
        address(product), typed(product, row(price.variant), status="draft", **past)
    )

    [told] = complaints(response)
    assert told.startswith("This time is past, so the draft would go on sale at once.")


def test_the_most_that_an_order_may_hold_is_typed(staff: Client) -> None:
    price = PriceFactory()
    product = price.variant.product

    staff.post(address(product), typed(product, row(price.variant), most_per_order="3"))
    odd = staff.post(address(product), typed(product, row(price.variant), most_per_order="0"))

    assert Product.objects.get().most_per_order == 3
    assert len(complaints(odd)) == 1


def test_view_on_site_is_a_preview_of_what_is_not_on_sale(staff: Client) -> None:
    product = PriceFactory(variant__product__status="draft").variant.product

    page = staff.get(address(product)).content.decode()
    preview = staff.get(product.get_absolute_url())

    assert f'href="{product.get_absolute_url()}" class="viewsitelink"' in page
    assert preview.status_code == 200
    assert "customers do not see it" in preview.content.decode()


def test_customers_and_former_staff_get_no_preview(client: Client) -> None:
    product = PriceFactory(variant__product__status="draft").variant.product
    former = UserFactory(is_staff=False)
    former.user_permissions.set(Permission.objects.filter(codename="view_product"))

    answers = [client.get(product.get_absolute_url()).status_code]
    for user in (UserFactory(), former):
        client.force_login(user)
        answers.append(client.get(product.get_absolute_url()).status_code)

    assert answers == [404, 404, 404]


def test_a_changed_address_leaves_the_old_one_behind(staff: Client) -> None:
    price = PriceFactory(variant__product__slug="first")
    product = price.variant.product

    staff.post(address(product), typed(product, row(price.variant), slug="second", title="New"))

    product.refresh_from_db()
    assert (product.slug, product.title) == ("second", "New")
    assert list(OldSlug.objects.values_list("slug", "product")) == [("first", product.pk)]
    assert "first" in staff.get(address(product)).content.decode()


def test_german_texts_are_typed_beside_the_english_ones(staff: Client) -> None:
    price = PriceFactory()
    product = price.variant.product
    Product.objects.update(
        translations={"fr": {"title": "Lanterne"}, "de": {"material": "Messing"}}
    )
    german = {"title_de": "Laterne", "description_de": "Aus Messing."}

    staff.post(address(product), typed(product, row(price.variant), **german))

    assert Product.objects.get().translations == {
        "fr": {"title": "Lanterne"},
        "de": {"material": "Messing", "title": "Laterne", "description": "Aus Messing."},
    }
    page = staff.get(address(product)).content.decode()
    assert 'value="Laterne"' in page
    assert "Aus Messing." in page


def test_pictures_are_put_in_order(staff: Client) -> None:
    price = PriceFactory()
    product = price.variant.product
    first, second = (
        Image.objects.create(product=product, source=f"pictures/{name}", position=position)
        for position, name in enumerate(("one", "two"))
    )
    images: dict[str, Any] = {"images-INITIAL_FORMS": 2, "images-TOTAL_FORMS": 2}
    for number, (image, position) in enumerate([(first, 5), (second, 0)]):
        images |= {
            f"images-{number}-id": image.pk,
            f"images-{number}-product": product.pk,
            f"images-{number}-position": position,
        }

    staff.post(address(product), typed(product, row(price.variant), **images))

    assert list(product.images.all()) == [second, first]


def test_f7_a_picture_chosen_is_kept_when_another_field_is_wrong(
    staff: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    price = PriceFactory()
    product = price.variant.product
    file = io.BytesIO()
    Pillow.new("RGB", (400, 300), "teal").save(file, "PNG")
    upload = SimpleUploadedFile("a.png", file.getvalue(), "image/png")
    images = {"images-TOTAL_FORMS": 1, "images-0-product": product.pk, "images-0-position": 0}

    wrong = typed(product, row(price.variant), **images, **{"images-0-upload": upload})
    page = staff.post(address(product), wrong | {"title": ""}).content.decode()
    kept = re.search(r'name="images-0-kept" value="([^"]+)"', page)
    assert kept is not None
    right = typed(product, row(price.variant), **images, **{"images-0-kept": kept[1]})
    saved = staff.post(address(product), right)

    assert saved.status_code == 302
    image = product.images.get()
    assert (image.source, image.width, image.height) == (f"upload:{image.name}", 400, 300)
    assert f"{image.name}-320.jpg" in page


def test_f7_a_picture_that_was_not_chosen_here_is_refused(staff: Client) -> None:
    price = PriceFactory()
    product = price.variant.product
    images = {"images-TOTAL_FORMS": 1, "images-0-product": product.pk, "images-0-position": 0}

    data = typed(product, row(price.variant), **images, **{"images-0-kept": "made:up"})
    page = staff.post(address(product), data).content.decode()

    assert "The picture chosen before is not known any more." in page
    assert not product.images.exists()


@pytest.mark.parametrize(("hours", "is_kept"), [(23, True), (25, False)])
def test_a_picture_chosen_is_kept_for_a_day(
    staff: Client, settings: Any, tmp_path: Path, hours: int, is_kept: bool
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    price = PriceFactory()
    product = price.variant.product
    file = io.BytesIO()
    Pillow.new("RGB", (400, 300), "teal").save(file, "PNG")
    upload = SimpleUploadedFile("a.png", file.getvalue(), "image/png")
    images = {"images-TOTAL_FORMS": 1, "images-0-product": product.pk, "images-0-position": 0}
    wrong = typed(product, row(price.variant), **images, **{"images-0-upload": upload})
    page = staff.post(address(product), wrong | {"title": ""}).content.decode()
    kept = re.search(r'name="images-0-kept" value="([^"]+)"', page)
    assert kept is not None
    right = typed(product, row(price.variant), **images, **{"images-0-kept": kept[1]})

    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        staff.force_login(UserFactory(is_staff=True, is_superuser=True))
        answer = staff.post(address(product), right)

    refused = "The picture was chosen more than a day ago. Choose it again."
    assert (refused in answer.content.decode()) is not is_kept
    assert product.images.exists() is is_kept


def test_a_picture_is_shown_small(staff: Client) -> None:
    product = PriceFactory().variant.product
    Image.objects.create(
        product=product, source="x", name="tide-bowl", width=640, height=640, widths=[640, 320]
    )

    page = staff.get(address(product)).content.decode()

    assert 'src="/media/pictures/tide-bowl-320.jpg"' in page


def test_each_product_leads_to_its_sync_rows(staff: Client) -> None:
    price, other = PriceFactory(), PriceFactory()
    for variant in (price.variant, other.variant):
        CatalogSync.objects.create(kind="create_product", variant=variant, key=variant.sku)
    rows = reverse("admin:catalog_catalogsync_changelist")
    query = f"variant__product__id__exact={price.variant.product_id}"

    listed = staff.get(PRODUCTS).content.decode()
    page = staff.get(address(price.variant.product)).content.decode()
    found = staff.get(f"{rows}?{query}").context["cl"].result_list

    assert f'<a href="{rows}?{query}">1 waiting</a>' in listed
    assert f'<a href="{rows}?variant__id__exact={price.variant_id}">1 waiting</a>' in page
    assert [one.variant for one in found] == [price.variant]


def test_a_tax_code_is_one_of_stripes(staff: Client) -> None:
    variant = PriceFactory().variant
    product = variant.product

    refused = staff.post(address(product), typed(product, row(variant, tax_code="books")))
    staff.post(address(product), typed(product, row(variant, tax_code="txcd_35010000")))

    variant.refresh_from_db()
    assert "Write a tax code of Stripe&#x27;s: txcd_ and eight digits." in refused.content.decode()
    assert variant.tax_code == "txcd_35010000"
