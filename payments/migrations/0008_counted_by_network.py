from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Made beside the shop that sells on, which a transaction does not allow.
    atomic = False

    dependencies = [
        ("payments", "0007_who_opened"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="checkoutsession",
            index=models.Index(fields=["network", "created_at"], name="session_by_network"),
        ),
        AddIndexConcurrently(
            model_name="checkoutsession",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["network"],
                name="open_session_by_network",
            ),
        ),
        AddIndexConcurrently(
            model_name="checkoutsession",
            index=models.Index(fields=["created_at"], name="session_by_time"),
        ),
    ]
