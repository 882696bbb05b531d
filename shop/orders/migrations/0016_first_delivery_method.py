"""What two variables said of delivery becomes the first method: free, as it was until now."""

import os

from django.conf import settings
from django.db import migrations
from django.utils import translation
from django.utils.translation import gettext

from shop.configuration import kinds
from shop.configuration.countries import COUNTRIES

# What was served where SHIP_TO_COUNTRIES did not say otherwise, and DELIVERY_DAYS.
EUROPE = "AT BE CZ DE DK EE ES FI FR IE IT LT LU LV NL PL PT SE SI SK".split()
DAYS = "2-8"


def make_first_method(apps, schema_editor):
    model = apps.get_model("orders", "DeliveryMethod")
    if model.objects.exists():
        return
    countries = kinds.listed(os.environ.get("SHIP_TO_COUNTRIES", ""))
    fewest, _, most = (os.environ.get("DELIVERY_DAYS", "").strip() or DAYS).partition("-")
    names = {language: name_in(language) for language, _ in settings.LANGUAGES}
    name = names.pop(settings.LANGUAGE_CODE)
    model.objects.create(
        name=name,
        translations={language: {"name": text} for language, text in names.items() if text != name},
        countries=[code for code in countries if code in COUNTRIES] or EUROPE,
        is_free=True,
        min_days=int(fewest),
        max_days=int(most or fewest),
    )


def name_in(language):
    with translation.override(language):
        return gettext("Delivery")


class Migration(migrations.Migration):
    dependencies = [("orders", "0015_delivery")]
    operations = [migrations.RunPython(make_first_method, migrations.RunPython.noop)]
