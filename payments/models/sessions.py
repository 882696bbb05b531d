"""Visits to Stripe's payment page."""

import uuid
from copy import copy
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.utils import timezone

from payments.models.customers import Customer
from payments.models.later import LaterCharge
from shop.money import Money
from shop.orders.models import Order
from shop.transitions import guarded


@guarded
class CheckoutSession(models.Model):
    """One visit to Stripe's payment page. Without a Stripe id it is still being made."""

    class Status(models.TextChoices):
        OPEN = "open"
        COMPLETE = "complete"
        EXPIRED = "expired"

    class Mode(models.TextChoices):
        PAYMENT = "payment"
        SETUP = "setup"
        SUBSCRIPTION = "subscription"

    COMES_FROM = {
        Status.OPEN: [],
        Status.COMPLETE: [Status.OPEN],
        Status.EXPIRED: [Status.OPEN],
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = models.CharField(max_length=12, choices=Mode.choices, default=Mode.PAYMENT)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    account = models.CharField(max_length=80)
    stripe_session_id = models.CharField(max_length=255, null=True, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    order = models.ForeignKey(
        Order, models.CASCADE, null=True, blank=True, related_name="checkout_sessions"
    )
    # What is paid on it that is no order's price; such a page has no order of its own.
    later_charge = models.ForeignKey(
        LaterCharge,
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="sessions",
        db_index=False,
    )
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, blank=True)
    # Who opened it, and so whose card is kept with Stripe if one is kept there: it may be somebody
    # else than the order's own customer.
    visitor = models.UUIDField(null=True, blank=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # The page of ours that it is a copy of: Stripe makes one for a customer who comes back after
    # that one has expired (payments.recovered). Its order, terms and questions are those.
    recovered_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="copies",
        db_index=False,
    )
    # The shop had it closed before its time was over: no copy of it is ever confirmed.
    is_given_up = models.BooleanField(default=False, db_default=False, editable=False)
    # What the page may offer, {"countries": [...], "options": [{"method", "name", "amount",
    # "min_days", "max_days"}]}: settle takes nothing else. Empty when nothing is sent.
    delivery = models.JSONField(
        default=dict, blank=True, editable=False, db_default=Value({}, models.JSONField())
    )
    # What the page may ask, as shop.orders.questions.asked makes it: settle keeps the answers to
    # these alone.
    questions = models.JSONField(
        default=list, blank=True, editable=False, db_default=Value([], models.JSONField())
    )
    # What is to be agreed to, {what: the text that is shown}, by Stripe's names.
    consent = models.JSONField(
        default=dict, blank=True, editable=False, db_default=Value({}, models.JSONField())
    )
    # How what is paid with is kept there, {"use": as SavedMethod.SetUpBy, "text": the words that
    # are shown, "version"}; empty where nothing is.
    saving = models.JSONField(
        default=dict, blank=True, editable=False, db_default=Value({}, models.JSONField())
    )
    # What tax is due on it (shop.orders.tax.due.Due.frozen): settle takes nothing else. Where
    # Stripe Tax works it out {"mode": "stripe", "is_inclusive", "deliveries": {method: tax code}}:
    # settle takes what adds up so. Empty for none.
    tax = models.JSONField(
        default=dict, blank=True, editable=False, db_default=Value({}, models.JSONField())
    )
    # What is taken off (payments.checkout.discount.frozen): settle takes nothing else. Empty for
    # nothing.
    discount = models.JSONField(
        default=dict, blank=True, editable=False, db_default=Value({}, models.JSONField())
    )
    # Where Stripe chooses the page's currency by place (shop.orders.currencies.frozen): what may be
    # charged in each that it may choose, {currency: {"subtotal", "lines": {position: {"price",
    # "unit_amount"}}, "deliveries": {method: minor units}, "tax": {"lines", "deliveries"} as in
    # `tax`}}, the order's own among them. Empty where it is in the order's alone.
    currencies = models.JSONField(
        default=dict, blank=True, editable=False, db_default=Value({}, models.JSONField())
    )
    # What the customer may change on the page: {"lines": {position: the most units}, "additions":
    # [{"position", "variant", "price", "stripe_price", "sku", "title", "choice", "unit_amount",
    # "quantity"}]}, of which one unit each is set aside: settle takes nothing else. Empty for
    # nothing.
    changes = models.JSONField(
        default=dict, blank=True, editable=False, db_default=Value({}, models.JSONField())
    )
    # In subscription mode: what renews, {"interval", "interval_count", "trial_days" (0 for none),
    # "subtotal", "delivery", "tax_on_top", "total"}, amounts in minor units of each period from the
    # first that is paid for in full, tax as far as it is worked out here. Of its ways of delivery
    # `delivery` holds the one that was chosen in the cart: this mode knows no choice on the page,
    # and it is asked for as a recurring line behind the goods, marked {"delivery": method} where
    # these are marked {"line": position}. With a trial nothing is due when the page is done.
    # Empty in other modes.
    recurring = models.JSONField(
        default=dict, blank=True, editable=False, db_default=Value({}, models.JSONField())
    )
    # Whether the page asks for the tax ids of a business: off, optional, required; empty is off.
    tax_ids = models.CharField(max_length=8, blank=True, default="", db_default="", editable=False)
    # Where Stripe makes the invoice: {"asked": true}, and once it is made {"id", "number", "url",
    # "pdf"}, of which the last two are Stripe's pages. Empty where the shop makes its own.
    stripe_invoice = models.JSONField(
        default=dict, blank=True, editable=False, db_default=Value({}, models.JSONField())
    )
    # The browser and the network that asked, for the limits of shop visitors.
    visitor_key = models.CharField(max_length=80, blank=True)
    network = models.CharField(max_length=64, blank=True, db_default="")
    expires_at = models.DateTimeField(help_text="As sent to Stripe, on the wall clock.")
    due_at = models.DateTimeField(help_text="The same moment in business time.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When settle last read it; the success page asks at most every 3 seconds.
    read_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When the sweep looks, though nobody has told of anything (business time); null: never again.
    next_look_at = models.DateTimeField(null=True, blank=True, editable=False, db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "stripe_session_id"], name="stripe_session_once"
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(status="open"), name="one_open_session_per_order"
            ),
            models.UniqueConstraint(
                fields=["later_charge"],
                condition=Q(status="open"),
                name="one_open_session_per_charge",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="open_session_due", condition=Q(status="open")),
            models.Index(
                fields=["next_look_at"],
                name="session_next_look",
                condition=Q(next_look_at__isnull=False),
            ),
            models.Index(fields=["visitor_key", "created_at"], name="session_by_visitor"),
            models.Index(fields=["network", "created_at"], name="session_by_network"),
            models.Index(
                fields=["network"], name="open_session_by_network", condition=Q(status="open")
            ),
            models.Index(fields=["created_at"], name="session_by_time"),
            models.Index(
                fields=["later_charge"],
                name="session_of_charge",
                condition=Q(later_charge__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.stripe_session_id or f"session {self.id} (being made)"

    def is_opened_by(self, *, visitor: uuid.UUID | None, user: Any = None) -> bool:
        """Whether this page is theirs: it may name their customer, and keeps cards for them."""
        if self.user_id is not None and user is not None and user.pk == self.user_id:
            return True
        # The release before kept who ordered, not who opened.
        opener = self.visitor or (self.order.visitor if self.order else None)
        return visitor is not None and visitor == opener

    @property
    def is_subscription(self) -> bool:
        """Whether the page sells what is paid again and again: at once, and never held."""
        return self.mode == self.Mode.SUBSCRIPTION

    @property
    def is_taxed_by_stripe(self) -> bool:
        """Whether Stripe Tax works out what is due."""
        return bool(self.tax.get("mode") == "stripe")

    @property
    def besides(self) -> int:
        """What the page may come to beside the goods at full price: its dearest delivery, and tax
        on top as far as it is worked out before, less the discount; in minor units.
        """
        dearest = max((option["amount"] for option in self.delivery.get("options", [])), default=0)
        on_top = [] if self.tax.get("is_inclusive") else self.tax.get("lines", {}).values()
        off = self.discount.get("amount", 0)
        return int(dearest + sum(tax["amount"] for tax in on_top) - off)

    @property
    def elsewhere(self) -> dict[str, int]:
        """What the page may come to in each currency that Stripe may choose, in minor units."""
        return {currency: max(self._totals(kept)) for currency, kept in self.currencies.items()}

    @property
    def cheapest_elsewhere(self) -> list[Money]:
        """The least that it comes to in each of them, but for the order's own."""
        own = self.order.currency if self.order else ""
        return [
            Money(min(self._totals(kept)), currency)
            for currency, kept in self.currencies.items()
            if currency != own
        ]

    def _totals(self, kept: dict[str, Any]) -> list[int]:
        """With each of the deliveries, and with tax on top as far as it is known."""
        on_top = [] if self.tax.get("is_inclusive") else kept["tax"].get("lines", {}).values()
        goods = kept["subtotal"] + sum(tax["amount"] for tax in on_top)
        return [goods + delivery for delivery in kept["deliveries"].values() or [0]]

    def in_currency(self, currency: str) -> "CheckoutSession":
        """The same page as it was to be in one of its currencies, only to be read.

        As it stands where that is none of those that were left to Stripe.
        """
        kept = self.currencies.get(currency)
        if kept is None:
            return self
        there = copy(self)
        there.tax = {**self.tax, **kept["tax"]}
        if self.delivery:
            options = [
                {**option, "amount": kept["deliveries"][str(option["method"])]}
                for option in self.delivery["options"]
            ]
            there.delivery = {**self.delivery, "options": options}
        return there

    @property
    def asks_for_tax_ids(self) -> bool:
        return self.tax_ids in {"optional", "required"}

    @property
    def waits_for_invoice(self) -> bool:
        """Whether Stripe was asked for an invoice and has not told its number yet."""
        return bool(self.stripe_invoice) and not self.stripe_invoice.get("number")

    @property
    def was_refused(self) -> bool:
        """Stripe never made it, and never will."""
        return self.status == self.Status.EXPIRED and self.stripe_session_id is None
