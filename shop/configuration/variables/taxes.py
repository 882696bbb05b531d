"""How the shop reckons with taxes, as the environment says."""

import re
from collections.abc import Collection
from typing import NamedTuple

from shop.configuration import kinds
from shop.configuration.environment import Environment


class Taxes(NamedTuple):
    """The four settings, in the order in which shop.settings names them."""

    mode: str
    exclusive: list[str]
    code: str
    ids: str


def taxes(env: Environment, *, offered: Collection[str]) -> Taxes:
    """Odd values are reported; `offered` are the currencies that things are sold in."""
    # rates: by country and class of goods, as staff keep them in admin. stripe: by Stripe Tax.
    mode = env.choice("TAX_MODE", ["none", "rates", "stripe"], default="none")
    # Whose prices are without tax; all others include it.
    exclusive = env.read("TAX_EXCLUSIVE_CURRENCIES", kinds.listed, default=[])
    env.check(
        "TAX_EXCLUSIVE_CURRENCIES",
        lambda: set(exclusive) <= set(offered),
        "must hold only currencies that are offered (CURRENCIES_OFFERED).",
    )
    # In mode stripe, of what has none of its own.
    code = str(env.read("TAX_CODE_DEFAULT", default=""))
    env.check(
        "TAX_CODE_DEFAULT",
        lambda: re.fullmatch(r"(txcd_\d{8})?", code, re.ASCII) is not None,
        "is no tax code of Stripe's. Use txcd_99999999, with the digits of docs.stripe.com/tax.",
    )
    # Whether the payment page asks a business for the number it is taxed under.
    ids = env.choice("TAX_IDS", ["off", "optional", "required"], default="off")
    return Taxes(mode, exclusive, code, ids)
