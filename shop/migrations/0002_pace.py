from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("free_at", models.DateTimeField()),
            ],
            options={"db_table": "shop_pace"},
        ),
    ]
