"""GET /teach/bank/questions/<id>: as a student sees it, then all there is to know of it."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.bank.schema import content_hash, from_document, to_document
from app.db import Database
from app.models import Question, QuestionVersion, ReviewLog
from app.services.classes import Taught
from app.services.identity import Person
from app.srs.sm2 import Grade
from tests.classroom import answer, enrol, open_class, undo
from tests.conftest import SINGLE, Clock
from tests.web.cards.test_card_page import BODIES

MakeQuestion = Callable[..., Question]
LogIn = Callable[..., Person]
MakeUser = Callable[..., Person]


@pytest.fixture
def teacher(log_in: LogIn) -> Person:
    """A teacher, in front."""
    return log_in(role="teacher", locale="en")


@pytest.fixture
def taught(db: Database, clock: Clock, teacher: Person) -> Taught:
    """The teacher's class."""
    return open_class(db, teacher, clock())


@pytest.fixture
def give(db: Database, clock: Clock, make_user: MakeUser) -> Callable[..., Person]:
    """Return a function that lets a new member of a class (or nobody's) answer a question."""

    def respond(question: Question, of: Taught | None, choice: str = "b", **more: Any) -> Person:
        learner = make_user()
        if of:
            enrol(db, of, learner, "Ada", clock())
        given = {"response": {"choice": choice}, "credit": Fraction(choice == "b"), **more}
        answer(db, learner, question, Grade.GOOD if choice == "b" else Grade.WRONG, clock(), **given)
        return learner

    return respond


def reword(db: Database, clock: Clock, question: Question, **changes: Any) -> None:
    """Give a question a second version."""
    with db.writing() as session:
        body = session.scalars(select(QuestionVersion.body).where(QuestionVersion.question_id == question.id)).one()
        parsed = from_document({**body, **changes})
        words = {"content_hash": content_hash(parsed), "body": to_document(parsed), "created_at": clock()}
        session.add(QuestionVersion(question_id=question.id, number=2, **words))
        session.get_one(Question, question.id).version = 2


@pytest.mark.parametrize("body", BODIES, ids=[body["type"] for body in BODIES])
def test_every_type_is_shown_with_its_key(
    client: FlaskClient, teacher: Person, make_question: MakeQuestion, body: dict[str, Any]
) -> None:
    question = make_question(**body)

    page = client.get(f"/teach/bank/questions/{question.id}").text

    assert "KEYCANARY" in page.split('id="key"')[1]
    assert "style=" not in page


def test_the_preview_sends_nothing_and_records_nothing(
    client: FlaskClient, db: Database, teacher: Person, make_question: MakeQuestion
) -> None:
    question = make_question()

    page = client.get(f"/teach/bank/questions/{question.id}").text

    assert '<fieldset class="preview" disabled' in page
    assert "/review/answer" not in page
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(ReviewLog)) == 0


def test_a_choice_shows_its_reason_and_the_key_its_mark(
    client: FlaskClient, teacher: Person, make_question: MakeQuestion
) -> None:
    key = client.get(f"/teach/bank/questions/{make_question().id}").text.split('id="key"')[1]

    assert "It shares everything." in key
    right = key.split("choice-right")[1].split("</li>")[0]
    assert "none" in right
    assert "Right answer" in right


def test_it_can_be_read_in_the_other_language(
    client: FlaskClient, teacher: Person, make_question: MakeQuestion
) -> None:
    question = make_question()

    page = client.get(f"/teach/bank/questions/{question.id}?in=fr").text

    assert "Quel réseau isole tout ?" in page
    assert 'lang="fr"' in page
    assert "Read it in English" in page


def test_its_links_lead_to_the_questions_they_name(
    client: FlaskClient, db: Database, teacher: Person, make_question: MakeQuestion
) -> None:
    one, other = make_question("one"), make_question("other")
    with db.writing() as session:
        links = {"objectives": ["network.one", "network.other"], "see_also": ["other", "lost"], "gives_away": ["other"]}
        session.get_one(Question, one.id).links = links

    page = client.get(f"/teach/bank/questions/{one.id}").text
    back = client.get(f"/teach/bank/questions/{other.id}").text

    assert page.count(f'href="/teach/bank/questions/{other.id}"') == 2
    assert "lost" in page
    assert "network.other" in page
    assert f'href="/teach/bank/questions/{one.id}"' in back.split("Its answer is given away by")[1]


@pytest.mark.parametrize(
    ("flag", "words"), [("reserved", "Reserved for exams"), ("draft", "Draft"), ("retired", "Retired")]
)
def test_a_question_that_is_not_asked_says_so(
    client: FlaskClient, teacher: Person, make_question: MakeQuestion, flag: str, words: str
) -> None:
    question = make_question(**{flag: True})

    assert words in client.get(f"/teach/bank/questions/{question.id}").text


def test_where_it_is_written_is_told(client: FlaskClient, teacher: Person, make_question: MakeQuestion) -> None:
    question = make_question("one")

    page = client.get(f"/teach/bank/questions/{question.id}").text

    assert "Written in network.yaml of the course docker, under the id one." in page


def test_each_version_says_what_it_changed(
    client: FlaskClient, db: Database, clock: Clock, teacher: Person, make_question: MakeQuestion
) -> None:
    question = make_question()
    clock.advance(days=2)
    reword(db, clock, question, text={"fr": SINGLE["text"]["fr"], "en": "Which network isolates all?"})

    versions = client.get(f"/teach/bank/questions/{question.id}").text.split('id="versions"')[1]

    assert versions.index("Version 2") < versions.index("Version 1")
    assert "Question, in English" in versions
    assert "<del>everything?</del>" in versions
    assert "<ins>all?</ins>" in versions
    assert "Wednesday 25 November" in versions


def test_answers_of_ones_own_members_are_counted_by_choice(
    client: FlaskClient, teacher: Person, taught: Taught, make_question: MakeQuestion, give: Callable[..., Person]
) -> None:
    question = make_question()
    for choice in ("a", "b", "b", "b"):
        give(question, taught, choice)
    give(question, taught, "a", response={"dont_know": True})

    page = client.get(f"/teach/bank/questions/{question.id}").text

    assert "60%" in page
    assert "Chosen 1 time." in page
    assert "Chosen 3 times." in page
    assert "Chosen 0 times." in page


def test_answers_over_all_versions_are_counted(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    teacher: Person,
    taught: Taught,
    make_question: MakeQuestion,
    give: Callable[..., Person],
) -> None:
    question = make_question()
    for _ in range(3):
        give(question, taught)
    reword(db, clock, question, level=3)
    for _ in range(2):
        give(question, taught)

    assert "Chosen 5 times." in client.get(f"/teach/bank/questions/{question.id}").text


def test_fewer_than_five_answers_say_nothing(
    client: FlaskClient, teacher: Person, taught: Taught, make_question: MakeQuestion, give: Callable[..., Person]
) -> None:
    question = make_question()
    for _ in range(4):
        give(question, taught)

    page = client.get(f"/teach/bank/questions/{question.id}").text

    assert "Fewer than 5 answers so far" in page
    assert "Chosen" not in page


def test_answers_of_other_peoples_learners_are_not_counted(  # noqa: PLR0917 the whole cast
    client: FlaskClient,
    db: Database,
    clock: Clock,
    teacher: Person,
    taught: Taught,
    make_user: MakeUser,
    make_question: MakeQuestion,
    give: Callable[..., Person],
) -> None:
    question = make_question()
    theirs = open_class(db, make_user(role="teacher"), clock(), "Theirs")
    for of in (theirs, theirs, theirs, None, None, taught):
        give(question, of)

    assert "Fewer than 5 answers so far" in client.get(f"/teach/bank/questions/{question.id}").text


def test_a_member_of_two_classes_is_counted_once_and_an_answer_taken_back_not_at_all(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    teacher: Person,
    taught: Taught,
    make_question: MakeQuestion,
    give: Callable[..., Person],
) -> None:
    question, second = make_question(), open_class(db, teacher, clock(), "Group 2")
    learners = [give(question, taught) for _ in range(6)]
    enrol(db, second, learners[0], "Ada", clock())
    undo(db, learners[1], question, 1, clock())

    assert "Chosen 5 times." in client.get(f"/teach/bank/questions/{question.id}").text


def test_a_question_that_does_not_exist_is_a_404(client: FlaskClient, teacher: Person) -> None:
    assert client.get("/teach/bank/questions/404").status_code == 404


def test_a_question_with_a_long_past_takes_a_handful_of_statements(  # noqa: PLR0917 the whole cast
    client: FlaskClient,
    db: Database,
    clock: Clock,
    teacher: Person,
    taught: Taught,
    make_question: MakeQuestion,
    give: Callable[..., Person],
    count_statements: Any,
) -> None:
    question = make_question()
    for _ in range(8):
        give(question, taught)
    reword(db, clock, question, level=3)

    with count_statements(db) as seen:
        client.get(f"/teach/bank/questions/{question.id}")

    assert len(seen) <= 8
