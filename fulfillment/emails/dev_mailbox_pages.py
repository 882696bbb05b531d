"""`/_dev/mail/`: the mails of a rehearsal, to read in the browser. Absent unless it is one."""

from collections.abc import Callable
from functools import wraps

from csp.decorators import csp_exempt
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from fulfillment.emails import dev_mailbox

# A mail styles itself inline; it may do that and nothing else, shut off from the shop.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"
)
View = Callable[..., HttpResponse]


def rehearsals_only(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: str) -> HttpResponse:
        if not settings.REHEARSAL:
            raise Http404
        return never_cache(require_safe(view))(request, **kwargs)

    return guarded


@rehearsals_only
def letters(request: HttpRequest) -> HttpResponse:
    return render(request, "fulfillment/mailbox.html", {"letters": dev_mailbox.letters()})


@rehearsals_only
def letter(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "fulfillment/letter.html", {"letter": _found(name)})


@csp_exempt()
@xframe_options_sameorigin
@rehearsals_only
def letter_html(_request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, for the frame."""
    # A link leads out of the frame: the shop's own pages do not let themselves be framed.
    html = _found(name).html.replace("<head>", '<head><base target="_blank">', 1)
    response = HttpResponse(html)
    response["Content-Security-Policy"] = MAIL_POLICY
    return response


def _found(name: str) -> dev_mailbox.Letter:
    letter = dev_mailbox.letter(name)
    if letter is None:
        raise Http404
    return letter
