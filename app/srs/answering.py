"""What an answer does to a card, beyond SM-2's own text: early answers, same-day drills, practice.

The 1990 text knows neither answers before the due day nor repetitions within a day. Here a success
that comes early proves little, so it only moves `due`; a failure counts whenever it comes; and what
was graded below 4 is drilled the same day without touching the schedule again (step 7).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from app.srs.sm2 import CardState, Grade, review

LEECH_AT = 8
LEECH_AGAIN_EVERY = 4
_NEARLY = Fraction(1, 2)


class Kind(StrEnum):
    """How an answer counts, as the log keeps it."""

    REVIEW = "review"
    DRILL = "drill"
    EARLY = "early"
    PRACTICE = "practice"
    UNDO = "undo"


def kind_of(state: CardState, drilling: bool, today: date, practice: bool = False) -> Kind:
    """The kind of an answer given on `today`; the first match wins.

    `drilling` says that the card was graded below 4 earlier this study day and not 4 or more since.
    A practised card that was never reviewed stays new: practice does not open a schedule.
    """
    if drilling:
        return Kind.DRILL
    if practice and (state.due is None or state.due > today):
        return Kind.PRACTICE
    if state.due is None or state.due <= today:
        return Kind.REVIEW
    return Kind.EARLY


def answer(state: CardState, kind: Kind, grade: Grade, today: date) -> CardState:
    """The state after an answer of this kind and grade; raises ValueError for an undo, which is a replay."""
    match kind:
        case Kind.REVIEW:
            return review(state, grade, today)
        case Kind.DRILL:
            return state
        case Kind.EARLY | Kind.PRACTICE:
            return _ahead_of_time(state, grade, today)
        case _:
            raise ValueError(f"{kind} is not an answer")


def grade_of(credit: Fraction, dont_know: bool) -> Grade:
    """The grade of a marked answer: right is Good, half right or more Close, else Wrong; "I don't know" is 0."""
    if dont_know:
        return Grade.BLACKOUT
    if credit == 1:
        return Grade.GOOD
    return Grade.CLOSE if credit >= _NEARLY else Grade.WRONG


def choices(state: CardState, kind: Kind, today: date, grades: Iterable[Grade]) -> dict[Grade, CardState]:
    """What each grade would give, by the call that records it."""
    return {grade: answer(state, kind, grade, today) for grade in grades}


def is_leech(lapses: int) -> bool:
    """Whether a card was forgotten so often that learning it again needs something else."""
    return lapses >= LEECH_AT


def is_leech_now(before: CardState, after: CardState) -> bool:
    """Whether this answer made the card a leech: at the 8th lapse, and again every 4."""
    return (
        after.lapses > before.lapses and is_leech(after.lapses) and (after.lapses - LEECH_AT) % LEECH_AGAIN_EVERY == 0
    )


def _ahead_of_time(state: CardState, grade: Grade, today: date) -> CardState:
    if state.due is None:
        return state
    if grade < Grade.HARD:
        return review(state, grade, today)
    return replace(state, due=max(state.due, today + timedelta(state.interval_days)))
