"""Odd settings and mistyped names are told before anything is started."""

import os
from pathlib import Path

import pytest

from local.demo import settings_check
from local.services.processes import ROOT


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in set(os.environ) - {"PATH"}:
        monkeypatch.delenv(name)


def test_without_anything_given_all_is_well(tmp_path: Path) -> None:
    assert settings_check.found_by_settings() == []
    assert settings_check.names_nobody_reads(tmp_path / ".env") == []


def test_odd_settings_are_told_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWEEP_EVERY", "often")
    monkeypatch.setenv("CAPTURE_POLICY", "later")

    assert settings_check.found_by_settings() == [
        "CAPTURE_POLICY is 'later'. Use one of: automatic, stock_check, staff.",
        "SWEEP_EVERY is 'often'. Use a whole number of at least 1, such as 30.",
    ]


def test_port_and_key_have_their_own_sentences_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "fourty")
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_live_x")

    assert settings_check.found_by_settings() == []


def test_names_that_nobody_reads_are_told_with_the_one_that_was_meant(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dot_env = tmp_path / ".env"
    dot_env.write_text(
        "# NOT_GIVEN=1\nCAPTURE_POLCY=staff\nexport GIFT_WRAP=yes\nSECRET_KEY_FILE=/run/key\n"
        "POSTGRES_PASSWORD=x\nCOMPOSE_PROFILES=rehearsal\nCAPTURE_POLICY=staff\n"
    )
    monkeypatch.setenv("SWEEP_EVRY", "5")
    monkeypatch.setenv("EDITOR", "ed")

    assert settings_check.names_nobody_reads(dot_env) == [
        "CAPTURE_POLCY in .env is read by nobody. Did you mean CAPTURE_POLICY?",
        "GIFT_WRAP in .env is read by nobody. Remove it.",
        "SWEEP_EVRY in the environment is read by nobody. Did you mean SWEEP_EVERY?",
    ]


def test_example_is_read_by_somebody_in_every_line() -> None:
    assert settings_check.names_nobody_reads(ROOT / ".env.example") == []
