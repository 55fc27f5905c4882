"""Where the cards of a course stand, and how hard they are: counts for two charts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.stats.mastery import MATURE_DAYS

_STEP_PERMILLE = 200
_LOWEST, _HIGHEST = 1300, 2900  # SM-2's floor; from the highest on they count together


class State(StrEnum):
    """Where a card stands, in the order it goes through them; one state a card."""

    NEW = "new"
    LEARNING = "learning"  # missed last time, or met once: it comes back the next day
    YOUNG = "young"  # it comes back within three weeks
    SETTLED = "settled"
    ASIDE = "aside"
    EXAM = "exam"  # an exam hides it, and so how it was answered


@dataclass(frozen=True, slots=True)
class EaseBar:
    """How many cards have an ease from `low` up to less than `high`, in thousandths; the last bar has no `high`."""

    low: int
    high: int | None
    count: int


def state_of(interval_days: int, aside: bool = False, hidden: bool = False) -> State:
    """The one state of a card; its interval is 0 while it is new."""
    if hidden:
        return State.EXAM
    if aside:
        return State.ASIDE
    if interval_days >= MATURE_DAYS:
        return State.SETTLED
    return State.YOUNG if interval_days > 1 else State.LEARNING if interval_days else State.NEW


def by_state(states: Iterable[State]) -> Sequence[tuple[State, int]]:
    """How many cards are in each state, in the states' order; those of an exam only where there are any."""
    counts = Counter(states)
    return [(state, counts[state]) for state in State if counts[state] or state is not State.EXAM]


def by_ease(eases_permille: Iterable[int]) -> Sequence[EaseBar]:
    """How many cards have which ease, in steps of 0.2 from SM-2's floor of 1.3 on."""
    steps = (_HIGHEST - _LOWEST) // _STEP_PERMILLE
    counts = Counter(min(max(ease - _LOWEST, 0) // _STEP_PERMILLE, steps) for ease in eases_permille)
    lows = [_LOWEST + _STEP_PERMILLE * step for step in range(steps + 1)]
    highs = [*lows[1:], None]
    return [EaseBar(low, high, counts[step]) for step, (low, high) in enumerate(zip(lows, highs, strict=True))]
