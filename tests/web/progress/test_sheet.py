"""GET /progress/sheet."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.models import Question
from app.services.identity import Person
from app.srs.sm2 import Grade
from tests.classroom import answer
from tests.conftest import Clock
from tests.desk import FLASHCARD, NONE, NUMBER

CLOZE = {
    "type": "cloze",
    "level": 2,
    "text": {"fr": "Le réseau par défaut est {{net}}.", "en": "The default network is {{net}}."},
    "blanks": {"net": {"accept": ["bridge"]}},
    "explanation": {"fr": "Sans option.", "en": "Without an option."},
}
MakeQuestion = Callable[..., Question]
LogIn = Callable[..., Person]


def test_before_the_first_answer_it_says_what_to_do(client: FlaskClient, log_in: LogIn) -> None:
    log_in(locale="en")

    page = client.get("/progress/sheet").text

    assert "No card to print yet" in page
    assert 'href="/review/"' in page


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({}, "<code>none</code>"),
        (NUMBER, "<p>2</p>"),
        (NONE, "none"),
        (FLASHCARD, "A folder that Docker keeps."),
    ],
)
def test_it_has_question_answer_explanation_and_section(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    log_in: LogIn,
    make_question: MakeQuestion,
    body: dict[str, object],
    key: str,
) -> None:
    learner, question = log_in(locale="en"), make_question(**body)
    answer(db, learner, question, Grade.WRONG, clock())

    page = client.get("/progress/sheet").text

    assert key in page
    assert 'In the course: <span lang="fr">Réseau</span>' in page
    assert "style=" not in page


@pytest.mark.parametrize(("asked", "size"), [("", 20), ("?cards=11", 10), ("?cards=x", 20), ("?cards=-5", 10)])
def test_it_holds_one_of_three_sizes(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    log_in: LogIn,
    make_question: MakeQuestion,
    asked: str,
    size: int,
) -> None:
    learner = log_in(locale="en")
    answer(db, learner, make_question(), Grade.WRONG, clock())

    page = client.get(f"/progress/sheet{asked}").text

    assert f'href="/progress/sheet?cards={size}" aria-current="true"' in page


def test_a_gap_is_numbered_as_the_language_writes_it(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner, question = log_in(locale="fr"), make_question(**CLOZE)
    answer(db, learner, question, Grade.WRONG, clock())

    assert "Partie manquante 1\u00a0:" in client.get("/progress/sheet").text
