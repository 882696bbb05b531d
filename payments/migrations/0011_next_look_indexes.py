from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # A live shop goes on selling while the indexes are built.
    atomic = False

    dependencies = [('payments', '0010_next_look')]

    operations = [
        AddIndexConcurrently(
            model_name='checkoutsession',
            index=models.Index(
                condition=models.Q(('next_look_at__isnull', False)),
                fields=['next_look_at'],
                name='session_next_look',
            ),
        ),
        AddIndexConcurrently(
            model_name='payment',
            index=models.Index(
                condition=models.Q(('next_look_at__isnull', False)),
                fields=['next_look_at'],
                name='payment_next_look',
            ),
        ),
    ]
