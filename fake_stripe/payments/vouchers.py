"""Vouchers: the customer takes a slip along and pays it at a counter or in their bank's app.

The e-mail address chooses how it goes, by the end of its local part: `succeed_immediately`,
`expire_immediately`, `fill_never` (docs.stripe.com/payments/oxxo, "Test your integration"); any
other voucher is paid after about three minutes.
"""

from fake_stripe.engine.transaction import Transaction
from fake_stripe.methods import methods
from fake_stripe.methods.test_debits import LATER, SOON
from fake_stripe.payments import intents
from fake_stripe.payments.charges import create_charge, outcome
from fake_stripe.payments.intents import Attempt
from fake_stripe.payments.refunds import book
from fake_stripe.schema import Object

# Days that a voucher can be paid, unless the session says otherwise.
EXPIRES_AFTER = 3
DAY = 24 * 60 * 60
# Seconds that a Pix can be paid, unless the session says otherwise.
PIX_EXPIRES_AFTER = 4 * 60 * 60
# What shows a voucher of each method.
ACTIONS = {
    "boleto": "boleto_display_details",
    "konbini": "konbini_display_details",
    "oxxo": "oxxo_display_details",
    "pix": "pix_display_qr_code",
}
# Where a Konbini is paid.
STORES = ("familymart", "lawson", "ministop", "seicomart")


def hand_out(tx: Transaction, intent: Object, method: Object) -> Attempt:
    """Give the customer a voucher, and schedule what becomes of it."""
    expires_at = tx.now + lifetime(intent, method)
    private = {**intent["_"], "voucher": method["type"]}
    tx.change(
        intent,
        _=private,
        status="requires_action",
        next_action=action_of(tx, intent, method, expires_at),
    )
    tx.emit("payment_intent.requires_action", intent)
    local_part = (method["billing_details"]["email"] or "").partition("@")[0]
    if local_part.endswith("expire_immediately"):
        expires_at = tx.now + SOON
    elif local_part.endswith("succeed_immediately"):
        tx.schedule("pay_voucher", intent["id"], tx.now + SOON)
    elif not local_part.endswith("fill_never"):
        tx.schedule("pay_voucher", intent["id"], tx.now + LATER)
    tx.schedule("expire_voucher", intent["id"], expires_at)
    return Attempt("awaits_voucher")


def lifetime(intent: Object, method: Object) -> int:
    """How many seconds a voucher can be paid on the account's clock."""
    options = (intent["payment_method_options"] or {}).get(method["type"]) or {}
    if method["type"] == "pix":
        return int(options.get("expires_after_seconds") or PIX_EXPIRES_AFTER)
    return int(options.get("expires_after_days") or EXPIRES_AFTER) * DAY


def action_of(tx: Transaction, intent: Object, method: Object, expires_at: int) -> Object:
    """The next action that shows the voucher."""
    page = f"{tx.public_url}/vouchers/{intent['id']}"
    number = f"{int.from_bytes(method['id'].encode()[-12:]) % 10**30:030d}"
    details: Object = {"expires_at": expires_at, "hosted_voucher_url": page}
    match method["type"]:
        case "boleto":
            details |= {"number": number, "pdf": page}
        case "oxxo":
            details = {"expires_after": expires_at, "hosted_voucher_url": page, "number": number}
        case "konbini":
            details["stores"] = {name: code_at(name, number) for name in STORES}
        case "pix":
            details = {
                "data": f"00020126580014br.gov.bcb.pix{number}",
                "expires_at": expires_at,
                "hosted_instructions_url": page,
            }
    name = ACTIONS[method["type"]]
    return {"type": name, name: details}


def code_at(store: str, number: str) -> Object:
    """The code that is told at the counter of a chain of stores."""
    return {"confirmation_number": number[:11], "payment_code": number[11 + STORES.index(store) :]}


def numbers(intent: Object) -> list[tuple[str, str]]:
    """What the customer tells or scans to pay an open voucher: where, and which number."""
    if not is_open(intent):
        return []
    details = intent["next_action"][intent["next_action"]["type"]]
    if "stores" in details:
        return [
            (store.capitalize(), codes["payment_code"])
            for store, codes in details["stores"].items()
        ]
    return [("", details.get("number") or details["data"])]


def expires_at(intent: Object) -> int:
    """Until when an open voucher can be paid, in seconds since 1970 on the account's clock."""
    details = intent["next_action"][intent["next_action"]["type"]]
    return int(details.get("expires_at") or details["expires_after"])


def is_open(intent: Object) -> bool:
    """Whether the intent waits for a voucher to be paid."""
    action: str = (intent["next_action"] or {}).get("type", "")
    return intent["status"] == "requires_action" and action in ACTIONS.values()


def take_payment(tx: Transaction, intent: Object) -> None:
    """The voucher has been paid."""
    method = tx.get("payment_method", intent["payment_method"])
    charge = create_charge(
        tx, intent, method, status="succeeded", paid=True, captured=True,
        amount_captured=intent["amount"], outcome=outcome("authorized"),
        details=methods.charge_details(
            method, amount=intent["amount"], hold_until=None, authenticated=False
        ),
    )  # fmt: skip
    tx.change(
        intent, status="succeeded", amount_received=intent["amount"], next_action=None,
        latest_charge=charge["id"],
    )  # fmt: skip
    forget(tx, intent)
    tx.emit("charge.succeeded", charge)
    tx.emit("payment_intent.succeeded", intent)
    book(tx, charge, charge["amount"])


def let_expire(tx: Transaction, intent: Object) -> None:
    """Nobody has paid the voucher in time."""
    forget(tx, intent)
    method = tx.get("payment_method", intent["payment_method"])
    message = "The voucher was not paid before it expired."
    code = "payment_intent_payment_attempt_expired"
    intents.fail(tx, intent, method, code=code, message=message)


def forget(tx: Transaction, intent: Object) -> None:
    """Drop what was scheduled for a voucher."""
    for job in ("pay_voucher", "expire_voucher"):
        tx.unschedule(job, intent["id"])
