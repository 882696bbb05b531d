"""Business time, which a test moves on."""

from datetime import timedelta

from shop.models import Clock
from tests.support.stand_in import StandIn


def move_clocks(stand_in: StandIn, **duration: float) -> None:
    """Business time goes on, at Stripe and in the shop."""
    stand_in.advance(**duration)
    move_clock(**duration)


def move_clock(**duration: float) -> None:
    """Business time goes on in the shop alone."""
    clock, _ = Clock.objects.get_or_create(id=1)
    clock.offset_seconds += int(timedelta(**duration).total_seconds())
    clock.save()


def level_clocks(stand_in: StandIn) -> None:
    """It is as late in the shop as at Stripe, whose clock alone an earlier test may have moved."""
    offset = int(stand_in.ask("clock")["offset"])
    Clock.objects.update_or_create(id=1, defaults={"offset_seconds": offset})
