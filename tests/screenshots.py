"""The README's pictures: `python -m tests.screenshots` takes them anew, of the demonstration class, in French.

Time stands still and the class is seeded, so that a picture changes only when its page does.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from app import create_app
from app.config import Settings, packaged
from app.db import Database
from app.models import Card, Question
from app.services import accounts, demo, migrating, sessions, syncing
from app.services.demo import Made
from tests.loopback import Served

FOLDER = Path(__file__).parent / "data" / "screenshots"
NOW = datetime(2026, 11, 25, 17, 10, tzinfo=UTC)
SEED = 1
QUESTION = "images-start-a-registry"
TYPED = "docker run -p 5000:80 registry:3"  # two parts differ from what is expected
WIDE, NARROW = (1280, 860), (390, 760)
_ARGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1"]


@dataclass
class Stage:
    """The application with its demonstration class, as the pictures need it."""

    url: str
    app: Flask
    database: Database
    made: Made


def main() -> int:
    """Take every picture; exit status 1 where there is no Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        print("no Chromium on this machine", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _stage(Path(folder)) as stage, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGS)
        student = _prepare_student(stage)
        _take_pages(browser, stage, student)
        _take_review(browser, stage, student)
        browser.close()
    for picture in sorted(FOLDER.glob("*.png")):
        print(f"{picture.name}: {picture.stat().st_size} bytes")
    return 0


@contextmanager
def _stage(folder: Path) -> Iterator[Stage]:
    """The application on a port of loopback, over a database of its own."""
    url = f"sqlite:///{folder / 'rappel.db'}"
    settings = Settings(instance=folder, database_url=url, secret_key="for the pictures", courses=())
    database = Database(url)
    migrating.upgrade(database)
    syncing.sync_folder(database, packaged("questions") / "docker", NOW)
    made = demo.create(database, SEED, NOW, demo.Hashes("unusable", "unusable"))
    app = create_app(settings, lambda: NOW, database)
    served = Served(app)
    yield Stage(served.url, app, database, made)
    served.stop()
    database.dispose()


def _prepare_student(stage: Stage) -> str:
    """The login of whoever's card of the question of the pictures is due next; it becomes the first one asked."""
    people = {_id_of(stage, login): login for login in stage.made.students}
    with stage.database.writing() as session:
        card = session.scalars(
            select(Card)
            .join(Question, Question.id == Card.question_id)
            .where(Question.slug == QUESTION, Card.learner_id.in_(people))
            .where(Card.due >= NOW.date(), Card.streak > 1)
            .order_by(Card.due, Card.learner_id)
            .limit(1)
        ).one()
        card.due = NOW.date() - timedelta(days=20 * card.interval_days)
        return people[card.learner_id]


def _id_of(stage: Stage, login: str) -> int:
    with stage.database.reading() as session:
        return accounts.id_of(session, login)


def _take_pages(browser: Browser, stage: Stage, student: str) -> None:
    exam_id = stage.made.exam.exam_id if stage.made.exam else 0  # the bank of the pictures has questions to ask
    for name, login, address in (
        ("home", student, "/"),
        ("class", stage.made.teacher, f"/teach/classes/{stage.made.class_id}/"),
        ("marks", stage.made.teacher, f"/teach/exams/{exam_id}/marks/"),
    ):
        for size in (WIDE, NARROW):
            page = _open(browser, stage, login, size)
            page.goto(address)
            _save(page, name)


def _take_review(browser: Browser, stage: Stage, student: str) -> None:
    """The question at both widths, then the answer to it, which can be given once: on the wide page."""
    narrow, wide = _open(browser, stage, student, NARROW), _open(browser, stage, student, WIDE)
    for page in (narrow, wide):
        page.goto("/review/")
        page.locator("input[name=text]").fill(TYPED)
        _save(page, "question")
    wide.locator("[data-primary]").click()
    wide.locator("#verdict").wait_for()
    _save(wide, "feedback")
    wide.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    _save(wide, "feedback")


def _open(browser: Browser, stage: Stage, login: str, size: tuple[int, int]) -> Page:
    """A page of a browser in which the person has logged in."""
    with stage.database.writing() as session:
        token = sessions.start(session, accounts.id_of(session, login), NOW)
    sealer = stage.app.session_interface.get_signing_serializer(stage.app)  # type: ignore[attr-defined]
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="light", locale="fr-FR", base_url=stage.url
    )
    sealed = sealer.dumps({"_user_id": token, "_fresh": True, "_permanent": True})
    context.add_cookies([{"name": "rappel", "value": sealed, "url": stage.url}])
    return context.new_page()


def _save(page: Page, name: str) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=FOLDER / f"{name}-{width}.png", animations="disabled", caret="hide")


if __name__ == "__main__":
    sys.exit(main())
