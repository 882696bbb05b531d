"""What is wrong now, by the database alone: cheap enough to be asked by every staff page."""

from dataclasses import dataclass

from django.db.models import TextField, Value

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
    """Everything that is wrong, silence first. One statement: it is asked by every staff page."""
    looked = Trouble.objects.filter(ended_at=None).exclude(kind__in=BY_SILENCE)
    silence = {*BY_SILENCE, pulse.MISSED}
    beats = pulse.heard().annotate(said=Value("", TextField()))
    rows = beats.union(looked.values_list("kind", "since", "said"), all=True)
    last = {name: at for name, at, _ in rows if name in silence}
    stands = sorted((at, name, said) for name, at, said in rows if name not in silence)
    return [*by_silence(pulse.silences(last)), *(Found(name, said) for _, name, said in stands)]


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
