"""The one writer of payment state: ask Stripe what is true now, and apply it in one commit.

Events, the success page, the sweep and finished requests all call `settle`. Facts only grow, so
that calling it twice, at once, or in any order ends in the same state.
"""

from collections.abc import Sequence

import structlog
from django.db import transaction
from django.utils import timezone

from payments.models import (
    CheckoutSession,
    Customer,
    Payment,
    StripeRequest,
    Subscription,
    WebhookEvent,
)
from payments.settlement import merge, next_look, noticed
from payments.settlement.customers.merge import no_longer_named
from payments.settlement.follow import follow, session_is_over, was_tried_again
from payments.settlement.subscriptions import begun as subscriptions
from payments.settlement.subscriptions.begun import Begun
from payments.settlement.totals import order_totals
from payments.stripe import gateway
from payments.stripe.errors import OutcomeUnknown, Refused
from payments.stripe.facts import PaymentFacts, SessionFacts
from shop import work
from shop.orders.models import Order
from shop.stripe_client import known_account
from shop.transitions import can_move
from shop.work import Outcome

log = structlog.get_logger(__name__)


def settle(
    subject: CheckoutSession | Payment,
    *,
    noticing: WebhookEvent | None = None,
    finishing: StripeRequest | None = None,
    outcome: Outcome = Outcome.SETTLED,
    detail: str = "",
) -> None:
    """Bring the shop's rows of `subject` in line with Stripe, and all that follows from it.

    Also finishes the request that called it and the events that were there before it began to
    read. Raises OutcomeUnknown when Stripe does not answer; then nothing has changed.
    """
    session = subject if isinstance(subject, CheckoutSession) else subject.session
    # Before the read: an event that comes in later may tell of something newer.
    events = [*noticed.about(subject, session), *([noticing] if noticing else [])]
    also = noticed.read_also(subject, session, events)
    if session is not None and session.stripe_session_id is not None:
        try:
            facts = gateway.read_session(session.stripe_session_id, also=also)
        except Refused as error:
            if error.code != "resource_missing" or not _never_paid(session):
                raise
            _apply_missing(session, events, finishing)
            if noticing is not None:
                noticed.finish([noticing], noticed.ids_of(noticing), Outcome.GONE)
            return
        begun = subscriptions.read(session, facts)
        _apply(session, facts, facts.payment, events, finishing, outcome, detail, begun=begun)
        if noticing is not None and subject is session:
            _settle_what_else_it_tells(noticing, session, facts)
        if isinstance(subject, Payment) and (
            facts.payment is None or facts.payment.id != subject.stripe_payment_intent_id
        ):
            # An earlier attempt of the same session: read on its own.
            payment_facts = gateway.read_payment(subject.stripe_payment_intent_id, also=also)
            _apply(session, None, payment_facts, events, None)
    elif isinstance(subject, Payment):
        payment_facts = gateway.read_payment(subject.stripe_payment_intent_id, also=also)
        _apply(session, None, payment_facts, events, finishing, outcome, detail)


def _settle_what_else_it_tells(
    event: WebhookEvent, session: CheckoutSession, facts: SessionFacts
) -> None:
    """An event of a declined attempt, or of a twin of the page, ends with its subject.

    Unless money is in it: then its payment is one of the order's.
    """
    other = event.payment_intent_id
    if other and (facts.payment is None or facts.payment.id != other):
        payment_facts = gateway.read_payment(other)
        if payment_facts.authorized or payment_facts.captured:
            _apply(session, None, payment_facts, [event], None)
    noticed.finish([event], noticed.ids_of(event))


def settle_with_page(subscription: Subscription) -> None:
    """Settle the page on which it began while the money of its first period is not there."""
    session = subscription.session
    if session is not None and subscriptions.waits_for_page(subscription):
        settle(session)


def opened(session: CheckoutSession, facts: SessionFacts, *, finishing: StripeRequest) -> None:
    """The session was made: what its creation answered is as good as a read."""
    _apply(session, facts, facts.payment, [], finishing, Outcome.OPENED)


@transaction.atomic(durable=True)
def never_opened(request: StripeRequest, why: str, *, customer_is_gone: bool) -> None:
    """Stripe definitely refused to make the session: order and units come back at once.

    An order that was to be paid once more is as it was before.

    A customer whom Stripe does not know any more is forgotten here too: the next try is without.
    """
    order = Order.objects.select_for_update().filter(stripe_requests=request).first()
    work.finish(request, Outcome.REFUSED, why)
    session = CheckoutSession.objects.get(requests=request)
    merge.close_session(session)
    next_look.note(session, None)
    if customer_is_gone:
        gone = Customer.objects.filter(checkoutsession__requests=request)
        for customer in gone.select_for_update(of=("self",)):
            no_longer_named(customer)
    if order is not None and order.is_reopened() and order.cancel_requested_at is None:
        order.close_again(f"refused: {why}")
    elif order is not None and can_move(order, Order.Status.CANCELLED):
        order.keep_why(Order.CancelReason.REFUSED, note=why)
        order.cancel(f"refused: {why}")
    log.warning("checkout refused", order=str(order), why=why)


@transaction.atomic(durable=True)
def never_made(session: CheckoutSession) -> None:
    """Stripe knows of no such page, its time is over and nobody tries on: units come back.

    Called for a page whose request is dead. That one is done with it: a call would be refused now.
    """
    order = _locked_order(session, None)
    session = CheckoutSession.objects.select_for_update().get(pk=session.pk)
    if session.stripe_session_id is not None or session.requests.open().exists():
        return
    session.requests.filter(status=work.Work.Status.DEAD).update(
        status=work.Work.Status.DONE, outcome=Outcome.GONE, finished_at=timezone.now()
    )
    merge.close_session(session)
    next_look.note(session, None)
    if order is not None:
        session_is_over(order)


def made_unheard(session: CheckoutSession, facts: SessionFacts) -> None:
    """The page was made after all, and its request is dead: as good as a read."""
    _apply(session, facts, facts.payment, [], None)


def _never_paid(session: CheckoutSession) -> bool:
    """Only of the present account's sessions is Stripe's "no such session" a word about them."""
    is_open = session.status == CheckoutSession.Status.OPEN and not session.payments.exists()
    return is_open and session.account == known_account()


@transaction.atomic(durable=True)
def _apply_missing(
    session: CheckoutSession, events: Sequence[WebhookEvent], finishing: StripeRequest | None
) -> None:
    """Stripe knows no such session, because its test data was deleted: nobody can pay it."""
    order = _locked_order(session, None)
    if finishing is not None:
        work.finish(finishing, Outcome.GONE)
    merge.close_session(session)
    next_look.note(session, None)
    if order is not None:
        session_is_over(order)
    noticed.finish(events, {session.stripe_session_id}, Outcome.GONE)


@transaction.atomic(durable=True)
def _apply(
    session: CheckoutSession | None,
    facts: SessionFacts | None,
    payment_facts: PaymentFacts | None,
    events: Sequence[WebhookEvent],
    finishing: StripeRequest | None,
    outcome: Outcome = Outcome.SETTLED,
    detail: str = "",
    *,
    begun: Begun | None = None,
) -> None:
    order = _locked_order(session, payment_facts)
    bought = order if session is not None and session.order_id is not None else None
    # First, so that what follows finds no request under way that is over.
    if finishing is not None:
        work.finish(finishing, outcome, detail)
    if session is not None:
        session = CheckoutSession.objects.select_for_update().get(pk=session.pk)
        if facts is not None and facts.status == "open" != session.status:
            # Read before somebody else's newer read was applied: what it says of money is past.
            if outcome == Outcome.OPENED:
                return
            raise OutcomeUnknown("A newer answer was applied in the meantime.")
        if facts is not None:
            if outcome == Outcome.OPENED and bought is not None:
                order_totals.forget(bought)
            merge.merge_session(session, facts)
            if begun is None or not begun.is_trial:
                _write_totals(bought, session, facts)
        _refuse_money_of_an_open_page(session, payment_facts)
    payment = (
        merge.merge_payment(order, session, payment_facts) if payment_facts is not None else None
    )
    subscriptions.keep(session, facts, payment, begun)
    if order is not None and facts is not None and begun is not None and begun.is_trial:
        subscriptions.end_of_trial_order(order, facts)
    elif order is not None:
        follow(order, session, facts, payment)
    next_look.note(session if facts is not None else None, payment)
    noticed.finish(events, {read.id for read in (facts, payment_facts) if read is not None})


def _write_totals(order: Order | None, session: CheckoutSession, facts: SessionFacts) -> None:
    complete = facts.status == CheckoutSession.Status.COMPLETE
    if order is None or not complete or was_tried_again(order, session):
        return
    if session.recovered_from_id is not None:
        order_totals.forget(order)
    order_totals.write(order, session, facts)


def _refuse_money_of_an_open_page(session: CheckoutSession, facts: PaymentFacts | None) -> None:
    """Stripe's answers lag behind each other: totals and addresses come with the completion."""
    if session.status == CheckoutSession.Status.OPEN and facts is not None and facts.is_paid:
        raise OutcomeUnknown("The money is there, and its session is not complete yet.")


def _locked_order(
    session: CheckoutSession | None, payment_facts: PaymentFacts | None
) -> Order | None:
    order_id = session.order_id if session else None
    if session is not None and session.later_charge is not None:
        order_id = session.later_charge.order_id
    if order_id is None and payment_facts is not None:
        order_id = (
            Payment.objects.filter(stripe_payment_intent_id=payment_facts.id)
            .values_list("order_id", flat=True)
            .first()
        )
    return Order.objects.select_for_update().get(pk=order_id) if order_id else None
