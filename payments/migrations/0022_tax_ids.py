from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0021_stripe_invoice'),
    ]

    operations = [
        migrations.AddField(
            model_name='checkoutsession',
            name='tax_ids',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=8),
        ),
    ]
