"""Towards an exam: which cards to study today so that recall on the exam day is as high as the time allows.

"First we bring in new cards at the pace that lets you see the whole course before the last stretch. The
rest of your time goes to the cards whose review today should raise your exam-day recall the most, judged
from your past answers."

SM-2 stays the record of what a learner knows; this module only ranks. It trusts no interval, because
reviews ahead of time say little about it: the strength of a card is replayed from its answers. The curve
is a power law of forgetting (Wixted & Ebbesen 1991) whose strength grows with the gap survived (spacing:
Cepeda et al. 2008), and cards compete by expected gain per unit of time (Eglington & Pavlik 2020).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from math import ceil, exp
from typing import Protocol

from app.srs.sm2 import Grade

WORTH = 0.04  # a review whose expected gain of recall is below this may be left out
NEW_UNITS, FAILED_UNITS = 2, 2  # a recalled card costs 1: a failed one is drilled, a new one is read and drilled
_FIRST = (0.4, 0.4, 0.4, 0.6, 1.2, 2.4)  # strength in days after a first answer of grade 0 to 5
_FLOOR, _KEPT, _LATE = 0.4, 0.7, 3.0
_PACE = 0.8  # the whole deck is seen by four fifths of the time
_HORIZON = 14  # days: a gain is judged at the exam, or this far ahead if that is sooner
_PRIOR = 100.0  # how many answers' worth of "forgets like others do" before the learner's own answers count more
_MOST_SPEED = 2.0
_LIKELIER_NOT = 0.5


class PlannedCard(Protocol):
    """What the plan reads of a card: the first answer (day, grade 0 to 5) of each day, never drills, oldest first.

    SM-2's state is not read: the ease is replayed, and intervals say little once reviews come ahead of time.
    """

    @property
    def id(self) -> int: ...
    @property
    def history(self) -> Sequence[tuple[date, int]]: ...


class Reason(StrEnum):
    """Why a card is chosen today."""

    NEW = "new"  # its turn to be seen
    FADING = "fading"  # likely forgotten, or nearly, by the exam
    SPACED = "spaced"  # known today; a review now carries it to the exam
    MORE = "more"  # time is left: a new card ahead of its turn


@dataclass(frozen=True, slots=True)
class Memory:
    """What is believed of a seen card: `strength` in days, `ease` as SM-2's factor, the day it was last answered."""

    strength: float
    ease: float
    last: date

    def recall(self, day: date) -> float:
        """The chance (0 to 1) that it is recalled on `day`."""
        return recall((day - self.last).days, self.strength)


@dataclass(frozen=True, slots=True)
class Choice:
    """One card in the order of the day: the chance it is recalled today, what a review is expected to add to
    its recall on the day it is judged for, and the units of time it should take."""

    id: int
    reason: Reason
    recall: float
    gain: float
    units: float

    @property
    def is_new(self) -> bool:
        """Whether the learner has never met it."""
        return self.reason in {Reason.NEW, Reason.MORE}


def plan(today: date, exam: date, budget: int, cards: Sequence[PlannedCard]) -> list[int]:
    """The ids of the cards to study today, most useful first; the caller stops at the budget (units of time).

    Empty from the exam day on. Cards answered today are left out. `budget` does not change the order.
    """
    return [choice.id for choice in choices(today, exam, cards)]


def choices(today: date, exam: date, cards: Sequence[PlannedCard], start: date | None = None) -> list[Choice]:
    """The order of `plan`, with what is expected of each card.

    `start` is the day the plan began (the earliest answer's when None).
    """
    if today >= exam:
        return []
    seen = [card for card in cards if card.history]
    unseen = [card for card in cards if not card.history]
    begun = start or min((card.history[0][0] for card in seen), default=today)
    due_new = quota(len(unseen), begun, today, exam)
    fresh = [_fresh(card, Reason.NEW if place < due_new else Reason.MORE) for place, card in enumerate(unseen)]
    ranked = ranking(memories(seen), today, exam)
    return [*islice(fresh, due_new), *ranked, *fresh[due_new:]]


def quota(unseen: int, start: date, today: date, exam: date) -> int:
    """How many new cards today, so that all are seen when four fifths of the time since `start` are over."""
    return ceil(unseen / max(_PACE * (exam - start).days - (today - start).days, 1))


def memories(seen: Sequence[PlannedCard]) -> dict[int, Memory]:
    """What is believed of each seen card, in the measure of how fast this learner forgets."""
    replayed = {card.id: _replayed(card.history) for card in seen}
    surprise = sum(one.surprise for one in replayed.values())
    information = sum(one.information for one in replayed.values())
    speed = exp(max(-_MOST_SPEED, min(_MOST_SPEED, surprise / (_PRIOR + information))))
    return {id_: Memory(one.strength * speed, one.ease, one.last) for id_, one in replayed.items()}


def ranking(known: dict[int, Memory], today: date, exam: date) -> list[Choice]:
    """The seen cards not answered today, by what a review gains on the day they are judged for per unit of time."""
    ahead = min((exam - today).days, _HORIZON)
    found = [_review(id_, memory, today, ahead) for id_, memory in known.items() if memory.last < today]
    return sorted(found, key=lambda choice: (-choice.gain / choice.units, choice.id))


def recall(days: float, strength: float) -> float:
    """The chance (0 to 1) of recall `days` after an answer: nine tenths after `strength` days."""
    return 1 / (1 + max(days, 0) / (9 * strength))


def strengthened(strength: float, gap_days: float, ease: float) -> float:
    """The strength after a success `gap_days` after the answer before."""
    return strength + (ease - 1) * min(gap_days, _LATE * strength)


def weakened(strength: float) -> float:
    """The strength after a failure."""
    return max(_KEPT * strength, min(strength, _FLOOR))


@dataclass(slots=True)
class _Replay:
    strength: float
    ease: float
    last: date
    surprise: float = 0.0  # successes beyond what was expected
    information: float = 0.0


def _replayed(history: Sequence[tuple[date, int]]) -> _Replay:
    (day, grade), *later = history
    so_far = _Replay(_FIRST[grade], _eased(2.5, grade), day)
    for day, grade in later:
        gap = (day - so_far.last).days
        expected = recall(gap, so_far.strength)
        passed = grade >= Grade.HARD
        so_far.surprise += passed - expected
        so_far.information += expected * (1 - expected)
        so_far.strength = strengthened(so_far.strength, gap, so_far.ease) if passed else weakened(so_far.strength)
        so_far.last, so_far.ease = day, _eased(so_far.ease, grade)
    return so_far


def _eased(ease: float, grade: int) -> float:
    """SM-2's E-factor after an answer (step 5); a failure leaves it alone."""
    miss = Grade.EASY - grade
    return ease if grade < Grade.HARD else max(1.3, ease + 0.1 - miss * (0.08 + miss * 0.02))


def _fresh(card: PlannedCard, reason: Reason) -> Choice:
    return Choice(card.id, reason, 0.0, 1.0, NEW_UNITS)


def _review(id_: int, memory: Memory, today: date, ahead: int) -> Choice:
    strength, gap = memory.strength, (today - memory.last).days
    now = recall(gap, strength)
    if_right = recall(ahead, strengthened(strength, gap, memory.ease))
    if_wrong = recall(ahead, weakened(strength))
    without = recall(gap + ahead, strength)
    gain = now * if_right + (1 - now) * if_wrong - without
    reason = Reason.FADING if without < _LIKELIER_NOT else Reason.SPACED
    return Choice(id_, reason, now, gain, now + (1 - now) * FAILED_UNITS)
