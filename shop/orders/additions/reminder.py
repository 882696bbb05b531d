"""The cart's box for who wants to be reminded of what they leave unpaid."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _


def reminder_of(request: HttpRequest) -> dict[str, str] | None:
    """What the box says, and to whom we would write where that is known; None for no box."""
    if settings.CHECKOUT_RECOVERY == "off":
        return None
    return {"words": reminder_words(), "email": getattr(request.user, "email", "")}


def reminder_words() -> str:
    """What is agreed to by ticking that box, in the present language."""
    return _("Remind me once by e-mail if I leave without paying.")
