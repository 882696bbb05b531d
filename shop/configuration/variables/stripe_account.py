"""Whose Stripe account it is, where its interface is reached, and who signs what comes from it."""

import re
from typing import NamedTuple

from shop.configuration import kinds
from shop.configuration.environment import Environment


class StripeAccount(NamedTuple):
    """The eight settings, in the order in which shop.settings names them."""

    secret_key: str
    is_live: bool
    account: str
    webhook_secrets: list[str]
    api_base: str
    stand_in: str
    checkout_domain: str
    checkout_origins: list[str]


def stripe_account(
    env: Environment, stripe_api: str, *, is_rehearsal: bool, is_debug: bool
) -> StripeAccount:
    """Keys that cannot be right are reported, and a live one where somebody only tries things."""
    key = str(
        env.read("STRIPE_SECRET_KEY", mend="Take a test key (sk_test_…) from the Stripe Dashboard.")
    )
    is_live = key.startswith(("sk_live_", "rk_live_"))
    # Only asked for where Stripe does not say whose a restricted key is.
    account = str(env.read("STRIPE_ACCOUNT", default=""))
    secrets = env.read(
        "STRIPE_WEBHOOK_SECRETS",
        kinds.listed,
        mend="The endpoint's whsec_…; while rolling, old and new.",
    )
    api = str(env.read("STRIPE_API_BASE", kinds.web_address, default=stripe_api))
    stand_in = str(env.read("FAKE_STRIPE_PUBLIC_URL", kinds.web_address, default=""))
    domain = str(env.read("CHECKOUT_DOMAIN", default="")).rstrip("/")
    # Where the browser may be sent to pay: Stripe's page, and in rehearsals the stand-in's.
    origins = ["https://checkout.stripe.com", *filter(None, [domain])]
    if api != stripe_api:
        origins.append(stand_in or api)

    env.check(
        "STRIPE_SECRET_KEY",
        lambda: not key or key.startswith(("sk_test_", "rk_test_", "sk_live_", "rk_live_")),
        "is no Stripe secret key: it begins with sk_test_, rk_test_, sk_live_ or rk_live_.",
    )
    env.check(
        "CHECKOUT_DOMAIN",
        lambda: re.fullmatch(r"(https://[^/?#@]+)?", domain) is not None,
        "is no origin of a payment page. Use https://pay.shop.example, without a path.",
    )
    env.check(
        "STRIPE_ACCOUNT",
        lambda: re.fullmatch(r"(acct_\w{1,60})?", account, re.ASCII) is not None,
        "is no account of Stripe's: it begins with acct_ (Dashboard, Settings, Account details).",
    )
    env.check(
        "STRIPE_SECRET_KEY",
        lambda: not (is_live and is_debug),
        "is a live key while DEBUG is on. Turn DEBUG off or use a test key.",
    )
    env.check(
        "STRIPE_SECRET_KEY",
        lambda: not (is_live and is_rehearsal and not is_debug),
        "is a live key while REHEARSAL is on. Turn REHEARSAL off or use a test key.",
    )
    env.check(
        "STRIPE_API_BASE",
        lambda: not (is_live and (api != stripe_api or stand_in)),
        "or FAKE_STRIPE_PUBLIC_URL points away from Stripe while the key is live. Remove it.",
    )
    env.check(
        "STRIPE_WEBHOOK_SECRETS",
        lambda: all(secret.startswith("whsec_") for secret in secrets),
        "holds something that does not begin with whsec_.",
    )
    return StripeAccount(key, is_live, account, secrets, api, stand_in, domain, origins)
