"""Where downloads are fetched: a page that counts nothing, and the file that does."""

import re
from datetime import timedelta
from typing import TypeVar

import structlog
from django.conf import settings
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fulfillment.balance import balance_of
from fulfillment.digital import links, rights, shown
from fulfillment.digital.models import DigitalDelivery
from shop.catalog import digital_goods
from shop.catalog.models import DigitalFile

log = structlog.get_logger(__name__)

# "bytes=100-" or "bytes=100-199": all that browsers and download managers ask to go on with.
RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})", re.ASCII)
# So long what was broken off may be gone on with, without counting as another download.
GOES_ON_FOR = timedelta(days=1)


Response = TypeVar("Response", bound=HttpResponseBase)


class Refused(Exception):
    """Nothing is handed out; the sentence is for the customer."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


@never_cache
@require_safe
def download(request: HttpRequest, signed: str) -> HttpResponse:
    """What the link opens, with the button that fetches the file."""
    try:
        delivery = _open(signed)
    except Refused as refusal:
        return _refused(request, refusal)
    [one] = shown.with_keys([delivery])
    context = {"one": one, "order": delivery.order}
    return _private(render(request, "fulfillment/download.html", context))


@never_cache
@require_safe
def download_file(request: HttpRequest, signed: str) -> HttpResponseBase:
    """The file, in pieces. Asking what it is, or going on where it broke off, counts nothing."""
    try:
        delivery = _open(signed)
        return _private(_answer(request, delivery))
    except Refused as refusal:
        return _refused(request, refusal)


def _open(signed: str) -> DigitalDelivery:
    """The delivery of a link that holds, of an order that stands. Raises Refused."""
    try:
        pk = links.delivery_of(signed)
    except links.NotALink as error:
        raise Http404 from error
    except links.Expired as error:
        sentence = _(
            "This link is over. Your order's page has a fresh one: open it from our mail, by "
            "“See your order”."
        )
        raise Refused(sentence, 410) from error
    delivery = shown.all_deliveries().filter(pk=pk).first()
    if delivery is None:
        raise Http404
    if sentence := rights.why_closed(delivery.order, balance_of(delivery.order)):
        raise Refused(sentence, 403)
    if not delivery.order_line.left:
        raise Refused(_("This was taken off the order, so it cannot be downloaded."), 403)
    return delivery


def _answer(request: HttpRequest, delivery: DigitalDelivery) -> HttpResponseBase:
    file = delivery.file
    if file is None:
        raise Http404
    first, last, status = part_asked(request, file)
    if status == 416:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    try:
        source = digital_goods.opened(file)
    except OSError as error:
        log.error("file of a digital good is missing", file=str(file.pk), why=str(error))
        sentence = _("The file cannot be read at the moment. Nothing was counted; try again later.")
        raise Refused(sentence, 503) from error
    if request.method == "HEAD":
        source.close()
        answer: HttpResponseBase = HttpResponse()
    else:
        try:
            _count(delivery, goes_on=first > 0)
        except Refused:
            source.close()
            raise
        source.seek(first)
        answer = StreamingHttpResponse(digital_goods.pieces(source, size=last - first + 1))
    answer.status_code = status
    for name, value in _headers(file, first, last, status).items():
        answer[name] = value
    return answer


def part_asked(request: HttpRequest, file: DigitalFile) -> tuple[int, int, int]:
    """First and last byte, and the status: the whole where nothing, or nothing sensible, is asked.

    What was begun with another file (If-Range) begins anew.
    """
    whole = (0, file.size - 1, 200)
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or request.headers.get("If-Range", _etag(file)) != _etag(file):
        return whole
    first = int(asked.group(1))
    last = min(int(asked.group(2) or file.size - 1), file.size - 1)
    if first >= file.size:
        return 0, 0, 416
    return (first, last, 206) if first <= last else whole


def _count(delivery: DigitalDelivery, *, goes_on: bool) -> None:
    """One more download, if one is left: of two at once the last counts for one. Raises Refused."""
    now = timezone.now()
    row = DigitalDelivery.objects.filter(pk=delivery.pk)
    if goes_on and row.filter(last_download_at__gt=now - GOES_ON_FOR).exists():
        return
    left = row.filter(downloads__lt=F("downloads_allowed"))
    if not left.update(downloads=F("downloads") + 1, last_download_at=now):
        sentence = _(
            "It was downloaded %(number)s times, which is as often as it can be. If you need it "
            "again, <contact>write to us</contact> and name order %(order)s."
        ) % {"number": delivery.downloads_allowed, "order": delivery.order.number}
        raise Refused(sentence, 403)


def _headers(file: DigitalFile, first: int, last: int, status: int) -> dict[str, str]:
    headers = {
        # Whatever it is: nothing of it is run or shown in the shop's name.
        "Content-Type": "application/octet-stream",
        "Content-Disposition": content_disposition_header(True, file.name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Length": str(last - first + 1),
        "Accept-Ranges": "bytes",
        "ETag": _etag(file),
    }
    if status == 206:
        headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    return headers


def _etag(file: DigitalFile) -> str:
    return f'"{file.sha256[:32]}"'


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    context = {"sentence": str(refusal), "support_email": settings.SUPPORT_EMAIL}
    page = render(request, "fulfillment/no_download.html", context, status=refusal.status)
    return _private(page)


def _private(response: Response) -> Response:
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response
