"""What Stripe Checkout and this shop's stock have no way to sell, known by how a file calls it."""

import re

# All of a kind, or the last step of its path: a word among others says nothing, as in "Gift Card
# Holders" and "External drives".
KINDS = {
    "gift cards": re.compile(
        r"(e-?|digital |geschenk-?)?(gift[ _-]?(card|certificate|voucher)s?|gutscheine?|vouchers?)"
        r"|pw-gift-card"
    ),
    "bundles": re.compile(r"(product |woosb |yith )?bundles?( sets?)?|composite"),
    "bookings": re.compile(r"book(able|ings?)( products?)?"),
    "auctions": re.compile(r"auctions?"),
    "subscriptions": re.compile(r"((variable|simple)[ _-])?subscriptions?"),
    "grouped products": re.compile(r"grouped"),
    "products of other shops": re.compile(r"external|affiliate"),
}


def unsold(kind: str) -> str | None:
    """What a type says the product is, when the shop cannot sell it."""
    plain = kind.rpartition(">")[2].strip().lower()
    return next((what for what, whole in KINDS.items() if whole.fullmatch(plain)), None)
