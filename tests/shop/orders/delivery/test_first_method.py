"""What two variables said of delivery is read once, when the first method is made."""

from importlib import import_module

import pytest
from django.apps import apps

from shop.orders.models import DeliveryMethod

pytestmark = pytest.mark.django_db
migration = import_module("shop.orders.migrations.0016_first_delivery_method")


def migrated() -> DeliveryMethod:
    migration.make_first_method(apps, None)
    return DeliveryMethod.objects.get()


@pytest.fixture(autouse=True)
def not_yet() -> None:
    DeliveryMethod.objects.all().delete()


def test_what_was_said_is_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIP_TO_COUNTRIES", " CH, AT ,")
    monkeypatch.setenv("DELIVERY_DAYS", " 3-5 ")

    method = migrated()

    assert (method.countries, method.days) == (["CH", "AT"], "3–5")
    assert (method.name, method.translation("de", "name")) == ("Delivery", "Versand")
    assert method.is_free


def test_one_day_is_a_span_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELIVERY_DAYS", "3")

    assert migrated().days == "3"


def test_where_nothing_was_said_it_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHIP_TO_COUNTRIES", raising=False)
    monkeypatch.setenv("DELIVERY_DAYS", "")

    method = migrated()

    assert (len(method.countries), method.days) == (20, "2–8")


def test_a_shop_with_methods_keeps_them() -> None:
    migrated()

    assert migrated()
