"""Making the calls that requests ask for, and settling what they changed."""

from datetime import timedelta

from django.utils import timezone

from payments.models import CheckoutSession, Payment, SavedMethod, StripeRequest
from payments.settlement import refund_room, settle
from payments.settlement.customers import address, portal
from payments.settlement.customers.settle import settle_customer
from payments.settlement.later import calls as later
from payments.settlement.subscriptions.changed import is_so as subscription_is_so
from payments.settlement.subscriptions.settle import settle_subscription
from payments.stripe import gateway
from payments.stripe.errors import OutcomeUnknown, Refused
from payments.stripe.facts import PaymentFacts
from shop import stripe_client, work
from shop.work import Outcome

Kind = StripeRequest.Kind

# Stripe remembers a key for at least 24 hours; after 23 we look before we call again.
KEY_LIFE = timedelta(hours=23)
# Stripe repeats a stored 500 under the same key; after this many attempts we look. Where a buyer
# waits, at once: a second payment page that was made unheard costs nothing, nobody has its address.
LOOK_AFTER_ATTEMPTS = 3
LOOK_FOR_PAGE_AFTER = 1
# What a customer finds typed in already; Stripe's page does without.
PREFILL = "customer_email"
# How soon a request notices that the key of its account is back.
LOOK_FOR_KEY = timedelta(minutes=5)
# Far longer than lists were ever seen to lag; nobody waits for a refund that failed three times.
LISTS_LAG = timedelta(minutes=1)


class OfAnotherAccount(work.Away):
    """The request is about something in another Stripe account than the present key's."""

    def __init__(self, theirs: str, ours: str) -> None:
        # Waits for the key of its account; staff read this sentence beside the row.
        sentence = f"It belongs to the Stripe account {theirs}; the present key is of {ours}."
        super().__init__(sentence, after=LOOK_FOR_KEY)


def perform(request: StripeRequest) -> None:
    """Make the call and settle what it changed. Raises OutcomeUnknown: the row is tried again."""
    present = stripe_client.account()
    if request.account != present:
        _wait_for_its_key(request, present)
        return
    if request.kind == Kind.OPEN_PORTAL:
        portal.nobody_waits(request)
        return
    if _must_look_first(request) and _done_after_all(request):
        return
    is_new = request.first_sent_at is None
    if is_new and request.kind == Kind.REFUND and not refund_room.keep_within(request):
        return
    if is_new and request.kind == Kind.CHARGE and not later.may_be_made(request):
        _settle(request, Outcome.OVERTAKEN, later.NO_LONGER)
        return
    _note_sent(request)
    try:
        facts = gateway.send(request)
    except OutcomeUnknown as error:
        _note_answer(request, error.status)
        raise
    except Refused as error:
        request.stripe_request_id = error.request_id
        _note_answer(request, error.status)
        _refused(request, error)
        return
    _note_answer(request, request.last_status)
    if isinstance(facts, PaymentFacts):
        later.intent_made(request, facts)
    elif facts is not None and request.session is not None:
        settle.opened(request.session, facts, finishing=request)
    else:
        _settle(request, Outcome.CARRIED_OUT)


def address_of_portal(request: StripeRequest) -> str:
    """Open the portal for who waits for it now. Raises Refused, OutcomeUnknown.

    A customer whom Stripe does not know any more is forgotten here, too.
    """
    _note_sent(request)
    try:
        return portal.address_of(request)
    except Refused as error:
        _settle(request, Outcome.REFUSED, _why(error))
        raise


def _settle(request: StripeRequest, outcome: Outcome, detail: str = "") -> None:
    """What is true now of that which the request is about, and the request done with it."""
    if request.kind == Kind.MAKE_PORTAL and outcome == Outcome.REFUSED:
        work.finish(request, outcome, detail)
    elif request.kind == Kind.MAKE_INTENT:
        later.not_made(request, detail)
    elif request.kind == Kind.MAKE_PORTAL:
        portal.settle_configuration(request)
    elif request.kind == Kind.SET_ADDRESS:
        address.settle_address(request, outcome, detail)
    elif request.subscription is not None:
        settle_subscription(request.subscription, finishing=request, outcome=outcome, detail=detail)
    elif request.customer is not None:
        settle_customer(request.customer, finishing=request, outcome=outcome, detail=detail)
    else:
        settle.settle(_subject(request), finishing=request, outcome=outcome, detail=detail)


def _wait_for_its_key(request: StripeRequest, present: str) -> None:
    """What is held or taken there can only be moved there; a page that nobody can pay is given up.

    Raises OfAnotherAccount.
    """
    if request.kind != Kind.CREATE_SESSION or not _cannot_be_paid(request):
        raise OfAnotherAccount(request.account, present)
    why = f"it was to be made in another Stripe account, {request.account}"
    settle.never_opened(request, why, customer_is_gone=False)


def _cannot_be_paid(request: StripeRequest) -> bool:
    """Of a call whose answer was lost nobody learned the address, and the page ends by itself."""
    session = request.session
    if session is None or session.stripe_session_id is not None:
        return False
    return request.first_sent_at is None or session.expires_at < timezone.now()


def _note_sent(request: StripeRequest) -> None:
    if request.first_sent_at is None:
        request.first_sent_at = timezone.now()
        request.save(update_fields=["first_sent_at"])


def _note_answer(request: StripeRequest, status: int | None) -> None:
    """What the call was answered with, kept whatever becomes of settling it."""
    request.last_status = status
    request.save(update_fields=["last_status", "stripe_request_id"])


def _must_look_first(request: StripeRequest) -> bool:
    """Whether calling again under the same key could repeat an old answer or a forgotten call."""
    if request.first_sent_at is None:
        return False
    was_revived = request.attempts == 1
    if was_revived or request.empty_since is not None:
        return True
    too_old = timezone.now() - request.first_sent_at > KEY_LIFE
    # A 400 that was no refusal: Stripe takes the key for another call's, or a proxy answered.
    last = request.last_status
    failing = last is not None and (last >= 500 or last == 400)
    is_page = request.kind == Kind.CREATE_SESSION
    patience = LOOK_FOR_PAGE_AFTER if is_page else LOOK_AFTER_ATTEMPTS
    return too_old or (failing and request.attempts > patience)


def _done_after_all(request: StripeRequest) -> bool:
    """Read whether the effect is there; when it is not, the next generation gets a new key."""
    match request.kind:
        case Kind.CREATE_SESSION:
            facts = gateway.made_session(request)
            if facts is not None and request.session is not None:
                settle.opened(request.session, facts, finishing=request)
                return True
            # A buyer waits. One that was made and is not listed yet has an address nobody knows.
        case Kind.REFUND:
            if gateway.made_refund(request):
                settle.settle(_subject(request), finishing=request, outcome=Outcome.SEEN)
                return True
            _wait_before_believing(request)
        case (
            Kind.MAKE_PORTAL
            | Kind.SET_ADDRESS
            | Kind.DETACH_METHOD
            | Kind.SET_DEFAULT
            | Kind.UPDATE_SUBSCRIPTION
            | Kind.CANCEL_SUBSCRIPTION
        ):
            if _is_changed(request):
                return True
        # An intent that was made unheard is never charged: nothing moves by it.
        case _ if request.kind != Kind.MAKE_INTENT and _is_over(request):
            return True
    _next_generation(request)
    return False


def _wait_before_believing(request: StripeRequest) -> None:
    """An empty list may only be late: what it does not show for a while was not made."""
    if request.empty_since is None:
        request.empty_since = timezone.now()
        request.save(update_fields=["empty_since"])
    if timezone.now() - request.empty_since < LISTS_LAG:
        raise OutcomeUnknown("Stripe's list shows nothing yet.", after=LISTS_LAG)


def _still_applies(request: StripeRequest) -> bool:
    subject = _subject(request)
    subject.refresh_from_db()
    if isinstance(subject, Payment) and subject.later_charge_id is not None:
        # What was declined is never tried again.
        is_untried = request.kind == Kind.RELEASE or not subject.failure
        if subject.status == Payment.Status.PENDING:
            return is_untried
    return subject.status in {CheckoutSession.Status.OPEN, Payment.Status.AUTHORIZED}


def _is_changed(request: StripeRequest) -> bool:
    """The same of what is kept for a customer, or renews, and of the portal."""
    if request.kind == Kind.MAKE_PORTAL:
        return portal.note_configuration(request)
    if request.kind == Kind.SET_ADDRESS:
        address.write_anew(request)
        return False
    if request.subscription is not None:
        settle_subscription(request.subscription)
        is_so = subscription_is_so(request)
    else:
        assert request.customer is not None  # noqa: S101 - it is about one
        settle_customer(request.customer)
        is_so = _is_so(request)
    if not is_so:
        return False
    work.finish(request, Outcome.SEEN)
    return True


def _is_over(request: StripeRequest) -> bool:
    """Whether what was asked for is done by what is true now, and the request with it."""
    settle.settle(_subject(request))
    if _still_applies(request):
        return False
    if request.kind == Kind.CHARGE:
        # What follows from a charge waits for its request to be over.
        settle.settle(_subject(request), finishing=request, outcome=Outcome.SEEN)
    else:
        work.finish(request, Outcome.SEEN)
    return True


def _is_so(request: StripeRequest) -> bool:
    """Whether the method is gone, or is the default, as was asked."""
    method = SavedMethod.objects.select_related("customer").get(requests=request)
    if request.kind == Kind.DETACH_METHOD:
        return method.status == SavedMethod.Status.DETACHED
    return method.customer.stripe_default_method_id == method.stripe_payment_method_id


def _next_generation(request: StripeRequest) -> None:
    request.generation += 1
    request.key = f"{request.key.rsplit(':', 1)[0]}:g{request.generation}"
    request.first_sent_at = request.last_status = request.empty_since = None
    request.save(
        update_fields=[
            "generation",
            "key",
            "first_sent_at",
            "last_status",
            "empty_since",
            "parameters",
        ]
    )


def _refused(request: StripeRequest, error: Refused) -> None:
    """Stripe's sentence, code and request id stay with the row, for staff and for its support."""
    if error.parameter == PREFILL and request.parameters.pop(PREFILL, None):
        # The page asks for the address itself; an order is not lost over it.
        _next_generation(request)
        perform(request)
        return
    why = _why(error)
    if request.kind == Kind.CREATE_SESSION:
        whom = {"customer", "customer_account"}
        is_gone = error.code == "resource_missing" and error.parameter in whom
        settle.never_opened(request, why, customer_is_gone=is_gone)
    else:
        _settle(request, Outcome.REFUSED, why)


def _why(error: Refused) -> str:
    code = f" ({error.code})" if error.code else ""
    return f"{str(error)[: 180 - len(code)]}{code}"


def _subject(request: StripeRequest) -> CheckoutSession | Payment:
    subject = request.session or request.payment
    assert subject is not None  # noqa: S101 - every request is about one of the two
    return subject
