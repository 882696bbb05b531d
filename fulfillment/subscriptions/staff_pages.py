"""What staff may do with a subscription: each on a page that foretells it, with a reason."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from payments.models import Subscription
from payments.subscriptions import changes, tickets
from payments.subscriptions.changes import Asked, Change
from payments.subscriptions.shown import Shown, shown
from shop.http.client_address import address
from shop.templatetags.dates import day

CHANGE = "payments.change_subscription"
UNTIL = (
    "It goes on until {date} and is not charged again. Staff and customer can take that back until"
    " then."
)
AT_ONCE = (
    "It is over at once, and this cannot be undone. No money goes back by itself: refund a period"
    " on the page of its payment."
)
NOTHING = (
    "Nothing is charged and nothing sent until somebody goes on with it. What is paid for already"
    " is still sent."
)
# The address's word for each: the button, what will happen, and what makes it so.
ACTIONS: dict[str, tuple[str, str, Callable[[Subscription, Asked], Change]]] = {
    "end-with-period": ("End with the period", UNTIL, changes.end_with_period),
    "keep": ("Do not end", "It is charged again on {date}.", changes.keep),
    "end-now": ("End now", AT_ONCE, changes.end_now),
    "pause": ("Pause", NOTHING, changes.pause),
    "resume": ("Go on", "It is charged and sent again on {date}.", changes.resume),
}
SAID = {
    Change.DONE: (messages.SUCCESS, "Done. The customer gets a mail."),
    Change.UNDER_WAY: (messages.INFO, "Stripe has not answered yet; a worker goes on with it."),
    Change.ANOTHER_FIRST: (messages.WARNING, "Another change is under way. Nothing was done."),
    Change.DECLINED: (messages.ERROR, "The payment method was declined. Nothing was done."),
    Change.NOT_DONE: (messages.ERROR, "Stripe refused it. Nothing was done; see its request."),
}


class WhyForm(forms.Form):
    reason = forms.CharField(max_length=200)


def possible(row: Shown) -> list[tuple[str, str]]:
    """What can be done with it now: the word and the button of each."""
    allowed = {
        "end-with-period": row.may_end_with_period,
        "keep": row.may_keep,
        "pause": row.may_pause,
        "resume": row.may_resume,
        "end-now": row.may_end,
    }
    return [(word, ACTIONS[word][0]) for word, is_so in allowed.items() if is_so]


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, subscription_id: uuid.UUID, action: str) -> HttpResponse:
    """Foretell it; do it, once it is said why."""
    if action not in ACTIONS:
        raise Http404
    row = get_object_or_404(Subscription.objects.select_related("customer"), pk=subscription_id)
    if action not in dict(possible(shown([row])[0])):
        messages.info(request, "This cannot be done with it now. Nothing was done.")
        return _back(row)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, row, action, form)
    try:
        ticket = tickets.unseal(request.POST.get("ticket", ""), row, action)
    except tickets.Outdated:
        messages.error(request, "The page was open for too long. Nothing was done.")
        return _back(row)
    by = Asked(
        button=ticket["id"],
        actor=request.user,
        address=address(request),
        reason=form.cleaned_data["reason"],
    )
    level, said = SAID[ACTIONS[action][2](row, by)]
    messages.add_message(request, level, said)
    return _back(row)


def _page(request: HttpRequest, row: Subscription, action: str, form: WhyForm) -> HttpResponse:
    button, foretold, _verb = ACTIONS[action]
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": f"{button}?",
        "row": shown([row])[0],
        "subscription": row,
        "button": button,
        "foretold": foretold.format(date=day(row.period_end) if row.period_end else "—"),
        "form": form,
        "ticket": tickets.seal(row, action),
        "address": request.path,
    }
    status = 400 if form.is_bound else 200
    return render(request, "admin/subscription/act.html", context, status=status)


def _back(row: Subscription) -> HttpResponse:
    return redirect("admin:payments_subscription_change", row.pk)
