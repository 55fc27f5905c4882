"""The result of one exam while another one asks the same questions: nothing that tells their keys."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.models import Question
from app.services import exam_data, exams, hiding, results
from app.services.exams import Draft
from app.services.identity import Person
from app.services.results import Result
from tests.hall import Hall, answer_all, sit

MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]
MakeQuestion = Callable[..., Question]
AT_ONCE = dict.fromkeys(("show_score", "show_answers", "show_explanations"), "submitted")


class Second(Hall):
    """Another exam of the same class."""

    def __init__(self, first: Hall, draft: Draft) -> None:
        self.db, self.clock, self.teacher, self.taught = first.db, first.clock, first.teacher, first.taught
        with self.db.writing() as session:
            self.exam_id = exams.create(session, self.teacher, self.taught.id, draft, self.clock())
            exams.publish(session, self.teacher, self.exam_id, self.clock())


def again(first: Hall, *questions: int, **changed: Any) -> Second:
    """An exam on some of the same questions, in a day, for two hours."""
    opens = first.clock() + timedelta(days=1)
    draft = Draft("Final", "exam", opens, opens + timedelta(hours=2), 3600, questions=questions)
    return Second(first, replace(draft, **changed))


def result(hall: Hall, who: Person, attempt: int) -> Result:
    with hall.db.reading() as session:
        return results.result(session, who, attempt, hall.clock())


def told(hall: Hall, who: Person, attempt: int) -> list[bool]:
    """For each question, whether anything of its result tells the key."""
    items = result(hall, who, attempt).items
    return [bool(one.judged or one.correction or one.explanation) for one in items]


@pytest.fixture
def asked(make_question: MakeQuestion) -> list[int]:
    return [make_question().id for _ in range(4)]


@pytest.fixture
def first(make_hall: MakeHall, asked: list[int]) -> Hall:
    return make_hall(questions=tuple(asked), shuffle_questions=False, **AT_ONCE)


def test_what_another_exam_asks_is_withheld_until_that_one_shows_it(
    first: Hall, asked: list[int], make_user: MakeUser
) -> None:
    alice = sit(first, make_user)
    attempt = answer_all(first, alice, "b", "b")
    seen = [told(first, alice, attempt)]

    final = again(first, *asked[:2])
    seen.append(told(first, alice, attempt))
    first.clock.advance(days=1)
    work = final.start(alice)
    seen.append(told(first, alice, attempt))
    final.submit(alice, work)
    first.clock.advance(hours=3)
    seen.append(told(first, alice, attempt))

    assert seen == [[True] * 4, [False, False, True, True], [False, False, True, True], [True] * 4]


def test_it_is_said_which(first: Hall, asked: list[int], make_user: MakeUser) -> None:
    alice = sit(first, make_user)
    attempt = answer_all(first, alice, "b")

    again(first, asked[2])

    assert [one.sealed for one in result(first, alice, attempt).items] == [False, False, True, False]


def test_a_classmate_whom_the_other_exam_does_not_concern_sees_all(
    first: Hall, asked: list[int], make_user: MakeUser, make_hall: MakeHall
) -> None:
    alice = sit(first, make_user)
    attempt = answer_all(first, alice, "b")

    make_hall(questions=tuple(asked))  # of another class

    assert told(first, alice, attempt) == [True] * 4


def test_the_exams_own_options_still_say_the_rest(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(show_score="submitted", show_answers="never", show_explanations="submitted")
    alice = sit(hall, make_user)
    attempt = answer_all(hall, alice, "b")

    items = result(hall, alice, attempt).items

    assert all(one.explanation and one.correction is None and not one.sealed for one in items)


def test_a_score_that_can_be_tried_again_waits_with_the_keys(
    first: Hall, asked: list[int], make_user: MakeUser
) -> None:
    quiz = again(first, *asked, kind="practice", opens_at=None, closes_at=None, duration_s=None, attempts=0, **AT_ONCE)
    alice = sit(first, make_user)
    final = again(first, asked[0], opens_at=first.clock())
    final.start(alice)

    attempt = answer_all(quiz, alice, "b")

    assert result(quiz, alice, attempt).score is None
    with first.db.reading() as session:
        own = results.own_attempts(session, alice, quiz.exam_id, first.clock())
        hidden = hiding.hidden_questions(session, alice, first.clock())
        exported = exam_data.attempts_of(session, alice, hidden, first.clock())
    assert [one.score for one in own] == [None]
    assert [one for one in exported if "score_hundredths" in one] == []


def test_the_score_of_an_exam_that_is_over_stays(first: Hall, asked: list[int], make_user: MakeUser) -> None:
    alice = sit(first, make_user)
    attempt = answer_all(first, alice, "b", "b")
    first.clock.advance(hours=3)

    again(first, *asked)

    score = result(first, alice, attempt).score
    assert score is not None and score.hundredths == 1000
