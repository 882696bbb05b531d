"""Mails: whether a server takes them, and whether any was given up."""

import smtplib

from django.conf import settings
from django.core import mail

from fulfillment.doctor.amiss import Amiss
from fulfillment.models import Email
from shop import work


def server() -> str:
    """Whether the mail server lets the shop in; nothing is sent."""
    if not settings.EMAIL_BACKEND.endswith(".smtp.EmailBackend"):
        kind = settings.EMAIL_BACKEND.split(".")[-2]
        return f"mails are kept by {kind}: nobody is written to, as in a rehearsal"
    connection = mail.get_connection()
    try:
        connection.open()
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        raise Amiss(
            f"The mail server {settings.EMAIL_HOST}:{settings.EMAIL_PORT} takes no mail: {error}",
            mend="Mend EMAIL_URL, or the server. Mails wait and go out by themselves.",
        ) from error
    return f"the mail server {settings.EMAIL_HOST}:{settings.EMAIL_PORT} lets the shop in"


def letters() -> str:
    """Whether a mail waits for a person."""
    dead = Email.objects.filter(status=work.Work.Status.DEAD).count()
    if dead:
        raise Amiss(
            f"{dead} mails could not be sent and were given up.",
            mend="Look at them in admin, Emails, and revive them once their cause is mended.",
        )
    return "no mail was given up"
