"""Bells for what happens around the doors of staff and customers."""

from celery import shared_task

from shop import work
from shop.accounts.customers import mails
from shop.accounts.login import failures, reset_mail
from shop.accounts.models import AccountMail, PasswordReset


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


@shared_task(name="accounts.forget_failures")
def forget_failures() -> None:
    failures.forget_old()
