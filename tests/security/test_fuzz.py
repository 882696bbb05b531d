"""No public address answers with an error of ours, whatever is sent to it."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from shop.models import StripeAccount
from shop.stripe_client.accounts import _fingerprint
from tests.support.factories import PriceFactory
from tests.support.properties import examples

pytestmark = pytest.mark.django_db

PATHS = [
    "/", "/cart/", "/search/", "/success", "/cancel", "/webhook", "/create-checkout-session",
    "/account/", "/account/login/", "/account/login/code/", "/account/logout/",
    "/account/orders/", "/account/orders/claim/", "/account/confirm/", "/account/data/",
    "/account/data/download/", "/account/delete/", "/account/login/password/",
    "/account/password/", "/account/email/", "/account/email/code/",
    "/account/password/remove/", "/account/addresses/",
    "/account/mails/", "/reminders/x/off/", "/account/login/passkey/",
    "/account/passkeys/", "/account/passkeys/add/", "/account/passkeys/1/remove/",
    "/account/addresses/add/", "/account/addresses/1/", "/account/addresses/1/remove/",
    "/account/payment-methods/", "/account/payment-methods/add/", "/account/portal/",
    "/account/subscriptions/",
    "/orders/find/", "/orders/find/asked/",
    "/contact/", "/stock-alerts/", "/stock-alerts/x/off/",
    "/cart/add/", "/cart/update/", "/cart/remove/", "/healthz", "/sitemap.xml", "/robots.txt",
    "/admin/login/", "/admin/forgotten-password/", "/admin/forgotten-password/asked/",
]  # fmt: skip
WITH_NAME = [
    "/products/{}/", "/categories/{}/", "/orders/{}/", "/orders/{}/keep/",
    "/orders/x/documents/{}/", "/orders/x/documents/{}/pdf/",
    "/downloads/{}/", "/downloads/{}/file",
    "/checkout/{}/", "/checkout/{}/again", "/charges/{}/",
    "/account/payment-methods/{}/remove/", "/account/payment-methods/{}/default/",
    "/account/payment-methods/added/{}/", "/account/mails/{}/off/", "/reminders/{}/off/",
    "/account/subscriptions/{}/",
    "/account/subscriptions/{}/cancel/", "/account/subscriptions/{}/change/",
    "/account/subscriptions/{}/method/", "/subscriptions/{}/", "/subscriptions/{}/cancel/",
    "/subscriptions/{}/keep/", "/subscriptions/{}/pause/", "/subscriptions/{}/resume/",
    "/subscriptions/{}/change/",
    "/static/{}", "/{}", "/admin/{}/", "/admin/forgotten-password/{}/x/",
    "/admin/forgotten-password/1/{}/",
]  # fmt: skip
FIELDS = ["q", "page", "sort", "price", "quantity", "variant", "session_id", "shown", "next", "x",
          "category", "in_stock", "min", "max", "color", "version", "cart", "amount", "key",
          "withdrawal", "number", "username", "password", "email", "password1", "password2",
          "code", "website", "sure", "language", "wants_reminders",
          "credential", "name"]  # fmt: skip
HEADERS = ["referer", "accept-language", "x-request-id", "cookie", "x-forwarded-for"]
# What has broken other shops, beside whatever Hypothesis finds.
ODD = ["\x00", "%00", "0", "-1", "1e9", "9" * 30, "٣", "null", "[]", "{}", "' OR 1=1", "../../etc",
       "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "a" * 3000, "%s%n", "\\",
       "&#0;", "<script>", "\r\nX: y", "1:2 & !", "ﷺ" * 40, "%", "_"]  # fmt: skip
word = st.sampled_from(ODD) | st.text(st.characters(codec="utf-8"), max_size=20)


@examples(300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["get", "get", "post", "head"]),
    path=st.sampled_from(PATHS) | st.builds(str.format, st.sampled_from(WITH_NAME), word),
    fields=st.lists(st.tuples(st.sampled_from(FIELDS), word), max_size=4),
    header=st.tuples(
        st.sampled_from(
            ["referer", "accept-language", "x-request-id", "cookie", "x-forwarded-for"]
        ),
        st.sampled_from([one for one in ODD if one.isascii() and "\r" not in one]),
    ),
)
def test_no_request_ends_in_a_traceback(
    db: Any, method: str, path: str, fields: list[tuple[str, str]], header: tuple[str, str]
) -> None:
    """The client raises what a view raises; so an error names its own cause here."""
    if not StripeAccount.objects.exists():
        # Known already, so that nothing but the checkout itself would ask Stripe.
        StripeAccount.objects.create(key_fingerprint=_fingerprint(), account="acct/test")
    form: dict[str, list[str]] = {}
    for name, value in fields:
        form.setdefault(name, []).append(value)

    answer = getattr(Client(headers=dict([header])), method)(path, form)

    assert answer.status_code < 500


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_of_the_lists_takes_every_oddity(client: Client, field: str) -> None:
    category = PriceFactory().variant.product.category
    for path in ("/search/", f"/categories/{category.slug}/"):
        for odd in ODD:
            answer = client.get(path, {field: odd, **({"q": "mug"} if field != "q" else {})})

            assert answer.status_code < 500, (path, odd)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"a=1&" * 2000, "application/x-www-form-urlencoded"),
        (b"a" * 1_100_000, "application/x-www-form-urlencoded"),
        (b"a=1", "text/plain; charset=nonsense"),
        (b"a=1", "application/x-www-form-urlencoded; charset=utf-7"),
    ],
    ids=["JSON", "not UTF-8", "cut off", "no boundary", "many fields", "large", "charset", "utf-7"],
)
@pytest.mark.parametrize("path", ["/cart/add/", "/cart/update/", "/cart/remove/"])
def test_a_broken_body_is_refused(client: Client, path: str, body: bytes, kind: str) -> None:
    answer = client.generic("POST", path, body, content_type=kind)

    assert answer.status_code in {400, 413, 415}
