"""An order: its statuses, what may lead to each, and the verbs that do."""

import uuid
from collections.abc import Collection
from datetime import date
from typing import Any, TypeAlias

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce, Upper
from django.utils import timezone

from shop.catalog import stock
from shop.money import Money
from shop.orders.models.cancel_reasons import CalledOff, Reason
from shop.orders.models.cart import Cart, take_out
from shop.orders.models.delivery import Delivered, arrival
from shop.orders.models.discounts import Discounted
from shop.orders.models.history import OrderHold, OrderTransition
from shop.orders.models.known_reason import KNOWN, KNOWN_REASON
from shop.orders.models.lists import OrderQuerySet
from shop.orders.models.numbers import new_number, new_token
from shop.orders.models.questions import Answered
from shop.orders.models.signals import order_moved
from shop.orders.models.tax import Taxed
from shop.transitions import IllegalTransition, can_move, guarded, move


@guarded
class Order(Delivered, Taxed, Discounted, Answered, CalledOff):
    """One purchase. Its status changes only by the verbs below, each announced once."""

    class Status(models.TextChoices):
        PENDING = "pending"
        PROCESSING = "processing"
        CONFIRMED = "confirmed"
        PARTLY_SHIPPED = "partly_shipped"
        SHIPPED = "shipped"
        COMPLETED = "completed"
        CANCELLED = "cancelled"
        EXPIRED = "expired"
        PAYMENT_FAILED = "payment_failed"

    COMES_FROM = {
        Status.PENDING: [Status.PAYMENT_FAILED, Status.EXPIRED],
        Status.PROCESSING: [Status.PENDING],
        Status.CONFIRMED: [Status.PENDING, Status.PROCESSING],
        Status.PARTLY_SHIPPED: [Status.CONFIRMED],
        Status.SHIPPED: [Status.CONFIRMED, Status.PARTLY_SHIPPED],
        # At once, when there is nothing to ship.
        Status.COMPLETED: [Status.SHIPPED, Status.CONFIRMED],
        Status.CANCELLED: [
            Status.PENDING,
            Status.PROCESSING,
            Status.CONFIRMED,
            # Money that came late, for units that were sold by then, is sent back.
            Status.EXPIRED,
            Status.PAYMENT_FAILED,
        ],
        Status.EXPIRED: [Status.PENDING],
        Status.PAYMENT_FAILED: [Status.PENDING, Status.PROCESSING],
    }

    CancelReason: TypeAlias = Reason

    # The customer has finished: what was in the cart is bought.
    BOUGHT = [Status.PROCESSING, Status.CONFIRMED]
    # What came to nothing, or has not yet come to anything.
    NEVER_BOUGHT = [Status.PENDING, Status.EXPIRED, Status.PAYMENT_FAILED, Status.CANCELLED]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=16, unique=True, default=new_number, editable=False)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PENDING)
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Which purchase this is of which cart: a second press finds the order that the first one made.
    cart = models.ForeignKey(
        Cart, models.SET_NULL, null=True, blank=True, related_name="orders", editable=False
    )
    cart_version = models.PositiveIntegerField(default=0, editable=False)
    # The cart that its things leave when they are bought, however late; None once they have left.
    bought_from = models.UUIDField(null=True, blank=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="orders"
    )
    # What the customer reads, and so what mails are written in.
    language = models.CharField(
        max_length=10, default=settings.LANGUAGE_CODE, db_default=settings.LANGUAGE_CODE
    )
    # The signed browser session that ordered (shop.orders.visitor).
    visitor = models.UUIDField(null=True, blank=True, editable=False)
    # The cause of the stock movements made for this order; a new one after each reopening.
    reservation = models.UUIDField(default=uuid.uuid4, editable=False)
    subtotal = models.BigIntegerField(default=0)
    # Written once by settle, from the completed session; None until then.
    discount = models.BigIntegerField(null=True, blank=True)
    shipping = models.BigIntegerField(null=True, blank=True)
    # What came on top of the prices; what is in them stands in `taxes` alone.
    tax = models.BigIntegerField(null=True, blank=True)
    total = models.BigIntegerField(null=True, blank=True)
    email = models.EmailField(max_length=512, blank=True)
    name = models.CharField(max_length=255, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    billing_address = models.JSONField(default=dict, blank=True)
    shipping_address = models.JSONField(default=dict, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cart", "cart_version"],
                condition=Q(status="pending"),
                name="one_pending_order_per_cart_version",
            ),
            models.CheckConstraint(
                name="order_amounts_are_not_negative",
                condition=Q(subtotal__gte=0)
                & (Q(total__isnull=True) | Q(total__gte=0))
                & (Q(discount__isnull=True) | Q(discount__gte=0))
                & (Q(shipping__isnull=True) | Q(shipping__gte=0))
                & (Q(tax__isnull=True) | Q(tax__gte=0)),
            ),
            models.CheckConstraint(
                name="order_cancel_reason_is_known",
                condition=Q(cancel_reason__in=KNOWN),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-created_at"], name="order_by_status"),
            models.Index(fields=["visitor"], name="order_by_visitor"),
            models.Index(fields=["reservation"], name="order_by_reservation"),
            models.Index(Upper("email"), condition=Q(user=None), name="order_of_a_guest_by_email"),
        ]
        triggers = [KNOWN_REASON]

    def __str__(self) -> str:
        return self.number

    # -- verbs --

    def process(self, cause: str) -> None:
        """The customer finished; the money is under way. Nothing ships yet."""
        self._become(self.Status.PROCESSING, cause)

    def confirm(self, cause: str) -> None:
        """The money is held or taken: the order may be prepared."""
        self._become(self.Status.CONFIRMED, cause)

    def fail_payment(self, cause: str) -> None:
        """The money did not come: the units go back, the customer may pay again."""
        self._become(self.Status.PAYMENT_FAILED, cause, give_back=True)

    def expire(self, cause: str) -> None:
        """Stripe says that the session can no longer be paid: the units go back."""
        self._become(self.Status.EXPIRED, cause, give_back=True)

    def cancel(self, cause: str, *, actor: Any = None) -> None:
        """No money is left in the order: it ends, and its units go back."""
        self._become(self.Status.CANCELLED, cause, actor=actor or self.cancelled_by, give_back=True)

    def ship(self, cause: str, *, actor: Any = None, partly: bool = False) -> None:
        status = self.Status.PARTLY_SHIPPED if partly else self.Status.SHIPPED
        self._become(status, cause, actor=actor)

    def complete(self, cause: str, *, actor: Any = None) -> None:
        self._become(self.Status.COMPLETED, cause, actor=actor)

    @transaction.atomic
    def reopen(self, cause: str, *, if_left: Collection[int] = ()) -> set[int]:
        """Take the stock again, for money that came late or for a second try.

        Drops the tie to the cart, which may have been bought anew. Returns of which of the variants
        `if_left` one more unit was set aside. Raises OutOfStock, and then nothing has changed.
        """
        if not can_move(self, self.Status.PENDING):
            raise IllegalTransition(f"{self} is {self.status} and cannot be reopened.")
        self.reservation = uuid.uuid4()
        self.cart = None
        besides = stock.reserve(
            self.units(), cause_kind="order", cause_id=self.reservation, if_left=if_left
        )
        self.save(update_fields=["reservation", "cart"])
        self._become(self.Status.PENDING, cause)
        return besides

    def is_reopened(self) -> bool:
        """Whether it waits for a payment once more."""
        return self.status == self.Status.PENDING and self.transitions.exists()

    def close_again(self, cause: str) -> None:
        """No page was opened for the second try: it is as it was before, and nobody is told."""
        before = self.transitions.filter(after=self.Status.PENDING).order_by("-seq")[0].before
        self._become(self.Status(before), cause, give_back=True, tell=False)

    @transaction.atomic
    def _become(
        self,
        status: "Order.Status",
        cause: str,
        *,
        actor: Any = None,
        give_back: bool = False,
        tell: bool = True,
    ) -> None:
        before = move(self, status)
        if before is None:
            return
        actor = actor or (self.cancelled_by if status == self.Status.CANCELLED else None)
        OrderTransition.objects.create(
            order=self,
            seq=self.transitions.count() + 1,
            before=before,
            after=status,
            cause=cause[:200],
            actor_id=getattr(actor, "pk", None),
            actor_name=str(actor)[:150] if actor else "",
        )
        if status in self.BOUGHT:
            self._leave_cart()
        if status == self.Status.CANCELLED:
            self.holds.end(by=str(actor or "shop"))
        if give_back:
            self.give_discount_back()
            stock.give_back(
                cause_kind="order", cause_id=self.reservation, but=self.lines.all().taken_off()
            )
        if tell:
            order_moved.send(sender=Order, order=self, before=before, after=str(status))

    def _leave_cart(self) -> None:
        """What is bought leaves the cart, once; what else was put in since stays."""
        # The release before noted only the cart whose version this is.
        if cart_id := self.bought_from or self.cart_id:
            take_out(cart_id, self.lines.all().out_of_cart())
            self.cart = self.bought_from = None
            self.save(update_fields=["cart", "bought_from"])

    # -- what reads --

    def units(self) -> dict[int, int]:
        """How many of which variant, less what was taken off: {variant id: units}."""
        return self.lines.all().left()

    @property
    def due(self) -> Money:
        """What the customer owes: the total (the subtotal before payment) less all reductions."""
        reduced = self.reductions.aggregate(sum=Coalesce(Sum("amount"), 0))["sum"]
        return Money((self.subtotal if self.total is None else self.total) - reduced, self.currency)

    @property
    def arrives(self) -> tuple[date, date] | None:
        """First and last day on which it was promised to come; None once that is over.

        Counted from the day on which it was confirmed: a voucher may be paid days after the order.
        """
        if self.delivery_max_days is None:
            return None
        confirmed = self.transitions.filter(after=self.Status.CONFIRMED).order_by("pk").first()
        if confirmed is None:
            return None
        day = timezone.localtime(confirmed.at).date()
        first, last = arrival(day, self.delivery_min_days or 0, self.delivery_max_days)
        return (first, last) if last >= timezone.localdate() else None

    @property
    def is_held(self) -> bool:
        """Whether an open OrderHold blocks capture and shipping."""
        return self.holds.filter(closed_at=None).exists()

    def hold(self, reason: "OrderHold.Reason", note: str, *, opened_by: str = "shop") -> None:
        """Put the order in review; what comes to a reason that holds it already is added there."""
        _, made = OrderHold.objects.get_or_create(
            order=self,
            reason=reason,
            closed_at=None,
            defaults={"note": note[:500], "opened_by": opened_by},
        )
        if not made:
            self.holds.tell(reason, note)

    def close_hold(self, hold_id: int, *, by: str) -> bool:
        """Close one of its open holds; False when it was closed before."""
        still_open = self.holds.filter(pk=hold_id, closed_at=None)
        return bool(still_open.update(closed_at=timezone.now(), closed_by=by[:150]))
