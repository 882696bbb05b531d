"""When an event that an endpoint did not take is tried again.

Stripe publishes no intervals: in live mode it tries for up to three days with growing waits, in a
sandbox three times over a few hours. Both are played on the account's clock. Nobody who rehearses
wants to wait for hours, so that `quick`, the default, also tries in real time, for those same days.
"""

from dataclasses import dataclass

HOUR = 60 * 60
GIVEN_UP_AFTER = 3 * 24 * HOUR


@dataclass(frozen=True)
class Schedule:
    """Seconds between tries: of the account's clock, and of real time where it is in a hurry."""

    waits: tuple[int, ...]
    hurried: tuple[int, ...] = ()

    def next_times(
        self, tried: int, *, clock: int, wall: float, since: int
    ) -> tuple[float | None, int] | None:
        """When the try after so many comes, in real time and by the clock; none gives up."""
        if not self.hurried:
            return (None, clock + self.waits[tried - 1]) if tried <= len(self.waits) else None
        if clock - since >= GIVEN_UP_AFTER:
            return None
        step = tried - 1
        return (
            wall + self.hurried[min(step, len(self.hurried) - 1)],
            clock + self.waits[min(step, len(self.waits) - 1)],
        )


# The last try comes 67 hours after the first.
LIVE = (300, 1800, 2 * HOUR, 5 * HOUR, *(10 * HOUR,) * 6)
SCHEDULES = {
    "quick": Schedule(LIVE, hurried=(1, 3, 10, 30, 60, 120, 300, 600)),
    "live": Schedule(LIVE),
    "sandbox": Schedule((HOUR, 3 * HOUR)),
}
