"""An attempt to pay: with a card, through another page, with a code, by debit or by voucher."""

from collections.abc import Callable
from dataclasses import dataclass

from fake_stripe.engine.errors import unsupported_descriptor
from fake_stripe.engine.transaction import Transaction
from fake_stripe.methods import methods, test_cards, test_debits
from fake_stripe.methods.types import type_of
from fake_stripe.payments import blik, intents, vouchers
from fake_stripe.payments.intents import Attempt
from fake_stripe.schema import Object


@dataclass(frozen=True)
class Answer:
    """What the customer did on the page of their bank or wallet."""

    passed: bool
    # Where the bank answers later: the code that it refuses with, or none.
    failure: str = ""


# The buttons of the test pages.
ANSWERS = {
    "complete": Answer(passed=True),
    "refuse": Answer(passed=True, failure="payment_method_provider_decline"),
    "fail": Answer(passed=False),
}
OnAccept = Callable[[], None]


def attempt(
    tx: Transaction, intent: Object, method: Object, *, on_accept: OnAccept,
    answer: Answer | None = None, off_session: bool = False,
) -> Attempt:  # fmt: skip
    """Try to pay with a method; what happens is as the test card or account says.

    `on_accept` runs once the bank has said yes, before the charge is made. `answer` is what the
    customer did on the page that an earlier call has sent them to; `off_session` says that there
    is no customer to ask.
    """
    refuse_descriptor(intent, method)
    tx.unschedule("answer_blik", intent["id"])
    tx.change(intent, payment_method=method["id"], last_payment_error=None, next_action=None)
    match type_of(method).family:
        case "card" if off_session:
            return without_customer(tx, intent, method, on_accept)
        case "card":
            return with_card(tx, intent, method, on_accept, answer)
        case "redirect":
            return with_redirect(tx, intent, method, on_accept, answer)
        case "code" if not off_session:
            return blik.begin(tx, intent, method)
    on_accept()
    match type_of(method).family:
        case "debit":
            account = test_debits.lookup(method)
            return intents.pend(tx, intent, method, wait=account.wait, failure=account.failure)
        case "voucher":
            return vouchers.hand_out(tx, intent, method)
    return intents.authorize(tx, intent, method, authenticated=False)


def refuse_descriptor(intent: Object, method: Object) -> None:
    """What a card's statement says is the account's own word, with a suffix at most."""
    if method["type"] == "card" and intent["statement_descriptor"]:
        raise unsupported_descriptor("statement_descriptor")


def with_card(
    tx: Transaction, intent: Object, method: Object, on_accept: OnAccept, answer: Answer | None
) -> Attempt:
    """Pay with a card, whose bank may want the customer to authenticate first."""
    card = methods.behavior(method)
    if asks(intent, card, method) and answer is None:
        return require(tx, intent, challenge(tx, intent))
    if answer and not answer.passed:
        return refused(tx, intent, method)
    if card.decline:
        return intents.decline(tx, intent, method, card.decline)
    if answer:
        tx.change(method, _={**method["_"], "authenticated": True})
    on_accept()
    return intents.authorize(tx, intent, method, authenticated=answer is not None)


def asks(intent: Object, card: test_cards.Card, method: Object) -> bool:
    """Whether the card's bank, or the shop, wants the customer to authenticate."""
    if method["card"]["wallet"]:
        # The phone has asked for a face or a finger.
        return False
    if methods.shop_asks(intent) and card.authentication != "never":
        return True
    set_up = method["customer"] and method["_"].get("authenticated")
    often = card.authentication in ("always", "on_page")
    return often or (card.authentication == "once" and not set_up)


def without_customer(
    tx: Transaction, intent: Object, method: Object, on_accept: OnAccept
) -> Attempt:  # fmt: skip
    """Charge a saved card while nobody is there who could authenticate."""
    card = methods.behavior(method)
    set_up = method["_"].get("authenticated")
    wanted = methods.shop_asks(intent) and card.authentication != "never"
    if wanted or card.authentication == "always" or (card.authentication == "once" and not set_up):
        code = "authentication_required"
        # The bank was never asked for the money.
        return intents.fail(
            tx, intent, method, code=code, decline_code=code, message=test_cards.DECLINES[code]
        )
    if card.decline:
        return intents.decline(tx, intent, method, card.decline)
    on_accept()
    return intents.authorize(tx, intent, method, authenticated=False)


def challenge(tx: Transaction, intent: Object) -> Object:
    """The next action for a card whose bank asks: a page of its own, or one in the shop's page."""
    if back := intent["_"].get("return_url"):
        there = f"{tx.public_url}/redirects/{intent['id']}"
        return {"type": "redirect_to_url", "redirect_to_url": {"return_url": back, "url": there}}
    return {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}


def with_redirect(
    tx: Transaction, intent: Object, method: Object, on_accept: OnAccept, answer: Answer | None
) -> Attempt:
    """Send the customer to the page of their bank or wallet, then go on as they answered."""
    if answer is None:
        return require(tx, intent, redirection(tx, intent, method))
    if not answer.passed:
        return refused(tx, intent, method)
    on_accept()
    if type_of(method).delayed:
        return intents.pend(tx, intent, method, wait=test_debits.LATER, failure=answer.failure)
    return intents.authorize(tx, intent, method, authenticated=False)


def redirection(tx: Transaction, intent: Object, method: Object) -> Object:
    """The next action that names the page to go to."""
    if session := intent["_"].get("session"):
        back = f"{tx.public_url}/c/pay/{session}"
        addresses: Object = {"return_url": back, "url": f"{back}/authenticate"}
    else:
        there = f"{tx.public_url}/redirects/{intent['id']}"
        addresses = {"return_url": intent["_"]["return_url"], "url": there}
    if method["type"] == "alipay":
        there_is_none = {"native_data": None, "native_url": None}
        action = {"alipay_handle_redirect": {**addresses, **there_is_none}}
    else:
        action = {"redirect_to_url": addresses}
    return {"type": next(iter(action)), **action}


def require(tx: Transaction, intent: Object, action: Object) -> Attempt:
    """The customer has to do something before the attempt can go on."""
    tx.change(intent, status="requires_action", next_action=action)
    tx.emit("payment_intent.requires_action", intent)
    return Attempt("requires_action")


def refused(tx: Transaction, intent: Object, method: Object) -> Attempt:
    """The customer did not authenticate, or called the payment off."""
    code = "payment_intent_authentication_failure"
    return intents.fail(tx, intent, method, code=code, message=test_cards.NOT_AUTHENTICATED)
