from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    # Made beside the shop that sells on, which a transaction does not allow.
    atomic = False

    dependencies = [
        ("catalog", "0004_browsing"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="variant",
            index=models.Index(Upper("sku"), name="variant_by_sku_in_any_case"),
        ),
    ]
