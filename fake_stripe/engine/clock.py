"""The account's clock: wall time plus an offset that only moves forward."""

import time

from fake_stripe.engine.store import Store


class Clock:
    """Reads time for everything that falls due; its offset outlives the process."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.offset = int(store.setting("clock_offset", 0))

    def now(self) -> int:
        """Seconds since 1970, as this account counts them."""
        return int(time.time()) + self.offset

    def advance(self, seconds: int) -> None:
        """Move the clock forward."""
        self.offset += seconds
        self.keep()

    def reset(self) -> None:
        """Back to wall time."""
        self.offset = 0
        self.keep()

    def keep(self) -> None:
        """Write the offset down; call it inside a transaction or alone."""
        self.store.set_setting("clock_offset", self.offset)
