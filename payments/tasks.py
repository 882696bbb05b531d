"""Celery's side of payments: each task claims rows and calls one function."""

from celery import shared_task
from django.conf import settings

from payments import webhooks
from payments.models import DiscountSync, StripeRequest, TaxRateSync, WebhookEvent
from payments.settlement import deadlines, perform
from payments.stripe.terms import tax_rates
from payments.stripe.terms.discounts import push as discounts
from shop import work


@shared_task(name="payments.process_event")
def process_event(*, row_id: str) -> None:
    work.run(WebhookEvent, row_id, webhooks.process)


@shared_task(name="payments.drain_events")
def drain_events() -> None:
    work.drain(WebhookEvent, webhooks.process)


@shared_task(name="payments.send_request")
def send_request(*, row_id: str) -> None:
    work.run(StripeRequest, row_id, perform.perform)


@shared_task(name="payments.drain_requests")
def drain_requests() -> None:
    work.drain(StripeRequest, perform.perform)


@shared_task(name=TaxRateSync.TASK)
def sync_tax_rate(*, row_id: str) -> None:
    work.run(TaxRateSync, row_id, tax_rates.push)


@shared_task(name=TaxRateSync.DRAIN_TASK)
def drain_tax_rate_syncs() -> None:
    work.drain(TaxRateSync, tax_rates.push)


@shared_task(name=DiscountSync.TASK)
def sync_discount(*, row_id: str) -> None:
    work.run(DiscountSync, row_id, discounts.push)


@shared_task(name=DiscountSync.DRAIN_TASK)
def drain_discount_syncs() -> None:
    work.drain(DiscountSync, discounts.push)


@shared_task(name="payments.sweep")
def sweep() -> None:
    deadlines.sweep()


@shared_task(name="payments.pull_events")
def pull_events() -> None:
    webhooks.pull(livemode=settings.STRIPE_LIVE, seconds=work.DRAIN_FOR)
