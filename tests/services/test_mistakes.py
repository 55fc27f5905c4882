"""Mistakes of an exam come back in the revision: once, as the answers they are, and no key goes out early."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event, select

from app.errors import Conflict
from app.models import AttemptEvent, Card, Question, ReviewLog
from app.services import (
    cards,
    checking,
    class_lessons,
    class_progress,
    classes,
    exams,
    mark_log,
    marks,
    mistakes,
    progress,
    question_page,
)
from app.services.exams import Draft
from app.services.identity import Person
from app.services.mistakes import Fate, Preview
from app.srs.sm2 import Grade
from tests.classroom import answer, undo
from tests.hall import Hall, answer_all, sit
from tests.services.test_marks import regrade

AT_ONCE = 4
MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]
MakeQuestion = Callable[..., Question]


@pytest.fixture
def questions(make_question: MakeQuestion) -> list[Question]:
    """Four questions of which "b" is the answer; the last is reserved for exams."""
    slugs = ("one", "two", "three")
    return [*(make_question(slug) for slug in slugs), make_question("kept", reserved=True, objective="network.kept")]


@pytest.fixture
def hall(make_hall: MakeHall, questions: list[Question]) -> Hall:
    return make_hall(shuffle_questions=False, questions=tuple(one.id for one in questions))


@pytest.fixture
def alice(hall: Hall, make_user: MakeUser) -> Person:
    """Alice, who has the first question right, the next two wrong, and no answer to the reserved one."""
    alice = sit(hall, make_user)
    answer_all(hall, alice, "b", "a", "c")
    return alice


def close(hall: Hall) -> None:
    """Let the exam be over for everybody, so that its keys may be read."""
    hall.clock.advance(hours=3)


def preview(hall: Hall) -> Preview:
    with hall.db.reading() as session:
        return mistakes.preview(session, hall.teacher, hall.exam_id, hall.clock())


def push(hall: Hall) -> int:
    """What the page does: one transaction a student."""
    pushed = 0
    shown = preview(hall)
    for student in shown.students:
        with hall.db.writing() as session:
            pushed += mistakes.push(session, hall.teacher, shown.exam, student, hall.clock())
    return pushed


def log(hall: Hall, who: Person) -> Sequence[ReviewLog]:
    with hall.db.reading() as session:
        return session.scalars(select(ReviewLog).where(ReviewLog.learner_id == who.id).order_by(ReviewLog.id)).all()


def card(hall: Hall, who: Person, question: Question) -> Card:
    with hall.db.reading() as session:
        return session.scalars(select(Card).where(Card.learner_id == who.id, Card.question_id == question.id)).one()


def test_nothing_is_pushed_while_the_answers_may_not_be_shown(hall: Hall, alice: Person) -> None:
    assert preview(hall).fates == {Fate.HIDDEN: 3}
    assert push(hall) == 0
    assert log(hall, alice) == []


def test_nothing_ever_is_when_the_exam_never_shows_its_answers(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(shuffle_questions=False, show_answers="never")
    answer_all(hall, sit(hall, make_user), "a", "a", "a", "a")
    close(hall)

    assert preview(hall).fates == {Fate.HIDDEN: 4}


def test_cards_never_met_are_opened_by_the_response_given_in_the_exam(
    hall: Hall, alice: Person, questions: list[Question]
) -> None:
    given_at = hall.clock()
    close(hall)

    pushed = push(hall)

    assert pushed == 2
    rows = log(hall, alice)
    assert [row.response for row in rows] == [{"choice": "a"}, {"choice": "c"}]
    assert {(row.kind, row.grade, row.credit_parts, row.answered_at) for row in rows} == {("review", 1, 0, given_at)}
    day = alice.today(given_at)
    assert card(hall, alice, questions[1]).due == day + timedelta(days=1)


def test_a_card_that_is_not_due_yet_comes_back_as_practised(
    hall: Hall, alice: Person, questions: list[Question]
) -> None:
    for day in (2, 1):
        hall.clock.advance(days=-day)
        answer(hall.db, alice, questions[1], Grade.GOOD, hall.clock())
        hall.clock.advance(days=day)
    close(hall)

    push(hall)

    assert [row.kind for row in log(hall, alice) if row.response] == ["practice", "review"]
    found = card(hall, alice, questions[1])
    assert (found.streak, found.interval_days, found.lapses) == (0, 1, 1)


def test_pushed_twice_it_is_there_once(hall: Hall, alice: Person) -> None:
    close(hall)
    push(hall)

    assert push(hall) == 0
    assert preview(hall).fates[Fate.DONE] == 2
    assert len(log(hall, alice)) == 2


def test_what_the_student_took_back_is_not_pushed_again(hall: Hall, alice: Person, questions: list[Question]) -> None:
    close(hall)
    push(hall)
    undo(hall.db, alice, questions[1], 1, hall.clock())

    assert push(hall) == 0


def test_two_teachers_at_once_push_once(hall: Hall, alice: Person, questions: list[Question]) -> None:
    hall.clock.advance(days=-9)
    answer(hall.db, alice, questions[1], Grade.GOOD, hall.clock())  # a card to move, and one to open
    hall.clock.advance(days=9, hours=3)
    shown, start = preview(hall), Barrier(AT_ONCE)

    def push_it(_: int) -> int | None:
        start.wait()
        try:
            with hall.db.writing() as session:
                return mistakes.push(session, hall.teacher, shown.exam, shown.students[0], hall.clock())
        except Conflict:  # the other one was faster
            return None

    with ThreadPoolExecutor(AT_ONCE) as pool:
        came = list(pool.map(push_it, range(AT_ONCE)))

    assert sorted(one or 0 for one in came) == [0] * (AT_ONCE - 1) + [2]
    with hall.db.reading() as session:
        assert len(session.scalars(select(ReviewLog).where(ReviewLog.response.is_not(None))).all()) == 2
        assert session.scalars(select(AttemptEvent.details).where(AttemptEvent.kind == mistakes.PUSHED)).all() == [
            {"cards": 2}
        ]
        assert list(checking.problems(session)) == []


def test_an_answer_given_since_the_exam_is_newer(hall: Hall, alice: Person, questions: list[Question]) -> None:
    close(hall)
    answer(hall.db, alice, questions[1], Grade.GOOD, hall.clock())

    assert preview(hall).fates == {Fate.NEWER: 1, Fate.OWN: 1, Fate.ALONE: 1}
    assert push(hall) == 1


def test_a_card_that_was_set_aside_stays_aside(hall: Hall, alice: Person, questions: list[Question]) -> None:
    close(hall)
    with hall.db.writing() as session:
        cards.suspend(session, alice, questions[1].id)

    assert preview(hall).fates[Fate.ASIDE] == 1
    assert push(hall) == 1


@pytest.fixture
def related(make_question: MakeQuestion) -> tuple[Question, Question]:
    """Two questions on the objective of the reserved one that revision asks."""
    return make_question("related", objective="network.kept"), make_question("other", objective="network.kept")


def meet(hall: Hall, who: Person, question: Question, *days_before: int) -> None:
    """Have a card met on some days before the exam; two good answers put it off by six days."""
    for days in days_before:
        hall.clock.advance(days=-days)
        answer(hall.db, who, question, Grade.GOOD, hall.clock())
        hall.clock.advance(days=days)


def test_in_the_place_of_a_reserved_question_the_least_known_card_of_its_objective_comes_back(
    hall: Hall, alice: Person, related: tuple[Question, Question]
) -> None:
    known, least = related
    meet(hall, alice, known, 17, 16, 10)
    meet(hall, alice, least, 3, 2)
    given_at = hall.clock()
    close(hall)

    assert push(hall) == 3

    entry = log(hall, alice)[-1]
    assert (entry.card_id, entry.kind, entry.grade) == (card(hall, alice, least).id, "practice", 1)
    assert (entry.response, entry.credit_of) == (None, None)
    assert card(hall, alice, least).due == alice.today(given_at) + timedelta(days=1)


def test_cards_never_met_come_by_themselves(hall: Hall, alice: Person, related: tuple[Question, Question]) -> None:
    close(hall)

    assert preview(hall).fates == {Fate.OWN: 2, Fate.UNMET: 1}
    assert push(hall) == 2


def test_a_card_that_is_due_already_needs_nothing(
    hall: Hall, alice: Person, related: tuple[Question, Question]
) -> None:
    meet(hall, alice, related[0], 9)
    close(hall)

    assert preview(hall).fates == {Fate.OWN: 2, Fate.DUE: 1}


def test_a_card_missed_in_revision_on_the_very_day_needs_nothing(
    hall: Hall, alice: Person, related: tuple[Question, Question]
) -> None:
    hall.clock.advance(minutes=-30)
    answer(hall.db, alice, related[0], Grade.WRONG, hall.clock())
    hall.clock.advance(hours=3, minutes=30)

    assert preview(hall).fates[Fate.DUE] == 1


def test_one_card_comes_back_for_two_mistakes_on_its_objective(
    make_hall: MakeHall, make_user: MakeUser, make_question: MakeQuestion, related: tuple[Question, Question]
) -> None:
    kept = [make_question(slug, reserved=True, objective="network.kept") for slug in ("first", "second")]
    hall = make_hall(questions=tuple(one.id for one in kept))
    alice = sit(hall, make_user)
    answer_all(hall, alice, "a", "a")
    meet(hall, alice, related[0], 3, 2)
    close(hall)

    assert preview(hall).fates == {Fate.RELATED: 1, Fate.DUE: 1}


def test_a_related_card_answered_since_or_set_aside_is_left_alone(
    hall: Hall, alice: Person, related: tuple[Question, Question]
) -> None:
    meet(hall, alice, related[0], 3, 2)
    close(hall)
    with hall.db.writing() as session:
        cards.suspend(session, alice, related[0].id)
    assert preview(hall).fates[Fate.ASIDE] == 1

    meet(hall, alice, related[1], 0)
    assert preview(hall).fates[Fate.NEWER] == 1


def test_a_related_question_that_another_exam_hides_must_wait(
    hall: Hall, alice: Person, related: tuple[Question, Question]
) -> None:
    close(hall)
    now = hall.clock()
    draft = Draft("Rattrapage", "exam", now + timedelta(days=1), now + timedelta(days=2), 3600)
    with hall.db.writing() as session:
        hidden = tuple(one.id for one in related)
        other = exams.create(session, hall.teacher, hall.taught.id, replace(draft, questions=hidden), now)
        exams.publish(session, hall.teacher, other, now)

    assert preview(hall).fates == {Fate.HIDDEN: 1, Fate.OWN: 2}


def test_answers_of_an_exam_make_no_student_look_as_if_they_had_revised(
    hall: Hall, alice: Person, questions: list[Question]
) -> None:
    close(hall)

    def counted() -> tuple[Any, ...]:
        with hall.db.reading() as session:
            member = class_progress.progress(session, hall.teacher, hall.taught.id, hall.clock()).members[0]
            again = class_lessons.again(session, hall.teacher, hall.taught.id, hall.clock())
            own = progress.overview(session, alice, hall.clock())
            return (member.recent, member.before, member.active_days, again.goals, own.retention, own.answers)

    before = counted()
    assert push(hall) == 2

    assert counted() == before


def test_the_entry_without_an_answer_counts_in_no_share_and_no_number_of_answers(
    hall: Hall, alice: Person, related: tuple[Question, Question]
) -> None:
    meet(hall, alice, related[0], 3, 2)
    close(hall)

    def counted() -> tuple[Any, ...]:
        with hall.db.reading() as session:
            taught = class_progress.progress(session, hall.teacher, hall.taught.id, hall.clock())
            again = class_lessons.again(session, hall.teacher, hall.taught.id, hall.clock())
            own = progress.overview(session, alice, hall.clock())
            bank = question_page.look(session, hall.teacher, related[0].id, "fr")
            member = taught.members[0]
            figures = (member.recent, member.before, member.active_days, again.goals, again.held, again.scarce_goals)
            return (*figures, again.believed, again.scarce_questions, own.retention, own.answers, bank.answered)

    with hall.db.writing() as session:  # only the reserved question is left as a mistake
        cards.suspend(session, alice, hall_questions(hall)[1])
        cards.suspend(session, alice, hall_questions(hall)[2])
    before = counted()
    assert push(hall) == 1

    assert counted() == before


def hall_questions(hall: Hall) -> list[int]:
    """The ids of the exam's questions in their order."""
    with hall.db.reading() as session:
        exam = marks.any_exam(session, hall.exam_id)
        return [item.question_id for item in exam.items.values()]


def test_a_reserved_question_alone_on_its_objective_brings_nothing(hall: Hall, alice: Person) -> None:
    close(hall)

    assert preview(hall).fates == {Fate.OWN: 2, Fate.ALONE: 1}


def test_half_of_the_credit_is_no_mistake_and_regrades_count(hall: Hall, alice: Person) -> None:
    close(hall)
    regrade(hall, 2, "everybody")
    regrade(hall, 3, "drop")

    assert preview(hall).fates == {Fate.ALONE: 1}


def test_the_last_attempt_says_what_is_still_a_mistake(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(shuffle_questions=False, attempts=2)
    alice = sit(hall, make_user)
    answer_all(hall, alice, "a", "a", "b", "b")
    answer_all(hall, alice, "b", "a", "a", "b")
    close(hall)

    assert preview(hall).fates == {Fate.OWN: 2}


def test_another_exam_that_hides_the_question_holds_it_back(
    hall: Hall, alice: Person, questions: list[Question]
) -> None:
    close(hall)
    now = hall.clock()
    draft = Draft("Rattrapage", "exam", now + timedelta(days=1), now + timedelta(days=2), 3600)
    with hall.db.writing() as session:
        other = exams.create(session, hall.teacher, hall.taught.id, replace(draft, questions=(questions[1].id,)), now)
        exams.publish(session, hall.teacher, other, now)

    assert preview(hall).fates == {Fate.HIDDEN: 1, Fate.OWN: 1, Fate.ALONE: 1}


def test_a_card_that_moves_meanwhile_is_not_written_over(
    hall: Hall, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(hall)
    shown = preview(hall)
    real = mistakes.journal.asked
    monkeypatch.setattr(mistakes.journal, "asked", lambda *args: replace(real(*args), card_id=10**6, version=7))

    with pytest.raises(Conflict), hall.db.writing() as session:
        mistakes.push(session, hall.teacher, shown.exam, shown.students[0], hall.clock())

    assert log(hall, alice) == []


def test_the_attempt_and_the_log_of_the_exam_tell_who_pushed(hall: Hall, alice: Person) -> None:
    close(hall)
    push(hall)

    with hall.db.reading() as session:
        event = session.scalars(select(AttemptEvent).where(AttemptEvent.kind == mistakes.PUSHED)).one()
        assert (event.by_id, event.details, event.at) == (hall.teacher.id, {"cards": 2}, hall.clock())
        assert mistakes.told(session, event.attempt_id) == 2
        entries = mark_log.read(session, hall.teacher, hall.exam_id, hall.clock()).entries
        assert [entry.event for entry in entries] == [mistakes.PUSHED]


def test_a_preview_is_a_handful_of_statements_however_many_students(
    hall: Hall, alice: Person, make_user: MakeUser
) -> None:
    for number in range(29):
        answer_all(hall, sit(hall, make_user, f"Student {number}"), "a", "a", "a", "a")
    close(hall)
    seen: list[str] = []
    event.listen(hall.db.engine, "before_cursor_execute", lambda _c, _u, sql, *_: seen.append(sql))

    shown = preview(hall)

    assert len(shown.students) == 30
    assert len([sql for sql in seen if sql.startswith(("SELECT", "WITH"))]) <= 14


def test_every_card_is_still_the_total_of_its_log(hall: Hall, alice: Person, questions: list[Question]) -> None:
    hall.clock.advance(days=-9)
    answer(hall.db, alice, questions[1], Grade.EASY, hall.clock())
    hall.clock.advance(days=9, hours=3)
    push(hall)

    with hall.db.reading() as session:
        assert list(checking.problems(session)) == []


def test_who_left_the_class_gets_nothing(hall: Hall, alice: Person) -> None:
    close(hall)
    with hall.db.writing() as session:
        classes.remove_member(session, hall.teacher, hall.taught.id, alice.id, hall.clock())

    assert preview(hall).students == []
