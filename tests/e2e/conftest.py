"""A real server on loopback and a real Chromium; whatever a page complains about fails its test."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import select

from app import create_app
from app.config import Settings
from app.db import Database
from app.models import Attempt, AttemptItem, Card, Exam, ExamItem, Question, ReviewLog
from app.services import sessions, syncing
from app.services.hiding import hidden_questions
from app.services.identity import Person
from tests.conftest import MONDAY_MORNING, skip_or_fail
from tests.e2e import course
from tests.e2e.course import Asked
from tests.loopback import Served

# The shell is the same Chromium without the window around its pages, which costs as much as they do.
_BROWSERS = ("chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome")
_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation",
    (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));"""
_UNREACHED = "Failed to load resource: net::ERR_"
_CUT = tuple(f"{_UNREACHED}{how}" for how in ("INTERNET_DISCONNECTED", "CONNECTION_REFUSED", "CONNECTION_RESET"))
_TEACHERS_READ_KEYS = re.compile(r"/teach/bank/|/teach/exams/\d+/(marks/|preview\?(.*&)?key=1(&|$))")
_TOKEN = re.compile(rb"canari[0-9a-f]{12}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser; one worker runs a file's tests, so that it starts one server."""
    for item in items:
        if "e2e" in Path(str(item.path)).parts:
            item.add_marker(pytest.mark.browser)


@dataclass
class Live:
    """A server that is running, its course, and the keys it gave away too early."""

    url: str
    app: Flask
    database: Database
    asked: dict[str, Asked]
    started: float = field(default_factory=time.monotonic)
    shift: timedelta = timedelta()
    leaks: list[str] = field(default_factory=list)
    responses: int = 0

    def now(self) -> datetime:
        """Monday morning, ticking; a test may move it on by `shift`."""
        return MONDAY_MORNING + timedelta(seconds=time.monotonic() - self.started) + self.shift


class Watch:
    """A WSGI layer that reads every response and notes each key that comes before its answer."""

    def __init__(self, inner: Callable[..., Any], live: Live) -> None:
        self.inner = inner
        self.live = live

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        headers: list[Any] = []

        def begin(status: str, fields: list[tuple[str, str]], *rest: Any) -> Any:
            headers.append((status, fields))
            return start_response(status, fields, *rest)

        iterable = self.inner(environ, begin)
        try:
            body = b"".join(iterable)
        finally:
            if hasattr(iterable, "close"):
                iterable.close()
        self.live.responses += 1
        self._read(environ, body + repr(headers).encode())
        return [body]

    def _read(self, environ: dict[str, Any], sent: bytes) -> None:
        for token in {found.decode() for found in _TOKEN.findall(sent)}:
            asked = next(one for one in self.live.asked.values() if one.token == token)
            turned = asked.type == "flashcard" and environ["PATH_INFO"] in ("/review/reveal", "/practice/reveal")
            who = self._person(environ.get("HTTP_COOKIE", ""))
            asked_for = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
            shown_to_teachers = who is not None and who.teaches and _TEACHERS_READ_KEYS.match(asked_for)
            answered = who and (self._was_answered(who, asked) or self._was_examined(who, asked, environ["PATH_INFO"]))
            packed = who and asked_for.startswith("/review/pack?") and not self._is_hidden(who, asked)
            if not turned and not shown_to_teachers and not answered and not packed:
                self.live.leaks.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} tells {asked.heading}")

    def _person(self, cookies: str) -> Person | None:
        """The person behind the cookie."""
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.live.app)
        sealed = SimpleCookie(cookies).get("rappel")
        token = serializer.loads(sealed.value).get("_user_id", "") if serializer and sealed else ""
        with self.live.database.reading() as session:
            found = sessions.find(session, token, self.live.now())
        return found[0] if found else None

    def _is_hidden(self, who: Person, asked: Asked) -> bool:
        """Whether an exam hides the question from the learner now, or it is kept for exams: then no pack holds it."""
        with self.live.database.reading() as session:
            question = session.query(Question).filter_by(slug=asked.document["id"]).one()
            return question.reserved or question.id in hidden_questions(session, who, self.live.now())

    def _was_examined(self, who: Person, asked: Asked, path: str) -> bool:
        """Whether an exam lets the learner read the token: they typed it, or its result tells keys, at once or now."""
        statement = (
            select(AttemptItem.response, Attempt.submitted_at, Exam.show_answers, Exam.closes_at)
            .join(Attempt, Attempt.id == AttemptItem.attempt_id)
            .join(Exam, Exam.id == Attempt.exam_id)
            .join(ExamItem, ExamItem.id == AttemptItem.item_id)
            .join(Question, Question.id == ExamItem.question_id)
            .where(Question.slug == asked.document["id"], Attempt.learner_id == who.id)
        )
        with self.live.database.reading() as session:
            rows = session.execute(statement).all()
        told = path.endswith("/result")
        return any(asked.token in str(row.response) or (told and self._tells_keys(row)) for row in rows)

    def _tells_keys(self, row: Any) -> bool:
        """Whether the exam of this attempt shows its keys by now."""
        if row.show_answers == "submitted":
            return row.submitted_at is not None
        return row.show_answers == "closed" and row.closes_at is not None and row.closes_at < self.live.now()

    def _was_answered(self, who: Person, asked: Asked) -> bool:
        """Whether the learner has an answer to the question in their log."""
        statement = (
            select(ReviewLog.id)
            .join(Card, Card.id == ReviewLog.card_id)
            .join(Question, Question.id == Card.question_id)
            .where(Question.slug == asked.document["id"], ReviewLog.learner_id == who.id)
        )
        with self.live.database.reading() as session:
            return session.scalars(statement).first() is not None


@pytest.fixture(scope="session")
def live(memory_folder: Path, sqlite_template: Path) -> Iterator[Live]:
    """The application on a port of loopback, with CSRF protection, as a browser meets it."""
    folder = memory_folder / "live"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "rappel.db")
    asked = course.questions()
    source = course.write(folder / "essai", asked)
    settings = Settings(
        instance=folder,
        database_url=f"sqlite:///{folder / 'rappel.db'}",
        secret_key="a secret of the browser tests",
        courses=(source,),
    )
    database = Database(settings.database_url)
    report = syncing.sync_folder(database, source, datetime.now(UTC))
    assert not report.problems, [str(problem) for problem in report.problems]
    running = Live("", Flask("placeholder"), database, {one.heading: one for one in asked})
    running.app = create_app(settings, running.now, database)
    served = Served(Watch(running.app, running))
    running.url = served.url
    yield running
    served.stop()
    database.dispose()
    assert running.leaks == [], "keys left the server before their answers"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without its window where it can do without."""
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        skip_or_fail("no Chromium on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=_ARGS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser, live: Live) -> Iterator[Callable[..., Page]]:
    """Return a factory of pages, each in a browser of its own; what a console complains about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(js: bool = True, width: int = 1280, dark: bool = False, locale: str = "fr-FR") -> Page:
        context = browser.new_context(
            java_script_enabled=js,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale=locale,
            reduced_motion="reduce",  # no colour is on its way to another when axe measures it
            base_url=live.url,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if js:
            context.add_init_script(_TELL_VIOLATIONS)
        page = context.new_page()
        page.on("console", lambda message: _note(complaints, message.type, message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", lambda reply: _note(complaints, "error" if reply.status >= 500 else "", reply.url))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def _note(complaints: list[str], kind: str, text: str) -> None:
    """Keep errors and policy reports; a page refused (4xx) or a network cut on purpose is no complaint."""
    expected = ("Failed to load resource: the server responded with a status of 4", *_CUT)
    if kind in ("error", "warning") and not text.startswith(expected):
        complaints.append(f"{kind}: {text}")
