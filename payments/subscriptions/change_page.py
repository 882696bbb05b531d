"""The page on which another plan or quantity is chosen, told what that costs now, and asked for."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from payments.models import SubscriptionItem
from payments.settlement import page_calls
from payments.stripe.billing.changes import Proration
from payments.stripe.errors import Refused
from payments.subscriptions import changes, plans, tickets
from payments.subscriptions.changes import Asked
from payments.subscriptions.door import Door
from payments.subscriptions.pages import say
from payments.subscriptions.shown import name_of
from shop.catalog.models import Price, Rhythm
from shop.money import Money

ACTION = "change"


class WantedForm(forms.Form):
    """How many of what; an empty plan is the present one."""

    quantity = forms.IntegerField(
        label=gettext_lazy("Quantity each time"), min_value=1, max_value=plans.MOST
    )
    plan = forms.CharField(required=False, max_length=16)
    when = forms.ChoiceField(
        required=False,
        choices=[
            ("now", gettext_lazy("At once; the difference until then is charged or taken off.")),
            ("next", gettext_lazy("With the next period; nothing is charged now.")),
        ],
    )


@dataclass(frozen=True)
class Wanted:
    """An item as it is to be."""

    item: SubscriptionItem
    quantity: int
    price: Price | None
    waits: bool = False

    @property
    def name(self) -> str:
        return self.price.variant.name if self.price else name_of(self.item)

    @property
    def is_at_once(self) -> bool:
        """Another rhythm cannot wait: its first period begins with it."""
        return not self.waits or self.begins_anew

    @property
    def is_as_before(self) -> bool:
        return self.price is None and self.quantity == self.item.quantity

    @property
    def unit_amount(self) -> int:
        return self.price.unit_amount if self.price else self.item.unit_amount

    @property
    def each_time(self) -> Money:
        """What the whole subscription costs each time then."""
        others = [item for item in self.item.subscription.items.all() if item != self.item]
        amount = sum(item.unit_amount * item.quantity for item in others)
        return Money(amount + self.unit_amount * self.quantity, self.item.subscription.currency)

    @property
    def rhythm(self) -> str:
        source: Any = self.price or self.item
        return Rhythm(source.interval, source.interval_count).words

    @property
    def begins_anew(self) -> bool:
        """Another rhythm begins at once, with a whole period that is paid now."""
        of_item = (self.item.interval, self.item.interval_count)
        return self.price is not None and of_item != (
            self.price.interval,
            self.price.interval_count,
        )

    @property
    def for_stripe(self) -> list[dict[str, Any]]:
        """The item as a call names it."""
        item: dict[str, Any] = {"id": self.item.stripe_item_id, "quantity": self.quantity}
        if self.price is not None:
            item["price"] = self.price.stripe_price_id
        return [item]


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, door: Door) -> HttpResponse:
    """Choose, look at what it costs, ask."""
    item = plans.item_to_change(
        door.subscription, request.POST.get("item", request.GET.get("item", ""))
    )
    if not door.shown.may_change or item is None:
        messages.info(request, _("It cannot be changed now."))
        return redirect(door.home)
    if request.method == "POST":
        return _do(request, door, item)
    if "quantity" not in request.GET:
        return _choose(request, door, item)
    return _tell(request, door, item, request.GET)


def _choose(
    request: HttpRequest,
    door: Door,
    item: SubscriptionItem,
    form: WantedForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    form = form or WantedForm(
        initial={"quantity": item.quantity, "when": "next" if _is_sent(item) else "now"}
    )
    context = {
        "door": door,
        "row": door.shown,
        "item": item,
        "others": [
            each
            for each in door.subscription.items.all()
            if each != item and plans.is_changeable(each)
        ],
        "plans": plans.plans(item),
        "form": form,
        "when": form["when"].value() or "now",
    }
    return render(request, "payments/subscriptions/change.html", context, status=status)


def _is_sent(item: SubscriptionItem) -> bool:
    """Of such a thing more comes with the next parcel only: who pays for it now waits for it."""
    return item.variant is None or item.variant.requires_shipping


def _wanted(item: SubscriptionItem, form: WantedForm) -> Wanted | None:
    """What was chosen, if it is on offer."""
    key = form.cleaned_data["plan"]
    price = next((each for each in plans.plans(item) if each.key == key), None)
    if key and price is None:
        return None
    waits = form.cleaned_data["when"] == "next"
    return Wanted(item, form.cleaned_data["quantity"], price, waits=waits)


def _tell(
    request: HttpRequest,
    door: Door,
    item: SubscriptionItem,
    chosen: Any,
    *,
    outdated: bool = False,
    status: int = 200,
) -> HttpResponse:
    """What Stripe says that it costs now. Nothing is changed by looking."""
    form = WantedForm(chosen)
    if not form.is_valid():
        return _choose(request, door, item, form, status=400)
    wanted = _wanted(item, form)
    if wanted is None or wanted.is_as_before:
        messages.info(request, _("That is what you have."))
        return redirect(door.change)
    try:
        told = _told(door, wanted)
    except Refused:
        messages.warning(request, _("This change cannot be made. Nothing was changed."))
        return redirect(door.change)
    if told is None:
        context = {"door": door, "row": door.shown}
        return render(request, "payments/subscriptions/no_answer.html", context, status=503)
    context = {
        "door": door,
        "row": door.shown,
        "wanted": wanted,
        "told": told,
        "outdated": outdated,
        "ticket": _ticket(door, wanted, told),
    }
    return render(request, "payments/subscriptions/told.html", context, status=status)


def _told(door: Door, wanted: Wanted) -> Proration | None:
    """What Stripe says of it; of what waits for the next period there is nothing to say.

    Raises Refused.
    """
    if wanted.is_at_once:
        return page_calls.told_of_change(door.subscription, wanted.for_stripe)
    nothing = Money(0, door.subscription.currency)
    return Proration(due=nothing, credited=nothing, counted_from=0)


def _ticket(door: Door, wanted: Wanted, told: Proration) -> str:
    return tickets.seal(
        door.subscription,
        ACTION,
        items=wanted.for_stripe,
        quantity=wanted.quantity,
        plan=wanted.price.key if wanted.price else "",
        counted_from=told.counted_from,
        when="now" if wanted.is_at_once else "next",
        due=told.due.amount,
    )


def _do(request: HttpRequest, door: Door, item: SubscriptionItem) -> HttpResponse:
    try:
        ticket = tickets.unseal(request.POST.get("ticket", ""), door.subscription, ACTION)
    except tickets.Outdated:
        return _choose(request, door, item, status=409)
    start = door.subscription.period_start
    counted_from = ticket["counted_from"]
    if start is not None and counted_from and counted_from < int(start.timestamp()):
        # It has renewed since: what was told is about the period before.
        return _tell(request, door, item, ticket, outdated=True, status=409)
    done = changes.change_items(
        door.subscription,
        ticket["items"],
        counted_from=counted_from,
        told=ticket["due"],
        by=Asked(ticket["id"]),
    )
    say(request, done, _("It is changed."))
    return redirect(door.home)
