"""What a transactional test leaves to the next: nothing, whatever it has written."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from shop.catalog.models import StockMovement
from shop.orders.models import DeliveryMethod
from tests.support import databases
from tests.support.factories import DeliveryMethodFactory, PriceFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        names = connection.introspection.django_table_names(only_existing=True, include_views=False)
        counts = {}
        for name in names:
            cursor.execute(databases.identifiers("SELECT count(*) FROM {}", name))
            counts[name] = cursor.fetchone()[0]
    return {name: count for name, count in counts.items() if count}


def written_by_migrate() -> dict[str, int]:
    return {
        "auth_permission": Permission.objects.count(),
        "django_content_type": ContentType.objects.count(),
        "orders_deliverymethod": 1,
    }


def test_rows_are_taken_away_though_others_hold_on_to_them() -> None:
    migrated = written_by_migrate()
    PriceFactory()
    UserFactory().user_permissions.add(Permission.objects.all()[0])
    # The database refuses to delete these.
    assert StockMovement.objects.exists()

    assert databases.is_emptied()

    assert rows() == migrated


def test_what_migrate_wrote_is_the_same_afterwards() -> None:
    before = list(Permission.objects.order_by("pk").values_list())
    kind = ContentType.objects.create(app_label="deck", model="chair")
    Permission.objects.create(content_type=kind, codename="fold", name="Can fold")

    assert databases.is_emptied()

    assert list(Permission.objects.order_by("pk").values_list()) == before


def test_the_first_way_of_delivery_is_as_it_was() -> None:
    before = DeliveryMethod.objects.get()
    DeliveryMethod.objects.update(is_free=False, countries=["FR"])
    DeliveryMethodFactory()

    assert databases.is_emptied()

    after = DeliveryMethod.objects.get()
    assert (after.pk, after.is_free, after.countries) == (before.pk, True, before.countries)


def test_a_permission_that_is_gone_is_seen() -> None:
    Permission.objects.order_by("pk")[0].delete()

    assert not databases.is_emptied()
