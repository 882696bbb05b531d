"""What speaks against a payment: each sign puts its order in review once.

A review that Stripe's people close as approved ends the review here; everything else is ended by
staff. Called by payments.settlement.merge alone, inside settle's transaction, with the order
locked.
"""

from payments.models import Payment, RiskSign
from payments.stripe.facts import PaymentFacts
from payments.stripe.objections import ReviewFacts, WarningFacts
from shop.orders.models import Order, OrderHold

Reason = OrderHold.Reason


def merge(order: Order | None, payment: Payment, facts: PaymentFacts) -> list[str]:
    """The signs of the payment and the holds that follow from them; tells what changed."""
    if facts.authorized and facts.risk_level == "highest":
        _, made = _sign(payment, RiskSign.Kind.LEVEL, facts.charge_id, True, facts.risk_level)
        if made and order is not None:
            order.hold(Reason.FRAUD, "Stripe sees the highest risk in this payment.")
    for warning in facts.warnings:
        _merge_warning(order, payment, warning)
    return _merge_review(order, payment, facts.review) if facts.review else []


def _merge_warning(order: Order | None, payment: Payment, told: WarningFacts) -> None:
    kind = RiskSign.Kind.WARNING
    row, made = _sign(payment, kind, told.id, told.is_actionable, told.fraud_type)
    if made and told.is_actionable and order is not None:
        order.hold(
            Reason.FRAUD,
            f"The card's network warns of fraud: {told.fraud_type} ({told.id}). A refund now often"
            " avoids a dispute.",
        )
    if row.is_open and not told.is_actionable:
        _close(row, told.fraud_type)


def _merge_review(order: Order | None, payment: Payment, told: ReviewFacts) -> list[str]:
    row, made = _sign(payment, RiskSign.Kind.REVIEW, told.id, told.is_open, told.reason)
    is_closing = row.is_open and not told.is_open
    if is_closing:
        _close(row, told.reason)
    if order is None:
        return []
    if made and told.is_open:
        order.hold(Reason.RADAR, f"Review {told.id} at Stripe is open ({told.reason}).")
    elif (made or is_closing) and told.reason != "approved":
        order.hold(Reason.RADAR, f"Review {told.id} at Stripe was closed as {told.reason}.")
    elif is_closing:
        return _end_review(order)
    return []


def _end_review(order: Order) -> list[str]:
    for hold in order.holds.filter(reason=Reason.RADAR, closed_at=None):
        if order.close_hold(hold.pk, by="Stripe: approved"):
            return ["review_approved"]
    return []


def _sign(
    payment: Payment, kind: RiskSign.Kind, object_id: str, is_open: bool, detail: str
) -> tuple[RiskSign, bool]:
    return RiskSign.objects.get_or_create(
        account=payment.account,
        kind=kind,
        stripe_object_id=object_id,
        defaults={"payment": payment, "is_open": is_open, "detail": detail[:60]},
    )


def _close(row: RiskSign, detail: str) -> None:
    """For good: what is read late does not open it again."""
    row.is_open, row.detail = False, detail[:60]
    row.save(update_fields=["is_open", "detail"])
