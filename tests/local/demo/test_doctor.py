"""`make doctor` finds what would keep the demo from starting, and goes on to the last check."""

import subprocess
import sys

from local.services.processes import ROOT
from tests.local.leftovers import own_environment


def test_every_odd_setting_is_named_with_its_mend() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "local.demo.doctor"],
        cwd=ROOT,
        env=own_environment(
            PORT="fourty", SWEEP_EVERY="often", CAPTURE_POLCY="staff", STRIPE_SECRET_KEY="pk_test_x"
        ),
        capture_output=True,
        text=True,
    )

    expected = [
        "PORT is 'fourty'. Use a number such as 4242.",
        "STRIPE_SECRET_KEY is no secret test key.",
        "SWEEP_EVERY is 'often'. Use a whole number of at least 1, such as 30.",
        "CAPTURE_POLCY in the environment is read by nobody. Did you mean CAPTURE_POLICY?",
    ]
    assert said.returncode == 1
    assert said.stderr == ""
    # A developer's own .env may hold more that is odd.
    assert [said.stdout.count(f"AMISS   {sentence}") for sentence in expected] == [1, 1, 1, 1]
