"""Cards that customers let the shop keep: offered again, kept after a payment, removed."""

from typing import Any

from fake_stripe.billing.customers import create_customer
from fake_stripe.billing.tax_ids import create_tax_id
from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.messages import Message
from fake_stripe.engine.transaction import Transaction
from fake_stripe.methods import methods
from fake_stripe.methods.card_restrictions import is_blocked
from fake_stripe.schema import Object


def has_holder(session: Object) -> bool:
    """Whether there is, or will be, a customer whom a card could be kept for."""
    made = session["customer_creation"] == "always" or session["mode"] == "subscription"
    return bool(owner_of(session)) or made


def owner_of(session: Object) -> str:
    """Whom a session names: a Customer, or an Account (Accounts v2); empty for nobody yet."""
    return str(session["customer"] or session["customer_account"] or "")


def is_kept(session: Object) -> bool:
    """Whether what is paid with is kept for later payments, whatever the customer ticks."""
    intent_data = session["_"]["intent"]
    options = (session["payment_method_options"] or {}).values()
    usages = [sent.get("setup_future_usage") for sent in (intent_data, *options)]
    return session["mode"] == "setup" or any(usage not in (None, "none") for usage in usages)


def saved_methods(tx: Transaction, session: Object) -> list[Object]:
    """The customer's cards that this session may show, newest first."""
    options = session["saved_payment_method_options"]
    owner = owner_of(session)
    if not owner or not options or "card" not in session["payment_method_types"]:
        return []
    whose = {methods.owner_field(owner): owner}
    cards = tx.store.select("payment_method", {**whose, "type": "card"})
    return [
        method
        for method in cards
        if method["allow_redisplay"] in (options["allow_redisplay_filters"] or [])
        and is_complete(method["billing_details"])
        and not is_blocked(session, method)
    ]


def is_complete(billing: Object) -> bool:
    """Whether a card has what Stripe needs to fill it in: name, e-mail, country."""
    address = billing["address"] or {}
    return bool(billing["name"] and billing["email"] and address.get("country"))


def saved_method(tx: Transaction, session: Object, method_id: str) -> Object:
    """One of the saved cards."""
    for method in saved_methods(tx, session):
        if method["id"] == method_id:
            return method
    raise StripeError(Message("This card is not saved any more."), param="saved")


def remove_saved(tx: Transaction, session: Object, method_id: str) -> None:
    """Forget a saved card, where the session allows it."""
    options = session["saved_payment_method_options"] or {}
    if session["status"] == "open" and options.get("payment_method_remove") == "enabled":
        methods.detach(tx, saved_method(tx, session, method_id))


def keep_customer(tx: Transaction, session: Object, intent: Object, method: Object) -> None:
    """Make the customer if one is wanted, and keep the card for them if they agreed."""
    intent_data = session["_"]["intent"]
    options = (session["payment_method_options"] or {}).get(method["type"]) or {}
    future = intent_data.get("setup_future_usage") or options.get("setup_future_usage") or "none"
    if session["customer_creation"] == "always" or future != "none":
        make_customer(tx, session)
    owner = owner_of(session)
    if not owner:
        return
    tx.change(intent, **{methods.owner_field(owner): owner})
    saving = (session["saved_payment_method_options"] or {}).get("payment_method_save")
    is_new = not methods.owner_of(method)
    if is_new and session["_"]["save"] and saving == "enabled":
        methods.attach(tx, method, owner, allow_redisplay="always")
    elif is_new and future != "none":
        redisplay = session["_"]["redisplay"] or "limited"
        methods.attach(tx, method, owner, allow_redisplay=redisplay)
    update_customer(tx, session)


def keep_for_later(tx: Transaction, session: Object, intent: Object, method: Object) -> None:
    """Keep what was set up: openly in setup mode, where that is what the customer came for."""
    if session["mode"] == "subscription" or session["customer_creation"] == "always":
        make_customer(tx, session)
    owner = owner_of(session)
    if not owner:
        return
    tx.change(intent, **{methods.owner_field(owner): owner})
    redisplay = "always" if session["mode"] == "setup" or session["_"]["save"] else "limited"
    if not methods.owner_of(method):
        wanted = session["_"]["redisplay"] or redisplay
        methods.attach(tx, method, owner, allow_redisplay=wanted)
    update_customer(tx, session)


def make_customer(tx: Transaction, session: Object) -> None:
    """Make the session's customer of what was typed, if there is none yet."""
    if owner_of(session):
        return
    details = session["customer_details"]
    known = {name: details[name] for name in ("email", "name", "phone", "address")}
    customer = create_customer(tx, {k: v for k, v in known.items() if v})
    for tax_id in details["tax_ids"] or []:
        create_tax_id(tx, customer["id"], tax_id["type"], tax_id["value"])
    tx.change(session, customer=customer["id"])


def update_customer(tx: Transaction, session: Object) -> None:
    """Write what was typed back to the customer, where the session says so."""
    details, updates = session["customer_details"], session["_"]["customer_update"]
    changes: dict[str, Any] = {
        name: details[name]
        for name in ("address", "name")
        if updates.get(name) == "auto" and details[name]
    }
    collected = (session["collected_information"] or {}).get("shipping_details")
    if updates.get("shipping") == "auto" and collected:
        changes["shipping"] = {**collected, "phone": details["phone"]}
    if changes:
        customer = tx.get("customer", session["customer"])
        previous = tx.change(customer, **changes)
        tx.emit("customer.updated", customer, previous)
