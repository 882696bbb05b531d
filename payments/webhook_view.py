"""Where Stripe delivers its events: verified, stored, answered."""

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments import webhooks
from payments.stripe import signatures
from shop.models import Heartbeat

log = structlog.get_logger(__name__)

WEBHOOK_LIMIT = 256 * 1024
# Read and thrown away up to here, so that the sender sees the answer and not a reset.
DISCARD_LIMIT = 4 * 1024 * 1024


@csrf_exempt
@require_POST
@transaction.non_atomic_requests
def webhook(request: HttpRequest) -> HttpResponse:
    """Verify, store, answer; nothing else happens here."""
    if _too_large(request):
        return HttpResponse("Too large.\n", status=413, content_type="text/plain")
    try:
        event = signatures.verified_event(request.body, request.headers.get("Stripe-Signature", ""))
    except signatures.BadSignature as error:
        log.warning("delivery refused", why=str(error))
        return HttpResponse("Not signed by Stripe.\n", status=400, content_type="text/plain")
    except signatures.NotAnEvent as error:
        log.warning("delivery refused", why=str(error))
        return HttpResponse("No event.\n", status=400, content_type="text/plain")
    try:
        # Any other error is a bug of ours: logged, and answered with a 500, so that Stripe comes
        # back with the event until the bug is mended.
        webhooks.store([event], livemode=settings.STRIPE_LIVE)
        Heartbeat.leave("webhook")  # that deliveries come at all
    except (OperationalError, InterfaceError):
        log.exception("delivery not stored")
        return HttpResponse("Try again.\n", status=503, content_type="text/plain")
    return HttpResponse("Stored.\n", content_type="text/plain")


def _too_large(request: HttpRequest) -> bool:
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return True
    if length <= WEBHOOK_LIMIT:
        return False
    left = min(length, DISCARD_LIMIT)
    while left > 0 and (chunk := request.read(min(left, 65536))):
        left -= len(chunk)
    return True
