"""Every address that changes something asks who sent it: all that the URLconf knows."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

pytestmark = pytest.mark.django_db

# Signed by Stripe, or held to their own origin (tests/shop/http/test_same_origin.py).
WITHOUT_TOKEN = {
    "webhook",
    "create-checkout-session",
    "checkout/<slug:token>/again",
    "orders/<slug:token>/pay/",
    # They stand on every page, where a token would set a cookie.
    "language/",
    "currency/",
    # A mail program posts there by itself (RFC 8058), and to the others no cookie belongs.
    "stock-alerts/<str:key>/off/",
    "reminders/<str:key>/off/",
    "stock-alerts/",
    "contact/",
    "orders/find/",
}


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every address of the shop with its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback


def test_only_these_addresses_do_without_a_token() -> None:
    """Guard: the absence of csrf_exempt everywhere else."""
    exempt = {route for route, view in patterns() if getattr(view, "csrf_exempt", False)}

    assert exempt == WITHOUT_TOKEN


EXAMPLES = {
    "str": "x1",
    "slug": "x1",
    "int": "1",
    "uuid": "8a2b6f0e-5d5c-4f0e-9f43-0a1c5e1b2a11",
    "path": "x1",
}


def address(route: str) -> str | None:
    """A concrete address for a route; None for a route of a regular expression."""
    if "(?P" in route or "\\" in route:
        return None
    plain = re.sub(r"<(?:(\w+):)?\w+>", lambda one: EXAMPLES[one.group(1) or "str"], route)
    return "/" + plain.lstrip("^").rstrip("$")


ADDRESSES = sorted(
    {found for route, _ in patterns() if route not in WITHOUT_TOKEN and (found := address(route))}
)


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_post_without_a_token_is_refused(path: str) -> None:
    client = Client(enforce_csrf_checks=True)

    plain = client.post(path, {"price": "x", "quantity": "1"})
    forged = client.post(
        path, {"csrfmiddlewaretoken": "a" * 64}, headers={"origin": "https://evil.example"}
    )

    assert (plain.status_code, forged.status_code) == (403, 403)


def test_there_is_something_to_look_at() -> None:
    assert {
        "/cart/add/",
        "/cart/update/",
        "/cart/remove/",
        "/account/login/",
        "/account/portal/",
        "/account/payment-methods/add/",
        "/account/orders/claim/",
        "/account/confirm/",
        "/account/email/",
        "/account/email/code/",
        "/account/login/password/",
        "/account/password/",
        "/account/password/remove/",
        "/account/addresses/add/",
        "/account/addresses/1/",
        "/account/addresses/1/default/",
        "/account/addresses/1/remove/",
        "/account/delete/",
        "/account/mails/",
        "/account/login/passkey/",
        "/account/passkeys/add/",
        "/account/passkeys/1/remove/",
        "/orders/x1/keep/",
        "/account/login/code/",
        "/account/logout/",
        "/admin/login/",
        "/admin/forgotten-password/",
        "/admin/forgotten-password/x1/x1/",
    } <= set(ADDRESSES)
