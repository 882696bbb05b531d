"""What the installation knows of itself: its name, clock, Stripe account, pulse and pace."""

import uuid
from datetime import timedelta

from django.db import models
from django.utils import timezone

SELDOM = timedelta(seconds=10)


class Installation(models.Model):
    """One row: the name that marks objects at Stripe as this installation's."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.CheckConstraint(name="one_installation", condition=models.Q(id=1)),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> str:
        """The name, made once and kept with the data."""
        return cls.objects.get_or_create(id=1, defaults={"name": uuid.uuid4().hex[:12]})[0].name


class Clock(models.Model):
    """One row: how far business time is ahead of the wall clock, in seconds (rehearsals only)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    offset_seconds = models.BigIntegerField(default=0)

    class Meta:
        db_table = "shop_clock"
        constraints = [models.CheckConstraint(name="one_clock", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"{self.offset_seconds:+} s"


class StripeAccount(models.Model):
    """Which account a key belongs to: ids made against another account count as absent."""

    class ToldBy(models.TextChoices):
        STRIPE = "stripe", "told by Stripe"
        REFUSAL = "refusal", "named by Stripe when it refused a restricted key"
        SETTING = "setting", "from STRIPE_ACCOUNT"
        OBJECT = "object", "the key reads what was made there"
        # None of what is filed under a name made of a key is found with the present key.
        NOBODY = "nobody", "told by nobody"

    key_fingerprint = models.CharField(max_length=64, unique=True)
    account = models.CharField(max_length=80)
    # Empty in rows of the release before.
    told_by = models.CharField(
        max_length=8, choices=ToldBy.choices, default="", db_default="", blank=True
    )
    # What stands under this older name of the account is still to be filed under the present one.
    formerly = models.CharField(max_length=80, default="", db_default="", blank=True)
    named_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.account


class Heartbeat(models.Model):
    """When a part of the machinery was last seen alive (wall clock)."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {timezone.localtime(self.at):%H:%M:%S}"

    @classmethod
    def leave(cls, name: str) -> None:
        """Note that a part was seen alive just now; many at once write seldom."""
        now = timezone.now()
        if not cls.objects.filter(name=name, at__gt=now - SELDOM).exists():
            cls.objects.update_or_create(name=name, defaults={"at": now})


class Pace(models.Model):
    """When something that has a limit may be done next (shop/http/rate_limit.py)."""

    name = models.CharField(max_length=40, primary_key=True)
    free_at = models.DateTimeField()

    class Meta:
        db_table = "shop_pace"

    def __str__(self) -> str:
        return f"{self.name} at {timezone.localtime(self.free_at):%H:%M:%S.%f}"
