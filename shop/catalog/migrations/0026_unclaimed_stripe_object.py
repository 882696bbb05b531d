"""The model gets the name of what it holds; its table stays, for who runs beside this."""

from django.db import migrations
from django.db.migrations.operations.special import RunSQL

# Who was allowed it goes on being allowed it.
RENAMED = """
UPDATE auth_permission SET codename = replace(codename, '{before}', '{after}'),
    name = replace(name, '{words_before}', '{words_after}')
WHERE codename LIKE '%\\_{before}' AND content_type_id IN (
    SELECT id FROM django_content_type
    WHERE app_label = 'catalog' AND model IN ('stripeoffer', 'unclaimedstripeobject')
)
"""
OLD = {'before': 'stripeoffer', 'words_before': 'stripe offer'}
NEW = {'after': 'unclaimedstripeobject', 'words_after': 'unclaimed stripe object'}
BACK = {
    'before': NEW['after'], 'words_before': NEW['words_after'],
    'after': OLD['before'], 'words_after': OLD['words_before'],
}


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('catalog', '0025_barcode'),
    ]

    operations = [
        migrations.AlterModelTable(name='stripeoffer', table='catalog_stripeoffer'),
        migrations.RenameModel(old_name='StripeOffer', new_name='UnclaimedStripeObject'),
        RunSQL(RENAMED.format(**OLD, **NEW), RENAMED.format(**BACK)),
    ]
