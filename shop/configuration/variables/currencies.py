"""In which currencies customers pay, and above how much in each staff look."""

from collections.abc import Collection, Mapping

from shop.configuration import kinds
from shop.configuration.environment import Environment
from shop.money import CURRENCIES


def review_limits(env: Environment) -> dict[str, int]:
    """Above how much staff look at an order, {currency: minor units}."""
    return limits_in(env, "CAPTURE_REVIEW_ABOVE")


def limits_in(env: Environment, name: str) -> dict[str, int]:
    """An amount for each of some currencies, {currency: minor units}."""
    limits = {}
    for limit in env.read(name, kinds.listed, default=[]):
        currency, _, amount = limit.partition(":")
        if currency in CURRENCIES and amount.isascii() and amount.isdigit():
            limits[currency] = int(amount)
        else:
            env.report(name, f"holds {limit!r}. Use usd:50000,eur:45000.")
    return limits


def local_currency(
    env: Environment,
    *,
    policy: str,
    offered: Collection[str],
    limits: Mapping[str, int],
    exclusive: Collection[str],
) -> tuple[bool, bool]:
    """Whether customers elsewhere may pay in their own currency: at Stripe's rate, and whether in
    one of those that are `offered`, at the shop's own prices.

    `limits` are those of CAPTURE_REVIEW_ABOVE, `exclusive` the currencies whose prices are without
    the tax, as far as there are taxes.
    """
    is_adaptive: bool = env.read("ADAPTIVE_PRICING", kinds.truth, default=False)
    env.check(
        "ADAPTIVE_PRICING",
        lambda: not is_adaptive or policy == "automatic",
        "needs CAPTURE_POLICY=automatic: no session that asks for a hold is converted.",
    )
    by_place: bool = env.read("CURRENCY_BY_PLACE", kinds.truth, default=False)
    if by_place:
        for sentence in _contradictions(is_adaptive, offered, limits, exclusive):
            env.report("CURRENCY_BY_PLACE", sentence)
    return is_adaptive, by_place


def _contradictions(
    is_adaptive: bool,
    offered: Collection[str],
    limits: Mapping[str, int],
    exclusive: Collection[str],
) -> list[str]:
    """What nobody can have beside a currency that is chosen by place."""
    without = ", ".join(code for code in offered if code not in limits) if limits else ""
    found = {
        "is on, and so is ADAPTIVE_PRICING: use one of them.": is_adaptive,
        "needs two or more currencies in CURRENCIES_OFFERED.": len(set(offered)) < 2,
        f"needs a limit in each currency: CAPTURE_REVIEW_ABOVE has none in {without}.": (
            bool(without)
        ),
        "needs prices that all include the tax or all do not: TAX_EXCLUSIVE_CURRENCIES has some of"
        " CURRENCIES_OFFERED.": bool(exclusive) and not set(offered) <= set(exclusive),
    }
    return [sentence for sentence, holds in found.items() if holds]
