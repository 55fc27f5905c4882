"""What `bank extract` proposes reaches no learner before a person has removed the mark."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.bank.extract import extraction, folder
from app.bank.extract.earlier import Earlier
from app.db import Database
from app.models import Question
from app.services import syncing
from tests.conftest import MONDAY_MORNING

COURSE = (
    "# Ropes\n\n**Canarysheet**: a rope that pulls a canarysail\n\nA canarydinghy does not need a licence at sea.\n"
)
PATHS = ["/", "/review/", "/cards/", "/cards/?words=canary", "/practice/", "/progress/", "/settings/", "/account/data"]

LogIn = Callable[..., object]


@pytest.fixture
def extracted(db: Database, tmp_path: Path) -> Path:
    """A bank of drafts alone, extracted and stored."""
    path = tmp_path / "docker"  # the course that everybody studies
    made = extraction.extract("c.md", COURSE.encode(), "docker", Earlier(), "en")
    assert folder.write(path, made.files, made.ledger) == ()
    assert list(syncing.sync_folder(db, path, MONDAY_MORNING).problems) == []
    return path


def pages(client: FlaskClient) -> str:
    """Everything that a learner can open."""
    return " ".join(client.get(path, follow_redirects=True).text for path in PATHS)


def test_every_draft_is_stored_as_one(db: Database, extracted: Path) -> None:
    with db.reading() as session:
        assert {question.draft for question in session.scalars(select(Question))} == {True}


def test_no_page_shows_a_draft(client: FlaskClient, log_in: LogIn, extracted: Path) -> None:
    log_in()

    assert "canary" not in pages(client).replace("words=canary", "").replace('value="canary"', "")


def test_the_page_of_a_draft_is_not_found(client: FlaskClient, log_in: LogIn, db: Database, extracted: Path) -> None:
    log_in()
    with db.reading() as session:
        ids = list(session.scalars(select(Question.id)))

    assert {client.get(f"/cards/{one}").status_code for one in ids} == {404}


def test_a_question_whose_mark_was_removed_is_shown(
    client: FlaskClient, log_in: LogIn, db: Database, extracted: Path
) -> None:
    file = extracted / "ropes.yaml"
    draft, separator, others = file.read_text("utf-8").partition("\n\n")
    reviewed = re.sub(r"\{en: (.+)\}", r"{en: \1, fr: Français.}", draft.replace("  status: draft\n", ""))
    file.write_text(reviewed + separator + others, "utf-8")
    assert list(syncing.sync_folder(db, extracted, MONDAY_MORNING).problems) == []
    log_in(locale="en")

    assert "Canarysheet" in pages(client)
