"""What a person's own export holds of exams, and when their account cannot be erased."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.db import Database
from app.errors import Conflict
from app.models import Adjustment, Attempt, User
from app.services import classes, exam_data, exams, personal_data
from app.services.accounts import Claim
from app.services.identity import Person
from tests.conftest import Clock
from tests.desk import RIGHT, Desk
from tests.hall import Hall, sit

MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]


@pytest.fixture
def export(db: Database, clock: Clock) -> Callable[[Person], dict[str, Any]]:
    """Return a function that exports a person's data now."""

    def exported(who: Person) -> dict[str, Any]:
        with db.reading() as session:
            return personal_data.export(session, who, clock())

    return exported


Export = Callable[[Person], dict[str, Any]]


def handed_in(hall: Hall, who: Person) -> int:
    attempt = hall.start(who)
    hall.answer(who, attempt, 1, "b")
    hall.submit(who, attempt)
    return attempt


def test_responses_and_the_receipt_are_there_at_once(make_hall: MakeHall, make_user: MakeUser, export: Export) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    handed_in(hall, alice)

    attempt = export(alice)["attempts"][0]

    assert (attempt["exam"], attempt["number"], len(attempt["receipt"])) == ("Partiel", 1, 12)
    assert [one["response"] for one in attempt["responses"]] == [{"choice": "b"}, None, None, None]
    assert [event["kind"] for event in attempt["events"]] == ["started", "submitted"]


def test_credits_and_the_score_wait_for_the_review_options(
    make_hall: MakeHall, make_user: MakeUser, clock: Clock, export: Export
) -> None:
    hall = make_hall(show_score="submitted", show_answers="closed")
    alice = sit(hall, make_user)
    handed_in(hall, alice)

    open_still = export(alice)["attempts"][0]
    clock.advance(hours=2, seconds=16)
    closed = export(alice)["attempts"][0]

    assert open_still["score_hundredths"] == 500
    assert [one.get("credit") for one in open_still["responses"]] == [None] * 4
    assert all(one["withheld"] for one in open_still["responses"])
    assert [one["credit"] for one in closed["responses"]] == ["1", "0", "0", "0"]


def test_no_score_is_told_before_its_time(make_hall: MakeHall, make_user: MakeUser, export: Export) -> None:
    hall = make_hall(show_score="closed")
    alice = sit(hall, make_user)
    handed_in(hall, alice)

    assert "score_hundredths" not in export(alice)["attempts"][0]


def test_a_score_comes_with_the_changes_made_by_hand_and_their_reasons(
    make_hall: MakeHall, make_user: MakeUser, db: Database, clock: Clock, export: Export
) -> None:
    hall = make_hall(show_score="submitted")
    alice = sit(hall, make_user)
    attempt = handed_in(hall, alice)
    with db.writing() as session:
        session.add(Adjustment(attempt_id=attempt, hundredths=50, reason="A power cut", at=clock()))

    exported = export(alice)["attempts"][0]

    assert exported["score_hundredths"] == 550
    assert [change["reason"] for change in exported["adjustments"]] == ["A power cut"]


def test_cards_and_answers_to_a_hidden_question_tell_no_grade(
    make_hall: MakeHall, make_user: MakeUser, make_question: Any, make_desk: Callable[..., Desk], export: Export
) -> None:
    alice, question = make_user("alice"), make_question("asked")
    make_desk(alice).answer(question, RIGHT)
    hall = make_hall(questions=(question.id,))
    with hall.db.writing() as session:
        classes.join(session, alice, hall.taught.join_code or "", "Alice", hall.clock())

    hidden = export(alice)
    hall.clock.advance(hours=2, seconds=16)
    shown = export(alice)

    review, card = hidden["reviews"][0], hidden["cards"][0]
    assert (review["question"], review["response"], review["withheld"]) == ("asked", {"choice": "b"}, True)
    assert not {"grade", "credit_parts", "due", "interval_days", "lapses"} & (review.keys() | card.keys())
    assert (shown["reviews"][0]["grade"], "withheld" in shown["reviews"][0]) == (4, False)


def test_an_account_is_not_erased_while_its_exam_is_at_work(
    make_hall: MakeHall, make_user: MakeUser, db: Database, clock: Clock
) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    attempt = hall.start(alice)

    with pytest.raises(Conflict, match="at_work"), db.writing() as session:
        personal_data.erase(session, alice, Claim(alice.id, "unusable"), clock())
    hall.submit(alice, attempt)
    with db.writing() as session:
        personal_data.erase(session, alice, Claim(alice.id, "unusable"), clock())

    with db.reading() as session:
        assert session.get(User, alice.id) is None
        assert session.scalars(select(Attempt.learner_id)).all() == [None]


def test_the_end_of_the_work_is_its_deadline(
    make_hall: MakeHall, make_user: MakeUser, db: Database, clock: Clock
) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    hall.start(alice)
    begun = clock()

    with db.reading() as session:
        work = exam_data.work_of(session, alice, clock())
        later = exam_data.work_of(session, alice, begun + timedelta(hours=1, seconds=16))

    assert work is not None
    assert (work.exam, work.ends_at, work.zone) == ("Partiel", begun + timedelta(hours=1), "Europe/Paris")
    assert later is None


def test_work_without_a_deadline_ends_last(
    make_hall: MakeHall, make_user: MakeUser, db: Database, clock: Clock
) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    attempt = hall.start(alice)
    with db.writing() as session:
        session.execute(update(Attempt).where(Attempt.id == attempt).values(deadline=None))
    other = Hall(db, clock, hall.teacher, hall.taught, exams_draft(hall))
    other.start(alice)

    with db.reading() as session:
        work = exam_data.work_of(session, alice, clock())

    assert work is not None
    assert work.ends_at is None


def exams_draft(hall: Hall) -> Any:
    with hall.db.reading() as session:
        return exams.found(session, hall.teacher, hall.exam_id).draft
