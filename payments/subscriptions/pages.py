"""The pages of subscriptions: each action has one that tells what comes of it, then asks."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from payments.models import SavedMethod, Subscription, SubscriptionInvoice
from payments.saved_methods.owned import methods_of
from payments.saved_methods.shown import described
from payments.settlement import page_calls
from payments.subscriptions import changes, tickets
from payments.subscriptions.changes import Asked, Change
from payments.subscriptions.door import Door
from payments.subscriptions.owned import subscriptions_of
from payments.subscriptions.shown import method_id_of, shown
from shop import clock
from shop.accounts.customers.access import customer_required
from shop.templatetags.dates import day

asking = require_http_methods(["GET", "HEAD", "POST"])
# So many are read anew for who comes back from Stripe's portal.
READ_AT_ONCE = 3
# A pause is no end: who wants to have none for longer ends it.
LONGEST_PAUSE = timedelta(days=366)


class PauseForm(forms.Form):
    """Until when, if that is known."""

    until = forms.DateField(
        required=False,
        label=gettext_lazy("It goes on by itself on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_until(self) -> datetime | None:
        """The first moment of that day, where the shop is."""
        wanted = self.cleaned_data["until"]
        if wanted is None:
            return None
        moment = timezone.make_aware(datetime.combine(wanted, time.min))
        if not clock.now() < moment <= clock.now() + LONGEST_PAUSE:
            raise forms.ValidationError(
                _("Please choose a day within the next year, tomorrow at the earliest.")
            )
        return moment


@customer_required
@require_safe
def subscriptions(request: HttpRequest) -> HttpResponse:
    """All of theirs. Who comes back from Stripe's portal finds what they changed there."""
    mine = list(subscriptions_of(request.user))
    if "portal" in request.GET:
        live = [row for row in mine if not row.is_over][:READ_AT_ONCE]
        read = [page_calls.look_at_subscription(row) for row in live]
        if live and all(read):
            messages.success(request, _("This is how it stands after your visit at Stripe."))
        elif live:
            messages.info(request, _("What you changed at Stripe shows here in a moment."))
        mine = list(subscriptions_of(request.user))
    rows = [(row, Door(row.subscription, is_account=True)) for row in shown(mine)]
    return render(request, "payments/subscriptions/list.html", {"rows": rows})


@require_safe
def subscription(request: HttpRequest, door: Door) -> HttpResponse:
    """One of them, with its periods."""
    invoices = SubscriptionInvoice.objects.filter(subscription=door.subscription)
    periods = invoices.select_related("order", "payment").order_by("-created_at", "-pk")[:36]
    response = _page(request, door, "detail", periods=periods)
    if door.shown.is_changing:
        response["Refresh"] = "3"
    return response


@asking
def cancel(request: HttpRequest, door: Door) -> HttpResponse:
    """With the period, or at once; what becomes of the money is told first."""
    told = door.shown
    if not told.may_end:
        return _go(request, door, _("It has ended already."))
    if request.method != "POST":
        return _ask_to_cancel(request, door)
    when = request.POST.get("when", "")
    if when not in {"period", "now"}:
        return _ask_to_cancel(request, door, status=400)
    try:
        ticket = tickets.unseal(request.POST.get("ticket", ""), door.subscription, "cancel")
    except tickets.Outdated:
        return _ask_to_cancel(request, door, outdated=True, status=409)
    by = Asked(ticket["id"])
    if when == "now":
        done = changes.end_now(door.subscription, by)
        return _say(request, door, done, _("It has ended. Nothing more is charged."))
    if ticket["until"] != _written(door.subscription.period_end):
        # It has renewed while the page was open: it would end later than was told.
        return _ask_to_cancel(request, door, outdated=True, status=409)
    done = changes.end_with_period(door.subscription, by)
    ends_at = door.subscription.cancel_at or door.subscription.period_end
    until = {"date": day(ends_at) if ends_at else ""}
    return _say(request, door, done, _("It ends on %(date)s. Until then it goes on.") % until)


def _ask_to_cancel(
    request: HttpRequest, door: Door, *, outdated: bool = False, status: int = 200
) -> HttpResponse:
    until = _written(door.subscription.period_end)
    ticket = tickets.seal(door.subscription, "cancel", until=until)
    return _page(request, door, "cancel", ticket=ticket, outdated=outdated, status=status)


@asking
def keep(request: HttpRequest, door: Door) -> HttpResponse:
    """Take an end that is to come back."""
    if not door.shown.may_keep:
        return _go(request, door, _("It does not end."))
    return _asked(
        request, door, "keep", changes.keep, _("It goes on. It is charged on its next date again.")
    )


@asking
def pause(request: HttpRequest, door: Door) -> HttpResponse:
    """Until it is resumed, or until a day."""
    if not door.shown.may_pause:
        return _go(request, door, _("It cannot be paused now."))
    form = PauseForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, door, "pause", form=form, ticket=_ticket(door, "pause"))
    if not form.is_valid():
        ticket = _ticket(door, "pause")
        return _page(request, door, "pause", form=form, ticket=ticket, status=400)
    until = form.cleaned_data["until"]

    def paused(row: Subscription, by: Asked) -> Change:
        return changes.pause(row, by, until=until)

    return _asked(request, door, "pause", paused, _("It is paused."))


@asking
def resume(request: HttpRequest, door: Door) -> HttpResponse:
    """It goes on with its next date."""
    if not door.shown.may_resume:
        return _go(request, door, _("It is not paused."))
    return _asked(request, door, "resume", changes.resume, _("It goes on."))


@asking
def method(request: HttpRequest, door: Door) -> HttpResponse:
    """Another of the customer's methods pays what comes."""
    row = door.subscription
    if not door.shown.may_pay_otherwise:
        return _go(request, door, _("Nothing is charged for it any more."))
    theirs = methods_of(request.user).filter(customer=row.customer_id, unusable="")
    if request.method == "POST":
        chosen = theirs.filter(pk=_uuid_or_none(request.POST.get("method"))).first()
        if chosen is not None:
            return _asked(
                request, door, "method", _paying(chosen), _("From now on this pays for it.")
            )
    found = [described(each, clock.now()) for each in theirs]
    return _page(
        request,
        door,
        "method",
        methods=found,
        present=method_id_of(row),
        ticket=_ticket(door, "method"),
        status=200 if request.method != "POST" else 400,
    )


def _paying(chosen: SavedMethod) -> Callable[[Subscription, Asked], Change]:
    return lambda row, by: changes.pay_with(row, chosen, by)


def _uuid_or_none(text: str | None) -> Any:
    try:
        return forms.UUIDField(required=False).clean(text)
    except forms.ValidationError:
        return None


def _asked(
    request: HttpRequest,
    door: Door,
    action: str,
    change: Callable[[Subscription, Asked], Change],
    well: str,
) -> HttpResponse:
    """The page that asks; what was asked for once it is."""
    if request.method != "POST":
        return _page(request, door, action, ticket=_ticket(door, action))
    try:
        ticket = tickets.unseal(request.POST.get("ticket", ""), door.subscription, action)
    except tickets.Outdated:
        return _go(request, door, _("The page was open for too long. Nothing was changed."))
    return _say(request, door, change(door.subscription, Asked(ticket["id"])), well)


def _ticket(door: Door, action: str) -> str:
    return tickets.seal(door.subscription, action)


def _written(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _page(
    request: HttpRequest, door: Door, page: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"door": door, "row": door.shown, **more}
    return render(request, f"payments/subscriptions/{page}.html", context, status=status)


def _go(request: HttpRequest, door: Door, sentence: str) -> HttpResponse:
    messages.info(request, sentence)
    return redirect(door.home)


def _say(request: HttpRequest, door: Door, done: Change, well: str) -> HttpResponse:
    say(request, done, well)
    return redirect(door.home)


def say(request: HttpRequest, done: Change, well: str) -> None:
    """How far it has come, at the top of the next page."""
    match done:
        case Change.DONE:
            messages.success(request, well)
        case Change.UNDER_WAY:
            messages.info(request, _("This is being done. It takes a moment."))
        case Change.ANOTHER_FIRST:
            messages.warning(
                request, _("Another change is being made. Please try again in a moment.")
            )
        case Change.DECLINED:
            messages.warning(
                request, _("Your payment method was declined. Nothing was changed or charged.")
            )
        case Change.NOT_DONE:
            messages.warning(request, _("That could not be done. Nothing was changed."))
