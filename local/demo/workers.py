"""Which Celery workers a shop has: money waits for nobody's mail.

A mail server that hangs, or a picture that comes slowly, holds a child of a worker for up to a
minute. What takes money and hears of it has a worker of its own; the sweep, which rings for it,
goes with it: behind such mails its bells would expire unheard.
"""

from __future__ import annotations

# Name: the queues it takes from, and how many pieces of work it does at the same time in the demo.
WORKERS = {
    "money": ("money,inbox,sweep", 2),
    "errands": ("mail,catalog", 1),
}


def command(name: str) -> list[str]:
    """How Python starts the worker; each has a name of its own, by which it is asked."""
    queues, children = WORKERS[name]
    worker = ["-m", "celery", "-A", "shop", "worker", "--hostname", f"{name}@%h"]
    worker += ["--queues", queues, "--concurrency", str(children)]
    return [*worker, "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
