"""The capture queue and each payment's page: look, capture, release, refund."""

import uuid
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from payments import method_names, stripe_requests
from payments.capture_queue import one_time_buttons, queue, staff_requests
from payments.capture_queue.forms import REASONS_FOR_LESS, AmountForm, ReasonForm, UnitsForm
from payments.models import Payment, WebhookEvent
from shop import clock
from shop.accounts.second_factor import fresh
from shop.http.client_address import address
from shop.money import Money
from shop.orders import reduction
from shop.work import Work

log = structlog.get_logger(__name__)

PER_PAGE = 50
# A capture takes a second or two; so long a page looks again, without a script.
LOOK_AGAIN_SECONDS = "3"
PERMISSION = {
    "capture": "payments.capture_payment",
    "release": "payments.release_payment",
    "refund": "payments.refund_payment",
}
DONE = {"capture": "captured", "release": "released", "refund": "refunded"}


@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """Uncaptured payments, the one whose authorization ends first at the top."""
    now = clock.now()
    filters = queue.filters(now)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in filters else ""
    payments = queue.search(queue.waiting().filter(filters[chosen][1]), request.GET.get("q", ""))
    counts = queue.counts(now)
    pages = Paginator(payments, PER_PAGE)
    if not request.GET.get("q"):
        pages.count = counts[chosen or "all"]
    page = pages.get_page(request.GET.get("page"))
    rows = [queue.queue_row(payment, now) for payment in page]
    context = {
        "rows": rows,
        "any_signs": any(row.has_signs for row in rows),
        "page": page,
        "query": request.GET.get("q", ""),
        "chosen": chosen,
        "filters": [(name, words, counts[name or "all"]) for name, (words, _) in filters.items()],
        "may_capture": request.user.has_perm(PERMISSION["capture"]),
        "all_chosen": request.GET.get("choose") == "all",
        "last": _last_signs() if not page.object_list else None,
    }
    return rendered(request, "capture_queue/queue.html", "Capture queue", context)


def _last_signs() -> dict[str, Any]:
    """What tells an empty queue from one that nobody fills."""
    return {
        "authorized_at": Payment.objects.filter(authorized_at__isnull=False)
        .order_by("-authorized_at")
        .values_list("authorized_at", flat=True)
        .first(),
        "event_at": WebhookEvent.objects.order_by("-created_at")
        .values_list("created_at", flat=True)
        .first(),
    }


@require_safe
def payment(request: HttpRequest, payment_id: uuid.UUID) -> HttpResponse:
    """All amounts of one payment, and what may be done with it."""
    return _payment_page(request, _queue_row(payment_id))


def _payment_page(
    request: HttpRequest,
    row: queue.Row,
    *,
    form: AmountForm | UnitsForm | None = None,
    doing: str = "",
    status: int = 200,
) -> HttpResponse:
    subject = row.payment
    full = row.full
    left = staff_requests.available("refund", subject)
    disputed = subject.with_bank
    allowed = {kind: request.user.has_perm(name) for kind, name in PERMISSION.items()}
    may_capture = allowed["capture"] and bool(full) and not row.obstacle
    is_held = subject.status == Payment.Status.AUTHORIZED
    context = {
        "row": row,
        "payment": subject,
        "order": subject.order,
        "paid_with": method_names.name_of(subject),
        "full": full,
        "left": left,
        "left_over": subject.capturable - full if full else None,
        "allowed": allowed,
        "capture_ticket": one_time_buttons.issue("capture", subject, full, subject.capturable)
        if may_capture
        else "",
        "capture_form": form
        if doing == "capture"
        else AmountForm(at_most=subject.capturable, full=full),
        "units_form": form if doing == "leave out" else _units_form(subject),
        "reasons": REASONS_FOR_LESS,
        "release_ticket": one_time_buttons.issue(
            "release", subject, subject.capturable, subject.capturable
        )
        if allowed["release"] and is_held and not row.under_way
        else "",
        "release_form": ReasonForm(),
        "may_refund": allowed["refund"] and bool(left) and not (row.under_way or disputed),
        "disputed": disputed,
        "refund_form": form if doing == "refund" else AmountForm(at_most=left, full=None),
        "requests": subject.requests.order_by("-created_at"),
        "actions": subject.actions.select_related("request"),
        "stripe_link": _stripe_link(subject),
        "refreshes": bool(row.under_way),
    }
    title = f"Payment of {subject.order}" if subject.order else str(subject)
    return rendered(request, "capture_queue/payment.html", title, context, status=status)


@require_safe
def confirm(request: HttpRequest, payment_id: uuid.UUID, kind: str) -> HttpResponse:
    """Foretell what capturing or refunding this amount will do; the button does it."""
    if kind not in {"capture", "refund"}:
        raise Http404
    _check_permission(request, kind)
    row = _queue_row(payment_id)
    subject = row.payment
    full = row.full if kind == "capture" else None
    available = staff_requests.available(kind, subject)
    doing = "leave out" if kind == "capture" and "amount" not in request.GET else kind
    form: AmountForm | UnitsForm = (
        _units_form(subject, request.GET)
        if doing == "leave out"
        else AmountForm(request.GET, at_most=available, full=full)
    )
    if not form.is_valid():
        return _payment_page(request, row, form=form, doing=doing, status=400)
    amount, units = form.cleaned_data["amount"], form.cleaned_data.get("units", {})
    written_off = form.cleaned_data.get("fate") == "gone"
    left_out, sent = reduction.parted(subject.order, units) if subject.order else ([], [])
    context = {
        "row": row,
        "payment": subject,
        "order": subject.order,
        "kind": kind,
        "amount": amount,
        "rest": available - amount,
        "left_out": left_out,
        "sent": sent,
        "written_off": written_off,
        "reason": form.cleaned_data["reason"],
        "obstacle": row.obstacle if kind == "capture" else subject.with_bank,
        "ticket": one_time_buttons.issue(
            kind, subject, amount, available, units_off=units, written_off=written_off
        ),
    }
    return rendered(request, "capture_queue/confirm.html", f"{kind.capitalize()} {amount}", context)


def _units_form(subject: Payment, typed: Any = None) -> UnitsForm:
    amount_of = partial(staff_requests.amount_without, subject)
    return UnitsForm(typed, order=subject.order, amount_of=amount_of)


@require_POST
def move(request: HttpRequest, payment_id: uuid.UUID, kind: str) -> HttpResponse:
    """Ask for the capture, release or refund that the ticket is for, once."""
    _check_permission(request, kind)
    subject = get_object_or_404(Payment, pk=payment_id)
    amounts = one_time_buttons.amounts_on(request.POST.get("ticket", ""), subject.currency)
    if fresh.is_asked(request, amounts):
        return fresh.ask(request, reverse("admin:capture_payment", args=[payment_id]))
    try:
        amount = staff_requests.move(
            kind,
            subject,
            request.POST.get("ticket", ""),
            reason=request.POST.get("reason", "").strip()[:200],
            actor=request.user,
            address=address(request),
        )
    except one_time_buttons.AlreadyPressed as error:
        messages.info(request, f"{error} {_latest_action(subject)}".strip())
    except (one_time_buttons.Outdated, stripe_requests.NotPossible) as error:
        messages.error(request, f"{error} {_latest_action(subject)}".strip())
    else:
        messages.success(request, _success_sentence(kind, amount, subject))
    return redirect("admin:capture_payment", payment_id=payment_id)


def _queue_row(payment_id: uuid.UUID) -> queue.Row:
    row = queue.row_of(payment_id)
    if row is None:
        raise Http404
    return row


def _check_permission(request: HttpRequest, kind: str) -> None:
    if kind not in PERMISSION:
        raise Http404
    if not request.user.has_perm(PERMISSION[kind]):
        log.warning("money action refused", kind=kind, actor=request.user.pk)
        raise PermissionDenied


def _success_sentence(kind: str, amount: Money, subject: Payment) -> str:
    verb = {"capture": "Capturing", "release": "Releasing", "refund": "Refunding"}[kind]
    return f"{verb} {amount} of {subject.order or subject}. This page follows it."


def _latest_action(subject: Payment) -> str:
    """Who was first: "Captured by Ana Lind 10 s ago." """
    action = subject.actions.select_related("request").first()
    if action is None:
        return ""
    seconds = max(int((timezone.now() - action.at).total_seconds()), 0)
    ago = f"{seconds} s ago" if seconds < 120 else f"{seconds // 60} min ago"
    amount = Money(action.amount, action.currency)
    if action.request.is_open:
        return f"{action.actor_name} asked to {action.kind} {amount} {ago}; it is under way."
    if action.request.status == Work.Status.DEAD:
        return f"{action.actor_name} asked to {action.kind} {amount} {ago}; it was given up."
    if action.request.is_refused:
        return f"{action.actor_name} tried to {action.kind} {amount} {ago}; it was refused."
    return f"{amount} {DONE[action.kind]} by {action.actor_name} {ago}."


def _stripe_link(subject: Payment) -> str:
    """The payment in Stripe's own dashboard; none while a stand-in answers for Stripe."""
    if settings.STRIPE_API_BASE != settings.STRIPE_API:
        return ""
    mode = "" if settings.STRIPE_LIVE else "test/"
    return f"https://dashboard.stripe.com/{mode}payments/{subject.stripe_payment_intent_id}"


def rendered(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shared = admin.site.each_context(request)
    response = render(
        request, f"admin/{template}", {**shared, "title": title, **context}, status=status
    )
    if context.get("refreshes"):
        response["Refresh"] = LOOK_AGAIN_SECONDS
    return response
