import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0021_recovery'),
    ]

    operations = [
        migrations.AddField(
            model_name='deliverymethod',
            name='tax_code',
            field=models.CharField(blank=True, db_default='', default='', help_text='Of Stripe Tax; empty: txcd_92010001, which is delivery.', max_length=20, validators=[django.core.validators.RegexValidator('\\Atxcd_[0-9]{8}\\Z', "Write a tax code of Stripe's: txcd_ and eight digits.")]),
        ),
        migrations.AddField(
            model_name='order',
            name='tax_ids',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list, editable=False),
        ),
    ]
