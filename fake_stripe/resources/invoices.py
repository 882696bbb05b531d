"""Invoices, which Checkout and renewals make: looked at, paid, voided, written off."""

from typing import Any

from stripe.params import (
    InvoiceCreatePreviewParams,
    InvoiceFinalizeInvoiceParams,
    InvoiceLineItemListParams,
    InvoiceListParams,
    InvoiceMarkUncollectibleParams,
    InvoicePaymentListParams,
    InvoicePaymentRetrieveParams,
    InvoicePayParams,
    InvoiceRetrieveParams,
    InvoiceUpdateParams,
    InvoiceVoidInvoiceParams,
)

from fake_stripe.billing import collection, invoices, item_changes
from fake_stripe.engine.errors import StripeError, not_offered
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import changes
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, longest
from fake_stripe.schema import Object

PATH = "/v1/invoices"
CHANGEABLE = ("auto_advance", "default_payment_method", "description", "expand", "footer",
              "metadata")  # fmt: skip
# What an invoice that is finalized still takes.
LATER = ("default_payment_method", "metadata", "auto_advance")
RULES: Rules = {"description": longest(1500), "footer": longest(5000)}


@operation("GET", PATH + "/{id}", InvoiceRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], invoice_id: str) -> Object:
    """One invoice."""
    return tx.at_path("invoice", invoice_id)


def refuse_update(params: dict[str, Any]) -> None:
    """What is not played."""
    for name in params:
        if name not in CHANGEABLE:
            raise not_offered(name)


@operation("POST", PATH + "/{id}", InvoiceUpdateParams, rules=RULES, refuse=refuse_update)
def update(tx: Transaction, params: dict[str, Any], invoice_id: str) -> Object:
    """Change a draft; little of what is finalized can be changed."""
    invoice = tx.at_path("invoice", invoice_id)
    for name in params:
        if invoice["status"] != "draft" and name not in LATER:
            message = "Finalized invoices can't be updated in this way."
            raise StripeError(message, code="invoice_not_editable", param=name)
    if method_id := params.get("default_payment_method"):
        tx.get("payment_method", method_id, "default_payment_method")
    previous = tx.change(invoice, **changes(invoice, params))
    tx.emit("invoice.updated", invoice, previous)
    return invoice


@operation("GET", PATH, InvoiceListParams)
def list_invoices(tx: Transaction, params: dict[str, Any]) -> Object:
    """Invoices, newest first."""
    if "due_date" in params:
        raise not_offered("due_date")
    names = ("customer", "customer_account", "status", "collection_method")
    where = {name: params.get(name) for name in names}
    where["parent.subscription_details.subscription"] = params.get("subscription")
    return listing(tx, "invoice", PATH, params, where)


def refuse_preview(params: dict[str, Any]) -> None:
    """Only a change of a subscription's items is looked at ahead."""
    for name in params:
        if name not in ("subscription", "subscription_details", "expand"):
            raise not_offered(name)
    if "subscription" not in params:
        raise not_offered("subscription")
    details = params.get("subscription_details") or {}
    for name in details:
        if name not in ("items", "proration_behavior", "proration_date"):
            raise not_offered(f"subscription_details[{name}]")
    if "items" not in details:
        raise not_offered("subscription_details")


@operation("POST", PATH + "/create_preview", InvoiceCreatePreviewParams, refuse=refuse_preview)
def create_preview(tx: Transaction, params: dict[str, Any]) -> Object:
    """What a change of a subscription would cost; nothing is changed."""
    subscription = tx.get("subscription", params["subscription"], "subscription")
    if subscription["status"] == "canceled":
        raise StripeError("You cannot preview a canceled subscription.", param="subscription")
    return item_changes.preview(tx, subscription, params["subscription_details"])


@operation("GET", PATH + "/{id}/lines", InvoiceLineItemListParams)
def list_lines(tx: Transaction, params: dict[str, Any], invoice_id: str) -> Object:
    """An invoice's lines, in their order."""
    tx.at_path("invoice", invoice_id)
    url = f"{PATH}/{invoice_id}/lines"
    return listing(tx, "line_item", url, params, {"invoice": invoice_id}, ascending=True)


@operation("POST", PATH + "/{id}/finalize", InvoiceFinalizeInvoiceParams)
def finalize(tx: Transaction, params: dict[str, Any], invoice_id: str) -> Object:
    """Give a draft its number now; it is collected an hour later at the most."""
    invoice = tx.at_path("invoice", invoice_id)
    if invoice["status"] != "draft":
        message = "This invoice is already finalized, you can't re-finalize a non-draft invoice."
        raise StripeError(message, code="invoice_not_editable")
    invoices.finalize(tx, invoice)
    if invoice["amount_due"] == 0:
        invoices.mark_paid(tx, invoice, attempts=0)
    elif params.get("auto_advance", invoice["auto_advance"]):
        tx.schedule("retry_invoice", invoice_id, tx.now + collection.GRACE)
    return invoice


@operation("POST", PATH + "/{id}/pay", InvoicePayParams)
def pay(tx: Transaction, params: dict[str, Any], invoice_id: str) -> Object:
    """Try to have an invoice paid now. Raises CardError when the bank says no."""
    for name in ("forgive", "mandate", "paid_out_of_band", "source"):
        if params.get(name):
            raise not_offered(name)
    invoice = tx.at_path("invoice", invoice_id)
    collection.refuse_unpayable(invoice)
    if invoice["status"] == "draft":
        invoices.finalize(tx, invoice)
    method_id = params.get("payment_method", "")
    if method_id:
        tx.get("payment_method", method_id, "payment_method")
    if not (method_id or collection.default_method(tx, invoice)):
        message = (
            "There is no `default_payment_method` set on this Customer or Invoice. Please set a"
            " `default_payment_method` or pass one in."
        )
        raise StripeError(message, code="missing")
    if error := collection.collect(tx, invoice, method_id):
        raise error
    return invoice


@operation("POST", PATH + "/{id}/void", InvoiceVoidInvoiceParams)
def void(tx: Transaction, params: dict[str, Any], invoice_id: str) -> Object:
    """Take back an invoice that is not paid."""
    return closed(tx, invoice_id, "void", "voided_at", ("open", "uncollectible"))


@operation("POST", PATH + "/{id}/mark_uncollectible", InvoiceMarkUncollectibleParams)
def mark_uncollectible(tx: Transaction, params: dict[str, Any], invoice_id: str) -> Object:
    """Write off an invoice."""
    return closed(tx, invoice_id, "uncollectible", "marked_uncollectible_at", ("open",))


def closed(
    tx: Transaction, invoice_id: str, status: str, moment: str, allowed: tuple[str, ...]
) -> Object:
    """Close an invoice that is in one of the states from which this can be done."""
    invoice = tx.at_path("invoice", invoice_id)
    if invoice["status"] not in allowed:
        message = f"You can only do this to an invoice that is {' or '.join(allowed)}."
        raise StripeError(message, code="invoice_not_editable")
    invoices.close(tx, invoice, status, moment)
    return invoice


@operation("GET", "/v1/invoice_payments/{id}", InvoicePaymentRetrieveParams)
def retrieve_payment(tx: Transaction, params: dict[str, Any], payment_id: str) -> Object:
    """One payment of an invoice."""
    return tx.at_path("invoice_payment", payment_id)


@operation("GET", "/v1/invoice_payments", InvoicePaymentListParams)
def list_payments(tx: Transaction, params: dict[str, Any]) -> Object:
    """The payments of invoices: also the way from a PaymentIntent to its invoice."""
    sent = params.get("payment") or {}
    if "payment_record" in sent:
        raise not_offered("payment[payment_record]")
    where = {
        "invoice": params.get("invoice"),
        "payment.payment_intent": sent.get("payment_intent"),
        "status": params.get("status"),
    }
    return listing(tx, "invoice_payment", "/v1/invoice_payments", params, where)
