"""The pages of a customer's address book. Of nobody else's address can be told that it is there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.accounts.addresses import book
from shop.accounts.addresses.forms import AddressForm
from shop.accounts.customers.access import customer_required
from shop.accounts.models import Address


@customer_required
@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    found = _user(request).addresses.all()
    return render(request, "account/addresses.html", {"addresses": found})


@customer_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST or None, initial={"country": request.session.get("country")})
    if request.method == "POST" and form.is_valid():
        try:
            book.add(_user(request), **form.cleaned_data)
        except book.BookFull:
            form.add_error(None, _("There is no room for more addresses. Please remove one first."))
            return _form(request, form, status=409)
        messages.success(request, _("The address is in your book now."))
        return redirect("account_addresses")
    return _form(request, form, status=400 if request.method == "POST" else 200)


@customer_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    address = _own(request, pk)
    form = AddressForm(request.POST or None, instance=_own(request, pk))
    if request.method == "POST" and form.is_valid():
        book.change(address, **form.cleaned_data)
        messages.success(request, _("The address is changed."))
        return redirect("account_addresses")
    return _form(request, form, status=400 if request.method == "POST" else 200)


@customer_required
@require_POST
def make_default(request: HttpRequest, pk: int) -> HttpResponse:
    book.make_default(_own(request, pk))
    messages.success(request, _("This address is proposed first from now on."))
    return redirect("account_addresses")


@customer_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    book.remove(_own(request, pk))
    messages.success(request, _("The address is removed."))
    return redirect("account_addresses")


def _own(request: HttpRequest, pk: int) -> Address:
    return get_object_or_404(Address, user=_user(request), pk=pk)


def _user(request: HttpRequest) -> Any:
    """Whom `customer_required` let in."""
    return request.user


def _form(request: HttpRequest, form: AddressForm, *, status: int = 200) -> HttpResponse:
    return render(request, "account/address.html", {"form": form}, status=status)
