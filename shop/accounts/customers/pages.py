"""An account's first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.accounts.customers.access import customer_required


@customer_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "account/overview.html")
