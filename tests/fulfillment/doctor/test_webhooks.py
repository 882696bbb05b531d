"""The webhook endpoint at Stripe, as the doctor sees it."""

from typing import Any

import pytest

from fulfillment.doctor import webhooks
from fulfillment.doctor.amiss import Amiss
from payments.webhooks import HANDLED
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

OURS = "http://localhost:4242/webhook"


def register(stand_in: StandIn, url: str = OURS, version: str = "2026-10-28.endive") -> Any:
    return stand_in.call(
        "webhook_endpoints", url=url, api_version=version, **{"enabled_events[0]": "*"}
    )


def said(settings: Any) -> str:
    settings.REHEARSAL = False
    with pytest.raises(Amiss) as found:
        webhooks.endpoint()
    assert found.value.mend
    return str(found.value)


def test_none_for_this_address(stand_in: StandIn, settings: Any) -> None:
    # K22
    register(stand_in, "http://localhost:4242/other")
    register(stand_in, "https://another.example/webhook")

    assert said(settings) == f"Stripe has no endpoint for {OURS}."


def test_an_own_name_of_this_machine_is_taken(stand_in: StandIn) -> None:
    # K22
    register(stand_in, "http://127.0.0.1:4242/webhook")

    assert webhooks.endpoint() == (
        f"http://127.0.0.1:4242/webhook is sent all {len(HANDLED)} kinds of events that the shop "
        "acts on"
    )


def test_an_old_version_is_told(stand_in: StandIn, settings: Any) -> None:
    # K22
    register(stand_in, version="2024-06-20")

    assert said(settings) == (
        f"{OURS} is sent events of API version 2024-06-20; the shop reads 2026-10-28.endive."
    )


def test_a_disabled_one_and_one_too_many_are_told(stand_in: StandIn, settings: Any) -> None:
    # K22
    made = register(stand_in)
    stand_in.call(f"webhook_endpoints/{made['id']}", disabled="true")
    disabled = said(settings)
    register(stand_in)
    register(stand_in)

    assert disabled == f"The endpoint {OURS} is disabled."
    assert said(settings) == (
        "2 endpoints send to http://localhost:4242: every event comes as often."
    )
