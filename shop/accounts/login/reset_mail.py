"""The mail to whoever of staff has forgotten the password."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from shop import work
from shop.accounts.models import PasswordReset, User
from shop.work import Outcome


def send(reset: PasswordReset) -> None:
    """Write to active staff of that address, and to nobody else."""
    user = User.objects.filter(email__iexact=reset.email, is_active=True, is_staff=True).first()
    if user is None:
        work.finish(reset, Outcome.IGNORED, "no active staff account")
        return
    _compose(user).send()
    with transaction.atomic():
        work.finish(reset, Outcome.SENT)


def _compose(user: User) -> EmailMessage:
    """The link is made now, so that an hour counts from the mail and not from the asking."""
    key = default_token_generator.make_token(user)
    link = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    told = {
        "link": settings.SITE_URL + link,
        "shop_name": settings.SHOP_NAME,
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
    }
    return EmailMessage(
        subject=f"{settings.SHOP_NAME}: a new password",
        body=render_to_string("admin/door/reset_mail.txt", told),
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
