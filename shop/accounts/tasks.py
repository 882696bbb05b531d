"""Bells for what happens around the doors of staff and customers, and for what is forgotten."""

from celery import current_app, shared_task

from shop import work
from shop.accounts.customers import mails
from shop.accounts.login import reset_mail
from shop.accounts.models import AccountMail, PasswordReset
from shop.accounts.privacy import retention

# Seconds: the batch that is begun last still ends within Celery's soft limit of 55.
PRUNE_FOR = 30


@shared_task(name=PasswordReset.TASK)
def send_password_reset(*, row_id: str) -> None:
    work.run(PasswordReset, row_id, reset_mail.send)


@shared_task(name=PasswordReset.DRAIN_TASK)
def drain_password_resets() -> None:
    work.drain(PasswordReset, reset_mail.send)


@shared_task(name=AccountMail.TASK)
def send_account_mail(*, row_id: str) -> None:
    work.run(AccountMail, row_id, mails.send)


@shared_task(name=AccountMail.DRAIN_TASK)
def drain_account_mails() -> None:
    work.drain(AccountMail, mails.send)


@shared_task(name="accounts.prune")
def prune() -> None:
    """The nightly round, in parts that end before the worker would end them."""
    if not retention.prune_for(PRUNE_FOR):
        current_app.send_task("accounts.prune", queue="catalog")
