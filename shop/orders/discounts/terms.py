"""Which discounts there are for a cart and a customer as of now, and what each would take off."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _

from shop import clock
from shop.catalog.category_tree import Tree
from shop.money import MINIMUM_CHARGE, Money
from shop.orders.discounts.arithmetic import Line, amount_of, bundles_of, share_of
from shop.orders.models import (
    Cart,
    Discount,
    DiscountAmount,
    DiscountCode,
    DiscountUse,
    Order,
)
from shop.templatetags.money import written

Kind = Discount.Kind


@dataclass(frozen=True)
class Bought:
    """What a discount is asked of: the lines of an order, and its cheapest delivery."""

    currency: str
    lines: Sequence[Line]
    delivery: Money | None = None

    @property
    def value(self) -> Money:
        """What everything costs."""
        return Money(sum(line.amount for line in self.lines), self.currency)

    @property
    def goods(self) -> Money:
        """What the goods cost, without what is given."""
        bought = sum(line.amount for line in self.lines if not line.is_given)
        return Money(bought, self.currency)


@dataclass(frozen=True)
class Who:
    """For whom: the log-in and the browser, and the cart whose own open order does not count."""

    user: Any = None
    visitor: Any = None
    cart: Cart | None = None

    @property
    def is_known(self) -> bool:
        return self.user is not None or self.visitor is not None

    def mine(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Those of this customer; none for who was never seen."""
        if self.user is not None:
            return rows.filter(Q(user=self.user) | Q(visitor=self.visitor, visitor__isnull=False))
        return rows.filter(visitor=self.visitor) if self.visitor is not None else rows.none()


@dataclass(frozen=True)
class Applied:
    """One discount as it counts: {line's key: minor units}, or the delivery that costs nothing."""

    discount: Discount
    code: str
    currency: str
    lines: dict[int, int] = field(default_factory=dict)
    frees_delivery: bool = False

    @property
    def amount(self) -> Money:
        """What is taken off the goods."""
        return Money(sum(self.lines.values()), self.currency)

    @property
    def name(self) -> str:
        return self.discount.translated("name")


class Terms:
    """All discounts that may count: those for everybody, and the one whose code was typed."""

    def __init__(
        self, rows: Iterable[Any], code: str, who: Who, tree: Callable[[], Tree] = Tree.read
    ) -> None:
        self._rows = list(rows)
        self.code = code
        self._who = who
        self._tree = tree
        # Read once, and only where something has its time.
        self._now = cache(clock.now)

    @classmethod
    def now(cls, code: str, who: Who, tree: Callable[[], Tree] = Tree.read) -> Self:
        """As they stand in the database: one query; the tree is read where one is for shelves."""
        return cls(_rows(code, who), code, who, tree)

    def best(self, bought: Bought) -> Applied | None:
        """The one that takes off the most; of two alike the one that was typed."""
        counting = [row for row in self._rows if not self._why_not(row, bought)]
        worth = [(self._worth(row, bought), row.is_typed, -row.pk, row) for row in counting]
        if not worth:
            return None
        row = max(worth, key=lambda one: one[:3])[-1]
        code = self.code if row.is_typed else ""
        if row.kind == Kind.DELIVERY:
            return Applied(row, code, bought.currency, frees_delivery=True)
        return Applied(row, code, bought.currency, self._off(row, bought))

    def why_not(self, bought: Bought) -> str:
        """Why the code that was typed does not count; empty where it does, or none was typed."""
        if not self.code:
            return ""
        row = next((row for row in self._rows if row.is_typed), None)
        if row is None:
            return _("We do not know this code.")
        if why := self._why_not(row, bought):
            return why
        best = self.best(bought)
        if best is not None and not best.code:
            return _("“%(offer)s” saves you more and counts instead.") % {"offer": best.name}
        return ""

    def is_beaten(self, bought: Bought) -> bool:
        """Whether the code that was typed would count, if an offer did not take off more."""
        typed = next((row for row in self._rows if row.is_typed), None)
        best = self.best(bought)
        counts = typed is not None and not self._why_not(typed, bought)
        return counts and best is not None and not best.code

    def _worth(self, row: Any, bought: Bought) -> int:
        if row.kind == Kind.DELIVERY:
            return bought.delivery.amount if bought.delivery else 0
        return sum(self._off(row, bought).values())

    def _off(self, row: Any, bought: Bought) -> dict[int, int]:
        lines = self._meant(row, bought)
        match row.kind:
            case Kind.PERCENT:
                off = share_of(lines, row.percentage, bought.currency)
            case Kind.AMOUNT:
                off = amount_of(lines, row.in_currency[bought.currency]["amount"], bought.currency)
            case Kind.BUNDLE:
                off = bundles_of(lines, row.bundle_of, row.bundle_price)
            case _:
                off = {}
        return {key: amount for key, amount in off.items() if amount}

    def _meant(self, row: Any, bought: Bought) -> list[Line]:
        """The lines that it is for; never what customers pay as much for as they like."""
        lines = [
            line
            for line in bought.lines
            if not (line.is_chosen or line.is_given) and (row.with_sale or not line.is_reduced)
        ]
        if not row.for_products and not row.for_categories:
            return lines
        shelves = self._below(row.for_categories) if row.for_categories else set()
        return [
            line for line in lines if line.product in row.for_products or line.category in shelves
        ]

    def _below(self, categories: list[int]) -> set[int]:
        """The categories with all below them."""
        tree = self._tree()
        known = [tree.by_id[pk] for pk in categories if pk in tree.by_id]
        return {one.pk for category in known for one in tree.branch(category)}

    def _why_not(self, row: Any, bought: Bought) -> str:
        return self._not_now(row) or self._not_theirs(row) or self._not_this(row, bought)

    def _not_now(self, row: Any) -> str:
        if (row.is_typed and not row.code_is_active) or not row.is_active:
            return _("This code does not count any more.")
        if row.starts_at is not None and row.starts_at > self._now():
            return _("This code does not count yet.")
        if row.ends_at is not None and row.ends_at <= self._now():
            return _("This code has expired.")
        if row.most_uses is not None and row.uses - row.uses_of_cart >= row.most_uses:
            return _("This code is used up.")
        return ""

    def _not_theirs(self, row: Any) -> str:
        if row.customer_id is not None and row.customer_id != getattr(self._who.user, "pk", None):
            return _("This code is for somebody else.")
        if row.most_per_customer is not None and row.used_by_them >= row.most_per_customer:
            return _("You have used this code already.")
        if row.is_first_order_only and row.has_ordered:
            return _("This code is for a first order only.")
        return ""

    def _not_this(self, row: Any, bought: Bought) -> str:
        here = row.in_currency.get(bought.currency)
        has_none = row.kind == Kind.AMOUNT and (here is None or here["amount"] is None)
        if has_none or (here is None and row.in_currency):
            currency = {"code": bought.currency.upper()}
            return _("This code does not count in %(code)s.") % currency
        least = Money(here["least"] or 0 if here else 0, bought.currency)
        if bought.goods < least:
            return _("This code counts from %(amount)s on.") % {"amount": written(least)}
        if row.kind == Kind.DELIVERY:
            free = bought.delivery is None or not bought.delivery.amount
            return _("Delivery costs nothing here as it is.") if free else ""
        off = sum(self._off(row, bought).values())
        if not off:
            return _("This code is not for what is in your cart.")
        delivery = bought.delivery or Money.zero(bought.currency)
        return _too_little_left(bought.value - Money(off, bought.currency) + delivery)


def _too_little_left(rest: Money) -> str:
    """Nothing at all may be left, but not less than can be charged."""
    smallest = Money(MINIMUM_CHARGE.get(rest.currency, 0), rest.currency)
    if rest.amount and rest < smallest:
        return _("With this code less than %(amount)s would be left, which cannot be charged.") % {
            "amount": written(smallest)
        }
    return ""


def _rows(code: str, who: Who) -> Any:
    """The discounts, each with all that is asked of it."""
    typed = DiscountCode.objects.filter(discount=OuterRef("pk"), code=code)
    uses = DiscountUse.objects.live().filter(discount=OuterRef("pk"))
    open_here = uses.filter(order__cart=who.cart, order__status=Order.Status.PENDING)
    not_here = uses if who.cart is None else uses.exclude(pk__in=open_here.values("pk"))
    amounts = DiscountAmount.objects.filter(discount=OuterRef("pk"))
    products = Discount.products.through.objects.filter(discount=OuterRef("pk"))
    categories = Discount.categories.through.objects.filter(discount=OuterRef("pk"))
    bought, begun = first_orders(who)
    rows: Any = (
        Discount.objects.annotate(
            is_typed=Exists(typed),
            code_is_active=Coalesce(Subquery(typed.values("is_active")[:1]), Value(False)),
            amounts_now=ArraySubquery(
                amounts.values(row=JSONObject(currency="currency", amount="amount", least="least"))
            ),
            for_products=ArraySubquery(products.values("product_id")),
            for_categories=ArraySubquery(categories.values("category_id")),
            uses_of_cart=_counted(open_here.filter(is_counted=True)) if who.cart else Value(0),
            used_by_them=_counted(who.mine(not_here)),
            has_ordered=Case(
                When(is_first_order_only=True, then=Exists(bought) | Exists(begun)),
                default=Value(False),
            ),
        )
        .filter(Q(is_typed=True) | Q(is_automatic=True, is_active=True))
        .order_by("pk")
    )
    for row in rows:
        row.in_currency = {one.pop("currency"): one for one in row.amounts_now}
    return rows


def first_orders(who: Who) -> "tuple[QuerySet[Order], QuerySet[DiscountUse]]":
    """What makes another order of theirs not their first: orders that were bought, and uses of
    such a discount by those that are open. The open order of the same cart is this one.
    """
    bought = who.mine(Order.objects.exclude(status__in=Order.NEVER_BOUGHT))
    begun = who.mine(DiscountUse.objects.live().filter(discount__is_first_order_only=True))
    if who.cart is not None:
        begun = begun.exclude(order__cart=who.cart, order__status=Order.Status.PENDING)
    return bought, begun


def _counted(uses: "QuerySet[DiscountUse]") -> Coalesce:
    counts = uses.order_by().values("discount").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counts), Value(0))
