"""What the shipped bank costs: at the start of the server, and for the authors."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.bank import lint
from app.bank.loader import load_course
from app.config import packaged
from app.db import Database
from app.services import syncing
from tests.bench.conftest import Report

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]

TIMES = 7
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FOLDER = packaged("questions") / "docker"


def seconds(work: Callable[[], object]) -> list[float]:
    """How much processor time `work` takes, several times, in seconds: no other program counts."""
    took = []
    for _ in range(TIMES):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return took


def test_loading_the_bank(report: Report) -> None:
    count = len(load_course(FOLDER).questions)

    loading = report(f"reading the {count} questions of the bank", "CPU s", seconds(lambda: load_course(FOLDER)))

    assert loading.median < 1


def test_judging_the_bank(report: Report) -> None:
    loaded = load_course(FOLDER)

    judging = report("judging them, as bank check does", "CPU s", seconds(lambda: lint.examine(loaded)))

    assert judging.median < 3


def test_synchronising_a_bank_that_did_not_change(db: Database, report: Report) -> None:
    syncing.sync_folder(db, FOLDER, NOW)

    quiet = report("synchronising them, unchanged", "CPU s", seconds(lambda: syncing.sync_folder(db, FOLDER, NOW)))

    assert quiet.median < 0.5


def test_synchronising_a_bank_that_another_version_stored(
    db: Database, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    syncing.sync_folder(db, FOLDER, NOW)
    versions = iter(range(TIMES))
    monkeypatch.setattr(syncing, "fingerprint", lambda _: f"version {next(versions)}")

    took = seconds(lambda: syncing.sync_folder(db, FOLDER, NOW))
    first = report("synchronising them, by a new version", "CPU s", took)

    assert first.median < 2
