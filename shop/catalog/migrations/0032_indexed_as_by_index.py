from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # A live shop goes on selling while the index is built.
    atomic = False

    dependencies = [
        ('catalog', '0031_indexed_as'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='product',
            index=models.Index(fields=['indexed_as'], name='product_indexed_as'),
        ),
    ]
