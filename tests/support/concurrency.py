"""Several things at the same time, one of them in the middle of a call."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.db import connection

from payments.models import CheckoutSession
from shop.stripe_client import clients
from tests.support.stand_in import HANGS_AFTER, StandIn

Answer = TypeVar("Answer")


def at_once(calls: list[Callable[[], Answer]]) -> list[Answer | Exception]:
    """Everybody at the same moment, each with a database connection of its own.

    Whoever waits for a lock waits until it is free: with the shop's own limits of some seconds
    the answer would depend on how fast the machine is.
    """
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Answer]) -> Answer | Exception:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
            start.wait()
            return call()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as crowd:
        return list(crowd.map(run, calls))


def waiting_for_locks() -> list[int]:
    """The process ids of this database's connections that wait for a lock of somebody else.

    From pg_locks: what pg_stat_activity says stays the same within a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT pid FROM pg_locks WHERE NOT granted AND pid IN"
            " (SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
            " WHERE datname = current_database())"
        )
        return [pid for (pid,) in cursor.fetchall()]


@contextmanager
def while_reading(
    stand_in: StandIn, session: CheckoutSession, read: Callable[[], Any]
) -> Iterator[None]:
    """`while_asking` about this session."""
    with while_asking(stand_in, f"/v1/checkout/sessions/{session.stripe_session_id}$", read):
        yield


@contextmanager
def while_asking(stand_in: StandIn, path: str, read: Callable[[], Any]) -> Iterator[None]:
    """`read` gets the answer to its GET of the path from before the block, and uses it after it.

    The stand-in has the answer ready and keeps it back.
    """
    with ThreadPoolExecutor(1) as aside:
        with patient_clients(), stand_in.holding(path, method="GET", when="after"):
            reading = aside.submit(lambda: at_once([read])[0])
            stand_in.wait_for_held()
            yield
        answer = reading.result()
    if isinstance(answer, Exception):
        raise answer


@contextmanager
def patient_clients() -> Iterator[None]:
    """Calls to Stripe wait for as long as a test has something to do meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clients, "TIMEOUT", (HANGS_AFTER, HANGS_AFTER))
        patch.setattr(settings, "STRIPE_PAGE_PATIENCE", HANGS_AFTER)
        clients._client.cache_clear()
        yield
    clients._client.cache_clear()
