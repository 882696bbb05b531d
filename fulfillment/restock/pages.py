"""The field beside a thing that is sold out, and the page that calls such mails off."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fulfillment.restock import alerts
from shop.catalog.models import Variant
from shop.http.client_address import network
from shop.http.rate_limit import Allowance
from shop.http.same_origin import require_same_origin

# For an address it is a handful of things; behind a network there may be a whole school.
WISHES = Allowance("alert", at_once=5, every=timedelta(minutes=10))
WISHES_OF_A_NETWORK = Allowance("alerts", at_once=30, every=timedelta(minutes=1))


class AlertForm(forms.Form):
    """An e-mail address; what is wrong with it is said in one sentence."""

    email = forms.EmailField(max_length=254)


@require_POST
@require_same_origin
def ask(request: HttpRequest) -> HttpResponse:
    """Take a wish down. The answer is the same whether the address waits already."""
    sku = request.POST.get("sku", "")[:100].replace("\x00", "")
    variant = alerts.sold_out(sku)
    if variant is None:
        return _not_waiting(request, sku)
    form = AlertForm(request.POST)
    if not form.is_valid():
        sentence = _("Please write an e-mail address, such as name@example.com.")
        return _again(request, variant, sentence, status=400)
    email = form.cleaned_data["email"]
    if not WISHES_OF_A_NETWORK.take(network(request)) or not WISHES.take(email.lower()):
        sentence = _("These were many at once. Please wait a while.")
        return _again(request, variant, sentence, status=429)
    alerts.wait(variant, email, get_language() or "")
    told = {"thing": variant.name, "email": email}
    messages.success(request, _("We write to %(email)s once, when %(thing)s is back.") % told)
    return redirect(_page_of(variant))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_same_origin
def off(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, and with a post call off, all that an address waits for.

    Looking alone changes nothing: programs look at every link of a mail. Mail programs post from
    no page (RFC 8058).
    """
    email = alerts.email_of(key)
    if email is None:
        return render(request, "fulfillment/alerts_off.html", {"is_unknown": True}, status=404)
    if request.method == "POST" and email:
        alerts.call_off(email)
    context = {"email": email, "is_off": request.method == "POST" or not email}
    return render(request, "fulfillment/alerts_off.html", context)


def _not_waiting(request: HttpRequest, sku: str) -> HttpResponse:
    """It is there again, or not sold at all."""
    variant = Variant.objects.filter(sku=sku).select_related("product").first()
    if variant is not None and alerts.is_there(variant):
        messages.info(request, _("%(thing)s is back already.") % {"thing": variant.name})
        return redirect(_page_of(variant))
    messages.warning(request, _("We do not sell this any more."))
    return redirect(reverse("catalog:home"))


def _again(request: HttpRequest, variant: Variant, sentence: str, *, status: int) -> HttpResponse:
    context: dict[str, Any] = {
        "variant": variant,
        "address": _page_of(variant),
        "sentence": sentence,
        "typed": request.POST.get("email", "")[:254],
    }
    return render(request, "fulfillment/alert.html", context, status=status)


def _page_of(variant: Variant) -> str:
    return f"{variant.product.get_absolute_url()}?{urlencode({'variant': variant.sku})}"
