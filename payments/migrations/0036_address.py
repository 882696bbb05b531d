"""One request at a time to write a customer's default address."""

from django.db import migrations, models

WHICH = "kind = 'set_address' AND status IN ('ready', 'leased')"


class Migration(migrations.Migration):
    # Without a lock that would hold up buyers.
    atomic = False

    dependencies = [("payments", "0035_one_later_charge")]

    operations = [
        migrations.AlterField(
            model_name="striperequest",
            name="kind",
            field=models.CharField(
                choices=[('create_session', 'Create Session'), ('expire_session', 'Expire Session'), ('capture', 'Capture'), ('release', 'Release'), ('refund', 'Refund'), ('detach_method', 'Detach Method'), ('set_default_method', 'Set Default'), ('set_address', 'write the default address'), ('make_portal', "make the portal's configuration"), ('open_portal', 'Open Portal'), ('make_intent', 'prepare a later charge'), ('charge', 'charge later'), ('update_subscription', 'Update Subscription'), ('cancel_subscription', 'Cancel Subscription')],
                max_length=20,
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_open_address"
                    f" ON payments_striperequest (customer_id) WHERE {WHICH}",
                    "DROP INDEX CONCURRENTLY IF EXISTS one_open_address",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="striperequest",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            ("kind", "set_address"), ("status__in", ["ready", "leased"])
                        ),
                        fields=("customer",),
                        name="one_open_address",
                    ),
                )
            ],
        ),
    ]
