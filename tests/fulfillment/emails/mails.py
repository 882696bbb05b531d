"""Mails as tests write them: one of each kind, about an order that it is true of."""

from typing import Any

from django.utils import timezone

from fulfillment.emails import letters, refunds
from fulfillment.models import Email, Shipment
from payments.models import Customer, LaterCharge, Payment, Refund, SavedMethod
from shop.orders.models import Order
from tests.support.factories import OrderFactory

STATUS_OF = {
    "received": "confirmed",
    "confirmed": "confirmed",
    "processing": "processing",
    "voucher": "processing",
    "voucher_ends": "processing",
    "payment_failed": "payment_failed",
    "recovery": "expired",
    "cancelled": "cancelled",
    "out_of_stock": "cancelled",
    "trial": "cancelled",
    "shipped": "shipped",
    "refunded": "shipped",
    "refund_failed": "shipped",
    "keys": "confirmed",
    "later_charged": "shipped",
    "later_asked": "shipped",
}
# The shortest way from pending to each status.
WAYS: dict[str, list[str]] = {
    "confirmed": ["confirm"],
    "processing": ["process"],
    "payment_failed": ["fail_payment"],
    "expired": ["expire"],
    "cancelled": ["cancel"],
    "shipped": ["confirm", "ship"],
}
VOUCHER = {
    "url": "https://pay.example/voucher/1?a=1&b=2",
    "numbers": [["", "000000000000000000123456789012"]],
    "ends_at": "2026-12-24T12:00:00+00:00",
}


def order_in(status: str, **values: Any) -> Order:
    told = {"email": "ada@example.com", "recovery_email": "ada@example.com", "total": 1800}
    order = OrderFactory(**{**told, **values})
    for verb in WAYS[status]:
        getattr(order, verb)("test")
    Email.objects.all().delete()
    return order


def written(template: str, **values: Any) -> Email:
    """The mail, queued, of an order with such values."""
    order = order_in(STATUS_OF[template], **values)
    about = None
    if template == "shipped":
        about = parcel(order).pk
    elif template.startswith("voucher"):
        paid(
            order,
            stripe_payment_intent_id=f"pi_{template}",
            status="requires_action",
            captured_amount=0,
            voucher=VOUCHER,
        )
    elif template == "refunded":
        about = refunds.occasion(refunded(paid(order), 500))
    elif template == "refund_failed":
        about = refunds.occasion(
            refunded(paid(order, stripe_payment_intent_id="pi_2"), 500, status="failed")
        )
    elif template.startswith("later"):
        about = owed(order, "paid" if template == "later_charged" else "asked").pk
    letters.queue(Email.Template(template), order, about=about)
    return Email.objects.get(template=template)


def owed(order: Order, status: str, **values: Any) -> LaterCharge:
    """What is owed beside the order, on a card that may be charged later."""
    customer = Customer.objects.create(
        account="acct/test", stripe_customer_id=f"cus_{order.number}"
    )
    method = SavedMethod.objects.create(
        account="acct/test",
        stripe_payment_method_id=f"pm_{order.number}",
        customer=customer,
        type="card",
        last4="0341",
        set_up_by="setup",
        consent_text="You may.",
        consent_version="en:1",
        consent_at=timezone.now(),
    )
    plain: dict[str, Any] = {
        "account": "acct/test",
        "method": method,
        "status": status,
        "reason": "no_show",
        "words": "☂",
        "amount": 2500,
        "currency": "eur",
        "consent_text": method.consent_text,
        "consent_version": method.consent_version,
        "consent_at": method.consent_at,
        "actor_name": "Ana",
    }
    charge = LaterCharge.objects.create(order=order, **{**plain, **values})
    paid(
        order,
        stripe_payment_intent_id=f"pi_{order.number}",
        purpose="later",
        later_charge=charge,
        status="captured" if status == "paid" else "failed",
        amount=2500,
        authorized_amount=0,
        captured_amount=0,
        failure_code="" if status == "paid" else "insufficient_funds",
    )
    return charge


def parcel(order: Order) -> Shipment:
    shipment = Shipment.objects.create(
        order=order,
        carrier="Post <&>",
        tracking_number="AT123",
        tracking_url="https://post.example/AT123",
    )
    shipment.lines.create(order_line=order.lines.get(position=1), quantity=1)
    return shipment


def paid(order: Order, **values: Any) -> Payment:
    plain = {
        "account": "acct/test",
        "stripe_payment_intent_id": "pi_1",
        "status": "captured",
        "currency": "eur",
        "amount": 1800,
        "authorized_amount": 1800,
        "captured_amount": 1800,
        "captured_at": timezone.now(),
    }
    return Payment.objects.create(order=order, **{**plain, **values})


def refunded(payment: Payment, amount: int, **values: Any) -> Refund:
    plain = {
        "account": "acct/test",
        "stripe_refund_id": f"re_{payment.stripe_payment_intent_id}_{payment.refunds.count()}",
        "amount": amount,
        "currency": "eur",
        "status": "succeeded",
        "created_at": timezone.now(),
    }
    return Refund.objects.create(payment=payment, **{**plain, **values})
