"""The form by which people write to the shop."""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fulfillment.contact.models import ContactMessage
from shop.http.client_address import network
from shop.http.rate_limit import Allowance
from shop.http.same_origin import require_same_origin

LETTERS = Allowance("letter", at_once=5, every=timedelta(minutes=10))
LETTERS_OF_A_NETWORK = Allowance("letters", at_once=20, every=timedelta(minutes=2))
LONGEST = 5000


class ContactForm(forms.Form):
    """Who writes, about which order, and what."""

    email = forms.EmailField(
        max_length=254,
        label=gettext_lazy("Your e-mail address"),
        error_messages={
            "required": gettext_lazy("Please write where we may answer."),
            "invalid": gettext_lazy("Please write an e-mail address, such as name@example.com."),
            "max_length": gettext_lazy("This address is too long."),
        },
    )
    order_number = forms.CharField(
        max_length=40,
        required=False,
        label=gettext_lazy("Order number, if it is about one"),
        error_messages={"max_length": gettext_lazy("No order number is as long as this.")},
    )
    text = forms.CharField(
        max_length=LONGEST,
        label=gettext_lazy("Your message"),
        error_messages={
            "required": gettext_lazy("Please write what it is about."),
            "max_length": gettext_lazy("Please write at most 5,000 characters."),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require_same_origin
def contact(request: HttpRequest) -> HttpResponse:
    """The form; what was typed stays in it until it is sent."""
    if request.method != "POST":
        return _page(request, ContactForm(initial={"order_number": request.GET.get("order", "")}))
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    email = form.cleaned_data["email"]
    if not LETTERS_OF_A_NETWORK.take(network(request)) or not LETTERS.take(email.lower()):
        form.add_error(None, _("You have written several times. Please wait a few minutes."))
        return _page(request, form, status=429)
    letter = ContactMessage(**form.cleaned_data, language=get_language() or "")
    letter.save(force_insert=True)
    letter.ring()
    return redirect(reverse("fulfillment:contact_sent"))


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "fulfillment/contact_sent.html")


def _page(request: HttpRequest, form: ContactForm, *, status: int = 200) -> HttpResponse:
    return render(request, "fulfillment/contact.html", {"form": form}, status=status)
