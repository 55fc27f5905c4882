"""The statistics of an exam, as the teacher of the class reads them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.db import Database
from app.exam.blueprint import Demand
from app.models import ExamItem, Question, ReviewLog
from app.services import exams
from app.services.exams import Draft
from app.services.identity import Person
from tests.hall import Hall, answer_all, item_at, sit, type_all
from tests.services.test_marks import regrade

MOST_STATEMENTS = 16
MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]


@pytest.fixture
def hall(make_hall: MakeHall, client: FlaskClient, log_in: Callable[..., Person]) -> Hall:
    hall = make_hall(shuffle_questions=False, attempts=2)
    log_in(hall.teacher)
    return hall


@pytest.fixture
def taken(hall: Hall, make_user: MakeUser) -> Hall:
    """Taken by fifteen: the better a student, the fewer of the first questions are missed; the last is its contrary."""
    for number in range(15):
        right = number % 4
        choices = ["b" if at < right else "a" for at in range(3)]
        answer_all(hall, sit(hall, make_user, f"S{number}"), *choices, "b" if right < 2 else "c")
    return hall


def page(client: FlaskClient, hall: Hall, rest: str = "") -> str:
    reply = client.get(f"/teach/exams/{hall.exam_id}/items/{rest}")
    assert reply.status_code == 200
    return " ".join(reply.text.replace("\xa0", " ").replace("\u202f", " ").split())


def test_before_anybody_has_finished_it_says_so(client: FlaskClient, hall: Hall, make_user: MakeUser) -> None:
    hall.start(sit(hall, make_user))

    assert "Pas encore de statistiques" in page(client, hall)


def test_below_fifteen_attempts_no_question_is_judged(client: FlaskClient, hall: Hall, make_user: MakeUser) -> None:
    answer_all(hall, sit(hall, make_user), "b", "b", "a", "a")

    text = page(client, hall)

    assert "Pas assez de tentatives : avec 1, le hasard décide" in text
    assert text.count("Pas assez de tentatives : 1 sur les 15") == 4
    assert "Vérifiez le corrigé" not in text


def test_a_question_that_the_best_miss_is_suspected(client: FlaskClient, taken: Hall) -> None:
    assert "Vérifiez le corrigé : ceux qui ont juste ici réussissent moins bien" in page(client, taken)
    assert "Vérifiez le corrigé" in page(client, taken, str(item_at(taken, 4)))


def test_the_consistency_has_its_interval_and_its_words(client: FlaskClient, taken: Hall) -> None:
    text = page(client, taken)

    assert "Cohérence interne" in text
    assert "500 fois les tentatives" in text


def test_read_twice_the_page_says_the_same(client: FlaskClient, taken: Hall) -> None:
    first, again = (page(client, taken).partition("<main")[2] for _ in range(2))  # the head has a form's token

    assert first == again
    assert "500 fois" in first


@pytest.mark.parametrize("rest", ["", "item", "mistakes"])
def test_a_page_is_a_handful_of_statements(client: FlaskClient, taken: Hall, rest: str) -> None:
    path = str(item_at(taken, 4)) if rest == "item" else rest
    seen: list[str] = []
    event.listen(taken.db.engine, "before_cursor_execute", lambda _c, _u, sql, *_: seen.append(sql))

    page(client, taken, path)

    assert len([sql for sql in seen if sql.startswith(("SELECT", "WITH"))]) <= MOST_STATEMENTS


def test_a_drawn_exam_says_what_questions_are_compared_with(
    client: FlaskClient, make_hall: MakeHall, make_user: MakeUser, log_in: Callable[..., Person]
) -> None:
    hall = make_hall(questions=(), demands=(Demand(2),), draw="each")
    log_in(hall.teacher)
    answer_all(hall, sit(hall, make_user), "b", "a")

    text = page(client, hall)

    assert "comparée aux autres questions des mêmes tentatives" in text
    assert "Taux d’erreur" not in text


def test_the_questions_are_sorted_by_a_column(client: FlaskClient, taken: Hall) -> None:
    easiest_first = page(client, taken, "?sort=-facility")

    assert easiest_first.index(">Question 1<") < easiest_first.index(">Question 3<")
    hardest_first = page(client, taken, "?sort=facility")
    assert hardest_first.index(">Question 3<") < hardest_first.index(">Question 1<")


def test_a_dropped_question_is_left_out(client: FlaskClient, taken: Hall) -> None:
    regrade(taken, 4, "drop")

    text = page(client, taken)

    assert "1 question annulée n’est pas comptée" in text
    assert ">Question 4<" not in text
    assert client.get(f"/teach/exams/{taken.exam_id}/items/{item_at(taken, 4)}").status_code == 404


def test_the_first_attempts_or_those_that_count(client: FlaskClient, hall: Hall, make_user: MakeUser) -> None:
    alice = sit(hall, make_user)
    answer_all(hall, alice, "a", "a", "a", "a")
    answer_all(hall, alice, "b", "b", "b", "b")

    assert "<dd>0,0 %</dd>" in page(client, hall)
    assert "<dd>100,0 %</dd>" in page(client, hall, "?of=counting")


def test_a_question_tells_who_chose_what(client: FlaskClient, taken: Hall) -> None:
    text = page(client, taken, str(item_at(taken, 4)))

    assert "Choisie par la plupart du meilleur tiers" in text
    assert "Jamais choisie." in text
    assert "Sans réponse" in text


def test_the_code_that_a_question_is_about_is_shown_with_its_verdict(
    client: FlaskClient,
    make_hall: MakeHall,
    make_user: MakeUser,
    make_question: Callable[..., Question],
    log_in: Callable[..., Person],
) -> None:
    code = {"language": "text", "text": "FROM {{base}}\nRUN true\n"}
    words = {"level": 1, "text": {"fr": "Quoi ?", "en": "What?"}, "explanation": "Parce que."}
    asked = make_question(type="cloze", code=code, blanks={"base": {"accept": ["alpine"]}}, **words)
    hall = make_hall(questions=(make_question().id, asked.id), shuffle_questions=False)
    log_in(hall.teacher)
    answer_all(hall, sit(hall, make_user), "b")

    others = [
        client.get(f"/teach/exams/{hall.exam_id}/{where}").text for where in ("marks/questions/", "live/questions")
    ]
    for text in (page(client, hall), *(" ".join(other.split()) for other in others)):
        assert 'aria-label="Texte, question 2"><code>FROM … RUN true </code>' in text
        assert "{{" not in text


def test_typed_answers_stand_together(
    client: FlaskClient,
    make_hall: MakeHall,
    make_user: MakeUser,
    make_question: Callable[..., Question],
    log_in: Callable[..., Person],
) -> None:
    words = {"level": 1, "text": {"fr": "Quoi ?", "en": "What?"}, "explanation": "Parce que."}
    typed = make_question("typed", type="short_answer", accept=["none"], **words)
    hall = make_hall(questions=(typed.id,))
    log_in(hall.teacher)
    for name, text in (("Alice", "Nul"), ("Bruno", "nul"), ("Chloe", "none")):
        type_all(hall, sit(hall, make_user, name), text)

    text = page(client, hall, str(item_at(hall, 1)))

    assert '<code class="long">Nul</code> 2 fois' in text
    assert '<code class="long">none</code> 1 fois' in text


def test_a_question_of_another_exam_is_not_there(client: FlaskClient, taken: Hall, make_hall: MakeHall) -> None:
    other = make_hall()

    with other.db.reading() as session:
        foreign = session.scalars(select(ExamItem.id).where(ExamItem.exam_id == other.exam_id)).first()

    assert client.get(f"/teach/exams/{taken.exam_id}/items/{foreign}").status_code == 404


def test_mistakes_wait_until_the_answers_may_be_shown(client: FlaskClient, taken: Hall) -> None:
    text = page(client, taken, "mistakes")

    assert "doivent attendre" in text
    assert '<form class="actions"' not in text


def test_mistakes_are_previewed_and_pushed_once(client: FlaskClient, taken: Hall, db: Database) -> None:
    taken.clock.advance(hours=3)
    before = page(client, taken, "mistakes")

    replies = [
        client.post(f"/teach/exams/{taken.exam_id}/items/mistakes", follow_redirects=True).text for _ in range(2)
    ]

    with db.reading() as session:
        pushed = len(session.scalars(select(ReviewLog)).all())
    assert f"Ramener {pushed} cartes</button><span>pour 15 étudiants" in before
    assert f"{pushed} cartes sont revenues, pour 15 étudiants." in " ".join(replies[0].split())
    assert "Il ne restait rien à ramener." in replies[1]


def test_the_student_reads_it_beside_the_result(
    client: FlaskClient, hall: Hall, make_user: MakeUser, log_in: Callable[..., Person]
) -> None:
    alice = sit(hall, make_user)
    attempt = answer_all(hall, alice, "b", "b", "b", "a")
    hall.clock.advance(hours=3)
    client.post(f"/teach/exams/{hall.exam_id}/items/mistakes")

    log_in(alice)

    assert "a ramené 1 carte dans vos révisions" in client.get(f"/attempts/{attempt}/result").text


def test_a_draft_has_no_statistics(client: FlaskClient, hall: Hall) -> None:
    now = hall.clock()
    draft = Draft("Brouillon", "exam", now, now + timedelta(hours=2), 3600, demands=(Demand(1),))
    with hall.db.writing() as session:
        exam_id = exams.create(session, hall.teacher, hall.taught.id, draft, now)

    assert client.get(f"/teach/exams/{exam_id}/items/").status_code == 409
