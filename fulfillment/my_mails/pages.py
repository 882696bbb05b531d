"""The account's page about mails, and the page that a reminder's link leads to."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fulfillment.emails import refusals
from fulfillment.models import StockAlert
from fulfillment.restock import alerts
from shop.accounts.customers.access import customer_required
from shop.accounts.customers.proof import has_proved
from shop.accounts.models import User
from shop.http.same_origin import require_same_origin


class WishesForm(forms.ModelForm[User]):
    """What a customer may say of mails."""

    language = forms.ChoiceField(label=gettext_lazy("Language of all mails"), required=False)

    class Meta:
        model = User
        fields = ("language", "wants_reminders")
        labels = {"wants_reminders": gettext_lazy("Tick the box for a reminder in the cart for me")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_read = ("", gettext_lazy("The one in which I read the shop"))
        if settings.CHECKOUT_RECOVERY == "off":
            del self.fields["wants_reminders"]
        self.fields["language"].choices = [as_read, *settings.LANGUAGES]  # type: ignore[attr-defined]


@customer_required
@require_http_methods(["GET", "HEAD", "POST"])
def mails(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = WishesForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        _write(user, **form.cleaned_data)
        messages.success(request, _("Your wishes are kept."))
        return redirect("fulfillment:my_mails")
    context = {"form": form, "alerts": _alerts(user)}
    status = 400 if request.method == "POST" else 200
    return render(request, "fulfillment/my_mails.html", context, status=status)


def _write(user: User, **wishes: Any) -> None:
    """A tick that is taken away says the same as the link in a reminder."""
    if user.wants_reminders and not wishes.get("wants_reminders", True):
        refusals.refuse(user.email)
    User.objects.filter(pk=user.pk).update(**wishes)


@customer_required
@require_POST
def alert_off(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Of one thing that is sold out they want to hear no more."""
    get_object_or_404(_alerts(request.user), pk=pk).delete()
    messages.success(request, _("You get no mail about it."))
    return redirect("fulfillment:my_mails")


def _alerts(user: Any) -> Any:
    """What the account's address waits for, if its owner has proved to read what goes there."""
    return alerts.waiting(user.email) if has_proved(user) else StockAlert.objects.none()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_same_origin
def reminders_off(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, and with a post end them. Programs look at every link of a mail: that changes nothing;
    and mail programs post from no page (RFC 8058).
    """
    email = refusals.email_of(key)
    if email is None:
        return render(request, "fulfillment/reminders_off.html", {"is_unknown": True}, status=404)
    if request.method == "POST" and email:
        refusals.refuse(email)
    context = {"email": email, "is_off": request.method == "POST" or not email}
    return render(request, "fulfillment/reminders_off.html", context)
