"""The page of a document, to read and to print."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fulfillment.documents import pdf
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
    html = _html(request, _found(token, number), has_tools=True)
    return _kept_private(HttpResponse(html))


@never_cache
@require_safe
def document_file(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """The same as a PDF, where one can be made."""
    found = _found(token, number)
    try:
        file = pdf.made_of(_html(request, found, has_tools=False))
    except pdf.Unavailable as error:
        raise Http404 from error
    response = _kept_private(HttpResponse(file, content_type="application/pdf"))
    response["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return response


def _found(token: str, number: str) -> Document:
    documents = Document.objects.select_related("order")
    return get_object_or_404(documents, order__token=token, number=number)


def _html(request: HttpRequest, found: Document, *, has_tools: bool) -> str:
    """The page; without its tools it is what is printed."""
    in_full = (
        is_theirs(request, found.order)
        or found.is_opened_by(request.GET.get("key", ""))
        or request.user.has_perm("fulfillment.view_document")
    )
    with translation.override(found.content["language"]):
        context = {
            "document": found,
            "shown": Shown(found, in_full=in_full),
            "has_tools": has_tools,
            "has_file": has_tools and pdf.is_available(),
            "key": request.GET.get("key", ""),
        }
        return render_to_string("fulfillment/document.html", context, request)


def _kept_private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response
