"""What a thing without a parcel gives its buyers: a file, keys, words."""

import uuid
from pathlib import Path

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from shop.catalog.models.products import Variant

# A key is a line; what is longer is pasted wrongly.
LONGEST_KEY = 500


class DigitalFile(models.Model):
    """A file that was put up for a variant; once somebody has bought it, it stays as it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="digital_files")
    # As its buyers save it. On disk it has another: see `path`.
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="digital_file_is_not_empty", condition=Q(size__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where it lies: by its id alone, so that no name leads anywhere else."""
        return Path(settings.DIGITAL_ROOT) / self.id.hex[:2] / self.id.hex


class DigitalGood(models.Model):
    """What each buyer of a variant gets once it is paid."""

    variant = models.OneToOneField(
        Variant,
        models.CASCADE,
        related_name="digital",
        help_text="One that requires no shipping.",
    )
    file = models.ForeignKey(
        DigitalFile, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    gives_keys = models.BooleanField(
        "a key for each unit",
        default=False,
        help_text="Of the keys pasted below, each is given to one buyer alone.",
    )
    text = models.TextField(
        "words for every buyer", blank=True, help_text="Such as how to begin, or one key for all."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="digital_good_gives_something",
                condition=Q(file__isnull=False) | Q(gives_keys=True) | ~Q(text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant.sku}: {self.variant}"


class LicenseKey(models.Model):
    """One key: it lies in its variant's pool until it is taken, once and for good.

    Who took it is a UUID: the delivery that shows it, which stands above the catalog.
    """

    variant = models.ForeignKey(Variant, models.CASCADE, related_name="license_keys")
    key = models.CharField(max_length=LONGEST_KEY)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    taken_for = models.UUIDField(null=True, blank=True, editable=False)
    taken_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["variant", "key"], name="one_license_key_per_variant"),
            models.CheckConstraint(
                name="license_key_is_taken_at_a_time",
                condition=Q(taken_for__isnull=True, taken_at__isnull=True)
                | Q(taken_for__isnull=False, taken_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["variant", "id"], name="license_key_pool", condition=Q(taken_for=None)
            ),
            models.Index(fields=["taken_for"], name="license_key_by_taker"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="taken_once",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.taken_for IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return f"key {self.pk} of {self.variant_id}"
