import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0021_tax_class'),
    ]

    operations = [
        migrations.AlterField(
            model_name='variant',
            name='tax_code',
            field=models.CharField(blank=True, help_text="Of Stripe Tax, as txcd_99999999; empty: the shop's own default.", max_length=20, validators=[django.core.validators.RegexValidator('\\Atxcd_[0-9]{8}\\Z', "Write a tax code of Stripe's: txcd_ and eight digits.")]),
        ),
    ]
