"""BLIK: a code of six digits, which the customer then confirms in the app of their bank.

How a payment goes is chosen by the end of the e-mail address's local part. Stripe does not
publish its patterns; these are the stand-in's own.
"""

from dataclasses import dataclass

from fake_stripe import payments
from fake_stripe.messages import Message
from fake_stripe.payments import Attempt
from fake_stripe.schema import Object
from fake_stripe.transaction import Transaction

# Seconds on the account's clock until the customer's bank answers.
ANSWERS_AFTER = 3
DECLINES_AFTER = 8
# How long a customer has to confirm (docs.stripe.com/payments/blik).
TIMES_OUT_AFTER = 60


@dataclass(frozen=True)
class Course:
    """How a BLIK payment goes: a refusal at once or after a while, or none."""

    refusal: str
    message: str = ""
    # Seconds until the answer; 0 is at once.
    wait: int = ANSWERS_AFTER


COURSES = {
    "code_invalid": Course(
        "code_invalid", Message("The BLIK code is not valid. Get a new one."), 0
    ),
    "code_expired": Course("code_expired", Message("The BLIK code has expired. Get a new one."), 0),
    "insufficient_funds": Course(
        "insufficient_funds", Message("Your account has insufficient funds."), DECLINES_AFTER
    ),
    "customer_declined": Course(
        "customer_declined",
        Message("You have declined the payment in your bank's app."),
        DECLINES_AFTER,
    ),
    "limit_exceeded": Course(
        "payment_limit_exceeded", Message("The payment is above your bank's limit."), DECLINES_AFTER
    ),
    "bank_declined": Course(
        "partner_generic_decline", Message("Your bank has declined the payment."), DECLINES_AFTER
    ),
    "timeout": Course(
        "timeout", Message("The payment was not confirmed in time."), TIMES_OUT_AFTER
    ),
}
CONFIRMED = Course("")


def begin(tx: Transaction, intent: Object, method: Object) -> Attempt:
    """Take the code: it is refused at once, or the customer has to confirm in their app."""
    course = course_of(method)
    if not course.wait:
        return refuse(tx, intent, method, course)
    action = {"type": "blik_authorize", "blik_authorize": {}}
    tx.change(intent, status="requires_action", next_action=action)
    tx.schedule("answer_blik", intent["id"], tx.now + course.wait)
    tx.emit("payment_intent.requires_action", intent)
    return Attempt("requires_action")


def course_of(method: Object) -> Course:
    """How this payment goes, by the customer's e-mail address."""
    local_part = (method["billing_details"]["email"] or "").partition("@")[0]
    courses = [course for ending, course in COURSES.items() if local_part.endswith(ending)]
    return courses[0] if courses else CONFIRMED


def refuse(tx: Transaction, intent: Object, method: Object, course: Course) -> Attempt:
    """The bank refuses, or nobody has confirmed in time."""
    if course.refusal == "timeout":
        code = "payment_intent_payment_attempt_expired"
        return payments.fail(tx, intent, method, code=code, message=course.message)
    return payments.decline(tx, intent, method, course.refusal, message=course.message)
