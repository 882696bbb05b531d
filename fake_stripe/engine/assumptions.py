"""What nobody here has seen of Stripe: how it is played, and how it could be as well.

A shop that leans on one of them would fail where Stripe does the other: each is a switch
(`POST /_fake/assumptions`), so that it can be tested with both.
"""

from collections.abc import Mapping

from fake_stripe.engine.store import Store

NAME = "assumptions"
# The values that each can have; the first is played until another one is chosen.
CHOICES: Mapping[str, tuple[str, ...]] = {
    # How a hold that was canceled or has lapsed shows on its charge.
    "released_hold": ("refund", "nothing"),
    # How what a partial capture leaves of the hold shows on its charge.
    "uncaptured_rest": ("reversal", "nothing"),
    # What a session says once its hold is captured.
    "captured_session": ("paid", "unpaid"),
    # Whether charges and refunds of other methods than cards have ids `py_…` and `pyr_…`.
    "ids_without_card": ("own", "as_cards"),
    # What becomes of a list's `limit` of 0 or above 100.
    "odd_limit": ("clamped", "refused"),
    # What a declined card's bank advises (docs.stripe.com/declines/codes): which test cards carry
    # which advice is told nowhere.
    "advice": ("none", "do_not_try_again", "try_again_later", "confirm_card_data"),
}


def assumed(store: Store, name: str) -> str:
    """How it is played now."""
    chosen: str = store.setting(NAME, {}).get(name, CHOICES[name][0])
    return chosen


def all_assumed(store: Store) -> dict[str, str]:
    """How each is played now, by its name."""
    return {name: assumed(store, name) for name in CHOICES}


def choose(store: Store, chosen: Mapping[str, str]) -> None:
    """Play these so from now on; the caller has seen that they are choices."""
    store.set_setting(NAME, {**store.setting(NAME, {}), **chosen})


def forget(store: Store) -> None:
    """Play everything as at the beginning."""
    store.set_setting(NAME, {})
