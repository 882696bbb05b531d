"""Many full captures at once: looked at first, asked for in one press, followed on one page."""

import uuid
from collections import defaultdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from payments.capture_queue import one_time_buttons, queue, staff_requests
from payments.capture_queue.pages import rendered
from payments.models import ButtonPress, Payment
from shop.accounts.second_factor import fresh
from shop.http.client_address import address
from shop.money import Money

AT_MOST = 100


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """How many, how much per currency, and what is left out and why."""
    chosen = [text for text in request.POST.getlist("payment") if _is_uuid(text)]
    payments = queue.with_signs(Payment.objects.filter(pk__in=chosen[:AT_MOST]))
    rows = queue.queue_rows(payments.order_by("capture_before", "pk"))
    if not rows:
        messages.warning(request, "Choose at least one payment.")
        return redirect("admin:capture_queue")
    judged = [(row, _obstacle(row)) for row in rows]
    ready = [row for row, obstacle in judged if not obstacle]
    sums: dict[str, int] = defaultdict(int)
    for row in ready:
        sums[row.payment.currency] += row.payment.capturable.amount
    context = {
        "ready": ready,
        "skipped": [(row, obstacle) for row, obstacle in judged if obstacle],
        "sums": [Money(amount, currency) for currency, amount in sorted(sums.items())],
        "too_many": max(len(chosen) - AT_MOST, 0),
        "at_most": AT_MOST,
        "ticket": _ticket(ready),
    }
    return rendered(request, "capture_queue/bulk_preview.html", "Capture several payments", context)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Ask for every capture on the ticket; each stands or fails by itself."""
    amounts = one_time_buttons.amounts_on(request.POST.get("ticket", ""))
    if fresh.is_asked(request, amounts):
        return fresh.ask(request, reverse("admin:capture_queue"))
    try:
        press_id = staff_requests.capture_many(
            request.POST.get("ticket", ""), actor=request.user, address=address(request)
        )
    except one_time_buttons.Outdated as error:
        messages.error(request, str(error))
        return redirect("admin:capture_queue")
    except one_time_buttons.AlreadyPressed as error:
        messages.info(request, str(error))
        press_id = error.press_id
    return redirect("admin:capture_bulk_result", press_id=press_id)


@require_safe
def result(request: HttpRequest, press_id: uuid.UUID) -> HttpResponse:
    """What became of each; looks again while any is under way."""
    press = get_object_or_404(ButtonPress, pk=press_id)
    payments = queue.with_signs(Payment.objects.filter(pk__in=press.results))
    rows = [(row, _state(row, press)) for row in queue.queue_rows(payments.order_by("pk"))]
    context = {
        "rows": rows,
        "press": press,
        "refreshes": any(row.under_way for row, _ in rows),
        "done": sum(row.payment.status == Payment.Status.CAPTURED for row, _ in rows),
    }
    return rendered(request, "capture_queue/bulk_result.html", "Captures", context)


def _obstacle(row: queue.Row) -> str:
    """Many are captured in full only, so that the one sum on the button is what is charged."""
    if not row.obstacle and row.due != row.payment.capturable:
        return f"Held are {row.payment.capturable}, due are {row.due}; capture it by itself."
    return row.obstacle


def _state(row: queue.Row, press: ButtonPress) -> str:
    answer = press.results[str(row.payment.pk)]
    if answer != staff_requests.ASKED:
        return str(answer)
    return row.under_way or row.payment.get_status_display().lower()


def _ticket(ready: list[queue.Row]) -> str:
    captures = {
        str(row.payment.pk): (row.payment.capturable.amount, row.payment.currency) for row in ready
    }
    return (
        one_time_buttons.seal({"nonce": str(uuid.uuid4()), "captures": captures}) if ready else ""
    )


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
