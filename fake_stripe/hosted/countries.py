"""Countries by their two letters, for the forms of the customer's pages; the names are CLDR's."""

import unicodedata
from functools import cache

from babel import Locale

# Regions that CLDR names and ISO 3166 does not count as countries, and Kosovo's letters, which are
# for private use.
NO_COUNTRIES = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())
# Where Stripe's customers cannot live (docs.stripe.com/api/checkout/sessions/create, the values of
# `shipping_address_collection.allowed_countries`).
UNSERVED = frozenset({"CU", "IR", "KP", "SY"})


@cache
def names(language: str) -> dict[str, str]:
    """The name of each country in a language, by its two letters, in the order of the alphabet."""
    regions = Locale.parse(language).territories
    countries = {
        code: name
        for code, name in regions.items()
        if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES | UNSERVED
    }
    return dict(sorted(countries.items(), key=lambda country: without_accents(country[1])))


def without_accents(name: str) -> str:
    """A name as it is sorted: Österreich stands between Oman and Pakistan."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()


CODES = frozenset(names("en"))
