"""The log tells every change of a mark with what it made of each score, whatever was undone since."""

from collections.abc import Callable

import pytest

from app.exam.regrading import Change, Kind
from app.models import AttemptEvent
from app.services import adjustments, exam_allowances, interventions, mark_log, regrades
from app.services.identity import Person
from app.services.interventions import TimeWanted
from app.services.mark_log import Entry, What
from tests.hall import Hall, answer_all, item_at, sit

MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]


def told(hall: Hall) -> list[Entry]:
    """The log, the oldest first."""
    with hall.db.reading() as session:
        return list(mark_log.read(session, hall.teacher, hall.exam_id, hall.clock()).entries)[::-1]


def moves(entry: Entry) -> list[tuple[str, int, int]]:
    return [(one.name, one.before, one.after) for one in entry.moved]


def regrade(hall: Hall, position: int, kind: Kind) -> int:
    hall.clock.advance(minutes=1)
    with hall.db.writing() as session:
        wanted = regrades.Wanted(item_at(hall, position), Change(kind, {}), "Unclear.")
        return regrades.apply(session, hall.teacher, hall.exam_id, wanted, hall.clock())


def adjust(hall: Hall, attempt: int, points: str) -> int:
    hall.clock.advance(minutes=1)
    with hall.db.writing() as session:
        wanted = adjustments.Wanted(attempt, points, "Late.")
        return adjustments.adjust(session, hall.teacher, hall.exam_id, wanted, hall.clock())


@pytest.fixture
def hall(make_hall: MakeHall) -> Hall:
    return make_hall(shuffle_questions=False, attempts=2)


@pytest.fixture
def alice(hall: Hall, make_user: MakeUser) -> Person:
    return sit(hall, make_user)


def test_each_change_says_what_it_made_of_the_score_at_its_time(hall: Hall, alice: Person) -> None:
    attempt = answer_all(hall, alice, "b", "b", "a", "a")
    given = adjust(hall, attempt, "1,5")
    dropped = regrade(hall, 4, Kind.DROP)
    hall.clock.advance(minutes=1)
    with hall.db.writing() as session:
        adjustments.undo(session, hall.teacher, hall.exam_id, given, "Not late.", hall.clock())
    hall.clock.advance(minutes=1)
    with hall.db.writing() as session:
        regrades.undo(session, hall.teacher, hall.exam_id, dropped, "Clear enough.", hall.clock())

    log = told(hall)

    assert [entry.what for entry in log] == [
        What.ADJUSTMENT,
        What.REGRADE,
        What.ADJUSTMENT_UNDONE,
        What.REGRADE_UNDONE,
    ]
    assert [moves(entry) for entry in log] == [
        [("Alice", 1000, 1150)],
        [("Alice", 1150, 1483)],
        [("Alice", 1483, 1333)],
        [("Alice", 1333, 1000)],
    ]
    assert [entry.why for entry in log] == ["Late.", "Unclear.", "Not late.", "Clear enough."]
    assert {entry.by for entry in log} == {hall.teacher.login}
    assert [entry.student for entry in log] == ["Alice", "", "Alice", ""]


def test_only_a_change_of_the_score_that_counts_is_a_move(hall: Hall, alice: Person) -> None:
    answer_all(hall, alice, "b", "b", "b", "b")
    second = answer_all(hall, alice, "b", "a", "a", "a")

    adjust(hall, second, "1")

    assert moves(told(hall)[0]) == []


def test_who_is_at_work_has_no_score_to_move(hall: Hall, alice: Person) -> None:
    hall.start(alice)

    regrade(hall, 1, Kind.EVERYBODY)

    assert moves(told(hall)[0]) == []


def test_time_given_is_told_too(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)
    with hall.db.writing() as session:
        details = {"minutes": 10, "reason": "Fire alarm."}
        session.add(
            AttemptEvent(attempt_id=attempt, at=hall.clock(), kind="time_given", by_id=hall.teacher.id, details=details)
        )

    [entry] = told(hall)

    assert (entry.what, entry.event, entry.why, entry.student) == (What.ATTEMPT, "time_given", "Fire alarm.", "Alice")


def test_time_given_to_everybody_is_told_once(hall: Hall, alice: Person, make_user: MakeUser) -> None:
    for who in (alice, sit(hall, make_user, "Zoé")):
        hall.start(who)
    with hall.db.writing() as session:
        wanted = TimeWanted(10, "Fire alarm.")
        interventions.give_time(session, hall.teacher, hall.exam_id, wanted, hall.clock())

    [entry] = told(hall)

    assert (entry.what, entry.event, entry.why, entry.student) == (What.EXAM, "time_given", "Fire alarm.", "")
    assert entry.told is not None
    assert entry.told.minutes == 10


def test_a_make_up_is_told_with_who_it_is_for(hall: Hall, alice: Person) -> None:
    with hall.db.writing() as session:
        given = exam_allowances.Given(alice.id, 1, reason="Ill.")
        exam_allowances.allow(session, hall.teacher, hall.exam_id, given, hall.clock())

    [entry] = told(hall)

    assert (entry.event, entry.why, entry.student, bool(entry.by)) == ("allowed", "Ill.", "Alice", True)


def test_what_students_do_themselves_is_not_in_it(hall: Hall, alice: Person) -> None:
    answer_all(hall, alice, "b")

    assert told(hall) == []


def test_the_newest_change_comes_first(hall: Hall, alice: Person) -> None:
    answer_all(hall, alice, "b")
    for position in (1, 2):
        regrade(hall, position, Kind.DROP)

    with hall.db.reading() as session:
        entries = mark_log.read(session, hall.teacher, hall.exam_id, hall.clock()).entries
    assert [entry.regrade.item_id for entry in entries if entry.regrade] == [item_at(hall, 2), item_at(hall, 1)]
