"""The words of options that products have in further languages become the shop's.

Where products say a word differently, the oldest one's is the shop's; each keeps its own.
"""

from django.conf import settings
from django.db import migrations

AT_ONCE = 1000
USED = """
    used AS (
        SELECT product.id, word FROM catalog_product product, LATERAL (
            SELECT unnest(product.option_names)
            UNION SELECT unnest(variant.option_values) FROM catalog_variant variant
            WHERE variant.product_id = product.id
        ) AS words (word)
        WHERE product.id = ANY(%s) AND word <> ''
    )
"""
KNOW = f"""
    WITH {USED}
    INSERT INTO catalog_optionword (word) SELECT DISTINCT word FROM used ORDER BY word
    ON CONFLICT (word) DO NOTHING
"""
LEARN = f"""
    WITH {USED}, said AS (
        SELECT DISTINCT ON (word, language) word, language,
            texts -> 'options' ->> word AS text
        FROM used JOIN catalog_product product USING (id),
            jsonb_each(product.translations) AS known (language, texts)
        WHERE language = ANY(%s) AND coalesce(texts -> 'options' ->> word, '') <> ''
        ORDER BY word, language, product.id
    ), gathered AS (
        SELECT word, jsonb_object_agg(language, jsonb_build_object('word', text)) AS texts
        FROM said GROUP BY word
    )
    UPDATE catalog_optionword known SET translations = texts || translations
    FROM gathered
    WHERE known.word = gathered.word AND texts || translations <> translations
"""


def share(apps, schema_editor):
    products = apps.get_model('catalog', 'Product').objects.order_by('pk')
    languages = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    last = 0
    # Each lot is committed by itself: who sells meanwhile waits for none of them.
    while some := list(products.filter(pk__gt=last).values_list('pk', flat=True)[:AT_ONCE]):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(KNOW, [some])
            cursor.execute(LEARN, [some, languages])
        last = some[-1]


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('catalog', '0027_option_word'),
    ]

    operations = [
        migrations.RunPython(share, migrations.RunPython.noop, elidable=True),
    ]
