"""Whether an account's owner has proved to read what is sent to its address."""

from allauth.account.models import EmailAddress

from shop.accounts.models import User


def has_proved(user: User) -> bool:
    """Whether a code that was sent to the present address came back."""
    proved = EmailAddress.objects.filter(user=user, verified=True, email__iexact=user.email)
    return bool(proved.exists())


def prove(user: User, email: str) -> None:
    """From now on the address counts as read by this account's owner, and by nobody else's."""
    own = {"email": email.lower(), "verified": True, "primary": True}
    if not EmailAddress.objects.filter(user=user, **own).exists():
        EmailAddress.objects.filter(email__iexact=email).delete()
        EmailAddress.objects.filter(user=user).delete()
        EmailAddress.objects.create(user=user, **own)
