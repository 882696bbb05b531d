"""The cart's box for who wants to be reminded of what they leave unpaid."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

# Of what was typed, odd as it may be, to be mended on the page.
LONGEST = 320


def reminder_of(request: HttpRequest) -> dict[str, Any] | None:
    """What the box says, to whom we would write where that is known, and how it was left; None for
    no box.
    """
    if settings.CHECKOUT_RECOVERY == "off":
        return None
    left = request.session.get("reminder")
    return {
        "words": reminder_words(),
        "email": getattr(request.user, "email", ""),
        "is_ticked": _wants(request) if left is None else left is not False,
        "typed": left or "",
    }


def keep_box(request: HttpRequest) -> None:
    """Leave the box as the cart's form was posted, however that ends."""
    is_the_carts = "cart" in request.session and "cart" in request.POST
    if settings.CHECKOUT_RECOVERY == "off" or not is_the_carts:
        return
    if not request.POST.get("remind"):
        forget_box(request)
        if _wants(request):
            request.session["reminder"] = False
    else:
        typed = request.POST.get("remind_email", "").replace("\x00", "")[:LONGEST]
        request.session["reminder"] = typed


def forget_box(request: HttpRequest) -> None:
    """The order knows by now; the next one is asked anew."""
    request.session.pop("reminder", None)


def _wants(request: HttpRequest) -> bool:
    """Whether a customer has said in the account that the box is to be ticked."""
    return bool(getattr(request.user, "wants_reminders", False))


def reminder_words() -> str:
    """What is agreed to by ticking that box, in the present language."""
    return _("Remind me once by e-mail if I leave without paying.")
