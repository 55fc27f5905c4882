"""The log grows by one row at a time, from the card as it was seen, and only so."""

import dataclasses
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.db import Database
from app.errors import Conflict, NotFound
from app.models import Card, Question, ReviewLog
from app.services import journal
from app.services.journal import Asked, NewEntry
from app.srs import replay
from app.srs.answering import Kind
from app.srs.replay import NOTHING
from app.srs.sm2 import Grade
from tests.desk import WRONG, Desk

MakeQuestion = Callable[..., Question]


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A learner whose log is written by hand."""
    return make_desk()


@pytest.fixture
def question(make_question: MakeQuestion) -> Question:
    return make_question()


def seen(desk: Desk, question: Question) -> Asked:
    with desk.db.reading() as session:
        return journal.asked(session, desk.person, question.id)


def write(desk: Desk, card: Asked, answer_id: UUID | None = None, grade: Grade = Grade.GOOD) -> int:
    """Append one answer to a card as it was seen."""
    new = NewEntry(
        kind=Kind.REVIEW,
        grade=grade,
        question_version=card.question_version,
        answered_at=desk.clock(),
        study_day=desk.today,
        zone=desk.person.zone,
        answer_id=answer_id or uuid4(),
    )
    after = replay.advance(card.totals, new.entry(card.log_length + 1))
    with desk.db.writing() as session:
        return journal.append(session, desk.person, card, new, after)


def rows_of(db: Database) -> tuple[int, int]:
    """How many cards and rows there are."""
    with db.reading() as session:
        return len(session.scalars(select(Card.id)).all()), len(session.scalars(select(ReviewLog.id)).all())


def test_a_question_never_met_has_no_card(desk: Desk, question: Question) -> None:
    card = seen(desk, question)

    assert (card.card_id, card.version, card.totals, card.log_length) == (None, 0, NOTHING, 0)


def test_the_first_row_makes_the_card(desk: Desk, question: Question) -> None:
    assert write(desk, seen(desk, question)) == 1

    card = seen(desk, question)
    assert (card.version, card.log_length, card.totals.reviews) == (1, 1, 1)


def test_a_row_written_from_an_old_view_is_refused_whole(desk: Desk, question: Question, db: Database) -> None:
    write(desk, seen(desk, question))
    stale = seen(desk, question)
    write(desk, stale)

    with pytest.raises(Conflict, match="version"):
        write(desk, stale)

    assert rows_of(db) == (1, 2)
    assert desk.problems() == []


def test_a_first_row_that_comes_second_is_refused_whole(desk: Desk, question: Question, db: Database) -> None:
    stale = seen(desk, question)
    write(desk, stale)

    with pytest.raises(Conflict, match="version"):
        write(desk, stale)

    assert rows_of(db) == (1, 1)


def test_an_id_that_is_used_leaves_neither_row_nor_card(
    desk: Desk, question: Question, make_question: MakeQuestion, db: Database
) -> None:
    answer_id = uuid4()
    write(desk, seen(desk, question), answer_id)

    with pytest.raises(Conflict, match="answer_id"):
        write(desk, seen(desk, make_question()), answer_id)

    assert rows_of(db) == (1, 1)


def test_the_rows_are_read_in_the_order_they_were_written(desk: Desk, question: Question) -> None:
    for _ in range(3):
        write(desk, seen(desk, question))

    with desk.db.reading() as session:
        rows = journal.entries_of(session, desk.person, seen(desk, question).card_id or 0)

    assert [row.number for row in rows] == [1, 2, 3]


def test_nobody_reads_anothers_log(make_desk: Callable[..., Desk], desk: Desk, question: Question) -> None:
    write(desk, seen(desk, question))
    card_id = seen(desk, question).card_id or 0

    with desk.db.reading() as session:
        assert journal.entries_of(session, make_desk().person, card_id) == []


def test_nobody_holds_a_card_they_do_not_have(desk: Desk, question: Question) -> None:
    with pytest.raises(NotFound), desk.db.writing() as session:
        journal.hold_card(session, desk.person, question.id)


def test_the_answers_that_stand_are_neither_undone_nor_undoings(desk: Desk, question: Question) -> None:
    desk.answer(question)
    desk.answer(question, WRONG)
    desk.undo(question, 1)

    assert [row.number for row in journal.standing(desk.log(question))] == [2]


def test_the_total_before_a_row_leaves_it_and_what_follows_out(desk: Desk, question: Question) -> None:
    desk.answer(question)
    desk.answer(question, WRONG)
    rows = desk.log(question)

    assert journal.totals_before(rows, 1) == NOTHING
    assert journal.totals_before(rows, 2) == journal.replayed(rows[:1])
    assert journal.replayed(rows) == seen(desk, question).totals


def test_a_row_keeps_the_state_it_gave(desk: Desk, question: Question) -> None:
    desk.answer(question)
    desk.answer(question, WRONG)

    for count, row in enumerate(desk.log(question), 1):
        assert row.state == journal.replayed(desk.log(question)[:count]).state


def test_a_view_of_a_card_that_is_not_there_any_more_is_refused(desk: Desk, question: Question) -> None:
    write(desk, seen(desk, question))
    gone = dataclasses.replace(seen(desk, question), card_id=404)

    with pytest.raises(Conflict, match="version"):
        write(desk, gone)
