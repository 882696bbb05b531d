"""Getting an invoice paid while the customer is away: the first try, the next ones, the end."""

from fake_stripe.billing import invoices
from fake_stripe.engine.errors import CardError, StripeError
from fake_stripe.engine.transaction import Transaction, due
from fake_stripe.payments import attempts, intents
from fake_stripe.schema import Object

DAY = 24 * 60 * 60
# A draft of a renewal can be changed for an hour (docs.stripe.com/billing/invoices/subscription).
GRACE = 60 * 60
# Days until the next try after the first, the second and the third refusal.
WAITS = (3, 5, 7)
# What can be charged while the customer is away, period by period.
METHODS = ("card", "link", "sepa_debit", "us_bank_account")
# States of a subscription whose invoices are still collected.
LIVING = ("active", "past_due", "trialing", "incomplete", "unpaid")


@due("finalize_invoice")
def finalize_and_collect(tx: Transaction, invoice_id: str) -> None:
    """The hour in which a draft could be changed is over."""
    invoice = tx.get("invoice", invoice_id)
    if invoice["status"] == "draft" and invoice["auto_advance"]:
        issue(tx, invoice)


def issue(tx: Transaction, invoice: Object) -> None:
    """Finalize an invoice and try to get it paid."""
    invoices.finalize(tx, invoice)
    if invoice["amount_due"] == 0:
        invoices.mark_paid(tx, invoice, attempts=0)
    else:
        collect(tx, invoice)


@due("retry_invoice")
def retry(tx: Transaction, invoice_id: str) -> None:
    """It is time to try again."""
    invoice = tx.get("invoice", invoice_id)
    if invoice["status"] == "open":
        collect(tx, invoice)


def collect(tx: Transaction, invoice: Object, method_id: str = "") -> CardError | None:
    """Charge the customer's payment method; answers why that failed, if it did."""
    method_id = method_id or default_method(tx, invoice)
    method = tx.store.find("payment_method", method_id) if method_id else None
    if method is None or method["customer"] != invoice["customer"]:
        fail(tx, invoice)
        return None
    intent = intent_of(tx, invoice)
    attempt = attempts.attempt(tx, intent, method, on_accept=lambda: None, off_session=True)
    if attempt.result == "paid":
        pay(tx, invoice)
    elif attempt.error:
        fail(tx, invoice, asks=attempt.error.error["code"] == "authentication_required")
    return attempt.error


def intent_of(tx: Transaction, invoice: Object) -> Object:
    """The PaymentIntent of an invoice; the first try makes it."""
    for payment in invoices.payments_of(tx, invoice["id"]):
        return tx.get("payment_intent", payment["payment"]["payment_intent"])
    renews = invoice["billing_reason"] == "subscription_cycle"
    intent = intents.create_intent(
        tx,
        amount=invoice["amount_due"],
        currency=invoice["currency"],
        customer=invoice["customer"],
        description="Subscription update" if renews else f"Payment for {invoice['number']}",
        payment_method_options={},
        payment_method_types=list(METHODS),
        _={},
    )
    invoices.paid_by(tx, invoice, intent)
    return intent


def default_method(tx: Transaction, invoice: Object) -> str:
    """The method to charge: of the invoice, of its subscription, else of the customer."""
    subscription = subscription_of(tx, invoice) or {}
    customer = tx.get("customer", invoice["customer"])
    settings = customer.get("invoice_settings") or {}
    return str(
        invoice["default_payment_method"]
        or subscription.get("default_payment_method")
        or settings.get("default_payment_method")
        or ""
    )


def subscription_of(tx: Transaction, invoice: Object) -> Object | None:
    """The subscription that an invoice is for."""
    details = (invoice["parent"] or {}).get("subscription_details")
    return tx.store.find("subscription", details["subscription"]) if details else None


def pay(tx: Transaction, invoice: Object) -> None:
    """The invoice is paid; a subscription that was behind is up to date again."""
    invoices.mark_paid(tx, invoice)
    subscription = subscription_of(tx, invoice)
    if subscription and subscription["status"] in ("past_due", "unpaid", "incomplete"):
        previous = tx.change(subscription, status="active")
        tx.emit("customer.subscription.updated", subscription, previous)


def fail(tx: Transaction, invoice: Object, *, asks: bool = False) -> None:
    """A try has failed: the next one is planned, or there is none and the subscription ends."""
    count = invoice["attempt_count"] + 1
    again = tx.now + WAITS[count - 1] * DAY if count <= len(WAITS) else None
    previous = tx.change(
        invoice, attempt_count=count, attempted=True, auto_advance=again is not None,
        next_payment_attempt=again,
    )  # fmt: skip
    tx.emit("invoice.updated", invoice, previous)
    if asks:
        tx.emit("invoice.payment_action_required", invoice)
    tx.emit("invoice.payment_failed", invoice)
    if again:
        tx.schedule("retry_invoice", invoice["id"], again)
    subscription = subscription_of(tx, invoice)
    if subscription and subscription["status"] in LIVING:
        if again:
            previous = tx.change(subscription, status="past_due")
            tx.emit("customer.subscription.updated", subscription, previous)
        else:
            end(tx, subscription, "payment_failed")


def end(tx: Transaction, subscription: Object, reason: str) -> None:
    """A subscription is over; what was invoiced stays, and is collected no more."""
    details = {**(subscription["cancellation_details"] or {}), "reason": reason}
    tx.change(
        subscription,
        canceled_at=subscription["canceled_at"] or tx.now,
        cancellation_details=details,
        ended_at=tx.now,
        status="canceled",
    )
    for job in ("renew_subscription", "warn_of_trial"):
        tx.unschedule(job, subscription["id"])
    where = {"parent.subscription_details.subscription": subscription["id"]}
    for invoice in tx.store.select("invoice", where):
        if invoice["status"] in ("draft", "open"):
            tx.change(invoice, auto_advance=False, next_payment_attempt=None)
            tx.unschedule("retry_invoice", invoice["id"])
            tx.unschedule("finalize_invoice", invoice["id"])
    tx.emit("customer.subscription.deleted", subscription)


def tell_invoice(tx: Transaction, intent: Object, *, arrived: bool) -> None:
    """A bank has answered: say on the intent's invoice whether the money has come."""
    if not (invoice_id := intent["_"].get("invoice")):
        return
    invoice = tx.get("invoice", invoice_id)
    if invoice["status"] != "open":
        return
    if arrived:
        pay(tx, invoice)
    else:
        fail(tx, invoice)


def refuse_unpayable(invoice: Object) -> None:
    """Only an open invoice, or a draft that is finalized on the way, can be paid."""
    if invoice["status"] == "paid":
        raise StripeError("Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] not in ("open", "draft"):
        message = f"Invoice is {invoice['status']} and cannot be paid."
        raise StripeError(message, code="invoice_not_editable")
