"""What staff had typed becomes a note; from then on the database knows every reason.

Each row of an unknown text is written once, so that the trigger tells it apart.
"""

from django.db import migrations, models

KNOWN = """'', 'out_of_stock', 'staff', 'cart_changed', 'refused', 'refunded', 'released',
    'expired'"""


class Migration(migrations.Migration):
    dependencies = [('orders', '0006_cancel_reasons')]

    operations = [
        migrations.RunSQL(
            f"""
            UPDATE orders_order SET cancel_reason = cancel_reason
            WHERE cancel_reason NOT IN ({KNOWN})
            """,  # noqa: S608
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('cancel_reason__in', ['', 'out_of_stock', 'staff', 'cart_changed', 'refused', 'refunded', 'released', 'expired'])), name='order_cancel_reason_is_known'),
        ),
    ]
