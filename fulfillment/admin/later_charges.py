"""What a customer owes beside an order: staff charge it, look at what came of it, drop it."""

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fulfillment.emails import letters
from fulfillment.models import Email
from payments import method_names
from payments.capture_queue import one_time_buttons
from payments.later_charges import charging
from payments.models import LaterCharge, Payment, SavedMethod
from payments.stripe_requests import NotPossible
from shop.accounts.second_factor import fresh
from shop.http.client_address import address
from shop.money import Money, NotAnAmount
from shop.orders.models import Order
from shop.staff.site import View

CHARGE = "payments.charge_later"
KIND = "charge_later"
# What is under way takes a second or two; so long a page looks again, without a script.
LOOK_AGAIN_SECONDS = "3"
# What a declining bank advises, for staff (docs.stripe.com/declines/codes).
ADVICE = {
    "do_not_try_again": "Its bank wants no further try: this method is not charged later any more.",
    "try_again_later": "Its bank says that it may go through another time.",
    "confirm_card_data": "Its bank wants the card's data confirmed, which only its owner can do.",
}
NO_WORDS = "Say what it is for; the customer reads it."


@dataclass(frozen=True)
class Method:
    """A saved method as staff see it, and why it may not be charged later."""

    method: SavedMethod
    name: str
    why_not: str


@dataclass(frozen=True)
class Row:
    """One claim with what came of it."""

    charge: LaterCharge
    name: str
    payments: list[Payment]
    advice: str
    link: str

    @property
    def is_refused(self) -> bool:
        return self.charge.status == LaterCharge.Status.REFUSED

    @property
    def may_be_dropped(self) -> bool:
        return self.charge.status in LaterCharge.COMES_FROM[LaterCharge.Status.WITHDRAWN]


class ChargeForm(forms.Form):
    """On what, how much, and what for."""

    method = forms.ChoiceField(
        error_messages={
            "required": "Choose the payment method.",
            "invalid_choice": "This payment method cannot be charged later.",
        }
    )
    amount = forms.CharField(max_length=20, error_messages={"required": "Say how much."})
    reason = forms.ChoiceField(
        choices=LaterCharge.Reason.choices,
        error_messages={"required": NO_WORDS, "invalid_choice": NO_WORDS},
    )
    words = forms.CharField(max_length=200, error_messages={"required": NO_WORDS})

    def __init__(self, *args: Any, order: Order, methods: list[Method], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        free = [(str(one.method.pk), one.name) for one in methods if not one.why_not]
        self.fields["method"].choices = free  # type: ignore[attr-defined]

    def clean_amount(self) -> Money:
        try:
            amount = Money.parse(self.cleaned_data["amount"], self.order.currency)
            charging.check_amount(self.order, amount)
        except (NotAnAmount, NotPossible) as error:
            raise forms.ValidationError(str(error)) from error
        return amount


@require_safe
def page(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """What can be charged, and what was."""
    return _page(request, get_object_or_404(Order, pk=order_id))


@require_POST
def foretell(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """What will happen; the button does it."""
    order = get_object_or_404(Order, pk=order_id)
    methods = _methods(order)
    form = ChargeForm(request.POST, order=order, methods=methods)
    if charging.why_not(order) or not form.is_valid():
        return _page(request, order, form=form, status=400)
    said = form.cleaned_data
    method = next(one for one in methods if str(one.method.pk) == said["method"])
    ticket = {
        "kind": KIND,
        "order": str(order.pk),
        "method": said["method"],
        "amount": said["amount"].amount,
        "reason": said["reason"],
        "words": said["words"],
        "seen": charging.seen(order),
        "nonce": str(uuid.uuid4()),
    }
    context = {
        "amount": said["amount"],
        "method": method,
        "for_what": LaterCharge.Reason(said["reason"]).label,
        "words": said["words"],
        "ticket": one_time_buttons.seal(ticket),
    }
    return _rendered(request, order, "later_foretold", f"Charge {said['amount']} later", context)


@require_POST
def charge(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Charge what the button's ticket says, once."""
    order = get_object_or_404(Order, pk=order_id)
    try:
        ticket = _read(request.POST.get("ticket", ""), order)
        amount = Money(ticket["amount"], order.currency)
        if fresh.is_asked(request, [amount]):
            return fresh.ask(request, reverse("admin:order_later", args=[order.pk]))
        _start(request, order, ticket, amount)
    except one_time_buttons.AlreadyPressed as error:
        messages.info(request, str(error))
    except (one_time_buttons.Outdated, charging.Changed, NotPossible) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Charging {amount}. This page follows it.")
    return redirect("admin:order_later", order_id=order.pk)


def _read(text: str, order: Order) -> dict[str, Any]:
    """Raises Outdated."""
    ticket = one_time_buttons.unseal(text)
    if (ticket.get("kind"), ticket.get("order")) != (KIND, str(order.pk)):
        raise one_time_buttons.Outdated("The button belongs to something else. Nothing was done.")
    return ticket


@transaction.atomic
def _start(request: HttpRequest, order: Order, ticket: dict[str, Any], amount: Money) -> None:
    one_time_buttons.use(ticket["nonce"], request.user)
    charging.start(
        order,
        method_id=uuid.UUID(ticket["method"]),
        amount=amount,
        reason=ticket["reason"],
        words=ticket["words"],
        seen_before=ticket["seen"],
        actor=request.user,
        address=address(request),
    )


@require_POST
def ask(request: HttpRequest, order_id: uuid.UUID, charge_id: uuid.UUID) -> HttpResponse:
    """What could not be charged at all: its customer gets the link to pay it."""
    found = get_object_or_404(LaterCharge, pk=charge_id, order=order_id)
    try:
        with transaction.atomic():
            asked = charging.ask_customer(found)
            letters.queue(Email.Template.LATER_ASKED, asked.order, about=asked.pk)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The customer gets a mail with the link to pay it.")
    return redirect("admin:order_later", order_id=order_id)


@require_POST
def withdraw(request: HttpRequest, order_id: uuid.UUID, charge_id: uuid.UUID) -> HttpResponse:
    """Nothing is owed any more."""
    found = get_object_or_404(LaterCharge, pk=charge_id, order=order_id)
    try:
        charging.withdraw(found, actor=request.user)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Withdrawn: the link is closed, nothing is to be paid.")
    return redirect("admin:order_later", order_id=order_id)


def _page(
    request: HttpRequest, order: Order, *, form: ChargeForm | None = None, status: int = 200
) -> HttpResponse:
    methods = _methods(order)
    rows = _rows(order)
    context = {
        "form": form or ChargeForm(order=order, methods=methods),
        "methods": methods,
        "has_any": any(not one.why_not for one in methods),
        "why_not": charging.why_not(order),
        "room": charging.room(order),
        "rows": rows,
    }
    response = _rendered(request, order, "later", "Charge later", context, status=status)
    if any(row.charge.status == LaterCharge.Status.CHARGING for row in rows):
        response["Refresh"] = LOOK_AGAIN_SECONDS
    return response


def _rendered(
    request: HttpRequest,
    order: Order,
    name: str,
    title: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    shown = {**admin.site.each_context(request), "title": title, "order": order, **context}
    return render(request, f"admin/order/{name}.html", shown, status=status)


def _methods(order: Order) -> list[Method]:
    return [
        Method(method, _name(method), _why_not(method)) for method in charging.methods_of(order)
    ]


def _why_not(method: SavedMethod) -> str:
    if method.may_be_charged_later:
        return ""
    if method.unusable == SavedMethod.NEVER_AGAIN:
        return ADVICE[method.unusable]
    if method.unusable:
        return f"It cannot be used: {method.unusable}."
    return f"Its owner has not agreed to it: {method.get_set_up_by_display()}."


def _name(method: SavedMethod) -> str:
    name = method_names.name_of_means(method.type, method.brand)
    ends = f", until {method.exp_month:02}/{method.exp_year}" if method.exp_month else ""
    return f"{name} ending in {method.last4}{ends}" if method.last4 else name


def _rows(order: Order) -> list[Row]:
    tries = list(order.payments.exclude(later_charge=None).order_by("created_at"))
    rows = []
    for found in order.later_charges.select_related("method").order_by("-created_at"):
        its = [one for one in tries if one.later_charge_id == found.pk]
        advice = next((one.advice_code for one in its if one.advice_code), "")
        is_asked = found.status == LaterCharge.Status.ASKED
        link = reverse("payments:later_charge", args=[found.token]) if is_asked else ""
        rows.append(Row(found, _name(found.method), its, ADVICE.get(advice, ""), link))
    return rows


PAGES: list[tuple[str, View, str, str]] = [
    ("order/<uuid:order_id>/later/", page, "order_later", CHARGE),
    ("order/<uuid:order_id>/later/foretell/", foretell, "order_later_foretell", CHARGE),
    ("order/<uuid:order_id>/later/charge/", charge, "order_later_charge", CHARGE),
    ("order/<uuid:order_id>/later/<uuid:charge_id>/ask/", ask, "order_later_ask", CHARGE),
    (
        "order/<uuid:order_id>/later/<uuid:charge_id>/withdraw/",
        withdraw,
        "order_later_withdraw",
        CHARGE,
    ),
]
