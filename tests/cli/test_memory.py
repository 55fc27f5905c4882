"""How a process that serves collects garbage."""

import gc
from collections.abc import Iterator

import pytest
from flask import Flask

from app.cli import memory
from app.cli.workers import Workers


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The tests that follow collect garbage as they did."""
    usual = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*usual)


def test_what_is_there_when_a_server_starts_is_not_looked_through_again() -> None:
    there = len(gc.get_objects())

    memory.settle()

    assert gc.get_freeze_count() > there / 2
    assert len(gc.get_objects()) < there / 100


def test_what_a_request_leaves_behind_is_collected() -> None:
    memory.settle()
    before = len(gc.get_objects())

    for _ in range(200_000):
        rings: list[object] = []
        rings.append(rings)

    assert len(gc.get_objects()) - before < 100_000


def test_each_process_settles_once_its_application_is_made() -> None:
    before = gc.get_freeze_count()

    Workers(lambda: Flask("made"), {}).load()

    assert gc.get_freeze_count() > before
