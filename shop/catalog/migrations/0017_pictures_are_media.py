from django.db import migrations

# A picture that is not among the media was drawn for the sample range, which is no part of a
# release any more. Its row stays, and says that there is no file; `python -m sample.load` brings
# the files back where they are wanted.
WITHOUT_FILES = """
    UPDATE catalog_image SET name = '', width = 0, height = 0, widths = '{}'
    WHERE NOT is_stored AND name <> ''
"""
AS_BEFORE = "UPDATE catalog_image SET is_stored = (name <> '')"


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0016_price_spans_alone'),
    ]

    operations = [
        migrations.RunSQL(WITHOUT_FILES, AS_BEFORE),
        # The column itself stays for the release that still runs, which reads it; it has a default
        # in the database. A later release drops it.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name='image', name='is_stored')],
        ),
    ]
