"""One request at a time to let go of a method, or to make one the default."""

from django.db import migrations, models

ONES = [
    (
        "one_open_detachment",
        "saved_method",
        "detach_method",
    ),
    (
        "one_open_default",
        "customer",
        "set_default_method",
    ),
]


class Migration(migrations.Migration):
    # Without a lock that would hold up buyers.
    atomic = False

    dependencies = [("payments", "0028_saved_methods")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {name}"
                    f" ON payments_striperequest ({field}_id)"
                    f" WHERE kind = '{kind}' AND status IN ('ready', 'leased')",
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="striperequest",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("kind", kind), ("status__in", ["ready", "leased"])),
                        fields=(field,),
                        name=name,
                    ),
                )
            ],
        )
        for name, field, kind in ONES
    ]
