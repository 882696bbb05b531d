from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0003_nothing_to_ship'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='language',
            field=models.CharField(db_default='en', default='en', max_length=10),
        ),
    ]
