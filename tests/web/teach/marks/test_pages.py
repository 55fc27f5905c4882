"""The pages about marks, as the teacher of the class reads them."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.models import AttemptEvent, User
from app.services import attempts, classes, exams
from app.services.exams import Draft
from app.services.identity import Person
from tests.hall import Hall, answer_all, item_at, sit
from tests.web.teach.marks.conftest import TYPES

MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]
LogIn = Callable[..., Person]


@pytest.fixture
def hall(make_hall: MakeHall, make_user: MakeUser, client: FlaskClient, log_in: LogIn) -> Hall:
    """Alice has 15, Bruno 5 and passes not, Chloe is at work, David never came."""
    hall = make_hall(shuffle_questions=False, pass_hundredths=1000)
    log_in(hall.teacher)
    answer_all(hall, sit(hall, make_user, "Alice"), "b", "b", "b", "a")
    answer_all(hall, sit(hall, make_user, "Bruno"), "a", "b", "c", "c")
    hall.start(sit(hall, make_user, "Chloe"))
    sit(hall, make_user, "David")
    return hall


def page(client: FlaskClient, hall: Hall, rest: str = "") -> str:
    reply = client.get(f"/teach/exams/{hall.exam_id}/marks/{rest}")
    assert reply.status_code == 200
    return " ".join(reply.text.replace("\xa0", " ").replace("\u202f", " ").split())


def order(client: FlaskClient, hall: Hall, sort: str) -> list[str]:
    text = page(client, hall, f"?sort={sort}")
    names = ("Alice", "Bruno", "Chloe", "David")
    return sorted(names, key=lambda name: text.index(f'<th scope="row">{name}</th>'))


def test_everybody_is_listed_with_score_state_and_pass(client: FlaskClient, hall: Hall) -> None:
    text = page(client, hall)

    assert order(client, hall, "name") == ["Alice", "Bruno", "Chloe", "David"]
    for words in ("15,00", "5,00", "Copie remise", "En cours", "N’a pas commencé", "oui", "non"):
        assert words in text


def test_the_mean_the_median_and_the_passes_are_told(client: FlaskClient, hall: Hall) -> None:
    text = page(client, hall)

    assert "<dd>10,00 <span" in text
    assert '<dd>1 <span class="meta">sur 2</span>' in text


def test_how_scores_are_rounded_is_said(client: FlaskClient, hall: Hall) -> None:
    assert "arrondies une seule fois" in page(client, hall)


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("score", ["Bruno", "Alice", "Chloe", "David"]),
        ("-score", ["Alice", "Bruno", "Chloe", "David"]),
        ("attempts", ["Alice", "Bruno", "Chloe", "David"]),
        ("-attempts", ["Alice", "Bruno", "Chloe", "David"]),
        ("-name", ["David", "Chloe", "Bruno", "Alice"]),
        ("nonsense", ["Alice", "Bruno", "Chloe", "David"]),
    ],
)
def test_a_column_sorts_and_students_without_a_score_come_last(
    client: FlaskClient, hall: Hall, sort: str, names: list[str]
) -> None:
    assert order(client, hall, sort) == names


def test_an_erased_student_is_not_named(client: FlaskClient, hall: Hall, make_user: MakeUser) -> None:
    gone = sit(hall, make_user, "Zoe")
    answer_all(hall, gone, "b")
    with hall.db.writing() as session:
        attempts.forget(session, gone.id)
        classes.remove_member(session, hall.teacher, hall.taught.id, gone.id, hall.clock())

    text = page(client, hall)

    assert "Étudiant effacé" in text
    assert "Zoe" not in text


def test_a_practice_exam_has_marks_too(
    client: FlaskClient, make_hall: MakeHall, make_user: MakeUser, log_in: LogIn
) -> None:
    hall = make_hall(
        kind="practice", opens_at=None, closes_at=None, duration_s=None, attempts=0, shuffle_questions=False
    )
    log_in(hall.teacher)
    alice = sit(hall, make_user)
    answer_all(hall, alice, "b")
    answer_all(hall, alice, "b", "b")

    text = page(client, hall)

    assert "10,00" in text
    assert "5,00" in text


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_an_attempt_shows_each_type_of_question_with_its_response(
    client: FlaskClient,
    every_type: Hall,
    take: Callable[[Hall, Person], int],
    make_user: MakeUser,
    log_in: LogIn,
    locale: str,
) -> None:
    attempt = take(every_type, sit(every_type, make_user))
    with every_type.db.writing() as session:
        session.get_one(User, every_type.teacher.id).locale = locale
    log_in(every_type.teacher)

    text = page(client, every_type, f"attempts/{attempt}")

    for words in ("choix b", "docker run", "8080", "/b", "ligne b", "droite c", "&lt;b&gt;"):
        assert words in text
    assert ("Récépissé" if locale == "fr" else "Receipt") in text


def test_an_attempt_tells_what_happened_to_it(client: FlaskClient, hall: Hall) -> None:
    with hall.db.writing() as session:
        details = {"minutes": 10, "reason": "Alarme."}
        session.add(
            AttemptEvent(attempt_id=1, at=hall.clock(), kind="time_given", by_id=hall.teacher.id, details=details)
        )

    text = page(client, hall, "attempts/1")

    assert "Commencé" in text
    assert "Alarme." in text


def test_the_questions_are_listed_with_their_mean_credit(client: FlaskClient, hall: Hall) -> None:
    text = page(client, hall, "questions/")

    assert "Crédit moyen : 50 %" in text
    assert "Crédit moyen : 100 %" in text


@pytest.mark.parametrize("position", range(1, len(TYPES) + 1))
def test_the_page_of_a_question_shows_its_key_and_what_was_answered(
    client: FlaskClient,
    every_type: Hall,
    take: Callable[[Hall, Person], int],
    make_user: MakeUser,
    log_in: LogIn,
    position: int,
) -> None:
    take(every_type, sit(every_type, make_user))
    log_in(every_type.teacher)
    item = item_at(every_type, position)

    text = page(client, every_type, f"questions/{item}")

    typed = list(TYPES)[position - 1] in ("short_answer", "command", "cloze")
    assert ("Accepter aussi" in text) is typed
    assert "Quoi ?" in page(client, every_type, f"questions/{item}/key")


def test_an_empty_log_says_what_will_stand_there(client: FlaskClient, hall: Hall) -> None:
    assert "Rien n’a été changé" in page(client, hall, "log")


def test_without_a_regrade_nothing_is_proposed_to_the_bank(client: FlaskClient, hall: Hall) -> None:
    assert "Rien à changer dans la banque" in page(client, hall, "bank")


def test_a_draft_has_no_marks_yet(client: FlaskClient, hall: Hall) -> None:
    with hall.db.writing() as session:
        draft = Draft("Essai", "practice", questions=(1,))
        exam_id = exams.create(session, hall.teacher, hall.taught.id, draft, hall.clock())

    assert "brouillon" in client.get(f"/teach/exams/{exam_id}/marks/").text
    assert client.get(f"/teach/exams/{exam_id}/marks/questions/").status_code == 409


@pytest.mark.parametrize(("path", "column"), [("marks/", "score"), ("items/", "facility")])
def test_the_column_that_a_table_is_sorted_by_bears_an_arrow(
    client: FlaskClient, hall: Hall, path: str, column: str
) -> None:
    def header(sort: str) -> str:
        page = client.get(f"/teach/exams/{hall.exam_id}/{path}?sort={sort}").text
        return page[page.index('aria-sort="ascending"' if sort == column else 'aria-sort="descending"') :][:400]

    assert "↑" in header(column).split("</th>")[0]
    assert "↓" in header(f"-{column}").split("</th>")[0]
