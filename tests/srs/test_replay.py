"""A card is the total of its log: answers one by one, undos left out."""

from datetime import timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.srs.answering import Kind
from app.srs.replay import NOTHING, Entry, Totals, advance, replay
from app.srs.sm2 import NEW, Grade
from tests.srs.logs import TODAY, WALKS, entry, undoing, walk, walks_with_undos

TOMORROW = TODAY + timedelta(1)


def test_an_empty_log_is_a_new_card() -> None:
    assert replay([]) == NOTHING == Totals(state=NEW)


def test_a_first_answer_is_counted_and_dated() -> None:
    first = entry(1, Grade.GOOD)

    totals = replay([first])

    assert (totals.introduced_day, totals.last_day, totals.last_answered_at) == (TODAY, TODAY, first.answered_at)
    assert (totals.reviews, totals.last_number, totals.drill_day) == (1, 1, None)


@pytest.mark.parametrize("grade", [Grade.BLACKOUT, Grade.WRONG, Grade.CLOSE, Grade.HARD])
def test_an_answer_below_good_is_drilled_the_same_day(grade: Grade) -> None:
    assert replay([entry(1, grade)]).drill_day == TODAY


def test_a_drill_that_fails_goes_on() -> None:
    assert replay([entry(1, 1), entry(2, 3, kind=Kind.DRILL)]).drill_day == TODAY


def test_a_drill_that_succeeds_ends_it_and_leaves_the_schedule() -> None:
    missed = replay([entry(1, 1)])

    totals = replay([entry(1, 1), entry(2, 4, kind=Kind.DRILL)])

    assert (totals.drill_day, totals.state) == (None, missed.state)


@pytest.mark.parametrize("kind", [Kind.EARLY, Kind.PRACTICE])
def test_a_miss_ahead_of_time_is_drilled_too(kind: Kind) -> None:
    log = [entry(1, 4), entry(2, 4, TOMORROW), entry(3, 2, TOMORROW + timedelta(1), kind)]

    assert replay(log).drill_day == TOMORROW + timedelta(1)


def test_a_practised_card_stays_new_and_undrilled_but_is_remembered() -> None:
    totals = replay([entry(1, 1, kind=Kind.PRACTICE)])

    assert (totals.state, totals.introduced_day, totals.drill_day) == (NEW, None, None)
    assert (totals.reviews, totals.last_day) == (1, TODAY)


def test_a_card_practised_first_is_introduced_by_its_review() -> None:
    assert replay([entry(1, 4, kind=Kind.PRACTICE), entry(2, 4, TOMORROW)]).introduced_day == TOMORROW


def test_undoing_the_only_answer_leaves_a_new_card() -> None:
    assert replay([entry(1, 1), undoing(2, 1)]) == NOTHING


def test_undoing_a_drill_that_succeeded_asks_it_again() -> None:
    assert replay([entry(1, 1), entry(2, 4, kind=Kind.DRILL), undoing(3, 2)]).drill_day == TODAY


def test_undoing_a_first_answer_replays_the_second_as_the_first() -> None:
    log = [entry(1, 4), entry(2, 4, TOMORROW), undoing(3, 1, TOMORROW)]

    totals = replay(log)

    assert (totals.state.streak, totals.state.interval_days, totals.introduced_day) == (1, 1, TOMORROW)


def test_an_answer_after_an_undo_goes_on_from_what_is_left() -> None:
    log = [entry(1, 4), entry(2, 1, TOMORROW), undoing(3, 2, TOMORROW), entry(4, 4, TOMORROW)]

    totals = replay(log)

    assert (totals.state.interval_days, totals.state.lapses, totals.reviews, totals.last_number) == (6, 0, 2, 4)


@pytest.mark.parametrize("kind", [Kind.DRILL, Kind.EARLY])
def test_what_followed_an_undone_first_answer_does_not_open_a_schedule(kind: Kind) -> None:
    log = [entry(1, 1), entry(2, 1, kind=kind), undoing(3, 1)]

    totals = replay(log)

    assert (totals.state, totals.introduced_day, totals.drill_day) == (NEW, None, None)


def test_a_card_whose_missed_review_is_undone_is_due_and_not_drilled() -> None:
    log = [entry(1, 4), entry(2, 1, TOMORROW), entry(3, 1, TOMORROW, Kind.DRILL), undoing(4, 2, TOMORROW)]

    totals = replay(log)

    assert (totals.state.due, totals.drill_day) == (TOMORROW, None)


@pytest.mark.parametrize(
    ("log", "message"),
    [
        ([entry(1, 4), undoing(2, 1), undoing(3, 1)], "row 3 undoes row 1"),
        ([entry(1, 4), undoing(2, 1), undoing(3, 2)], "row 3 undoes row 2"),
        ([entry(1, 4), undoing(2, 7)], "row 2 undoes row 7"),
        ([undoing(1, 2), entry(2, 4)], "row 1 undoes row 2"),
        ([entry(1, 4), entry(1, 4)], "row 1 is there twice"),
    ],
    ids=["undone twice", "an undo undone", "nothing undone", "undone before it was given", "a number twice"],
)
def test_a_log_that_cannot_be_is_refused(log: list[Entry], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replay(log)


def test_an_undo_cannot_advance_a_card() -> None:
    with pytest.raises(ValueError, match="row 2 is not an answer"):
        advance(NOTHING, undoing(2, 1))


@given(WALKS)
def test_replaying_a_log_is_advancing_answer_by_answer(log: list[Entry]) -> None:
    assert replay(log) == reduce(advance, log, NOTHING)


@given(WALKS.flatmap(lambda log: st.tuples(st.just(log), st.permutations(log))))
def test_rows_may_be_read_in_any_order(logs: tuple[list[Entry], list[Entry]]) -> None:
    written, read = logs

    assert replay(read) == replay(written)


@given(WALKS.filter(bool), st.data())
def test_undoing_any_answer_is_as_if_it_had_not_been_given(log: list[Entry], data: st.DataObject) -> None:
    undone = data.draw(st.sampled_from(log))

    totals = replay([*log, undoing(len(log) + 1, undone.number)])

    assert totals == replay([row for row in log if row is not undone])


@given(walks_with_undos())
def test_a_log_with_undos_equals_the_answers_that_stand(log: list[Entry]) -> None:
    gone = {row.undoes for row in log}

    standing = [row for row in log if row.kind is not Kind.UNDO and row.number not in gone]

    assert replay(log) == reduce(advance, standing, NOTHING)


@given(WALKS)
def test_undoing_everything_from_the_last_leaves_a_new_card(log: list[Entry]) -> None:
    undos = [undoing(len(log) + n, row.number) for n, row in enumerate(reversed(log), start=1)]

    assert replay([*log, *undos]) == NOTHING


@given(walks_with_undos())
def test_a_card_is_new_or_introduced_and_due(log: list[Entry]) -> None:
    totals = replay(log)

    assert (totals.state == NEW) == (totals.state.due is None) == (totals.introduced_day is None)
    assert (totals.state.interval_days == 0) == (totals.state.due is None)


@given(walks_with_undos())
def test_a_card_is_never_due_and_drilled_on_one_day(log: list[Entry]) -> None:
    totals = replay(log)

    assert totals.drill_day is None or (totals.state.due is not None and totals.state.due > totals.drill_day)


@given(WALKS.filter(bool))
def test_a_card_is_drilled_today_only_while_its_last_answer_was_below_good(log: list[Entry]) -> None:
    totals = replay(log)

    missed = log[-1].grade is not None and log[-1].grade < Grade.GOOD
    assert (totals.drill_day == log[-1].study_day) == (missed and totals.state != NEW)


@given(WALKS)
def test_a_card_answered_today_is_never_due_again_today(log: list[Entry]) -> None:
    totals = replay(log)

    assert totals.state.due is None or (totals.last_day is not None and totals.state.due > totals.last_day)


def test_two_weeks_of_answers_give_the_card_they_should() -> None:
    steps = [(0, 4), (1, 1), (0, 3), (0, 4), (1, 4), (1, 4), (2, 5), (6, 4)]

    log = walk([(days, Grade(grade), False) for days, grade in steps])
    totals = replay(log)

    assert [row.kind for row in log] == ["review", "review", "drill", "drill", "review", "review", "early", "review"]
    assert (totals.state.streak, totals.state.interval_days, totals.state.lapses) == (3, 15, 1)
