"""How a mail is put together and handed over, whoever it is for."""

import smtplib
import textwrap
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from shop import work
from shop.configuration.variables.payment_page import ink

# The button's color where the settings name none.
BUTTON = "#1d4b4a"
# As long as a plain mail program shows whole.
LINE_LENGTH = 76


def shop_context() -> dict[str, Any]:
    """What every mail says of the shop, and the button in the payment page's colors."""
    ground = settings.BRANDING.get("button_color")
    button = ground or BUTTON
    return {
        "site_url": settings.SITE_URL,
        "shop_name": settings.SHOP_NAME,
        "support_email": parseaddr(settings.SUPPORT_EMAIL)[1],
        "button": button,
        "button_ink": ink(button),
        "is_branded": bool(ground),
    }


def composed(
    write: Callable[[], EmailMultiAlternatives], *, language: str
) -> EmailMultiAlternatives:
    """What `write` puts together, in this language.

    Raises Impossible for what cannot be written or made ready to be sent: a person's matter.
    """
    try:
        with translation.override(language):
            message = write()
        message.message()
    except Exception as error:
        raise work.Impossible(f"The mail cannot be written: {error!r}") from error
    return message


def written(
    name: str, context: dict[str, Any], *, to: str, row: work.Work, headers: Mapping[str, str]
) -> EmailMultiAlternatives:
    """The mail of the templates `emails/<name>`, in text and HTML, in the present language.

    Its Message-ID is the row's: the same at every try, so that a mail sent twice counts once.
    """
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string(f"emails/{name}.subject.txt", context).split()),
        body=wrapped(render_to_string(f"emails/{name}.txt", context)),
        to=[to],
        headers={
            "Message-ID": message_id(row),
            "Content-Language": translation.get_language() or settings.LANGUAGE_CODE,
            **headers,
        },
    )
    message.attach_alternative(render_to_string(f"emails/{name}.html", context), "text/html")
    return message


def one_click(address: str) -> dict[str, str]:
    """RFC 8058: mail programs show a button of their own, which posts to where mails are ended."""
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def message_id(row: work.Work) -> str:
    """As the row's id has it, under the shop's own name."""
    return f"<{row.pk}@{urlsplit(settings.SITE_URL).hostname}>"


def wrapped(text: str) -> str:
    """Long lines are broken between words; an address stays whole, so that it can be followed."""
    return "\n".join(
        textwrap.fill(line, LINE_LENGTH, break_long_words=False, break_on_hyphens=False)
        if len(line) > LINE_LENGTH
        else line
        for line in text.split("\n")
    )


def hand_over(message: EmailMultiAlternatives) -> None:
    """Give the mail to the server. A refusal for good is a person's matter, others are retried."""
    try:
        message.send()
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPHeloError):
        # The fault is in our own settings, and mails wait until those are mended.
        raise
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [code for code, _ in refusal.recipients.values()]
        if all(code >= 500 for code in codes):
            raise work.Impossible(f"The mail server refuses the address: {codes}") from refusal
        raise
    except smtplib.SMTPResponseException as refusal:
        if refusal.smtp_code >= 500:
            raise work.Impossible(
                f"The mail server refuses the mail: {refusal.smtp_code}"
            ) from refusal
        raise
