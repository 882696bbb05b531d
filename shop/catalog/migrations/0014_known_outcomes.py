"""The texts of before become outcome and detail; from then on the database knows every outcome.

Each row of an unknown text is written once, so that the trigger takes it apart.
"""

from django.db import migrations, models

KNOWN = """'', 'carried out', 'seen', 'refused', 'gone at Stripe', 'overtaken', 'opened',
    'settled', 'ignored', 'wrong_mode', 'noted', 'stock taken', 'out of stock',
    'nothing to prepare', 'sent', 'fetched', 'told', 'taken over'"""


class Migration(migrations.Migration):
    dependencies = [('catalog', '0013_outcomes')]

    operations = [
        migrations.RunSQL(
            f"UPDATE catalog_catalogsync SET outcome = outcome WHERE outcome NOT IN ({KNOWN})",  # noqa: S608
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            f"UPDATE catalog_picturefetch SET outcome = outcome WHERE outcome NOT IN ({KNOWN})",  # noqa: S608
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='catalogsync',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'carried out', 'seen', 'refused', 'gone at Stripe', 'overtaken', 'opened', 'settled', 'ignored', 'wrong_mode', 'noted', 'stock taken', 'out of stock', 'nothing to prepare', 'sent', 'fetched', 'told', 'taken over'])), name='catalog_catalogsync_outcome_is_known'),
        ),
        migrations.AddConstraint(
            model_name='picturefetch',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'carried out', 'seen', 'refused', 'gone at Stripe', 'overtaken', 'opened', 'settled', 'ignored', 'wrong_mode', 'noted', 'stock taken', 'out of stock', 'nothing to prepare', 'sent', 'fetched', 'told', 'taken over'])), name='catalog_picturefetch_outcome_is_known'),
        ),
    ]
