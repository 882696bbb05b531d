import django.contrib.postgres.fields
import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Without a lock that would hold up buyers.
    atomic = False

    dependencies = [('catalog', '0017_pictures_are_media')]

    operations = [
        migrations.CreateModel(
            name='StripeBaseline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stripe_account', models.CharField(max_length=80)),
                ('product', models.JSONField(default=dict, help_text="The product's parameters.")),
                ('prices', models.JSONField(default=dict, help_text='The parameters of each price, by its id.')),
                ('archived', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, help_text='Ids of prices.', size=None)),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='baselines', to='catalog.variant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('variant', 'stripe_account'), name='one_baseline_per_account')],
            },
        ),
        migrations.AddField(
            model_name='catalogsync',
            name='in_baseline',
            field=models.BooleanField(db_default=False, default=False),
        ),
        AddIndexConcurrently(
            model_name='catalogsync',
            index=models.Index(
                condition=models.Q(('in_baseline', False), ('status', 'done')),
                fields=['variant'],
                name='catalogsync_not_in_baseline',
            ),
        ),
    ]
