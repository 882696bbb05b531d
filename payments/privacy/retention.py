"""What the shop keeps of payment pages and of its talk with Stripe, and for how long."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from payments.models import (
    ButtonPress,
    CheckoutSession,
    StripeRequest,
    Subscription,
    WebhookEvent,
)
from payments.privacy.subscriptions import forget
from shop.accounts.privacy.retention import Rule
from shop.work import Work

DONE = Work.Status.DONE


def _of_networks(before: datetime) -> QuerySet[CheckoutSession]:
    """Limits count pages that are open, and those of the last minute."""
    told = ~Q(visitor_key="") | ~Q(network="") | Q(visitor__isnull=False)
    old = CheckoutSession.objects.filter(told, created_at__lt=before)
    return old.exclude(status=CheckoutSession.Status.OPEN)


def _read_events(before: datetime) -> QuerySet[WebhookEvent]:
    """What is still to be settled is kept whole, and what was given up, for whoever looks."""
    old = WebhookEvent.objects.filter(status=DONE, created_at__lt=before)
    return old.exclude(payload={})


def _made_pages(before: datetime) -> QuerySet[StripeRequest]:
    """What was sent to have a page made may name the customer. A page that is open is asked again
    in the same words; what moves money keeps its words, none of which is personal.
    """
    made = StripeRequest.objects.filter(
        kind=StripeRequest.Kind.CREATE_SESSION, status=DONE, created_at__lt=before
    )
    return made.exclude(parameters={}).exclude(session__status=CheckoutSession.Status.OPEN)


def _ended_subscriptions(before: datetime) -> QuerySet[Subscription]:
    """Their orders keep what the law asks for, and as long."""
    ended = Subscription.objects.exclude(status__in=Subscription.LIVE)
    return ended.filter(ended_at__lt=before).exclude(email="", name="", shipping_address={})


RULES = [
    Rule(
        "subscriptions",
        "WORK",
        _("To whom an ended subscription was sent"),
        _ended_subscriptions,
        forget,
    ),
    Rule(
        "networks",
        "VISITORS",
        _("From which network address and browser a payment page was opened"),
        _of_networks,
        lambda rows: rows.update(visitor_key="", network="", visitor=None),
    ),
    Rule(
        "event_contents",
        "STRIPE_CONTENT",
        _("What Stripe reports of payments, word by word"),
        _read_events,
        lambda rows: rows.update(payload={}),
    ),
    Rule(
        "request_contents",
        "STRIPE_CONTENT",
        _("What we told Stripe to open a payment page, word by word"),
        _made_pages,
        lambda rows: rows.update(parameters={}),
    ),
    Rule(
        "events",
        "WORK",
        _("That Stripe reported something, and when"),
        lambda before: WebhookEvent.objects.filter(status=DONE, created_at__lt=before, payload={}),
    ),
    Rule(
        "button_presses",
        "WORK",
        _("Which button staff pressed"),
        lambda before: ButtonPress.objects.filter(at__lt=before),
    ),
]
