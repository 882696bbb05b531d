"""What a subscriber is told beside the mails of each period's order: once, and while it is true."""

import uuid

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from fulfillment.emails.sending import composed, hand_over, shop_context, written
from fulfillment.subscriptions.models import SubscriptionMail
from payments.models import Subscription, SubscriptionInvoice
from payments.subscriptions.shown import name_of
from shop import clock, work
from shop.money import Money
from shop.work import Outcome

Kind = SubscriptionMail.Kind
Status = Subscription.Status
# What somebody did: each time is news of its own.
CHANGES = [Kind.ENDING, Kind.KEPT, Kind.PAUSED, Kind.RESUMED, Kind.CHANGED]


def queue(fact: str, subscription: Subscription, invoice: SubscriptionInvoice | None) -> None:
    """Write the mail, once per kind and occasion; nothing for who has no address here."""
    if not subscription.email:
        return
    mail, made = SubscriptionMail.objects.get_or_create(
        kind=Kind(fact),
        about=_occasion(fact, subscription, invoice),
        defaults={"subscription": subscription, "invoice": invoice},
    )
    if made:
        mail.ring()


def _occasion(
    fact: str, subscription: Subscription, invoice: SubscriptionInvoice | None
) -> uuid.UUID:
    """The same for the same news, however often it is told."""
    about = "the end"
    if invoice is not None:
        about = f"{invoice.stripe_invoice_id} {invoice.attempts}"
    elif fact == Kind.RENEWS_SOON and subscription.period_end is not None:
        about = subscription.period_end.isoformat()
    elif fact in CHANGES and subscription.read_at is not None:
        about = f"{fact} {subscription.read_at.isoformat()}"
    return uuid.uuid5(subscription.pk, about)


def send(mail: SubscriptionMail) -> None:
    """Send the mail if it is still true; no transaction is open while the mail server is asked."""
    subscription = Subscription.objects.get(pk=mail.subscription_id)
    if not is_true(mail, subscription):
        work.finish(mail, Outcome.OVERTAKEN)
        return
    hand_over(compose(mail, subscription))
    SubscriptionMail.objects.filter(pk=mail.pk).update(sent_at=timezone.now())
    work.finish(mail, Outcome.SENT)


def is_true(mail: SubscriptionMail, subscription: Subscription) -> bool:
    """Whether what it says is still so."""
    if mail.kind == Kind.ENDED:
        return subscription.is_over
    if mail.kind in CHANGES:
        return not subscription.is_over and _is_so(Kind(mail.kind), subscription)
    if mail.invoice is not None:
        is_open = mail.invoice.status == SubscriptionInvoice.Status.OPEN
        return is_open and not subscription.is_over
    about = _occasion(mail.kind, subscription, None)
    renews = subscription.status in {Status.ACTIVE, Status.TRIALING}
    stays = not subscription.cancel_at_period_end and not subscription.paused_by
    comes = subscription.period_end is not None and subscription.period_end > clock.now()
    return renews and stays and comes and about == mail.about


def _is_so(kind: SubscriptionMail.Kind, subscription: Subscription) -> bool:
    """Whether a change that somebody made still stands."""
    match kind:
        case Kind.ENDING | Kind.KEPT:
            return subscription.cancel_at_period_end == (kind == Kind.ENDING)
        case Kind.PAUSED | Kind.RESUMED:
            return bool(subscription.paused_by) == (kind == Kind.PAUSED)
    return True


def compose(mail: SubscriptionMail, subscription: Subscription) -> EmailMultiAlternatives:
    """In the language in which it was bought."""
    return composed(lambda: _written(mail, subscription), language=subscription.language)


def _written(mail: SubscriptionMail, subscription: Subscription) -> EmailMultiAlternatives:
    items = list(subscription.items.select_related("variant__product"))
    goods = [item for item in items if not item.is_delivery]
    context = {
        "subscription": subscription,
        "things": ", ".join(name_of(item) for item in goods) or subscription.stripe_subscription_id,
        "items": [(name_of(item), item.quantity, item.money) for item in items],
        "each_time": sum((item.money for item in items), Money.zero(subscription.currency)),
        "invoice": mail.invoice,
        "is_trial": subscription.status == Status.TRIALING,
        "page_url": settings.SITE_URL + subscription.address,
        **shop_context(),
    }
    name = f"subscription_{mail.kind}"
    return written(name, context, to=subscription.email, row=mail, headers={})
