"""What customers ask before they buy, and what the law has a shop say."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.accounts.privacy import retention


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    return render(request, "catalog/help.html", _facts())


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "catalog/terms.html", _facts())


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What the table says is what is done (`manage.py prune`)."""
    kept = [{"what": rule.what, "days": rule.days} for rule in retention.rules() if rule.what]
    return render(request, "catalog/privacy.html", {**_facts(), "kept": kept})


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """Who runs the shop, as the law of many countries has it one click away from every page."""
    return render(request, "catalog/imprint.html", _facts())


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
