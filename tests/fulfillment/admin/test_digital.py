"""Staff say what a thing gives, see how many keys are left and who has which (S-4)."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.signals import post_save
from django.test import Client

from fulfillment import tasks
from fulfillment.digital.models import DigitalDelivery
from shop.catalog import digital_goods
from shop.catalog.models import DigitalFile, DigitalGood, LicenseKey, Variant
from tests.fulfillment.digital.sales import sold
from tests.support.bells import bells
from tests.support.digital import CONTENT, digital_price, digital_root, uploaded
from tests.support.factories import OrderFactory, VariantFactory
from tests.support.staff import messages_on, staff

__all__ = ["digital_root"]
pytestmark = pytest.mark.django_db
LIST = "/admin/catalog/digitalgood/"


def keeper() -> Client:
    return staff("view_digitalgood", "add_digitalgood", "change_digitalgood", "view_licensekey")


def posted(client: Client, where: str, **form: Any) -> Any:
    return client.post(where, form, follow=True)


def page(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def not_sent() -> Variant:
    variant: Variant = VariantFactory(requires_shipping=False)
    return variant


def test_a_file_and_keys_are_put_up(digital_root: Any) -> None:
    variant = not_sent()

    answer = posted(
        keeper(),
        f"{LIST}add/",
        variant=variant.sku,
        new_file=uploaded("貝殻.pdf"),
        gives_keys="on",
        new_keys="A\nB\nA",
        text="Hello",
    )

    good = DigitalGood.objects.get()
    assert answer.status_code == 200
    assert good.file
    assert (good.variant, good.file.name, good.text) == (variant, "貝殻.pdf", "Hello")
    assert good.file.path.read_bytes() == CONTENT
    assert "2 keys added." in messages_on(answer)
    assert "貝殻.pdf" in page(answer)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Give a file, keys or words."),
        ({"new_keys": "A"}, "You have pasted keys: tick this, or take them out."),
        ({"gives_keys": "on", "new_keys": "A" * 501}, "Key 1 has more than 500 characters."),
        ({"new_file": SimpleUploadedFile("a.pdf", b"")}, "The submitted file is empty."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    form: dict[str, Any], sentence: str, digital_root: Any
) -> None:
    answer = posted(keeper(), f"{LIST}add/", variant=not_sent().sku, **form)

    assert sentence in page(answer)
    assert not DigitalGood.objects.exists()
    assert not LicenseKey.objects.exists()
    assert not DigitalFile.objects.exists()


def test_a_file_that_is_too_large_is_refused(settings: Any, digital_root: Any) -> None:
    settings.DIGITAL_FILE_MB = 1

    answer = posted(
        keeper(),
        f"{LIST}add/",
        variant=not_sent().sku,
        new_file=uploaded(content=b"x" * (1024**2 + 1)),
    )

    assert "A file has at most 1 MB" in page(answer)
    assert not DigitalFile.objects.exists()


def test_what_is_sent_gives_nothing_to_download() -> None:
    answer = posted(keeper(), f"{LIST}add/", variant=VariantFactory().sku, text="Hello")

    assert "This one is sent" in page(answer)
    assert not DigitalGood.objects.exists()


def test_a_sku_that_is_unknown_or_taken_is_named() -> None:
    sold()
    unknown = posted(keeper(), f"{LIST}add/", variant="NO-SUCH", text="Hello")
    taken = posted(keeper(), f"{LIST}add/", variant=Variant.objects.get().sku, text="Hello")

    assert "There is no variant with this SKU." in page(unknown)
    assert "Digital good with this Variant already exists." in page(taken)
    assert DigitalGood.objects.count() == 1


def test_the_products_page_leads_there() -> None:
    client = staff("view_product", "view_variant", "view_digitalgood", "add_digitalgood")
    empty, full = not_sent(), sold().order_line.variant

    leads_to_new = page(client.get(f"/admin/catalog/product/{empty.product_id}/change/"))
    leads_to_present = page(client.get(f"/admin/catalog/product/{full.product_id}/change/"))

    assert f'href="{LIST}add/?variant={empty.sku}"' in leads_to_new
    assert f'href="{LIST}{full.digital.pk}/change/"' in leads_to_present
    assert f'value="{empty.sku}"' in page(client.get(f"{LIST}add/?variant={empty.sku}"))


def test_a_new_file_takes_the_place_and_the_former_stays() -> None:
    delivery = sold()
    good = DigitalGood.objects.get()

    posted(keeper(), f"{LIST}{good.pk}/change/", new_file=uploaded("new.pdf", b"new"))

    good.refresh_from_db()
    delivery.refresh_from_db()
    assert good.file
    assert delivery.file
    assert (good.file.name, delivery.file.name) == ("new.pdf", "guide.pdf")
    assert delivery.file.path.exists()


def test_a_file_whose_row_is_rolled_back_does_not_stay(digital_root: Any) -> None:
    """Whatever fails later in the same request takes the row with it."""

    def fail(**_: Any) -> None:
        raise RuntimeError("something later")

    client = keeper()
    client.raise_request_exception = False
    post_save.connect(fail, sender=LogEntry)
    try:
        failed = client.post(
            f"{LIST}add/", {"variant": not_sent().sku, "new_file": uploaded("guide.pdf")}
        )
    finally:
        post_save.disconnect(fail, sender=LogEntry)

    assert failed.status_code == 500
    assert not DigitalFile.objects.exists()
    assert [path for path in digital_root.rglob("*") if path.is_file()] == []


def test_who_waits_is_served_by_a_worker_when_keys_are_pasted(
    django_capture_on_commit_callbacks: Any,
) -> None:
    delivery = sold(keys=[])
    good = DigitalGood.objects.get()
    listed = page(keeper().get(LIST))
    assert '<td class="field-waiting">1</td>' in listed

    with bells() as rung, django_capture_on_commit_callbacks(execute=True):
        answer = posted(keeper(), f"{LIST}{good.pk}/change/", gives_keys="on", new_keys="K-1\nK-2")
    delivery.refresh_from_db()
    in_the_request = delivery.keys_missing
    tasks.hand_out_late(variant_id=good.variant_id)

    delivery.refresh_from_db()
    assert (in_the_request, rung[0], delivery.keys_missing) == (1, "fulfillment.hand_out_late", 0)
    assert (
        messages_on(answer)[0]
        == "2 keys added. Who waits for one gets it in a moment, the oldest order first."
    )
    assert '<td class="field-keys_left">1</td>' in page(keeper().get(LIST))


def test_who_has_which_key_is_listed() -> None:
    delivery = sold(keys=["FIRST", "SECOND"])

    listed = page(staff("view_licensekey").get("/admin/catalog/licensekey/"))

    assert "FIRST" in listed
    assert f">{delivery.order.number}</a>" in listed
    assert "nobody&#x27;s yet" in listed or "nobody's yet" in listed


def test_a_key_that_somebody_has_is_not_taken_out() -> None:
    sold(keys=["FIRST", "SECOND"])
    client = staff("view_licensekey", "delete_licensekey")
    first, second = LicenseKey.objects.order_by("pk")

    kept = client.post(f"/admin/catalog/licensekey/{first.pk}/delete/", {"post": "yes"})
    gone = client.post(f"/admin/catalog/licensekey/{second.pk}/delete/", {"post": "yes"})

    assert (kept.status_code, gone.status_code) == (403, 302)
    assert list(LicenseKey.objects.values_list("key", flat=True)) == ["FIRST"]


def test_more_downloads_are_allowed_by_who_may() -> None:
    delivery = sold()
    form = {"action": "allow_more", "_selected_action": [str(delivery.pk)]}
    where = "/admin/fulfillment/digitaldelivery/"

    staff("view_digitaldelivery").post(where, form)
    delivery.refresh_from_db()
    assert delivery.downloads_allowed == 5
    staff("view_digitaldelivery", "change_digitaldelivery").post(where, form)

    delivery.refresh_from_db()
    assert delivery.downloads_allowed == 10


def test_staff_read_the_file_and_nothing_is_counted() -> None:
    delivery = sold()
    assert delivery.file
    where = f"/admin/digital/file/{delivery.file.pk}/"

    answer: Any = staff("view_digitalgood").get(where)
    stranger = staff("view_order").get(where)

    assert b"".join(answer.streaming_content) == CONTENT
    assert stranger.status_code == 403
    assert DigitalDelivery.objects.get().downloads == 0


@pytest.mark.parametrize("name", ["digitalgood", "licensekey"])
def test_without_the_right_nothing_is_seen(name: str) -> None:
    digital_price(keys=["A"])

    assert staff("view_order").get(f"/admin/catalog/{name}/").status_code == 403


def test_what_waits_for_keys_waits_for_staff() -> None:
    sold(keys=[])

    home = page(staff("view_digitaldelivery").get("/admin/"))
    listed = page(
        staff("view_digitaldelivery").get("/admin/fulfillment/digitaldelivery/?keys_missing__gt=0")
    )

    assert "Digital orders that wait for keys" in home
    assert "1 digital delivery" in listed


def test_taken_away_later_buyers_get_nothing_and_keys_stay(digital_root: Any) -> None:
    sold(keys=["A", "B"])
    good = DigitalGood.objects.get()

    client = staff("view_digitalgood", "delete_digitalgood")
    client.post(f"{LIST}{good.pk}/delete/", {"post": "yes"})

    assert not DigitalGood.objects.exists()
    assert DigitalDelivery.objects.get().file is not None
    assert digital_goods.keys_left(good.variant_id) == 1


def test_the_page_of_an_order_says_what_is_digital_in_it() -> None:
    delivery = sold(keys=["FIRST"])
    DigitalDelivery.objects.update(downloads=2, keys_missing=1)
    where = f"/admin/orders/order/{delivery.order.pk}/change/"

    text = page(staff("view_order", "view_digitaldelivery").get(where))
    without_right = page(staff("view_order").get(where))

    link = f'href="/admin/fulfillment/digitaldelivery/{delivery.pk}/change/"'
    section = text[text.index('id="digital"') : text.index('id="money"')]
    assert link in section
    assert [words in section for words in ("guide.pdf", "2 of 5", "0 of 1", "1 waits")] == [
        True,
        True,
        True,
        True,
    ]
    assert link not in without_right
    assert "guide.pdf" in without_right


def test_an_order_of_nothing_digital_has_no_such_section() -> None:
    order = OrderFactory()

    text = page(staff("view_order").get(f"/admin/orders/order/{order.pk}/change/"))

    assert 'id="digital"' not in text
