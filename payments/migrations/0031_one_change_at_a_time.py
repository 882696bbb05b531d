"""One change of a subscription at a time."""

from django.db import migrations, models

NAME = "one_open_change_of_subscription"
KINDS = ["update_subscription", "cancel_subscription"]


class Migration(migrations.Migration):
    # Without a lock that would hold up buyers.
    atomic = False

    dependencies = [("payments", "0030_subscriptions")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {NAME}"
                    " ON payments_striperequest (subscription_id)"
                    " WHERE kind IN ('update_subscription', 'cancel_subscription')"
                    " AND status IN ('ready', 'leased')",
                    f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="striperequest",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            ("kind__in", KINDS), ("status__in", ["ready", "leased"])
                        ),
                        fields=("subscription",),
                        name=NAME,
                    ),
                )
            ],
        )
    ]
