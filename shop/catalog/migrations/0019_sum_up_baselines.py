"""What the finished rows say of each variant is stored, as shop.catalog.stripe_plan.baseline does it.

Some variants at a time, each lot for itself: a migration that was stopped goes on with the rest.
"""

from django.db import migrations, transaction

LOT = 200
NOT_SUMMED_UP = {'status': 'done', 'outcome__in': ['told', 'taken over'], 'in_baseline': False}


def sum_up(apps, schema_editor):
    CatalogSync = apps.get_model('catalog', 'CatalogSync')
    StripeBaseline = apps.get_model('catalog', 'StripeBaseline')
    Variant = apps.get_model('catalog', 'Variant')
    left = CatalogSync.objects.filter(**NOT_SUMMED_UP)
    while variants := list(left.order_by().values_list('variant_id', flat=True).distinct()[:LOT]):
        with transaction.atomic():
            # Whoever finishes a row holds this lock.
            list(Variant.objects.select_for_update(no_key=True).filter(pk__in=variants).order_by('pk'))
            rows = list(left.filter(variant__in=variants).order_by('finished_at'))
            baselines = {
                (one.variant_id, one.stripe_account): one
                for one in StripeBaseline.objects.filter(variant__in=variants)
            }
            for row in rows:
                key = (row.variant_id, row.stripe_account)
                if key not in baselines:
                    baselines[key] = StripeBaseline(variant_id=key[0], stripe_account=key[1])
                add(baselines[key], row)
            StripeBaseline.objects.bulk_create(
                baselines.values(),
                update_conflicts=True,
                unique_fields=['variant', 'stripe_account'],
                update_fields=['product', 'prices', 'archived'],
            )
            CatalogSync.objects.filter(pk__in=[row.pk for row in rows]).update(in_baseline=True)


def add(baseline, row):
    price = str(row.price_id)
    if row.kind == 'create_product':
        baseline.product = filled(row.parameters)
    elif row.kind == 'update_product':
        baseline.product = filled({**baseline.product, **row.parameters})
    elif row.kind in ('create_price', 'update_price') and row.price_id:
        before = baseline.prices.get(price, {})
        options = before.get('currency_options', {}) | row.parameters.get('currency_options', {})
        baseline.prices[price] = {**before, **row.parameters, 'currency_options': options}
    elif row.kind == 'archive_price' and row.price_id:
        baseline.archived = sorted({*baseline.archived, row.price_id})


def filled(parameters):
    return {
        name: value for name, value in parameters.items() if value not in ('', []) and name != 'id'
    }


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('catalog', '0018_stripe_baseline')]

    operations = [migrations.RunPython(sum_up, migrations.RunPython.noop)]
