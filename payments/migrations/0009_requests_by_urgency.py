"""The next request of a backlog is found by its urgency."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Without a lock that would hold up buyers.
    atomic = False

    dependencies = [('payments', '0008_counted_by_network')]

    operations = [
        AddIndexConcurrently(
            model_name='striperequest',
            index=models.Index(
                models.Case(
                    models.When(kind='create_session', then=0),
                    models.When(kind='refund', then=2),
                    default=1,
                    output_field=models.SmallIntegerField(),
                ),
                'run_at',
                name='striperequest_by_urgency',
                condition=models.Q(('status__in', ['ready', 'leased'])),
            ),
        ),
    ]
