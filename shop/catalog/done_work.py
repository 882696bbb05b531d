"""The work of the catalog that is done and tells nobody anything any more. None is personal."""

from django.utils.translation import gettext_lazy as _

from shop.accounts.privacy.retention import Rule
from shop.catalog.models import CatalogSync, PictureFetch
from shop.work import Work

DONE = Work.Status.DONE
RULES = [
    Rule(
        "picture_fetches",
        "WORK",
        _("Which pictures of products were fetched"),
        lambda before: PictureFetch.objects.filter(status=DONE, finished_at__lt=before),
    ),
    # What was told last, and is not in the baseline yet, is part of what Stripe is known to have.
    Rule(
        "catalog_syncs",
        "WORK",
        _("Which changes of products were told to Stripe"),
        lambda before: CatalogSync.objects.filter(
            status=DONE, finished_at__lt=before, in_baseline=True
        ),
    ),
]
