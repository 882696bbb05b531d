"""Bells for stock checks and mails: a task carries a row's id and makes one call."""

from celery import shared_task

from fulfillment import stock_check
from fulfillment.emails import letters
from fulfillment.models import Email, Preparation
from fulfillment.troubles import mail, watch
from shop import work


@shared_task(name=Preparation.TASK)
def prepare_order(*, row_id: str) -> None:
    work.run(Preparation, row_id, stock_check.prepare)


@shared_task(name=Preparation.DRAIN_TASK)
def drain_preparations() -> None:
    work.drain(Preparation, stock_check.prepare)


@shared_task(name=Email.TASK)
def send_email(*, row_id: str) -> None:
    work.run(Email, row_id, letters.send)


@shared_task(name=Email.DRAIN_TASK)
def drain_emails() -> None:
    work.drain(Email, letters.send)


@shared_task(name="fulfillment.watch")
def watch_for_trouble() -> None:
    watch.look()


@shared_task(name=mail.TASK)
def tell_staff() -> None:
    mail.tell()
