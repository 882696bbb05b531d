"""Invoices: drafted from lines, finalized with a number, paid, voided or written off."""

from dataclasses import dataclass, field
from typing import Any

from fake_stripe.engine.ids import new_id
from fake_stripe.engine.transaction import Transaction, public
from fake_stripe.protocol.expansion import includable
from fake_stripe.protocol.lists import as_list
from fake_stripe.schema import Object

# What is billed while the customer is away.
TAKES_CREDIT = ("subscription_cycle", "subscription_update")


@dataclass
class Line:
    """One line to be invoiced: amounts in minor units of the invoice's currency."""

    price: Object
    quantity: int
    description: str
    # Before discount and tax.
    amount: int
    discount: int = 0
    # As taxes.taxes_on answers them.
    taxes: list[Object] = field(default_factory=list)
    # Of the taxes, what comes on top of the amount.
    on_top: int = 0
    # The subscription's item that recurs in this line, if one does.
    item: str = ""
    # Whether it evens out a change within a period.
    proration: bool = False


def draft(
    tx: Transaction,
    customer: Object,
    currency: str,
    lines: list[Line],
    *,
    period: tuple[int, int],
    subscription: Object | None = None,
    discount: str = "",
    **values: Any,
) -> Object:
    """Write an invoice that can still change; its lines bill a period of Unix seconds."""
    invoice_id = new_id("invoice")
    written = [
        line_object(tx, invoice_id, currency, line, period, subscription, discount)
        for line in lines
    ]
    return tx.create(
        "invoice",
        id=invoice_id,
        **about_customer(customer),
        **sums(lines, discount),
        amount_overpaid=0,
        amount_paid=0,
        amount_shipping=0,
        attempt_count=0,
        attempted=False,
        auto_advance=True,
        automatic_tax={"enabled": False},
        **{"billing_reason": "manual", **values},
        collection_method="charge_automatically",
        currency=currency,
        default_tax_rates=[],
        discounts=[discount] if discount else [],
        issuer={"type": "self"},
        lines=as_list(f"/v1/invoices/{invoice_id}/lines", [public(line) for line in written[:10]],
                      has_more=len(written) > 10),
        parent=parent_of(subscription),
        payment_settings={},
        period_end=tx.now,
        period_start=tx.now,
        post_payment_credit_notes_amount=0,
        pre_payment_credit_notes_amount=0,
        starting_balance=0,
        status="draft",
        status_transitions={},
        _={},
    )  # fmt: skip


def about_customer(customer: Object) -> Object:
    """What an invoice says of the customer, as it stands at this time."""
    copied = ("address", "email", "name", "phone", "shipping", "tax_exempt")
    return {
        "customer": customer["id"],
        **{f"customer_{name}": customer[name] for name in copied},
        "metadata": {},
    }


def sums(lines: list[Line], discount: str) -> Object:
    """The sums over the lines."""
    subtotal = sum(line.amount for line in lines)
    off = sum(line.discount for line in lines)
    total = subtotal - off + sum(line.on_top for line in lines)
    taxes = [tax for line in lines for tax in line.taxes]
    taxed = sum(tax["amount"] for tax in taxes)
    inside = taxed - sum(line.on_top for line in lines)
    return {
        "amount_due": total,
        "amount_remaining": total,
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal - inside,
        "total": total,
        "total_discount_amounts": [{"amount": off, "discount": discount}] if discount else [],
        "total_excluding_tax": total - taxed,
        "total_pretax_credit_amounts": [],
        "total_taxes": [tax_of(tax) for tax in taxes],
    }


def tax_of(tax: Object) -> Object:
    """A tax as invoices and their lines tell it."""
    return {
        "amount": tax["amount"],
        "tax_behavior": "inclusive" if tax["rate"]["inclusive"] else "exclusive",
        "tax_rate_details": {"tax_rate": tax["rate"]["id"]},
        "taxability_reason": tax["taxability_reason"],
        "taxable_amount": tax["taxable_amount"],
        "type": "tax_rate_details",
    }


def parent_of(subscription: Object | None) -> Object | None:
    """What has made the invoice."""
    if not subscription:
        return None
    details = {"metadata": subscription["metadata"], "subscription": subscription["id"]}
    return {"subscription_details": details, "type": "subscription_details"}


def line_object(
    tx: Transaction, invoice_id: str, currency: str, line: Line, period: tuple[int, int],
    subscription: Object | None, discount: str,
) -> Object:  # fmt: skip
    """Write one line of an invoice."""
    sub_id = subscription["id"] if subscription else None
    if line.item:
        details: Object = {
            "proration": line.proration, "subscription": sub_id,
            "subscription_item": line.item,
        }  # fmt: skip
        parent = {
            "subscription_item_details": details, "type": "subscription_item_details"
        }  # fmt: skip
    else:
        details = {"invoice_item": f"ii_{invoice_id[3:]}", "proration": False}
        parent = {"invoice_item_details": details, "type": "invoice_item_details"}
    # What does not recur is billed for a moment, not for a period.
    start, end = period if line.item else (tx.now, tx.now)
    return tx.create(
        "line_item",
        amount=line.amount,
        currency=currency,
        description=line.description,
        discount_amounts=[{"amount": line.discount, "discount": discount}] if discount else [],
        discountable=True,
        discounts=[discount] if discount else [],
        invoice=invoice_id,
        metadata={},
        parent=parent,
        period={"end": end, "start": start},
        pretax_credit_amounts=[],
        pricing={
            "price_details": {"price": line.price["id"], "product": line.price["product"]},
            "type": "price_details",
            "unit_amount_decimal": line.price["unit_amount_decimal"],
        },
        quantity=line.quantity,
        quantity_decimal=str(line.quantity),
        subscription=sub_id,
        subtotal=line.amount,
        taxes=[tax_of(tax) for tax in line.taxes],
    )


def finalize(tx: Transaction, invoice: Object) -> None:
    """Give an invoice its number; from now on its amounts stand."""
    customer = tx.get("customer", invoice["customer"])
    sequence = customer["next_invoice_sequence"]
    tx.change(customer, next_invoice_sequence=sequence + 1)
    tx.change(customer, balance=take_balance(tx, invoice))
    tx.change(
        invoice,
        effective_at=tx.now,
        hosted_invoice_url=f"{tx.public_url}/i/{invoice['id']}",
        invoice_pdf=f"{tx.public_url}/i/{invoice['id']}/pdf",
        number=f"{customer['invoice_prefix']}-{sequence:04d}",
        status="open",
        status_transitions={**invoice["status_transitions"], "finalized_at": tx.now},
        webhooks_delivered_at=tx.now,
    )
    tx.unschedule("finalize_invoice", invoice["id"])
    tx.emit("invoice.finalized", invoice)


def take_balance(tx: Transaction, invoice: Object) -> int:
    """Take what the customer has to their credit, or put there what this invoice gives back.

    Answers their balance afterwards: it is below zero while they have something to their credit.
    What a page has asked for is paid in full there.
    """
    balance: int = tx.get("customer", invoice["customer"])["balance"]
    if invoice["billing_reason"] not in TAKES_CREDIT:
        tx.change(invoice, ending_balance=0)
        return balance
    due = max(invoice["total"] + balance, 0)
    after: int = balance + invoice["total"] - due
    tx.change(
        invoice, amount_due=due, amount_remaining=due, starting_balance=balance,
        ending_balance=after,
    )  # fmt: skip
    return after


def paid_by(tx: Transaction, invoice: Object, intent: Object) -> Object:
    """Note by which PaymentIntent an invoice is to be paid."""
    tx.change(intent, _={**intent["_"], "invoice": invoice["id"]})
    return tx.create(
        "invoice_payment",
        amount_requested=invoice["amount_due"],
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=True,
        payment={"payment_intent": intent["id"], "type": "payment_intent"},
        status="open",
        status_transitions={},
    )


def payments_of(tx: Transaction, invoice_id: str) -> list[Object]:
    """The payments of an invoice, newest first."""
    return tx.store.select("invoice_payment", {"invoice": invoice_id})


def mark_paid(tx: Transaction, invoice: Object, *, attempts: int = 1) -> None:
    """The money of an invoice has come, or none was due."""
    previous = tx.change(
        invoice,
        amount_paid=invoice["amount_due"],
        amount_remaining=0,
        attempt_count=invoice["attempt_count"] + attempts,
        attempted=True,
        auto_advance=False,
        next_payment_attempt=None,
        status="paid",
        status_transitions={**invoice["status_transitions"], "paid_at": tx.now},
    )
    tx.unschedule("retry_invoice", invoice["id"])
    tx.emit("invoice.updated", invoice, previous)
    tx.emit("invoice.paid", invoice)
    tx.emit("invoice.payment_succeeded", invoice)
    for payment in payments_of(tx, invoice["id"])[:1]:
        paid = {**payment["status_transitions"], "paid_at": tx.now}
        tx.change(
            payment, amount_paid=invoice["amount_paid"], status="paid", status_transitions=paid
        )  # fmt: skip
        tx.emit("invoice_payment.paid", payment)


def close(tx: Transaction, invoice: Object, status: str, transition: str) -> None:
    """Give up an invoice: `void`, or `uncollectible`."""
    moved = {**invoice["status_transitions"], transition: tx.now}
    previous = tx.change(
        invoice, auto_advance=False, next_payment_attempt=None, status=status,
        status_transitions=moved,
    )  # fmt: skip
    tx.unschedule("retry_invoice", invoice["id"])
    tx.emit("invoice.updated", invoice, previous)
    tx.emit(f"invoice.{'voided' if status == 'void' else 'marked_uncollectible'}", invoice)


@includable("invoice", "payments")
def included_payments(tx: Transaction, invoice: Object) -> Object:
    """The payments of an invoice, for those who ask for them."""
    payments = [public(payment) for payment in payments_of(tx, invoice["id"])]
    return as_list("/v1/invoice_payments", payments[:10], has_more=len(payments) > 10)
