"""What Stripe's payment page asks and how it looks, as far as the environment says so."""

from shop.configuration import kinds
from shop.configuration.environment import Environment


def names_asked(env: Environment) -> dict[str, bool]:
    """The names that the page asks for, and whether each may be left empty."""
    asked = {}
    for given in env.read("NAME_COLLECTION", kinds.listed, default=[]):
        kind, _, how = given.partition(":")
        if kind not in {"individual", "business"} or how not in {"", "optional"}:
            use = "Use individual, business or both, as individual,business:optional."
            env.report("NAME_COLLECTION", f"holds {given!r}. {use}")
        asked[kind] = how == "optional"
    return asked
