"""The log is the truth, a card its running total: how one is made of the other."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce

from app.srs.answering import Kind, answer
from app.srs.sm2 import NEW, CardState, Grade


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a card's log. `undoes` is the number an undo takes back; `grade` is None for an undo only."""

    number: int
    kind: Kind
    grade: Grade | None
    study_day: date
    undoes: int | None
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Totals:
    """What a card's log amounts to, undone rows left out.

    `drill_day`: the study day on which it is to be asked again (it counts only while it is today);
    `introduced_day`: when it stopped being new; `last_day`, `last_answered_at`, `last_number`: its
    last answer; `reviews`: how many answers it had.
    """

    state: CardState = NEW
    drill_day: date | None = None
    introduced_day: date | None = None
    last_day: date | None = None
    last_answered_at: datetime | None = None
    reviews: int = 0
    last_number: int | None = None


NOTHING = Totals()


def replay(entries: Iterable[Entry]) -> Totals:
    """The total of a whole log, in the order of its numbers.

    Raises ValueError for a log that cannot be: a number twice, an undo of nothing, of an undo, or twice.
    """
    ordered = sorted(entries, key=lambda entry: entry.number)
    undone = _undone(ordered)
    return reduce(advance, (e for e in ordered if e.kind is not Kind.UNDO and e.number not in undone), NOTHING)


def advance(totals: Totals, entry: Entry) -> Totals:
    """The total after one more answer; the same step records an answer and replays it.

    Practice that arrives late, from before the card's last answer, is counted and moves nothing: what is known
    of the card since is newer.
    """
    if entry.grade is None or entry.kind is Kind.UNDO:
        raise ValueError(f"row {entry.number} is not an answer")
    if _comes_late(totals, entry):
        return replace(totals, reviews=totals.reviews + 1, last_number=entry.number)
    state = answer(totals.state, entry.kind, entry.grade, entry.study_day)
    return replace(
        totals,
        state=state,
        drill_day=_drill_day(state, entry.grade, entry.study_day),
        introduced_day=totals.introduced_day or (entry.study_day if state.due else None),
        last_day=entry.study_day,
        last_answered_at=entry.answered_at,
        reviews=totals.reviews + 1,
        last_number=entry.number,
    )


def _comes_late(totals: Totals, entry: Entry) -> bool:
    last = totals.last_answered_at
    return entry.kind is Kind.PRACTICE and last is not None and entry.answered_at < last


def _drill_day(state: CardState, grade: Grade, day: date) -> date | None:
    if state.due is None or state.due <= day:  # only practised, or its review was undone: nothing to drill
        return None
    return day if grade < Grade.GOOD else None


def _undone(entries: list[Entry]) -> set[int]:
    answers: set[int] = set()
    undone: set[int] = set()
    seen: set[int] = set()
    for entry in entries:
        if entry.number in seen:
            raise ValueError(f"row {entry.number} is there twice")
        seen.add(entry.number)
        if entry.kind is not Kind.UNDO:
            answers.add(entry.number)
        elif entry.undoes not in answers or entry.undoes in undone:
            raise ValueError(f"row {entry.number} undoes row {entry.undoes}, which does not stand")
        else:
            undone.add(entry.undoes)
    return undone
