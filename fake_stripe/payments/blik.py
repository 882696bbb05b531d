"""BLIK: a code of six digits, which the customer then confirms in the app of their bank.

How a payment goes is chosen by the end of the e-mail address's local part. Stripe does not
publish its patterns; these are the stand-in's own.
"""

from dataclasses import dataclass

from fake_stripe.engine.messages import Message
from fake_stripe.engine.transaction import Transaction
from fake_stripe.payments import intents
from fake_stripe.payments.intents import Attempt
from fake_stripe.schema import Object

# Seconds on the account's clock until the customer's bank answers.
ANSWERS_AFTER = 3
DECLINES_AFTER = 8
# How long a customer has to confirm (docs.stripe.com/payments/blik).
TIMES_OUT_AFTER = 60


@dataclass(frozen=True)
class Scenario:
    """How a BLIK payment goes: a refusal at once or after a while, or none."""

    refusal: str
    message: str = ""
    # Seconds until the answer; 0 is at once.
    wait: int = ANSWERS_AFTER


SCENARIOS = {
    "code_invalid": Scenario(
        "code_invalid", Message("The BLIK code is not valid. Get a new one."), 0
    ),
    "code_expired": Scenario(
        "code_expired", Message("The BLIK code has expired. Get a new one."), 0
    ),
    "insufficient_funds": Scenario(
        "insufficient_funds", Message("Your account has insufficient funds."), DECLINES_AFTER
    ),
    "customer_declined": Scenario(
        "customer_declined",
        Message("You have declined the payment in your bank's app."),
        DECLINES_AFTER,
    ),
    "limit_exceeded": Scenario(
        "payment_limit_exceeded", Message("The payment is above your bank's limit."), DECLINES_AFTER
    ),
    "bank_declined": Scenario(
        "partner_generic_decline", Message("Your bank has declined the payment."), DECLINES_AFTER
    ),
    "timeout": Scenario(
        "timeout", Message("The payment was not confirmed in time."), TIMES_OUT_AFTER
    ),
}
CONFIRMED = Scenario("")


def begin(tx: Transaction, intent: Object, method: Object) -> Attempt:
    """Take the code: it is refused at once, or the customer has to confirm in their app."""
    scenario = scenario_of(method)
    if not scenario.wait:
        return refuse(tx, intent, method, scenario)
    action = {"type": "blik_authorize", "blik_authorize": {}}
    tx.change(intent, status="requires_action", next_action=action)
    tx.schedule("answer_blik", intent["id"], tx.now + scenario.wait)
    tx.emit("payment_intent.requires_action", intent)
    return Attempt("requires_action")


def scenario_of(method: Object) -> Scenario:
    """How this payment goes, by the customer's e-mail address."""
    local_part = (method["billing_details"]["email"] or "").partition("@")[0]
    scenarios = [scenario for ending, scenario in SCENARIOS.items() if local_part.endswith(ending)]
    return scenarios[0] if scenarios else CONFIRMED


def refuse(tx: Transaction, intent: Object, method: Object, scenario: Scenario) -> Attempt:
    """The bank refuses, or nobody has confirmed in time."""
    if scenario.refusal == "timeout":
        code = "payment_intent_payment_attempt_expired"
        return intents.fail(tx, intent, method, code=code, message=scenario.message)
    return intents.decline(tx, intent, method, scenario.refusal, message=scenario.message)
