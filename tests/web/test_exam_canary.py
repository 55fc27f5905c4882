"""No page tells a student the key of a question that is in an exam of theirs; whatever page it is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from app.models import Question
from app.services import classes
from app.services.identity import Person
from tests.desk import Desk
from tests.hall import Hall
from tests.web.review.conftest import fill

__all__ = ["fill"]

CANARY = "canary-in-the-key"
_TOLD = {"text": {"fr": "Lequel ?", "en": "Which one?"}, "explanation": {"fr": CANARY, "en": CANARY}}
_CHOICES = [
    {"id": "a", "text": "`host`", "why": {"fr": CANARY, "en": CANARY}},
    {"id": "b", "correct": True, "text": "`none`"},
]
BODIES: dict[str, tuple[dict[str, Any], dict[str, object]]] = {
    "single": ({"type": "single", "level": 2, "choices": _CHOICES, **_TOLD}, {"choice": "a"}),
    "short_answer": ({"type": "short_answer", "level": 1, "accept": [CANARY], **_TOLD}, {"text": "host"}),
    "cloze": (
        {
            **_TOLD,
            "type": "cloze",
            "level": 2,
            "text": {"fr": "Un {{trou}}.", "en": "A {{trou}}."},
            "blanks": {"trou": {"accept": [CANARY]}},
        },
        {"blanks": {"trou": "x"}},
    ),
}


class Student:
    """A learner who answered a question before it was put into an exam of their class."""

    def __init__(self, client: FlaskClient, desk: Desk, question: Question, answer_id: UUID) -> None:
        self.client, self.desk, self.question = client, desk, question
        self.known = {"question_id": question.id, "answer_id": answer_id}
        # A short page of a long course must not be why a card is not there.
        self.addresses = ["/cards/?words=which", f"/cards/?words={CANARY}", "/practice/question?seed=1&n=all"]

    def read(self) -> dict[str, str]:
        """Every page of the application that a learner can open with what they know, and their data, by address."""
        app = self.client.application
        rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        known = [rule for rule in rules if rule.arguments <= self.known.keys() and rule.endpoint != "static"]
        adapter = app.url_map.bind("localhost")
        paths = [adapter.build(rule.endpoint, {n: self.known[n] for n in rule.arguments}) for rule in known]
        pages = {path: self.client.get(path, follow_redirects=True) for path in [*paths, *self.addresses]}
        pages["data"] = self.client.post("/account/data")
        return {path: page.text + str(page.headers) for path, page in pages.items()}

    def told_by(self) -> set[str]:
        """The addresses whose pages hold the key; what was typed into a search is no leak."""
        echo = f'value="{CANARY}"'
        return {path for path, text in self.read().items() if CANARY in text.replace(echo, "")}


@pytest.fixture
def student(
    request: pytest.FixtureRequest,
    client: FlaskClient,
    log_in: Callable[..., Person],
    make_question: Callable[..., Question],
    make_desk: Callable[..., Desk],
) -> Student:
    """A student in front of a browser; a test may choose the type of the question."""
    body, response = BODIES[getattr(request, "param", "single")]
    question = make_question(**body)
    desk = make_desk(log_in(locale="en"))
    return Student(client, desk, question, desk.answer(question, response).answer_id)


@pytest.fixture
def announce(make_hall: Callable[..., Hall]) -> Callable[..., Hall]:
    """Return a function that puts the student's question into an exam from in one hour to in three."""

    def announced(student: Student, member: bool = True, **changed: Any) -> Hall:
        now = student.desk.clock()
        window = {"opens_at": now + timedelta(hours=1), "closes_at": now + timedelta(hours=3)}
        hall = make_hall(questions=(student.question.id,), **{**window, **changed})
        if member:
            with hall.db.writing() as session:
                classes.join(session, student.desk.person, hall.taught.join_code or "", "Alice", now)
        return hall

    return announced


Announce = Callable[..., Hall]


def test_before_there_is_an_exam_the_pages_do_tell(student: Student) -> None:
    card, feedback = f"/cards/{student.question.id}", f"/review/feedback/{student.known['answer_id']}"

    assert {card, feedback} <= student.told_by()


@pytest.mark.parametrize(("hours", "option"), [(0, "closed"), (2.99, "submitted"), (99, "never")])
def test_no_page_tells_before_while_and_after_until_the_exam_shows_it(
    student: Student, announce: Announce, hours: float, option: str
) -> None:
    announce(student, show_answers=option)

    student.desk.clock.advance(hours=hours)

    assert student.told_by() == set()


@pytest.mark.parametrize("student", BODIES, indirect=True)
def test_no_page_tells_during_the_attempt_and_all_do_after_the_exam(student: Student, announce: Announce) -> None:
    hall = announce(student, show_answers="closed")
    student.desk.clock.advance(hours=1)
    attempt = hall.start(student.desk.person)
    during = student.told_by()
    hall.submit(student.desk.person, attempt)
    handed_in = student.told_by()
    student.desk.clock.advance(hours=2, seconds=16)

    assert (during, handed_in) == (set(), set())
    assert f"/cards/{student.question.id}" in student.told_by()


def test_a_learner_of_another_class_sees_all_as_before(student: Student, announce: Announce) -> None:
    announce(student, member=False)

    assert {f"/cards/{student.question.id}", f"/review/feedback/{student.known['answer_id']}"} <= student.told_by()


def test_the_pages_say_why_there_is_less(student: Student, announce: Announce) -> None:
    announce(student)

    pages = student.read()

    why = "This question is in an exam of yours: its answer stays hidden until the exam lets you see it."
    assert why in pages[f"/cards/{student.question.id}"]
    assert why in pages[f"/review/feedback/{student.known['answer_id']}"]
    assert "1 question is left out: it is in an exam of yours" in pages["/"]
    assert "1 question is left out: it is in an exam of yours" in pages["/practice/"]
    assert "that would tell which questions the exam asks" in pages["/cards/"]


def test_the_list_of_cards_names_no_exam_and_filters_by_none(student: Student, announce: Announce) -> None:
    announce(student)

    pages = [student.client.get(path).text for path in ("/cards/", "/cards/?state=exam", "/cards/?state=due")]

    assert all("In an exam" not in page and 'value="exam"' not in page for page in pages)
    assert len({page.count('class="serif"') for page in pages}) == 1


@pytest.mark.parametrize("headers", [{}, {"X-Rappel-Fragment": "1"}])
@pytest.mark.parametrize("way", ["/review/answer", "/practice/answer?seed=1"])
def test_an_answer_under_way_when_the_exam_is_announced_is_kept_without_its_key(
    client: FlaskClient,
    student: Student,
    announce: Announce,
    fill: Callable[..., dict[str, Any]],
    way: str,
    headers: dict[str, str],
) -> None:
    shown = student.desk.show(student.question)
    form = {"answer_id": str(shown.answer_id), "question": shown.question_id, "version": shown.version}
    filled = fill({**form, "edition": shown.edition, "took_ms": 1}, {"choice": "b"})
    announce(student)

    reply = client.post(way, data=filled, headers=headers, follow_redirects=True)

    assert reply.status_code == 200
    assert "Your answer is recorded" in reply.text
    assert CANARY not in reply.text
    assert len(student.desk.log(student.question)) == 2


def test_no_grade_is_taken_for_an_answer_that_is_hidden(
    client: FlaskClient, student: Student, announce: Announce
) -> None:
    announce(student)
    answer = {"answer_id": str(student.known["answer_id"])}

    replies = [client.post("/review/grade", data={**answer, "grade": 5}), client.post("/review/override", data=answer)]

    assert [reply.status_code for reply in replies] == [409, 409]
    assert "This question is in an exam of yours." in replies[0].text
