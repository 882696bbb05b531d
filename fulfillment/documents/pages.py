"""The page of a document, to read and to print."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fulfillment.documents.models import Document
from fulfillment.documents.shown import Shown
from fulfillment.order_page.page import is_theirs


@never_cache
@require_safe
def document(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """In the language of the order, whatever the reader's is: it is one document.

    Names and address are shown in full in the browser that ordered, by the address in a mail, and
    to staff; like on the order's page, whoever has only the link sees them masked.
    """
    found = get_object_or_404(
        Document.objects.select_related("order"), order__token=token, number=number
    )
    in_full = (
        is_theirs(request, found.order)
        or found.is_opened_by(request.GET.get("key", ""))
        or request.user.has_perm("fulfillment.view_document")
    )
    with translation.override(found.content["language"]):
        shown = Shown(found, in_full=in_full)
        response = render(request, "fulfillment/document.html", {"document": found, "shown": shown})
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response
