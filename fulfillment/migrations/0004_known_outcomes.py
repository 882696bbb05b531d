"""The texts of before become outcome and detail; from then on the database knows every outcome.

Each row of an unknown text is written once, so that the trigger takes it apart.
"""

from django.db import migrations, models

KNOWN = """'', 'carried out', 'seen', 'refused', 'gone at Stripe', 'overtaken', 'opened',
    'settled', 'ignored', 'wrong_mode', 'noted', 'stock taken', 'out of stock',
    'nothing to prepare', 'sent', 'fetched', 'told', 'taken over'"""


class Migration(migrations.Migration):
    dependencies = [('fulfillment', '0003_outcomes')]

    operations = [
        migrations.RunSQL(
            f"UPDATE fulfillment_email SET outcome = outcome WHERE outcome NOT IN ({KNOWN})",  # noqa: S608
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            f"UPDATE fulfillment_preparation SET outcome = outcome WHERE outcome NOT IN ({KNOWN})",  # noqa: S608
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='email',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'carried out', 'seen', 'refused', 'gone at Stripe', 'overtaken', 'opened', 'settled', 'ignored', 'wrong_mode', 'noted', 'stock taken', 'out of stock', 'nothing to prepare', 'sent', 'fetched', 'told', 'taken over'])), name='fulfillment_email_outcome_is_known'),
        ),
        migrations.AddConstraint(
            model_name='preparation',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'carried out', 'seen', 'refused', 'gone at Stripe', 'overtaken', 'opened', 'settled', 'ignored', 'wrong_mode', 'noted', 'stock taken', 'out of stock', 'nothing to prepare', 'sent', 'fetched', 'told', 'taken over'])), name='fulfillment_preparation_outcome_is_known'),
        ),
    ]
