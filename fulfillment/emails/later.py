"""Mails about what is owed beside an order: that it was charged, or that it is to be paid."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from fulfillment.emails.why_failed import words
from fulfillment.models import Email
from payments import method_names
from payments.models import LaterCharge, Payment

TEMPLATES = {Email.Template.LATER_CHARGED, Email.Template.LATER_ASKED}
# What each mail says is true of a claim in this state alone.
STATUS = {
    Email.Template.LATER_CHARGED: LaterCharge.Status.PAID,
    Email.Template.LATER_ASKED: LaterCharge.Status.ASKED,
}


def is_true(email: Email) -> bool:
    """Whether the claim is as its mail says; for one that was dropped nobody is asked to pay."""
    status = STATUS[Email.Template(email.template)]
    return LaterCharge.objects.filter(pk=email.about, status=status).exists()


def context(email: Email) -> dict[str, Any]:
    """What the templates say of the claim; nothing for mails about something else."""
    if email.template not in TEMPLATES:
        return {}
    charge = LaterCharge.objects.select_related("method").get(pk=email.about)
    tries = charge.order.payments.filter(later_charge=charge).order_by("created_at")
    away = tries.filter(session=None).last()
    taken = tries.filter(status=Payment.Status.CAPTURED).last()
    method = charge.method
    return {
        "charge": charge,
        "pay_url": settings.SITE_URL + reverse("payments:later_charge", args=[charge.token]),
        "is_by_link": taken is not None and taken.session_id is not None,
        "card": method_names.name_of_means(method.type, method.brand),
        "digits": method.last4,
        "why_not": words(away.failure_code) if away is not None else "",
    }
