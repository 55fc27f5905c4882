"""SM-2, after P. A. Woźniak, "Algorithm SM-2" (super-memory.com/english/ol/sm2.htm).

Ease is the paper's E-factor in thousandths (2500 is 2.5), intervals are whole study
days: every result is an exact integer, equal on SQLite, PostgreSQL and in the tests.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum

MIN_EASE = 1300
MAX_INTERVAL = 36_500


class Grade(IntEnum):
    """How well an answer went: the paper's quality of response, 0 to 5."""

    BLACKOUT = 0
    WRONG = 1
    CLOSE = 2
    HARD = 3
    GOOD = 4
    EASY = 5


@dataclass(frozen=True, slots=True)
class CardState:
    """What the schedule knows of one card.

    `streak` is the paper's number of repetitions since the last failure, `interval_days` the wait
    before `due` (0 and None for a card never reviewed), `lapses` how often it was forgotten.
    """

    streak: int
    interval_days: int
    ease_permille: int
    lapses: int
    due: date | None


NEW = CardState(streak=0, interval_days=0, ease_permille=2500, lapses=0, due=None)


def review(state: CardState, grade: Grade, today: date) -> CardState:
    """Return the state after answering `grade` on the study day `today`; `due` is not looked at.

    A pass waits 1 day, then 6, then interval x new ease, rounded up (steps 3 and 5), at most 36 500.
    A failure restarts at 1 day and leaves the ease alone (step 6).
    """
    if grade < Grade.HARD:
        lapses = state.lapses + (state.streak > 0)
        return replace(state, streak=0, interval_days=1, lapses=lapses, due=today + timedelta(1))
    ease = max(MIN_EASE, state.ease_permille + _ease_change(grade))
    grown = -(-state.interval_days * ease // 1000)  # ceiling division
    days = {0: 1, 1: 6}.get(state.streak, min(grown, MAX_INTERVAL))
    due = today + timedelta(days)
    return replace(state, streak=state.streak + 1, interval_days=days, ease_permille=ease, due=due)


def _ease_change(grade: Grade) -> int:
    """Step 5, EF' - EF = 0.1 - (5 - q)(0.08 + (5 - q) 0.02), in thousandths."""
    miss = Grade.EASY - grade
    return 100 - miss * (80 + miss * 20)
