"""What the shop knows of a customer: to take along, and to have forgotten."""

from typing import Any

from allauth.account.internal.flows.logout import logout
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shop.accounts.customers.access import customer_required, sure_required
from shop.accounts.privacy import json_file, registry
from shop.accounts.privacy.registry import Person, StillNeeded


class DeleteForm(forms.Form):
    """A box that is ticked on purpose."""

    sure = forms.BooleanField(
        label=gettext_lazy("Yes, delete my account"),
        error_messages={"required": gettext_lazy("Please tick the box, if you mean it.")},
    )


@customer_required
@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    """What one may do with it."""
    return render(request, "account/own_data.html")


@sure_required
@require_safe
def download(request: HttpRequest) -> Any:
    """All of it, as JSON."""
    response = StreamingHttpResponse(
        json_file.written(_person(request)), content_type="application/json"
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@sure_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Ask, on a page of its own; and say why not while something is under way."""
    person = _person(request)
    if request.method != "POST":
        return _ask(request, DeleteForm(), registry.refusals(person))
    form = DeleteForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, registry.refusals(person), status=400)
    try:
        registry.erase(person)
    except StillNeeded as needed:
        return _ask(request, form, needed.reasons, status=409)
    logout(request, show_message=False)
    messages.success(request, _("Your account is deleted."))
    return redirect("catalog:home")


def _person(request: HttpRequest) -> Person:
    user: Any = request.user
    return Person.of_user(user)


def _ask(
    request: HttpRequest, form: DeleteForm, reasons: list[str], *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "reasons": reasons}
    return render(request, "account/delete.html", context, status=status)
