"""Each row that is not final is looked at again, also those of the release before.

The column is added empty, so that what is final stays unseen; what that release still writes gets
the database's default, and with it one look.
"""

import django.db.models.functions.datetime
from django.db import migrations, models

NOW = django.db.models.functions.datetime.Now()
NEXT_LOOK = {'blank': True, 'editable': False, 'null': True}


class Migration(migrations.Migration):
    dependencies = [('payments', '0009_requests_by_urgency')]

    operations = [
        migrations.AddField(
            model_name='checkoutsession',
            name='next_look_at',
            field=models.DateTimeField(**NEXT_LOOK),
        ),
        migrations.AddField(
            model_name='payment',
            name='next_look_at',
            field=models.DateTimeField(**NEXT_LOOK),
        ),
        migrations.AlterField(
            model_name='checkoutsession',
            name='next_look_at',
            field=models.DateTimeField(**NEXT_LOOK, db_default=NOW),
        ),
        migrations.AlterField(
            model_name='payment',
            name='next_look_at',
            field=models.DateTimeField(**NEXT_LOOK, db_default=NOW),
        ),
        migrations.AlterField(
            model_name='striperequest',
            name='run_at',
            field=models.DateTimeField(db_default=NOW),
        ),
        migrations.AlterField(
            model_name='webhookevent',
            name='run_at',
            field=models.DateTimeField(db_default=NOW),
        ),
        migrations.RunSQL(
            """
            UPDATE payments_checkoutsession SET next_look_at = due_at + interval '5 seconds'
            WHERE status = 'open'
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
            UPDATE payments_payment SET next_look_at = now()
            WHERE status IN ('pending', 'requires_action', 'processing', 'authorized')
               OR id IN (
                    SELECT payment_id FROM payments_refund
                    WHERE status IN ('pending', 'requires_action') AND NOT is_release
               )
               OR id IN (
                    SELECT payment_id FROM payments_dispute
                    WHERE status NOT IN ('won', 'lost', 'warning_closed', 'prevented')
               )
            """,
            migrations.RunSQL.noop,
        ),
    ]
