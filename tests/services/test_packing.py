"""The offline pack: what is in it, and what never is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.db import Database
from app.models import Question
from app.services import cards, packing, plans
from app.services.identity import Person
from app.services.packing import Pack
from app.services.plans import Wanted
from tests.conftest import Clock
from tests.desk import FLASHCARD, Desk
from tests.hall import Hall, sit

MakeQuestion = Callable[..., Question]


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A learner with a device."""
    return make_desk()


def pack(desk: Desk) -> Pack:
    """What the learner's device gets now."""
    with desk.db.reading() as session:
        return packing.pack(session, desk.person, desk.clock())


def ids(desk: Desk) -> list[int]:
    """The questions of a new pack, in their order."""
    return [card.question_id for card in pack(desk).cards]


def test_a_pack_has_what_is_left_of_today_in_its_order(desk: Desk, make_question: MakeQuestion) -> None:
    for _ in range(3):
        make_question()

    assert ids(desk) == list(desk.day().queue.upcoming)
    assert {card.asked_from for card in pack(desk).cards} == {desk.clock()}


def test_what_comes_due_in_two_days_waits_for_its_own_day(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    desk.answer(question)

    card = pack(desk).cards[0]

    assert (card.question_id, card.version, card.log_length) == (question.id, 1, 1)
    assert card.asked_from == datetime(2026, 11, 24, 3, tzinfo=UTC)


def test_what_comes_due_later_stays_on_the_server(desk: Desk, clock: Clock, make_question: MakeQuestion) -> None:
    question = make_question()
    desk.answer(question)
    clock.advance(days=1)
    desk.answer(question)

    assert ids(desk) == []


def test_under_a_plan_the_cards_it_would_take_next_are_for_tomorrow(desk: Desk, make_question: MakeQuestion) -> None:
    for _ in range(10):
        make_question()
    with desk.db.writing() as session:
        plans.keep(session, desk.person, Wanted(desk.today + timedelta(days=20), 5), desk.clock())

    today = [card for card in pack(desk).cards if card.asked_from == desk.clock()]
    later = [card for card in pack(desk).cards if card.asked_from > desk.clock()]

    assert [card.question_id for card in today] == list(desk.day().queue.upcoming)
    assert len(today) + len(later) == 10
    assert {card.asked_from for card in later} == {datetime(2026, 11, 24, 3, tzinfo=UTC)}


def test_a_pack_holds_sixty_cards_at_most_and_a_week(desk: Desk, make_question: MakeQuestion) -> None:
    for _ in range(packing.MOST_CARDS + 2):
        make_question()
    desk.move_to(new_per_day=100)

    made = pack(desk)

    assert len(made.cards) == packing.MOST_CARDS
    assert made.wiped_at - made.made_at == timedelta(days=7)


def test_every_card_has_an_id_of_its_own_in_every_pack(desk: Desk, make_question: MakeQuestion) -> None:
    make_question(), make_question()

    found = [card.answer_id for _ in range(2) for card in pack(desk).cards]

    assert len(set(found)) == 4


def test_what_is_reserved_a_draft_or_retired_is_in_no_pack(desk: Desk, make_question: MakeQuestion) -> None:
    make_question(reserved=True), make_question(draft=True), make_question(retired=True)
    plain = make_question()

    assert ids(desk) == [plain.id]


def test_what_is_in_an_exam_of_theirs_is_in_no_pack(
    make_hall: Callable[..., Hall],
    make_user: Callable[..., Person],
    make_desk: Callable[..., Desk],
    make_question: MakeQuestion,
) -> None:
    hall = make_hall()
    plain = make_question()

    assert ids(make_desk(sit(hall, make_user))) == [plain.id]


def test_what_an_exam_announces_later_has_to_leave_the_device(
    make_hall: Callable[..., Hall],
    make_user: Callable[..., Person],
    make_desk: Callable[..., Desk],
    make_question: MakeQuestion,
) -> None:
    hall, plain = make_hall(), make_question()
    student = make_desk(sit(hall, make_user))

    with student.db.reading() as session:
        found = packing.gone(session, student.person, [1, 2, plain.id], student.clock(), student.clock())

    assert found == [1, 2]


def test_a_device_is_told_what_has_to_leave_it(desk: Desk, db: Database, make_question: MakeQuestion) -> None:
    first, second = make_question(), make_question(**FLASHCARD)
    with db.writing() as session:
        session.execute(update(Question).where(Question.id == first.id).values(retired=True))

    with db.reading() as session:
        found = packing.gone(session, desk.person, [first.id, second.id, 999], desk.clock(), desk.clock())

    assert found == [first.id, 999]


def test_what_was_set_aside_since_has_to_leave_the_device(desk: Desk, make_question: MakeQuestion) -> None:
    aside, kept = make_question(), make_question()
    with desk.db.writing() as session:
        cards.suspend(session, desk.person, aside.id)

    with desk.db.reading() as session:
        found = packing.gone(session, desk.person, [aside.id, kept.id], desk.clock(), desk.clock())

    assert found == [aside.id]


def test_what_was_answered_elsewhere_since_the_pack_has_to_leave_the_device(
    desk: Desk, clock: Clock, make_question: MakeQuestion
) -> None:
    before, after = make_question(), make_question()
    desk.answer(before)
    clock.advance(seconds=1)
    packed_at = clock()
    clock.advance(seconds=1)
    desk.answer(after)

    with desk.db.reading() as session:
        found = packing.gone(session, desk.person, [before.id, after.id], packed_at, desk.clock())

    assert found == [after.id]
