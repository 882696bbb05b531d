"""What an order costs, and how much of that is held, taken and given back."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum

from payments.models import Dispute, Payment, Refund
from shop.money import Money
from shop.orders.models import Order
from shop.orders.models.tax import TaxSum, tax_sums
from shop.orders.tax.part import taxes_in

# How a dispute, or the inquiry before it, ends.
DECIDED = ["lost", *Dispute.SETTLED_FOR_US]


@dataclass(frozen=True)
class Balance:
    """All amounts of one order, in its currency. Neither a second payment by mistake
    counts, nor what is owed besides.
    """

    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    total: Money
    reduced: Money
    held: Money
    captured: Money
    refunded: Money
    # Of that, what has arrived; and what is under way, not yet asked of Stripe included.
    returned: Money
    returning: Money
    # What banks have taken back for good.
    lost: Money
    # Whether a bank decides about the money, or only asks about it so far.
    is_disputed: bool
    is_asked_about: bool
    # What was paid in a currency of the customer's own, where Stripe has converted it.
    presented: Money | None = None
    # Of the whole total, as Order.taxes keeps them.
    taxes: list[dict[str, Any]] = field(default_factory=list)

    def taxes_in(self, amount: Money) -> list[TaxSum]:
        """How much tax of each rate is in so much of the order; none where none was kept."""
        found = taxes_in(amount.amount, self.total.amount, self.taxes)
        return tax_sums(found, amount.currency)

    @property
    def taxes_due(self) -> list[TaxSum]:
        return self.taxes_in(self.due)

    @property
    def taxes_captured(self) -> list[TaxSum]:
        return self.taxes_in(self.captured) if self.captured else []

    @property
    def taxes_refunded(self) -> list[TaxSum]:
        return self.taxes_in(self.refunded) if self.refunded else []

    @property
    def due(self) -> Money:
        return self.total - self.reduced

    @property
    def is_covered(self) -> bool:
        """Whether everything due is captured; so it is when nothing is due."""
        return self.due <= self.captured

    @property
    def kept(self) -> Money:
        """What the customer has paid in the end."""
        return self.captured - self.refunded - self.lost

    @property
    def is_refunded(self) -> bool:
        return bool(self.captured) and self.captured <= self.refunded


def balance_of(order: Order) -> Balance:
    """The order's amounts as they stand in the database now."""
    payments = list(order.payments.filter(purpose__in=Payment.OWN))
    refunds = Refund.objects.filter(payment__in=payments, is_release=False)
    back = list(refunds.exclude(status__in=Refund.NOTHING_MOVES).values_list("amount", "status"))
    requests = order.stripe_requests.open().filter(kind="refund", payment__in=payments)
    asked = requests.aggregate(sum=Sum("amount"))["sum"]
    pending = sum(amount for amount, status in back if status != "succeeded")
    disputes = list(Dispute.objects.filter(payment__in=payments).values_list("amount", "status"))
    undecided = [status for _, status in disputes if status not in DECIDED]
    total = order.subtotal if order.total is None else order.total

    def money(amount: int | None) -> Money:
        return Money(amount or 0, order.currency)

    return Balance(
        subtotal=money(order.subtotal),
        discount=money(order.discount),
        shipping=money(order.shipping),
        tax=money(order.tax),
        total=money(total),
        reduced=money(total - order.due.amount),
        held=money(sum(payment.capturable.amount for payment in payments)),
        captured=money(sum(payment.captured_amount for payment in payments)),
        refunded=money(sum(amount for amount, _ in back)),
        returned=money(sum(amount for amount, _ in back) - pending),
        # A request whose refund is known already is the same money.
        returning=money(max(pending, asked or 0)),
        lost=money(sum(amount for amount, status in disputes if status == "lost")),
        is_disputed=any(not is_inquiry(status) for status in undecided),
        presented=next((one.presented for one in payments if one.presented), None),
        is_asked_about=any(is_inquiry(status) for status in undecided),
        taxes=order.taxes,
    )


def is_inquiry(status: str) -> bool:
    """Whether the bank only asks: nothing is withdrawn, and a refund may answer it."""
    return status.startswith("warning_")
