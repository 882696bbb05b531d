"""Who: people with a log-in. Customers need none; staff have one."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from shop.work import Work


class UserManager(BaseUserManager["User"]):
    """Users are found by e-mail address, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person who logs in with a unique e-mail address."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    # In which all mails to a customer are; empty for that of the page they come from.
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    # Whether the cart's box for a reminder is ticked when they come to it.
    wants_reminders = models.BooleanField(default=False, db_default=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()  # type: ignore[misc,assignment]

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(Lower("email"), name="email_unique_in_any_case")]

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Address(models.Model):
    """Where a customer has things sent to; one of theirs is proposed first."""

    user = models.ForeignKey(User, models.CASCADE, related_name="addresses")
    name = models.CharField(max_length=255)
    line1 = models.CharField(max_length=255)
    line2 = models.CharField(max_length=255, blank=True)
    postal_code = models.CharField(max_length=30, blank=True)
    city = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=255, blank=True)
    country = models.CharField(max_length=2)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "addresses"
        ordering = ["-is_default", "-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(is_default=True), name="one_default_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.line1}, {self.country}"


class LoginFailure(models.Model):
    """Somebody was not let in by the staff's door; the password typed is kept nowhere."""

    class Reason(models.TextChoices):
        UNKNOWN = "unknown", "no such account"
        PASSWORD = "password", "wrong password"
        NOT_STAFF = "not_staff", "no staff account"
        INACTIVE = "inactive", "account turned off"
        TOO_MANY = "too_many", "too many attempts"

    at = models.DateTimeField("when", default=timezone.now, db_index=True)
    email = models.CharField("account tried", max_length=254)
    address = models.CharField("network address", max_length=64, blank=True)
    reason = models.CharField(max_length=10, choices=Reason.choices)

    class Meta:
        verbose_name = "failed log-in"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.email}: {self.get_reason_display()}"


class AccountMail(Work):
    """A mail around a customer's account: whose address it is, is the worker's matter."""

    class Kind(models.TextChoices):
        CODE = "code", "code to log in"
        NEW_EMAIL = "new_email", "code for a new address"
        EMAIL_CHANGED = "email_changed", "word that the address was changed"
        FACTOR_ADDED = "factor_added", "word that a second factor or passkey was added"
        FACTOR_REMOVED = "factor_removed", "word that one was removed"

    TASK: ClassVar[str] = "accounts.send_account_mail"
    DRAIN_TASK: ClassVar[str] = "accounts.drain_account_mails"
    QUEUE: ClassVar[str] = "mail"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    email = models.CharField("address given", max_length=254)
    # Empty once it was sent, and for mails without one.
    code = models.CharField(max_length=20, blank=True, editable=False)
    language = models.CharField(max_length=10, blank=True)

    class Meta(Work.Meta):
        verbose_name = "mail about an account"
        verbose_name_plural = "mails about accounts"
        constraints: ClassVar[list[Any]] = [*Work.Meta.constraints]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for {self.email}"


class PasswordReset(Work):
    """Somebody asked for a new password: whether the address is of staff is the worker's matter."""

    TASK: ClassVar[str] = "accounts.send_password_reset"
    DRAIN_TASK: ClassVar[str] = "accounts.drain_password_resets"
    QUEUE: ClassVar[str] = "mail"

    email = models.CharField("address given", max_length=254)

    class Meta(Work.Meta):
        verbose_name = "forgotten password"
        constraints: ClassVar[list[Any]] = [*Work.Meta.constraints]

    def __str__(self) -> str:
        return f"New password for {self.email}"


class GivenRight(models.Model):
    """A right that a ready group was given once (shop.accounts.ready_groups): never again, so that
    what staff change of it stays changed.
    """

    group = models.CharField(max_length=150)
    right = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "right"], name="right_given_once")]

    def __str__(self) -> str:
        return f"{self.group}: {self.right}"
