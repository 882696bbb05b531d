"""The row behind every write to Stripe."""

import uuid
from typing import Any

from payments.models import (
    CheckoutSession,
    Customer,
    LaterCharge,
    Payment,
    SavedMethod,
    StripeRequest,
    Subscription,
)
from shop.models import Installation
from shop.orders.models import Order


def request_row(
    kind: StripeRequest.Kind,
    *,
    order: Order | None = None,
    session: CheckoutSession | None = None,
    payment: Payment | None = None,
    customer: Customer | None = None,
    saved_method: SavedMethod | None = None,
    later_charge: LaterCharge | None = None,
    subscription: Subscription | None = None,
    account: str = "",
    parameters: dict[str, Any] | None = None,
    amount: int | None = None,
    reason: str = "",
    actor: Any = None,
    address: str = "",
    ring: bool = True,
    row_id: uuid.UUID | None = None,
    **capture: Any,
) -> StripeRequest:
    """The row of a call: its key is stored before it is made."""
    row_id = row_id or uuid.uuid4()
    subject = session or payment or customer or subscription
    request = StripeRequest.objects.create(
        id=row_id,
        kind=kind,
        account=subject.account if subject else account,
        key=f"{Installation.current()}:{kind}:{row_id}:g1",
        parameters=parameters or {},
        order=order,
        session=session,
        payment=payment,
        customer=customer,
        saved_method=saved_method,
        later_charge=later_charge,
        subscription=subscription,
        amount=amount,
        reason=reason[:200],
        actor_id=getattr(actor, "pk", None),
        actor_name=str(actor)[:150] if actor else "",
        actor_address=address,
        **capture,
    )
    if ring:
        request.ring()
    return request
