"""Each later charge is tried once, is paid once, and has one page that is open."""

from django.db import migrations, models

LIVE = ["pending", "requires_action", "processing", "authorized", "captured"]
# The model, the name, the column, the condition for the state and for the database.
ONES = [
    (
        "checkoutsession",
        "one_open_session_per_charge",
        "later_charge",
        models.Q(("status", "open")),
        "status = 'open'",
    ),
    (
        "payment",
        "one_live_payment_per_charge",
        "later_charge",
        models.Q(("purpose", "later"), ("status__in", LIVE)),
        "purpose = 'later' AND status IN ({})".format(", ".join(f"'{each}'" for each in LIVE)),
    ),
    (
        "striperequest",
        "one_intent_per_charge",
        "later_charge",
        models.Q(("kind", "make_intent")),
        "kind = 'make_intent'",
    ),
    (
        "striperequest",
        "one_charge_per_payment",
        "payment",
        models.Q(("kind", "charge")),
        "kind = 'charge'",
    ),
]


class Migration(migrations.Migration):
    # Without a lock that would hold up buyers.
    atomic = False

    dependencies = [("payments", "0034_later_charges")]

    operations = [
        *[
            migrations.SeparateDatabaseAndState(
                database_operations=[
                    migrations.RunSQL(
                        f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {name}"
                        f" ON payments_{model} ({field}_id) WHERE {where}",
                        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                    )
                ],
                state_operations=[
                    migrations.AddConstraint(
                        model_name=model,
                        constraint=models.UniqueConstraint(
                            condition=condition, fields=(field,), name=name
                        ),
                    )
                ],
            )
            for model, name, field, condition, where in ONES
        ],
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE INDEX CONCURRENTLY IF NOT EXISTS session_of_charge"
                    " ON payments_checkoutsession (later_charge_id)"
                    " WHERE later_charge_id IS NOT NULL",
                    "DROP INDEX CONCURRENTLY IF EXISTS session_of_charge",
                )
            ],
            state_operations=[
                migrations.AddIndex(
                    model_name="checkoutsession",
                    index=models.Index(
                        condition=models.Q(("later_charge__isnull", False)),
                        fields=["later_charge"],
                        name="session_of_charge",
                    ),
                )
            ],
        ),
    ]
