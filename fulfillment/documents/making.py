"""Making what is missing: an invoice for each capture, a credit note for each refund.

In the transaction of the fact, with the order locked; called twice it makes nothing twice.
"""

from typing import Any

import structlog
from django.db import OperationalError, transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext as _

from fulfillment.documents import charged, content, numbering
from fulfillment.documents.charged import Item
from fulfillment.documents.models import Document, Kind
from fulfillment.documents.portions import Portion, by_rate, gross_of, left_of, share_out
from payments.models import MoneyEntry, Payment, Refund
from shop import clock
from shop.orders.models import Order

log = structlog.get_logger(__name__)


def make_or_tell(payment: Payment) -> None:
    """The same for settle, which has to write of money whatever comes of its documents.

    What could not be made is named by `doctor`, and made by `manage.py make_documents`.
    """
    try:
        with transaction.atomic():
            make_missing(payment)
    except OperationalError:
        # The database is away, or somebody held a lock for too long: all of it is tried again.
        raise
    except Exception as error:
        log.exception("document not made", payment=str(payment), why=repr(error))


@transaction.atomic
def make_missing(payment: Payment) -> list[Document]:
    """The documents that this payment lacks; none for what sells nothing here."""
    order = payment.order
    if order is None or payment.purpose in Payment.WITHOUT_DOCUMENT:
        return []
    with translation.override(order.language):
        invoices = [_invoice(order, payment, entry) for entry in _without_invoice(payment)]
        notes = [_credit_note(order, payment, refund) for refund in _without_note(payment)]
    return [*invoices, *filter(None, notes)]


def _without_invoice(payment: Payment) -> list[MoneyEntry]:
    if payment.session is not None and payment.session.stripe_invoice:
        # Stripe makes it, sooner or later.
        return []
    captures = payment.entries.filter(kind=MoneyEntry.Kind.CAPTURE, document=None)
    return list(captures.order_by("sequence"))


def _without_note(payment: Payment) -> list[Refund]:
    """Those that succeeded; a hold that was let go is none."""
    refunds = payment.refunds.filter(is_release=False, status="succeeded", document=None)
    return list(refunds.order_by("created_at", "id"))


def _invoice(order: Order, payment: Payment, entry: MoneyEntry) -> Document:
    earlier = [
        part
        for document in order.documents.filter(kind=Kind.INVOICE, payment__later_charge=None)
        for part in content.portions_in(document.content)
    ]
    shown = _sold(order, payment, entry.amount, earlier)
    return _write(Kind.INVOICE, order, payment, entry.amount, shown, entry=entry)


def _sold(order: Order, payment: Payment, amount: int, earlier: list[Portion]) -> dict[str, Any]:
    """What the money is for; a part of the order's price is a part of everything in it."""
    if charge := payment.later_charge:
        words = f"{charge.for_what}: {charge.words}"
        return content.whole([charged.other(amount, words)], amount)
    if payment.currency != order.currency:
        return content.whole([charged.of_order(order, amount)], amount)
    items = _fitting(order, payment, amount + gross_of(earlier))
    if not earlier and amount >= min(order.due.amount, sum(item.gross for item in items)):
        return content.whole(items, amount, charged.discounts_of(order, items))
    left = left_of([part for item in items for part in item.portions], earlier)
    if gross_of(left) < amount:
        rest = charged.of_order(order, amount - gross_of(left))
        items, left = [*items, rest], [*left, *rest.portions]
    return content.part(items, share_out(amount, left))


def _fitting(order: Order, payment: Payment, amount: int) -> list[Item]:
    """What the order costs, with what was taken beyond that."""
    items = charged.items_of(order, payment.session)
    beyond = amount - sum(item.gross for item in items)
    return [*items, charged.of_order(order, beyond)] if beyond > 0 else items


def _credit_note(order: Order, payment: Payment, refund: Refund) -> Document | None:
    """None where an earlier note says already that this money goes back: a refund that did not
    arrive, and is sent once more.
    """
    notes = list(payment.documents.filter(kind=Kind.CREDIT_NOTE))
    invoices = list(payment.documents.filter(kind=Kind.INVOICE))
    arrived = payment.refunds.filter(is_release=False, status="succeeded")
    back = arrived.aggregate(sum=Coalesce(Sum("amount"), 0))["sum"]
    amount = min(refund.amount, back - sum(note.total for note in notes))
    if amount <= 0:
        return None
    shown_before = [invoice.content for invoice in invoices] or [
        _sold(order, payment, payment.captured_amount, [])
    ]
    sold = [part for shown in shown_before for part in content.portions_in(shown)]
    credited = [part for note in notes for part in content.portions_in(note.content)]
    if len(shown_before) == 1 and not notes and amount == gross_of(sold):
        shown = content.taken_back(shown_before[0])
    else:
        shown = content.one_line(_("Refund of a part"), _given_back(amount, sold, credited))
    shown["refers_to"] = [invoice.number for invoice in invoices] or _at_stripe(payment)
    return _write(Kind.CREDIT_NOTE, order, payment, amount, shown, refund=refund)


def _at_stripe(payment: Payment) -> list[str]:
    """The number of Stripe's invoice, as far as it is known."""
    number = payment.session.stripe_invoice.get("number") if payment.session else None
    return [number] if number else []


def _given_back(amount: int, sold: list[Portion], credited: list[Portion]) -> list[Portion]:
    left = left_of(by_rate(sold, content.REFUND), by_rate(credited, content.REFUND))
    if gross_of(left) < amount:
        left = [*left, Portion(content.REFUND, None, amount - gross_of(left))]
    return share_out(amount, left)


def _write(
    kind: Kind, order: Order, payment: Payment, total: int, shown: dict[str, Any], **about: Any
) -> Document:
    issued_at = clock.now()
    number = numbering.take(kind, issued_at)
    document = Document.objects.create(
        kind=kind,
        year=number.year,
        sequence=number.sequence,
        number=str(number),
        order=order,
        payment=payment,
        total=total,
        currency=payment.currency,
        content={**content.about(order, payment, issued_at), **shown},
        issued_at=issued_at,
        **about,
    )
    log.info("document made", document=str(document), order=str(order))
    return document
