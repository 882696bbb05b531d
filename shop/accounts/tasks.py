"""Bells for what happens around the staff's door."""

from celery import shared_task

from shop import work
from shop.accounts.login import failures, reset_mail
from shop.accounts.models import PasswordReset


@shared_task(name=PasswordReset.TASK)
def send_password_reset(*, row_id: str) -> None:
    work.run(PasswordReset, row_id, reset_mail.send)


@shared_task(name=PasswordReset.DRAIN_TASK)
def drain_password_resets() -> None:
    work.drain(PasswordReset, reset_mail.send)


@shared_task(name="accounts.forget_failures")
def forget_failures() -> None:
    failures.forget_old()
