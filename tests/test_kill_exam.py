"""The server is killed while an exam is taken: what it acknowledged is there, and the attempt goes on."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.models import Course, Question, User
from app.services import classes, exams, migrating, passwords, syncing
from app.services.exams import Draft
from app.services.identity import Person, person_of
from tests.bench.server import Server
from tests.e2e import course

PASSWORD = "quatre mots pour entrer"


class Taker:
    """A student's browser: cookies, forms and the page's script."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.browser = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        return str(self.browser.open(self.base + path, timeout=30).read().decode())

    def post(self, path: str, page: str, **fields: Any) -> str:
        """Send a form of `page`, the path of the one it is on; return the page that comes."""
        token = re.findall(r'name="csrf_token" value="([^"]+)"', self.get(page))[0]
        body = urlencode({"csrf_token": token, **fields}, doseq=True).encode()
        reply = self.browser.open(self.base + path, body, timeout=30)
        return str(reply.read().decode() if reply.headers.get_content_type() == "application/json" else reply.url)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of its own, with a course."""
    source = course.write(tmp_path / "essai", course.questions())
    database = Database(f"sqlite:///{tmp_path / 'rappel.db'}")
    migrating.upgrade(database)
    assert not syncing.sync_folder(database, source, datetime.now(UTC)).problems
    database.dispose()
    running = Server(tmp_path, RAPPEL_COURSES=str(source), RAPPEL_DATABASE_URL=f"sqlite:///{tmp_path / 'rappel.db'}")
    yield running
    running.kill()


def announce(folder: Path) -> int:
    """An open exam of a class that Zoé belongs to; return its id."""
    database, now = Database(f"sqlite:///{folder / 'rappel.db'}"), datetime.now(UTC)
    with database.writing() as session:
        course_id = session.scalars(select(Course.id)).one()
        bruno, zoe = (
            _person(session, login, role, course_id) for login, role in (("bruno", "teacher"), ("zoe", "learner"))
        )
        class_id = classes.create(session, bruno, "B2", course_id, now)
        classes.join(session, zoe, classes.found(session, bruno, class_id).join_code or "", "Zoé", now)
        listed = tuple(session.scalars(select(Question.id).where(Question.type == "true_false")))
        draft = Draft("Partiel", "exam", now, now + timedelta(hours=2), 3600, questions=listed)
        exam_id = exams.create(session, bruno, class_id, draft, now)
        exams.publish(session, bruno, exam_id, now)
    database.dispose()
    return exam_id


def _person(session: Session, login: str, role: str, course_id: int) -> Person:
    now = datetime.now(UTC)
    named = {"login": login, "login_key": login, "password_hash": passwords.hashed(PASSWORD)}
    user = User(role=role, created_at=now, seen_at=now, course_id=course_id, **named)
    session.add(user)
    session.flush()
    return person_of(user)


@pytest.mark.timeout(300)
def test_what_was_acknowledged_before_the_kill_is_there_and_the_attempt_goes_on(server: Server, tmp_path: Path) -> None:
    exam_id = announce(tmp_path)
    server.start()
    zoe = Taker(server.port)
    zoe.post("/account/log-in", "/account/log-in", login="zoe", password=PASSWORD)
    here = zoe.post(f"/exams/{exam_id}/start", f"/exams/{exam_id}/").removeprefix(zoe.base)

    for seq in range(1, 6):
        wanted = "true" if seq % 2 else "false"
        change = {"epoch": 1, "shown": 1, "q1-seq": seq, "q1-value": wanted}
        assert json.loads(zoe.post(f"{here}save", here, **change))["state"] == "saved"
        server.kill()
        server.start()
        assert re.search(rf'name="q1-value" value="{wanted}" checked', zoe.get(here))

    zoe.post(f"{here}submit", f"{here}hand-in", epoch=1)
    with closing(sqlite3.connect(tmp_path / "rappel.db")) as stored:
        assert stored.execute("SELECT closed_by, epoch FROM attempt").fetchall() == [("student", 1)]
        assert stored.execute("SELECT changes FROM attempt_item WHERE position = 1").fetchall() == [(5,)]
        assert stored.execute("PRAGMA integrity_check").fetchone() == ("ok",)
