"""A whole year sits an exam at the same instant, over HTTP: nobody is refused, nobody waits long.

RAPPEL_BENCH_STUDENTS says how many (500). They wait for the opening on the page of the exam, and press the button the
moment their page offers it; or, waiting nowhere, all of them send their start at the very same instant. Each hand-in is
at one instant for all, and between them a student changes an answer every few seconds, as a quick one does. The
students are threads of this process, which shares the processors with the server: what is measured is what they wait
after they pressed, their own slowness included.

Never is anything but a page, a redirection or a turn answered: those who come last wait, or are told for how long. How
long an answer may take is asserted of several processes; README, "One process or several", has the figures of all.
"""

import json
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.engine import make_url

from app.db import Database
from app.exam.timing import opening_spread
from app.models import Attempt, Course, Membership, Question, User
from app.services import classes, exams, migrating, sessions, syncing
from app.services.exams import Draft
from app.services.identity import person_of
from tests.bench.conftest import Report
from tests.bench.server import Server
from tests.bench.visitor import Form, Reply, Visitor
from tests.conftest import POSTGRES, skip_or_fail
from tests.e2e import course

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1200)]

STUDENTS = int(os.environ.get("RAPPEL_BENCH_STUDENTS", "500"))
REDIS = os.environ.get("RAPPEL_TEST_REDIS")
SAVES = 10
THINK_S = (2.0, 6.0)
P99_MS = 2000
PATIENCE_S = 120
_SECRET = "a secret of this measurement only"


@dataclass
class Times:
    """How long each kind of request took, in ms, and what was answered; shared by all students."""

    took: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)
    opened: list[float] = field(default_factory=list)  # when each student pressed the button, on the same clock as
    entered: list[float] = field(default_factory=list)  # when each had the first page
    _mutex: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def of(self, kind: str) -> Iterator[list[Reply]]:
        """Measure one request; put its reply into what is yielded."""
        replies: list[Reply] = []
        began = time.perf_counter()
        yield replies
        took = (time.perf_counter() - began) * 1000
        with self._mutex:
            self.took.setdefault(kind, []).append(took)
            self.statuses[replies[0].status] = self.statuses.get(replies[0].status, 0) + 1


class Student:
    """One student in one browser, logged in; `begin` and `finish` are the instants that all share."""

    def __init__(self, port: int, cookie: str, exam_id: int, times: Times, seed: int) -> None:
        self.browser, self.exam_id, self.times = Visitor(port, seed, PATIENCE_S), exam_id, times
        self.browser.cookies["rappel"] = cookie
        self.browser.fragments = True  # the page's script starts without leaving the page: one request
        self.luck = random.Random(seed)
        self.form: Form | None = None

    def come(self) -> None:
        """Open the exam's page, as one does before it begins."""
        self.form = self.browser.get(f"/exams/{self.exam_id}/").form(f"/exams/{self.exam_id}/start")
        self.browser.close()  # no server keeps the connection of who only waits: the next request opens one

    def sit(self, begin: threading.Barrier, finish: threading.Barrier, spread_s: float) -> None:
        """Take the exam from its start to the hand-in; the page offers the start within `spread_s` of the opening."""
        start, form = f"/exams/{self.exam_id}/start", self.form
        assert form is not None
        begin.wait()
        time.sleep(self.luck.uniform(0, spread_s))
        self.times.opened.append(time.perf_counter())
        kept = list(form.kept)
        with self.times.of("start, with the first page or a turn") as got:
            got.append(self.browser.post(start, kept))
        while got[0].status == HTTPStatus.ACCEPTED:
            turn = json.loads(got[0].text)
            time.sleep(turn["wait_ms"] / 1000)
            with self.times.of("start, in its turn") as got:
                got.append(self.browser.post(start, [*kept, ("turn", turn["turn"])]))
        here = got[0].location
        assert here.startswith("/attempts/")
        self.times.entered.append(time.perf_counter())
        self._save(here, dict(form.kept)["csrf_token"])
        self.browser.close()
        finish.wait()
        with self.times.of("hand in") as got:
            got.append(self.browser.post(f"{here}submit", [*form.kept, ("epoch", "1")]))
        self.browser.close()

    def _save(self, here: str, token: str) -> None:
        for seq in range(1, SAVES + 1):
            time.sleep(self.luck.uniform(*THINK_S))
            value = self.luck.choice(("true", "false"))
            change = {"csrf_token": token, "epoch": "1", "shown": "1", "q1-seq": str(seq), "q1-value": value}
            with self.times.of("save") as got:
                got.append(self.browser.post(f"{here}save", list(change.items())))
            assert json.loads(got[0].text)["state"] == "saved"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'rappel.db'}"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A database of its own, gone afterwards."""
    if not POSTGRES or not REDIS:
        skip_or_fail("RAPPEL_TEST_POSTGRES or RAPPEL_TEST_REDIS names no server")
    name = f"rappel_bench_{uuid4().hex[:8]}"
    admin = create_engine(POSTGRES or "", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(POSTGRES or "").set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


SPREADS = {"who waited for the opening": opening_spread(STUDENTS).total_seconds(), "at one instant": 0.0}


@pytest.mark.parametrize("how", SPREADS)
def test_a_year_sits_an_exam_on_one_process(tmp_path: Path, sqlite_url: str, report: Report, how: str) -> None:
    _measure(tmp_path, sqlite_url, f"{how}, waitress, SQLite", report, SPREADS[how])


@pytest.mark.parametrize("how", SPREADS)
def test_a_year_sits_an_exam_on_several_processes(tmp_path: Path, postgres_url: str, report: Report, how: str) -> None:
    what = f"{how}, gunicorn, PostgreSQL"
    assert _measure(tmp_path, postgres_url, what, report, SPREADS[how], RAPPEL_REDIS_URL=REDIS or "") < P99_MS


def _measure(folder: Path, url: str, what: str, report: Report, spread_s: float, **settings: str) -> float:
    """Have everybody sit the exam; return the 99th percentile of what they waited for an answer, in ms."""
    source = course.write(folder / "essai", course.questions())
    exam_id, cookies = _announce(url, source)
    server = Server(
        folder, RAPPEL_COURSES=str(source), RAPPEL_DATABASE_URL=url, RAPPEL_SECRET_KEY=_SECRET, **settings
    ).start()
    times = Times()
    try:
        students = [Student(server.port, cookie, exam_id, times, seed) for seed, cookie in enumerate(cookies)]
        for student in students:
            student.come()
        before = server.cpu_s()
        _sit(students, spread_s)
        cpu_s = server.cpu_s() - before
    finally:
        server.stop()
    every = [took for kind in times.took.values() for took in kind]
    p99 = quantiles(every, n=100)[98]
    for kind, took in times.took.items():
        report(f"{kind}, {STUDENTS} students {what}", "ms", took)
    all_in_s = max(times.entered) - min(times.opened)
    report(f"all {STUDENTS} have their first page, {what}", "s", [all_in_s])
    report(f"99th percentile of all of these, {what}", "ms", [p99])
    if url.startswith("sqlite"):  # of several processes only the first one is counted
        report(f"server CPU for one of these, {what}", "ms", [cpu_s * 1000 / len(every)])
    print(f"\n{what}: {STUDENTS} students, {len(every)} requests, answered {times.statuses}, p99 {p99:.0f} ms")
    assert max(times.statuses) < HTTPStatus.BAD_REQUEST
    assert _handed_in(url) == STUDENTS
    return p99


def _sit(students: list[Student], spread_s: float) -> None:
    """Let everybody take the exam, each in a thread; an error of one lets nobody wait for ever."""
    begin, finish = threading.Barrier(len(students)), threading.Barrier(len(students))
    errors: list[Exception] = []

    def work(student: Student) -> None:
        try:
            student.sit(begin, finish, spread_s)
        except Exception as error:
            errors.append(error)
            begin.abort()
            finish.abort()

    threads = [threading.Thread(target=work, args=(student,)) for student in students]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors[:3]


def _announce(url: str, source: Path) -> tuple[int, list[str]]:
    """An open exam of a class, and a browser's cookie for each of its students."""
    database, now = Database(url), datetime.now(UTC)
    migrating.upgrade(database)
    assert not syncing.sync_folder(database, source, now).problems
    with database.writing() as session:
        course_id = session.scalars(select(Course.id)).one()
        dates = {"created_at": now, "seen_at": now, "course_id": course_id}
        session.add(teacher := User(role="teacher", login="t", login_key="t", password_hash="unusable", **dates))
        session.flush()
        who = person_of(teacher)
        class_id = classes.create(session, who, "L3", course_id, now)
        people = [{"role": "learner", "locale": "en", **dates} for _ in range(STUDENTS)]
        ids = session.scalars(insert(User).returning(User.id), people).all()
        member = {"class_id": class_id, "joined_at": now}
        session.execute(insert(Membership), [{**member, "user_id": one, "name": f"Student {one}"} for one in ids])
        listed = tuple(session.scalars(select(Question.id).where(Question.type == "true_false")))
        draft = Draft("Partiel", "exam", now, now + timedelta(hours=2), 3600, questions=listed)
        exam_id = exams.create(session, who, class_id, draft, now)
        exams.publish(session, who, exam_id, now)
        tokens = [sessions.start(session, one, now) for one in ids]
    database.dispose()
    return exam_id, [_sealed(token) for token in tokens]


def _sealed(token: str) -> str:
    """The cookie of a browser that is logged in, as the server would have set it."""
    stub = Flask("bench")
    stub.secret_key = _SECRET
    sealer = SecureCookieSessionInterface().get_signing_serializer(stub)
    assert sealer is not None
    return str(sealer.dumps({"_user_id": token, "_fresh": True, "_permanent": True}))


def _handed_in(url: str) -> int:
    database = Database(url)
    with database.reading() as session:
        count = len(session.scalars(select(Attempt.id).where(Attempt.closed_by == "student")).all())
    database.dispose()
    return count
