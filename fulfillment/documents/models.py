"""Invoices and credit notes: numbered without gaps, written once, kept as they were."""

import uuid

import pgtrigger
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from payments.models import MoneyEntry, Payment, Refund
from shop.money import Money
from shop.orders.models import Order
from shop.transitions import append_only

# Of the key in a mail's address. What it opens is the document that it was made for, and no other.
SALT = "fulfillment.documents"


class Kind(models.TextChoices):
    INVOICE = "invoice", "Invoice"
    CREDIT_NOTE = "credit_note", "Credit note"


class DocumentCounter(models.Model):
    """The last number that was given in a year; its row is locked by whoever takes the next."""

    kind = models.CharField(max_length=12, choices=Kind.choices)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "year"], name="one_counter_per_kind_and_year"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="counts_one_by_one",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.last <> OLD.last + 1 OR NEW.kind <> OLD.kind OR NEW.year <> OLD.year"
                ),
            ),
            pgtrigger.Protect(name="counts_on", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}: {self.last}"


class Document(models.Model):
    """An invoice for one capture, or a credit note for one refund. Nothing of it ever changes.

    `content` is all that is shown, in the customer's language, with amounts in minor units:
    `fulfillment.documents.content` writes it.
    """

    Kind = Kind

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    year = models.PositiveIntegerField()
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=20, unique=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="documents")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="documents")
    # What it is about: the capture of an invoice, the refund of a credit note.
    entry = models.OneToOneField(
        MoneyEntry, models.PROTECT, null=True, blank=True, related_name="document"
    )
    refund = models.OneToOneField(
        Refund, models.PROTECT, null=True, blank=True, related_name="document"
    )
    total = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    content = models.JSONField(default=dict)
    issued_at = models.DateTimeField(help_text="In business time.")

    class Meta:
        ordering = ["issued_at", "kind", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year", "sequence"], name="one_document_per_number"
            ),
            models.CheckConstraint(
                name="document_is_about_one_thing",
                condition=Q(kind=Kind.INVOICE, entry__isnull=False, refund__isnull=True)
                | Q(kind=Kind.CREDIT_NOTE, entry__isnull=True, refund__isnull=False),
            ),
            models.CheckConstraint(
                name="document_has_number_and_total", condition=Q(sequence__gte=1, total__gte=1)
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Where the customer reads it; whoever has only this sees names and address masked."""
        return reverse("fulfillment:document", args=[self.order.token, self.number])

    @property
    def money(self) -> Money:
        """Its total."""
        return Money(self.total, self.currency)

    @property
    def title(self) -> str:
        """Its kind and number in the present language."""
        words = _("Invoice %(number)s") if self.is_invoice else _("Credit note %(number)s")
        return words % {"number": self.number}

    @property
    def is_invoice(self) -> bool:
        return self.kind == Kind.INVOICE

    @property
    def address_in_full(self) -> str:
        """The same for a mail to the customer: it shows everything, in any browser."""
        return f"{settings.SITE_URL}{self.get_absolute_url()}?key={self._key()}"

    def is_opened_by(self, key: str) -> bool:
        """Whether the key is that of `address_in_full`."""
        try:
            return Signer(salt=SALT).unsign(f"{self.pk}:{key}") == str(self.pk)
        except BadSignature:
            return False

    def _key(self) -> str:
        return Signer(salt=SALT).sign(str(self.pk)).rpartition(":")[2]
