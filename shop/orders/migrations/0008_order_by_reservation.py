"""The orders that hold units of a thing are found by what set these aside."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Without a lock that would hold up buyers.
    atomic = False

    dependencies = [('orders', '0007_known_cancel_reasons')]

    operations = [
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(fields=['reservation'], name='order_by_reservation'),
        ),
    ]
