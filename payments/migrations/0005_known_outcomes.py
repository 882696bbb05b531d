"""The texts of before become outcome and detail, and what they told of answers a status.

Each row of an unknown text is written once, so that the trigger takes it apart. A process of the
release before that still runs writes no status: its row is called once more under its key, and the
answer to that is noted.
"""

from django.db import migrations, models

KNOWN = """'', 'carried out', 'seen', 'refused', 'gone at Stripe', 'overtaken', 'opened',
    'settled', 'ignored', 'wrong_mode', 'noted', 'stock taken', 'out of stock',
    'nothing to prepare', 'sent', 'fetched', 'told', 'taken over'"""


class Migration(migrations.Migration):
    dependencies = [('payments', '0004_outcomes')]

    operations = [
        migrations.RunSQL(
            f"UPDATE payments_striperequest SET outcome = outcome WHERE outcome NOT IN ({KNOWN})",  # noqa: S608
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            f"UPDATE payments_webhookevent SET outcome = outcome WHERE outcome NOT IN ({KNOWN})",  # noqa: S608
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
            UPDATE payments_striperequest
            SET last_status = substring(last_error FROM '^OutcomeUnknown: ([0-9]{3}):')::smallint
            WHERE status <> 'done' AND last_error ~ '^OutcomeUnknown: [0-9]{3}:'
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='striperequest',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'carried out', 'seen', 'refused', 'gone at Stripe', 'overtaken', 'opened', 'settled', 'ignored', 'wrong_mode', 'noted', 'stock taken', 'out of stock', 'nothing to prepare', 'sent', 'fetched', 'told', 'taken over'])), name='payments_striperequest_outcome_is_known'),
        ),
        migrations.AddConstraint(
            model_name='webhookevent',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'carried out', 'seen', 'refused', 'gone at Stripe', 'overtaken', 'opened', 'settled', 'ignored', 'wrong_mode', 'noted', 'stock taken', 'out of stock', 'nothing to prepare', 'sent', 'fetched', 'told', 'taken over'])), name='payments_webhookevent_outcome_is_known'),
        ),
    ]
