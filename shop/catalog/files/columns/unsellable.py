"""What Stripe Checkout and this shop's stock have no way to sell, known by how a file calls it."""

import re

# As words of a longer type or category: "Gift Cards", "Bundle set", "Variable subscription".
WORDS = {
    "gift cards": re.compile(r"\bgift[ _-]?(card|certificate|voucher)s?\b|\bgutscheine?\b"),
    "bundles": re.compile(r"\bbundles?\b"),
    "bookings": re.compile(r"\bbook(able|ings?)\b"),
    "auctions": re.compile(r"\bauctions?\b"),
    "subscriptions": re.compile(r"\bsubscriptions?\b"),
}
# Alone only: among other words they are ordinary ones, as in "External drives".
ALONE = {
    "grouped": "grouped products",
    "composite": "bundles",
    "external": "products of other shops",
    "affiliate": "products of other shops",
    "voucher": "gift cards",
    "vouchers": "gift cards",
}


def unsold(kind: str) -> str | None:
    """What a type or category says the product is, when the shop cannot sell it."""
    plain = kind.strip().lower()
    if plain in ALONE:
        return ALONE[plain]
    return next((what for what, words in WORDS.items() if words.search(plain)), None)
