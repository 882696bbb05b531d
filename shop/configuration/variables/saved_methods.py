"""What is shown again of kept payment methods, and Stripe's portal for them."""

import re

from shop.configuration import kinds
from shop.configuration.environment import Environment

# Stripe's words (the SDK's own list, PaymentMethod.allow_redisplay).
SHOWN = ["always", "limited", "unspecified"]
CONFIGURATION = re.compile(r"bpc_\w{1,250}", re.ASCII)


def saved_methods(env: Environment) -> tuple[list[str], str, str, str]:
    """Which of them the payment page shows, how new ones may be shown, and the portal's
    configuration and log-in page.
    """
    filters: list[str] = env.read(
        "PAYMENT_METHOD_REDISPLAY_FILTERS", kinds.listed, default=["always"]
    )
    env.check(
        "PAYMENT_METHOD_REDISPLAY_FILTERS",
        lambda: set(filters) <= set(SHOWN) and bool(filters),
        f"holds something else than {', '.join(SHOWN)}.",
    )
    allowed = env.choice("PAYMENT_METHOD_ALLOW_REDISPLAY", ["", *SHOWN], default="")
    configuration: str = env.read("PORTAL_CONFIGURATION", default="")
    env.check(
        "PORTAL_CONFIGURATION",
        lambda: not configuration or bool(CONFIGURATION.fullmatch(configuration)),
        "is no id of a configuration at Stripe, such as bpc_1Mx2YzLkdIwHu7ixJf0Ki4nC.",
    )
    login_page: str = env.read("PORTAL_LOGIN_PAGE", login_address, default="")
    return filters, allowed, configuration, login_page


def login_address(given: str) -> str:
    """An address of Stripe's, as the Dashboard shows it; empty for none."""
    if given and not re.fullmatch(r"https://[\w.-]+(/[\w./-]*)?", given, re.ASCII):
        raise kinds.Odd(
            f"is {given!r}. Use the address of the Dashboard, like"
            " https://billing.stripe.com/p/login/abc."
        )
    return given
