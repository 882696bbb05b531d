"""One change to the account: what it writes, announces and schedules is kept together or not."""

from collections.abc import Callable
from typing import Any

from fake_stripe import API_VERSION
from fake_stripe.engine.errors import missing_resource
from fake_stripe.engine.ids import new_id
from fake_stripe.engine.store import Store
from fake_stripe.schema import Object, complete, completed, has

Job = Callable[["Transaction", str], None]
# What may fall due, by name; `due` fills it.
JOBS: dict[str, Job] = {}


def due(name: str) -> Callable[[Job], Job]:
    """Register the function that runs when something scheduled under this name falls due."""

    def register(job: Job) -> Job:
        JOBS[name] = job
        return job

    return register


class Transaction:
    """The account as seen and changed by one request, one page or one thing that fell due."""

    def __init__(
        self,
        store: Store,
        *,
        now: int,
        offset: int,
        public_url: str,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        version: str = API_VERSION,
        lag: int = 0,
    ) -> None:
        self.store = store
        self.now = now
        self.offset = offset
        self.public_url = public_url
        self.request_id = request_id
        self.idempotency_key = idempotency_key
        # As the request names it; empty where it names none, as the command line does.
        self.version = version
        # How many seconds late lists are.
        self.lag = lag
        self.events: list[str] = []
        # Whether events of earlier are to be delivered once more.
        self.resent = False

    def create(self, kind: str, /, **values: Any) -> Object:
        """Write a new object of a kind: id, object, created, livemode and nulls are filled in."""
        values.setdefault("id", new_id(kind))
        values["object"] = kind
        if has(kind, "created"):
            values.setdefault("created", self.now)
        if has(kind, "livemode"):
            values["livemode"] = False
        private = values.pop("_", None)
        entry = complete(kind, values)
        if private is not None:
            entry["_"] = private
        self.store.insert(kind, entry)
        return entry

    def get(
        self, kind: str, object_id: str, param: str = "id", *, status: int | None = None
    ) -> Object:
        """The object, or Stripe's refusal: 404 for an id in the path, 400 for a parameter."""
        entry = self.store.find(kind, object_id)
        if entry is None:
            raise missing_resource(kind, object_id, param, status=status or 400)
        return entry

    def at_path(self, kind: str, object_id: str, param: str = "id") -> Object:
        """The object that the request's path names."""
        return self.get(kind, object_id, param, status=404)

    def save(self, entry: Object) -> None:
        """Write a changed object."""
        self.store.save(entry)

    def change(self, entry: Object, **changes: Any) -> Object:
        """Set fields, write the object and answer the earlier values of what has changed."""
        changes = completed(entry["object"], changes)
        before = {name: entry.get(name) for name in changes}
        entry.update(changes)
        self.store.save(entry)
        return difference(before, changes)

    def emit(self, kind: str, entry: Object, previous: Object | None = None) -> None:
        """Announce a fact as an event, to be delivered once this transaction is committed.

        An update tells what was there before; one that changed nothing is no news.
        """
        if previous == {} and kind.endswith(".updated"):
            return
        data: Object = {"object": public(entry)}
        if previous:
            data["previous_attributes"] = public(previous)
        event = self.create(
            "event",
            type=kind,
            api_version=API_VERSION,
            data=data,
            pending_webhooks=0,
            request={"id": self.request_id, "idempotency_key": self.idempotency_key},
        )
        self.events.append(event["id"])

    def schedule(self, job: str, object_id: str, at: int) -> None:
        """Have a job run on an object when the account's clock reaches `at`, in seconds.

        The name is one that `due` has registered; an earlier plan for the same job and object gives
        way.
        """
        self.store.execute("INSERT OR REPLACE INTO due VALUES (?, ?, ?)", job, object_id, at)

    def unschedule(self, job: str, object_id: str) -> None:
        """Drop what was scheduled."""
        self.store.execute("DELETE FROM due WHERE job = ? AND object = ?", job, object_id)


def public(entry: Object) -> Object:
    """The object without what the stand-in keeps for itself."""
    return {name: value for name, value in entry.items() if name != "_"}


def difference(before: Object, after: Object) -> Object:
    """The earlier values of what changed: hashes narrowed to their changed keys, arrays whole."""
    changed: Object = {}
    for name in sorted(before.keys() | after.keys()):
        earlier, now = before.get(name), after.get(name)
        if isinstance(earlier, dict) and isinstance(now, dict):
            if inner := difference(earlier, now):
                changed[name] = inner
        elif earlier != now:
            changed[name] = earlier
    return changed
