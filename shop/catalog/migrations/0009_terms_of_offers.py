from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0008_lowest_of_chosen"),
    ]

    operations = [
        migrations.AddField(
            model_name="stripeoffer",
            name="terms",
            field=models.JSONField(
                blank=True, db_default=Value({}, models.JSONField()), default=dict
            ),
        ),
    ]
