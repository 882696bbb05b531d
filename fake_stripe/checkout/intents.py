"""The PaymentIntent or SetupIntent of a session: the first attempt makes it, later ones keep it."""

from fake_stripe.engine.transaction import Transaction
from fake_stripe.methods import presentment
from fake_stripe.payments import intents, setup_intents
from fake_stripe.schema import Object


def under_way(tx: Transaction, session: Object) -> Object | None:
    """The intent that the session's attempts have made: a payment's, or one that only sets up."""
    if setup := session["setup_intent"] or session["_"].get("setup_intent"):
        return tx.get("setup_intent", setup)
    return tx.store.find("payment_intent", intent_id(session))


def intent_id(session: Object) -> str:
    """The id of the session's PaymentIntent, or nothing before the first attempt.

    In subscription mode the session's own field stays null: the invoice leads to it.
    """
    return str(session["payment_intent"] or session["_"].get("payment_intent") or "")


def setup_intent_of(tx: Transaction, session: Object) -> Object:
    """The session's SetupIntent; the first attempt makes it."""
    intent = under_way(tx, session)
    if intent and intent["object"] == "setup_intent":
        return intent
    data = session["_"]["params"].get("setup_intent_data", {})
    intent = setup_intents.create_intent(
        tx,
        customer=session["customer"],
        customer_account=session["customer_account"],
        description=data.get("description"),
        metadata=dict(data.get("metadata") or {}),
        payment_method_options=setup_options(session),
        payment_method_types=session["payment_method_types"],
        _={"session": session["id"]},
    )
    if session["mode"] == "setup":
        tx.change(session, setup_intent=intent["id"])
    else:
        tx.change(session, _={**session["_"], "setup_intent": intent["id"]})
    return intent


def setup_options(session: Object) -> Object:
    """The session's options for cards, as far as a SetupIntent carries them."""
    sent = (session["payment_method_options"] or {}).get("card")
    return {"card": {"request_three_d_secure": sent["request_three_d_secure"]}} if sent else {}


def intent_of(tx: Transaction, session: Object) -> Object:
    """The session's PaymentIntent; the first attempt makes it."""
    if made := intent_id(session):
        intent = tx.get("payment_intent", made)
        tx.change(intent, amount=session["amount_total"], **presentment.presentment_fields(session))
        return intent
    data = session["_"]["intent"]
    values = {
        name: data[name]
        for name in ("capture_method", "description", "receipt_email", "setup_future_usage",
                     "statement_descriptor", "statement_descriptor_suffix", "transfer_group",
                     "shipping")
        if name in data
    }  # fmt: skip
    intent = intents.create_intent(
        tx,
        **{**values, "shipping": shipping_of(session) or values.get("shipping")},
        amount=session["amount_total"],
        currency=session["currency"],
        customer=session["customer"],
        customer_account=session["customer_account"],
        metadata=dict(data.get("metadata") or {}),
        payment_method_options=intent_options(session),
        payment_method_types=session["payment_method_types"],
        **presentment.presentment_fields(session),
        _={"session": session["id"]},
    )
    if session["mode"] == "subscription":
        tx.change(session, _={**session["_"], "payment_intent": intent["id"]})
    else:
        tx.change(session, payment_intent=intent["id"])
    return intent


def intent_options(session: Object) -> Object:
    """The session's options per method, as a PaymentIntent carries them."""
    sent = session["payment_method_options"] or {}
    options: Object = {name: dict(sent.get(name, {})) for name in session["payment_method_types"]}
    if "bancontact" in options:
        options["bancontact"].setdefault("preferred_language", "en")
    if "card" in options:
        kept = {name: value for name, value in options["card"].items() if name != "restrictions"}
        options["card"] = kept
        kept.pop("installments", None)
    return options


def shipping_of(session: Object) -> Object | None:
    """The address that was collected, as a PaymentIntent and a charge carry it."""
    collected = (session["collected_information"] or {}).get("shipping_details")
    if not collected:
        return None
    phone = session["customer_details"]["phone"]
    return {**collected, "carrier": None, "phone": phone, "tracking_number": None}
