"""`manage.py doctor` on a shop that runs, and on one in which nearly everything is amiss."""

import json
import subprocess
import sys
from typing import Any

from local.services.ports import free_port
from local.services.processes import ROOT
from payments.webhooks import HANDLED
from shop.models import Heartbeat
from tests.support.house import House


def examined(house: House, **more: str) -> tuple[int, dict[str, Any]]:
    ended = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--json"],
        cwd=ROOT,
        env={**house.environment, **more},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, {one["name"]: one for one in json.loads(ended.stdout or "[]")}


def test_a_running_shop_is_well_and_a_broken_one_says_what_and_how_to_mend_it(
    house: House,
) -> None:
    # K22
    # Its workers answer as soon as one of their children is free.
    house.wait_until_quiet()
    code, well = examined(house)
    house.stop("worker")
    house.stand_in.fail("/v1/refunds", status=403, times=9)
    (endpoint,) = [
        one
        for one in house.stand_in.api("webhook_endpoints")["data"]
        if one["url"] == f"{house.url}/webhook"
    ]
    address = f"webhook_endpoints/{endpoint['id']}"
    house.stand_in.call(address, **{"enabled_events[0]": HANDLED[0]})
    Heartbeat.objects.update(at="2026-01-01T00:00Z")
    mail = f"smtp://127.0.0.1:{free_port()}"
    broken_code, broken = examined(house, EMAIL_URL=mail)
    house.stand_in.call(address, **{"enabled_events[0]": "*"})
    house.heal()

    assert {name: one["said"] for name, one in well.items() if not one["ok"]} == {}
    assert code == 0
    amiss = {name: one for name, one in broken.items() if not one["ok"]}
    assert sorted(amiss) == ["beat", "endpoint", "mail", "rights", "worker"]
    assert all(one["mend"] for one in amiss.values())
    assert "Refunds: write" in amiss["rights"]["said"]
    assert ", ".join(HANDLED[1:]) in amiss["endpoint"]["said"]
    assert amiss["beat"]["said"].startswith("Whether beat rings cannot be told")
    assert broken_code == 1
