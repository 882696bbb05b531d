from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

LISTED = models.Q(("status", "active"), models.Q(("kind", "tip"), _negated=True))


class Migration(migrations.Migration):
    # A live shop goes on selling while the indexes are built.
    atomic = False

    dependencies = [("catalog", "0028_share_option_words")]

    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                condition=LISTED,
                fields=["category", "-created_at", "-id"],
                name="product_newest_of_category",
            ),
        ),
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                condition=LISTED,
                fields=["category", "-updated_at"],
                name="product_changed_of_category",
            ),
        ),
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(condition=LISTED, fields=["id"], name="product_listed"),
        ),
    ]
