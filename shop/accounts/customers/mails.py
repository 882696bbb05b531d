"""The mails around an account. What is written depends on whose address it is; nobody is told by
the page.
"""

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from shop import work
from shop.accounts.language import language_of
from shop.accounts.models import AccountMail, User
from shop.work import Outcome

Kind = AccountMail.Kind


def send(mail: AccountMail) -> None:
    """Send it while its code is good; a code that came too late would only mislead."""
    user = User.objects.filter(email__iexact=mail.email).first()
    if mail.code and timezone.now() - mail.created_at > _good_for():
        return _finish(mail, Outcome.OVERTAKEN, "the code is too old")
    if mail.kind == Kind.CODE and user is not None and not user.is_active:
        return _finish(mail, Outcome.IGNORED, "the account is turned off")
    is_staff = mail.kind == Kind.CODE and user is not None and user.is_staff
    language = language_of(user) or mail.language or settings.LANGUAGE_CODE
    with translation.override(language):
        told = {"is_staff": bool(user and user.is_staff)}
        message = _compose(mail, "staff" if is_staff else mail.kind, **told)
    message.send()
    return _finish(mail, Outcome.SENT)


def _finish(mail: AccountMail, outcome: Outcome, detail: str = "") -> None:
    """What it said is not kept."""
    with transaction.atomic():
        AccountMail.objects.filter(pk=mail.pk).update(code="")
        work.finish(mail, outcome, detail)


def _compose(mail: AccountMail, name: str, **told: bool) -> EmailMessage:
    context = {
        **told,
        "code": mail.code,
        "email": mail.email,
        "minutes": int(_good_for().total_seconds()) // 60,
        "page": settings.SITE_URL + reverse("account_confirm_login_code"),
        "staff_page": settings.SITE_URL + reverse("account_login"),
        "shop_name": settings.SHOP_NAME,
        "site_url": settings.SITE_URL,
        "support_email": parseaddr(settings.SUPPORT_EMAIL)[1],
    }
    subject = render_to_string(f"account/mails/{name}.subject.txt", context)
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=render_to_string(f"account/mails/{name}.txt", context),
        to=[mail.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _good_for() -> timedelta:
    return timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
