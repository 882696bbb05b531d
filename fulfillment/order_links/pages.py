"""The page for who has bought without an account, and has no link at hand.

It never shows an order, and says the same of every number and address: it writes down what was
typed and looks at nothing.
"""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fulfillment.order_links.models import OrderLink
from shop.http.client_address import network
from shop.http.rate_limit import Allowance
from shop.http.same_origin import require_same_origin
from shop.orders.models.numbers import number_in

# By network, so that nobody tries numbers; by address, so that nobody's mailbox is filled; by
# number, so that nobody tries addresses from many networks.
BY_NETWORK = Allowance("finders", at_once=20, every=timedelta(minutes=2))
BY_ADDRESS = Allowance("finder", at_once=3, every=timedelta(minutes=10))
BY_NUMBER = Allowance("findee", at_once=5, every=timedelta(minutes=10))


class FindForm(forms.Form):
    """An order's number and the address that it was bought with."""

    number = forms.CharField(
        max_length=40,
        label=gettext_lazy("Order number"),
        error_messages={
            "required": gettext_lazy("Please write the number of the order. It begins with HF."),
            "max_length": gettext_lazy("No order number is as long as this."),
        },
    )
    email = forms.EmailField(
        max_length=254,
        label=gettext_lazy("The e-mail address you ordered with"),
        error_messages={
            "required": gettext_lazy("Please write the e-mail address that you ordered with."),
            "invalid": gettext_lazy("Please write an e-mail address, such as name@example.com."),
            "max_length": gettext_lazy("This address is too long."),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_same_origin
def find(request: HttpRequest) -> HttpResponse:
    """The form; what was typed stays in it until it is sent."""
    if request.method != "POST":
        return _page(request, FindForm())
    form = FindForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    if not _may(request, **form.cleaned_data):
        form.add_error(None, _("You have asked several times. Please wait a few minutes."))
        return _page(request, form, status=429)
    asked = OrderLink(**form.cleaned_data, language=get_language() or "")
    asked.save(force_insert=True)
    asked.ring()
    return redirect("fulfillment:find_order_asked")


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What happens next, whatever was typed."""
    return render(request, "fulfillment/find_order_asked.html")


def _may(request: HttpRequest, number: str, email: str) -> bool:
    return (
        BY_NETWORK.take(network(request))
        and BY_ADDRESS.take(email.lower())
        and BY_NUMBER.take(number_in(number))
    )


def _page(request: HttpRequest, form: FindForm, *, status: int = 200) -> HttpResponse:
    return render(request, "fulfillment/find_order.html", {"form": form}, status=status)
