"""What is wrong now, by the database alone: cheap enough to be asked by every staff page."""

from dataclasses import dataclass

from fulfillment.models import Trouble
from shop import pulse

# Not found by looking, since nobody may be there to look: their silence tells of them.
BY_SILENCE = [part.value for part in pulse.Part]


@dataclass(frozen=True)
class Found:
    """A trouble and what is said of it."""

    kind: str
    said: str


def now() -> list[Found]:
    """Everything that is wrong, silence first."""
    looked = Trouble.objects.filter(ended_at=None).exclude(kind__in=BY_SILENCE).order_by("since")
    return [*by_silence(pulse.silences()), *(Found(one.kind, one.said) for one in looked)]


def by_silence(silences: list[pulse.Silence]) -> list[Found]:
    """What the silences mean, and what to do about them."""
    return [
        Found(silence.part, f"{silence.sentence} {MENDS[silence.part]}") for silence in silences
    ]


MENDS = {
    pulse.Part.WORKERS: "Nothing is captured, mailed or told to Stripe: start the workers.",
    pulse.Part.BEAT: "Deadlines and missed events are not looked at: start beat.",
    pulse.Part.SWEEP: "Deadlines may pass: look at the log of the worker for money.",
}
