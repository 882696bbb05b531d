"""What customers ask before they buy, and what the law has a shop say."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.accounts.privacy import retention


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    about = _("Shipping, returns, payment and privacy at %(shop_name)s.")
    return _page(request, "help", _("Help"), about)


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    about = _(
        "How buying at %(shop_name)s works: the contract, prices, payment, and how to withdraw "
        "from it."
    )
    return _page(request, "terms", _("Terms"), about)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What the table says is what is done (`manage.py prune`)."""
    kept = [{"what": rule.what, "days": rule.days} for rule in retention.rules() if rule.what]
    about = _("What %(shop_name)s knows of you, who else does, how long, and what you may ask for.")
    return _page(request, "privacy", _("Privacy"), about, kept=kept)


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """Who runs the shop, as the law of many countries has it one click away from every page."""
    about = _("Who runs %(shop_name)s, and how to reach them.")
    return _page(request, "imprint", _("Who runs this shop"), about)


def _page(
    request: HttpRequest, template: str, name: str, about: str, **more: object
) -> HttpResponse:
    """A page called `name`; `about` is what search engines say of it."""
    said = {"name": name, "about": about % {"shop_name": settings.SHOP_NAME}}
    return render(request, f"catalog/{template}.html", {**said, **_facts(), **more})


def _facts() -> dict[str, object]:
    """What the texts say of this shop, so that they stay true when its settings change."""
    return {
        # A page that Stripe may copy asks for a hold under any policy.
        "holds_first": settings.CAPTURE_POLICY != "automatic"
        or settings.CHECKOUT_RECOVERY == "stripe",
        "seller_name": settings.SELLER_NAME,
        "seller_address": settings.SELLER_ADDRESS,
        "seller_tax_number": settings.SELLER_TAX_NUMBER,
        "cart_days": settings.SESSION_COOKIE_AGE // (24 * 60 * 60),
    }
