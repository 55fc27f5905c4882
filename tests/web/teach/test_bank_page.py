"""GET /teach/bank/: how well the questions cover the course, and their list."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app.db import Database
from app.models import Course, Objective, Question
from app.services import flagging
from app.services.identity import Person
from app.services.question_bank import PAGE_SIZE
from tests.classroom import enrol, open_class
from tests.conftest import Clock
from tests.desk import FLASHCARD, Desk

MakeQuestion = Callable[..., Question]
LogIn = Callable[..., Person]


@pytest.fixture
def teacher(log_in: LogIn) -> Person:
    """A teacher, in front."""
    return log_in(role="teacher", locale="en")


@pytest.fixture
def listed(client: FlaskClient) -> Callable[..., list[str]]:
    """Return a function that lists the ids of the questions an address shows."""

    def read(query: str = "") -> list[str]:
        page = client.get(f"/teach/bank/{query}").text
        found = page.split('id="found"')[1]
        return re.findall(r"<code>([^<]+)</code></p></li>", found)

    return read


def weigh(db: Database, weight: int) -> None:
    """Give every objective a weight."""
    with db.writing() as session:
        session.execute(update(Objective).values(weight=weight))


def add_objective(db: Database, course: Course, topic_id: int = 1) -> None:
    """Store an objective without a question."""
    texts = {"text_fr": "Un trou.", "text_en": "A hole.", "section": "Réseau > Trous"}
    with db.writing() as session:
        keys = {"course_id": course.id, "topic_id": topic_id, "slug": "network.hole"}
        session.add(Objective(weight=3, complement=False, **keys, **texts))


def test_an_objective_without_a_question_is_told_before_everything(
    client: FlaskClient, db: Database, teacher: Person, course: Course, make_question: MakeQuestion
) -> None:
    make_question()
    add_objective(db, course)

    page = client.get("/teach/bank/").text

    assert page.index("Without a question") < page.index("A hole.") < page.index('id="topics"')
    assert "very likely examined" in page


def test_an_objective_with_too_few_says_what_it_lacks(
    client: FlaskClient, db: Database, teacher: Person, make_question: MakeQuestion
) -> None:
    make_question()
    weigh(db, 3)

    page = client.get("/teach/bank/").text

    assert "With too few" in page
    assert "1 question where 3 would do. All of one type. All of one level. None with a command or a snippet." in page


def test_the_figures_stand_behind_the_chart_of_topics(
    client: FlaskClient, teacher: Person, make_question: MakeQuestion
) -> None:
    make_question(topic="network")
    make_question(topic="volumes", reserved=True)
    make_question(topic="volumes", draft=True)

    page = client.get("/teach/bank/").text

    assert "1 of 1" in page
    row = page.split('<th scope="row">Volumes</th>')[1].split("</tr>")[0]
    cells = [cell.split(">")[1] for cell in row.split("</td>")[:-1]]
    assert cells == ["2", "1", "0", "1", "0", "1", "1", "0", "1", "0"]


def test_the_sections_of_the_course_are_counted(
    client: FlaskClient, db: Database, teacher: Person, course: Course, make_question: MakeQuestion
) -> None:
    make_question()
    add_objective(db, course)

    page = client.get("/teach/bank/").text

    assert "2 sections" in page
    assert '<th scope="row" lang="fr">Réseau &gt; Trous</th>' in page


def test_an_empty_bank_says_what_to_do(client: FlaskClient, db: Database, teacher: Person) -> None:
    with db.writing() as session:
        session.execute(update(Course).values(retired=True))

    reply = client.get("/teach/bank/")

    assert reply.status_code == 200
    assert "No course yet" in reply.text


def test_another_course_is_looked_over_by_its_name(
    client: FlaskClient, teacher: Person, make_course: Callable[..., Course], make_question: MakeQuestion, listed: Any
) -> None:
    make_question("docker-one")
    make_question("git-one", of=make_course("git"))

    assert listed() == ["docker-one"]
    assert listed("?course=git") == ["git-one"]
    assert client.get("/teach/bank/?course=none").status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?topic=volumes", ["card"]),
        ("?type=flashcard", ["card"]),
        ("?level=2", ["plain", "kept", "sketch"]),
        ("?status=studied", ["plain", "card"]),
        ("?status=reserved", ["kept"]),
        ("?status=draft", ["sketch"]),
        ("?status=retired", ["gone"]),
        ("?objective=network.kept", ["kept"]),
        ("?words=VOLUME", ["card"]),
        ("?words=reseau+isole", ["plain", "kept", "sketch"]),
        ("?words=loopback", ["plain", "kept", "sketch"]),
        ("?words=sketch", ["sketch"]),
        ("?words=nowhere", []),
        ("?topic=volumes&level=3", []),
        ("?level=9&status=x&page=z", ["plain", "kept", "sketch", "card"]),
    ],
)
def test_the_list_keeps_what_the_address_asks_for(
    teacher: Person, make_question: MakeQuestion, listed: Callable[..., list[str]], query: str, expected: list[str]
) -> None:
    make_question("plain")
    make_question("kept", reserved=True)
    make_question("sketch", draft=True)
    make_question("gone", retired=True)
    make_question("card", topic="volumes", **FLASHCARD)

    assert listed(query) == expected


def test_a_filtered_list_leaves_the_coverage_out_and_leads_back_to_it(
    client: FlaskClient, teacher: Person, make_question: MakeQuestion
) -> None:
    make_question()

    page = client.get("/teach/bank/?level=2").text

    assert 'id="topics"' not in page
    assert "See what the whole bank covers" in page


def test_a_long_list_has_pages_that_keep_the_filter(
    client: FlaskClient, teacher: Person, make_question: MakeQuestion, listed: Callable[..., list[str]]
) -> None:
    for number in range(PAGE_SIZE + 1):
        make_question(f"q-{number:03}")

    page = client.get("/teach/bank/?level=2").text

    assert len(listed("?level=2")) == PAGE_SIZE
    assert "/teach/bank/?page=2&amp;course=" in page or "/teach/bank/?page=2&amp;level=2#found" in page
    assert listed("?level=2&page=2") == [f"q-{PAGE_SIZE:03}"]
    assert listed("?level=2&page=99") == [f"q-{PAGE_SIZE:03}"]


def test_only_reports_of_ones_own_classes_are_counted(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    teacher: Person,
    make_desk: Callable[..., Desk],
    make_question: MakeQuestion,
    listed: Callable[..., list[str]],
) -> None:
    mine, stranger = make_desk(), make_desk()
    enrol(db, open_class(db, teacher, clock()), mine.person, "Ada", clock())
    for name, desk in (("reported", mine), ("elsewhere", stranger)):
        question = make_question(name)
        desk.answer(question)
        with db.writing() as session:
            flagging.flag(session, desk.person, question.id, "typo", "One letter.", clock())

    assert listed("?flagged=1") == ["reported"]
    assert client.get("/teach/bank/").text.count("1 open report") == 2
    assert "1 open report" in client.get("/teach/").text


def test_a_whole_bank_takes_a_handful_of_statements(
    client: FlaskClient, db: Database, teacher: Person, make_question: MakeQuestion, count_statements: Any
) -> None:
    def taken(path: str) -> int:
        with count_statements(db) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    make_question()
    few = taken("/teach/bank/")
    for _ in range(20):
        make_question()

    assert taken("/teach/bank/") == few <= 8
    assert taken("/teach/bank/?words=réseau&level=2") <= 8


def test_the_page_is_in_french_too(client: FlaskClient, log_in: LogIn, make_question: MakeQuestion) -> None:
    log_in(role="teacher", locale="fr")
    make_question()

    assert "Banque de questions" in client.get("/teach/bank/").text


def test_sections_are_in_the_language_of_the_course(
    client: FlaskClient, teacher: Person, make_question: MakeQuestion
) -> None:
    make_question()

    table = client.get("/teach/bank/").text.split("Objectives and questions by section of the course</caption>")[1]

    assert '<th scope="row" lang="fr">Réseau</th>' in table.split("</table>")[0]
