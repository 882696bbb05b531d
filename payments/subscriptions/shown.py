"""A subscription in words: what it is, how it stands, when it goes on and what it costs then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payments.method_names import name_of_means
from payments.models import (
    SavedMethod,
    StripeRequest,
    Subscription,
    SubscriptionInvoice,
    SubscriptionItem,
)
from payments.subscriptions import plans
from shop.catalog.models import Rhythm
from shop.money import Money
from shop.templatetags.dates import day
from shop.work import Work

Status = Subscription.Status
# Which renew by themselves.
GOING = [Status.TRIALING, Status.ACTIVE, Status.PAST_DUE]
OWING = [Status.INCOMPLETE, Status.PAST_DUE, Status.UNPAID]


@dataclass(frozen=True)
class Item:
    """One thing of it."""

    item: SubscriptionItem
    name: str
    rhythm: str


@dataclass(frozen=True)
class Shown:
    """One subscription as its pages say it."""

    subscription: Subscription
    method: SavedMethod | None
    # Stripe's page of an invoice that is not paid.
    pay_at: str
    is_changing: bool

    @property
    def items(self) -> list[Item]:
        return [
            Item(item, name_of(item), Rhythm(item.interval, item.interval_count).words)
            for item in self.subscription.items.all()
        ]

    @property
    def name(self) -> str:
        """What it is called in a list: its goods."""
        goods = [each.name for each in self.items if not each.item.is_delivery]
        return ", ".join(goods) or self.subscription.stripe_subscription_id

    @property
    def each_time(self) -> Money:
        """What all of it costs each time."""
        items = self.subscription.items.all()
        return Money(
            sum(item.unit_amount * item.quantity for item in items), self.subscription.currency
        )

    @property
    def rhythm(self) -> str:
        return self.items[0].rhythm if self.items else ""

    @property
    def paid_with(self) -> str:
        return name_of_means(self.method.type, self.method.brand) if self.method else ""

    @property
    def renews_at(self) -> datetime | None:
        """When it is charged next, if nothing comes between."""
        row = self.subscription
        if row.status not in GOING or row.paused_by or self.ends_at is not None:
            return None
        return row.period_end

    @property
    def ends_at(self) -> datetime | None:
        """When it is over, if that is settled."""
        row = self.subscription
        if row.is_over:
            return row.ended_at
        return row.cancel_at or (row.period_end if row.cancel_at_period_end else None)

    @property
    def label(self) -> str:
        """How it stands, in two words."""
        row = self.subscription
        if row.is_over:
            return _("Ended") if row.status == Status.CANCELED else _("Never began")
        if row.status in OWING:
            return _("Payment open")
        if self.ends_at is not None:
            return _("Ends soon")
        if row.paused_by or row.status == Status.PAUSED:
            return _("Paused")
        return _("Trial") if row.status == Status.TRIALING else _("Active")

    @property
    def sentence(self) -> str:
        """How it stands, and what comes next."""
        return sentence(self)

    @property
    def may_end(self) -> bool:
        return not self.subscription.is_over

    @property
    def may_end_with_period(self) -> bool:
        """Whether there is a period to wait for the end of."""
        row = self.subscription
        return row.status in GOING and row.period_end is not None and self.ends_at is None

    @property
    def may_keep(self) -> bool:
        return not self.subscription.is_over and self.subscription.cancel_at_period_end

    @property
    def may_pause(self) -> bool:
        row = self.subscription
        is_going = row.status in {Status.ACTIVE, Status.TRIALING}
        return is_going and not row.paused_by and self.ends_at is None

    @property
    def may_resume(self) -> bool:
        return not self.subscription.is_over and bool(self.subscription.paused_by)

    @property
    def may_change(self) -> bool:
        """Not while it is paused or ends: what is prorated then nobody understands."""
        return self.may_pause and plans.item_to_change(self.subscription) is not None

    @property
    def may_pay_otherwise(self) -> bool:
        return not self.subscription.is_over and self.subscription.customer_id is not None


# Where the status says it all.
SENTENCES = {
    Status.CANCELED: gettext_lazy("It has ended."),
    Status.INCOMPLETE_EXPIRED: gettext_lazy("Its first payment did not come, so it never began."),
    Status.INCOMPLETE: gettext_lazy("It begins once its first payment is made."),
    Status.PAST_DUE: gettext_lazy(
        "The last payment failed. It is tried again; nothing is sent until it is paid."
    ),
    Status.UNPAID: gettext_lazy(
        "The last payment failed for good. Nothing is sent until it is paid."
    ),
    Status.PAUSED: gettext_lazy(
        "The trial is over, and there is no payment method. Nothing is sent."
    ),
}


def sentence(shown: Shown) -> str:
    """How it stands, for each of Stripe's statuses."""
    row = shown.subscription
    if row.status == Status.CANCELED and row.ended_at is not None:
        return _("It ended on %(date)s.") % {"date": day(row.ended_at)}
    if said := SENTENCES.get(Status(row.status)):
        return str(said)
    if shown.ends_at is not None:
        return _("It ends on %(date)s, and is not charged again.") % {"date": day(shown.ends_at)}
    if row.paused_by and row.resumes_at is not None:
        words = _("It is paused until %(date)s: nothing is charged and nothing is sent.")
        return words % {"date": day(row.resumes_at)}
    if row.paused_by:
        return _("It is paused: nothing is charged and nothing is sent.")
    if row.status == Status.TRIALING and row.trial_end is not None:
        return _("It is a trial until %(date)s.") % {"date": day(row.trial_end)}
    return ""


def name_of(item: SubscriptionItem) -> str:
    """In the present language, while it is in the catalog."""
    if item.is_delivery:
        return _("Delivery: %(name)s") % {"name": item.title}
    return item.variant.name if item.variant is not None else item.title


def shown(subscriptions: Iterable[Subscription]) -> list[Shown]:
    """All of them, with as many queries for many as for one."""
    rows = list(subscriptions)
    methods = _methods(rows)
    owed = _owed(rows)
    changing = set(
        StripeRequest.objects.filter(subscription__in=rows, status__in=Work.OPEN).values_list(
            "subscription", flat=True
        )
    )
    return [
        Shown(
            subscription=row,
            method=methods.get((row.account, method_id_of(row))),
            pay_at=owed.get(row.pk, ""),
            is_changing=row.pk in changing,
        )
        for row in rows
    ]


def method_id_of(subscription: Subscription) -> str:
    """Stripe's id of what pays it: its own, else its customer's default."""
    customer = subscription.customer
    default = customer.stripe_default_method_id if customer else ""
    return subscription.stripe_payment_method_id or default


def _methods(rows: list[Subscription]) -> dict[tuple[str, str], SavedMethod]:
    ids = [found for row in rows if (found := method_id_of(row))]
    methods = SavedMethod.objects.filter(stripe_payment_method_id__in=ids)
    return {(method.account, method.stripe_payment_method_id): method for method in methods}


def _owed(rows: list[Subscription]) -> dict[object, str]:
    """Where what is open can be paid: the newest invoice of each that waits for money."""
    waiting = [row for row in rows if row.status in OWING]
    if not waiting:
        return {}
    invoices = SubscriptionInvoice.objects.filter(
        subscription__in=waiting, status=SubscriptionInvoice.Status.OPEN
    ).exclude(hosted_url="")
    found = invoices.order_by("created_at").values_list("subscription", "hosted_url")
    return dict(found)
