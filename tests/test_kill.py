"""The server is killed again and again while people answer: what it acknowledged is there, once."""

import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from uuid import UUID

import pytest

from tests.bench.server import Server
from tests.bench.visitor import LOST, Form, Visitor

CLIENTS = 8
ENOUGH_ACKNOWLEDGED = 100
ENOUGH_CUT = 5
ENOUGH_KILLS = 3
BETWEEN_KILLS = (12, 30)  # answers acknowledged; a slow machine gets the time that it needs for them
LONGEST_S = 240.0
_PAUSE_S = 0.05


@dataclass
class Tally:
    """What the clients saw: acknowledged answers by id, forms whose reply was cut, anything unexpected."""

    acknowledged: list[str] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)
    cut: int = 0
    surprises: list[str] = field(default_factory=list)

    @property
    def enough(self) -> bool:
        """Whether there is enough to judge by, with some to spare."""
        return len(self.acknowledged) > 1.2 * ENOUGH_ACKNOWLEDGED and self.cut > 1.2 * ENOUGH_CUT


class Client(threading.Thread):
    """A guest who answers until told to stop, and sends the same form again after a cut."""

    def __init__(self, port: int, seed: int, tally: Tally, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._visitor = Visitor(port, seed)
        self._tally = tally
        self._stop_asked = stop

    def run(self) -> None:
        """Answer; whatever breaks outside an answer is simply tried again."""
        while not self._stop_asked.is_set():
            try:
                self._visitor.enter()
                for form in self._visitor.forms():
                    self._answer(form)
                    if self._stop_asked.is_set():
                        break
            except LOST:
                self._stop_asked.wait(_PAUSE_S)
        self._visitor.close()

    def _answer(self, form: Form) -> None:
        fields = form.filled(self._visitor.chance)
        answer_id = dict(fields)["answer_id"]
        self._tally.sent.add(answer_id)
        reply = None
        while reply is None and not self._stop_asked.is_set():
            try:
                reply = self._visitor.post(form.action, fields)
            except ConnectionRefusedError:  # it was never sent: the server is not back yet
                self._stop_asked.wait(_PAUSE_S)
            except LOST:
                self._tally.cut += 1
        if reply is None:
            return
        if reply.status == HTTPStatus.SEE_OTHER:
            self._tally.acknowledged.append(answer_id)
        else:
            self._tally.surprises.append(f"{reply.status} for {form.action} {fields}")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The real server on a new database."""
    started = Server(tmp_path).start()
    yield started
    started.kill()


def kill_again_and_again(server: Server, tally: Tally, pause: threading.Event) -> int:
    """Kill and restart the server until the clients have seen enough; return how often."""
    chance = random.Random(7)
    deadline = time.monotonic() + LONGEST_S
    kills = 0
    while time.monotonic() < deadline and not (tally.enough and kills >= ENOUGH_KILLS):
        more = len(tally.acknowledged) + chance.randint(*BETWEEN_KILLS)
        while len(tally.acknowledged) < more and time.monotonic() < deadline:
            pause.wait(_PAUSE_S)
        server.kill()
        kills += 1
        server.start()
    pause.wait(1)  # those whose reply was cut send their form again
    return kills


def logged(database: Path) -> Counter[str]:
    """How often each answer's id is in the log."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT answer_id FROM review_log WHERE answer_id IS NOT NULL").fetchall()
    return Counter(str(UUID(value)) for (value,) in rows)


@pytest.mark.timeout(360)
def test_what_was_acknowledged_is_stored_once_however_often_the_server_dies(server: Server) -> None:
    tally, stop = Tally(), threading.Event()
    clients = [Client(server.port, seed, tally, stop) for seed in range(CLIENTS)]
    for client in clients:
        client.start()

    kills = kill_again_and_again(server, tally, stop)
    stop.set()
    for client in clients:
        client.join(timeout=30)
    stopped = server.stop()
    stored, checked = logged(server.folder / "rappel.db"), server.run("db", "check")

    print(f"{kills} kills, {len(tally.acknowledged)} answers acknowledged, {tally.cut} cut, {stored.total()} stored")
    assert stopped == 0
    assert tally.surprises == []
    assert len(tally.acknowledged) >= ENOUGH_ACKNOWLEDGED
    assert tally.cut >= ENOUGH_CUT
    assert {answer: stored[answer] for answer in tally.acknowledged} == dict.fromkeys(tally.acknowledged, 1)
    assert set(stored) <= tally.sent
    assert (checked.returncode, checked.stderr) == (0, "")
