"""Answers a second and their cost, beside the least that a durable answer can cost on the same machine."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import pytest

from tests.bench.conftest import Report
from tests.bench.server import Server
from tests.bench.visitor import Visitor

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]

CLIENTS = 8
ROUNDS = 5
ROUND_S = 3.0
QUESTION = ("/review/answer", "/review/reveal")


@dataclass(frozen=True, slots=True)
class Round:
    """One round: answers a second, and the server's processor time for each, in ms."""

    rate: float
    cpu_ms: float


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The application as `run` serves it."""
    started = Server(tmp_path).start()
    yield started
    started.kill()


@pytest.fixture
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Flask and one INSERT."""
    started = Server(tmp_path_factory.mktemp("bare"), "tests.bench.bare").start()
    yield started
    started.kill()


class Learner(Visitor):
    """A guest whose browser has JavaScript: each reply brings the feedback and the next question."""

    fragments = True

    def __init__(self, port: int, seed: int) -> None:
        super().__init__(port, seed)
        self.enter()
        self._next = self.next_form()

    def answer(self) -> bool:
        """Answer the question in front; whether it was recorded."""
        form = self._next
        if form is None:
            self.enter()
            self._next = self.next_form()
            return False
        reply = self.post(form.action, form.filled(self.chance))
        following = reply.form(*QUESTION)
        if following and following.action == "/review/reveal":
            following = self.post(following.action, following.kept).form("/review/grade")
        self._next = following
        return reply.status == HTTPStatus.OK


class Writer(Visitor):
    """What sends one row after the other to the bare server."""

    def answer(self) -> bool:
        """Send a row; whether it was kept."""
        return self.post("/answer", [("words", "bridge")]).status == HTTPStatus.OK


def rush(server: Server, clients: Sequence[Learner | Writer]) -> Round:
    """Let every client answer as fast as it can for a round."""
    counts = [0] * len(clients)
    deadline = time.monotonic() + ROUND_S

    def work(number: int, answer: Callable[[], bool]) -> None:
        while time.monotonic() < deadline:
            counts[number] += answer()

    answers: list[Callable[[], bool]] = [one.answer for one in clients]
    threads = [threading.Thread(target=work, args=numbered) for numbered in enumerate(answers)]
    cpu, began = server.cpu_s(), time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Round(sum(counts) / (time.monotonic() - began), (server.cpu_s() - cpu) * 1000 / max(1, sum(counts)))


def test_answers_a_second_beside_a_bare_insert(server: Server, bare: Server, report: Report) -> None:
    learners = [Learner(server.port, seed) for seed in range(CLIENTS)]
    writers = [Writer(bare.port, seed) for seed in range(CLIENTS)]
    rush(server, learners)  # caches fill
    pairs = [(rush(server, learners), rush(bare, writers)) for _ in range(ROUNDS)]

    answers = report("answers, with feedback and next question", "/s", [one.rate for one, _ in pairs])
    report("bare Flask and one durable INSERT", "/s", [one.rate for _, one in pairs])
    report("server CPU for an answer", "ms", [one.cpu_ms for one, _ in pairs])
    report("server CPU for a bare INSERT", "ms", [one.cpu_ms for _, one in pairs])
    report("memory of the server under this load", "MiB", [server.memory_mib()])
    for one in (*learners, *writers):
        one.close()
    assert answers.median > 0


def test_one_answer_at_a_time(server: Server, report: Report) -> None:
    learner, took = Learner(server.port, 0), list[float]()
    for _ in range(60):
        began = time.perf_counter()
        if learner.answer():
            took.append((time.perf_counter() - began) * 1000)
    learner.close()

    alone = report("one answer alone, from click to next question", "ms", took)

    assert alone.n > 0
