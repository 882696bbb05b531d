"""Nobody tells the shop of anything: no event comes, and Stripe's list of them is out of reach."""

from tests.support.house import House

ALWAYS = 100_000
EVENTS = "^/v1/events$"


def nobody_tells(shop: House) -> None:
    """No event comes, and Stripe's list of them cannot be read."""
    shop.listen("drop")
    shop.stand_in.fail(EVENTS, method="GET", status=503, times=ALWAYS)


def somebody_tells(shop: House) -> None:
    """As it was before."""
    shop.stand_in.ask("faults/clear", {})
    shop.listen("normal")
