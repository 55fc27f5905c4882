"""What is believed of a card's memory, replayed from its answers alone.

SM-2's intervals are not trusted here: reviews ahead of time say little about them. The curve is a power law of
forgetting (Wixted & Ebbesen 1991) whose strength grows with the gap survived (spacing: Cepeda et al. 2008).
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import exp
from operator import itemgetter
from typing import Any, Protocol

from app.srs.sm2 import Grade

FAILED_UNITS = 2  # a recalled card costs 1: a failed one is drilled
FIRST = (0.4, 0.4, 0.4, 0.6, 1.2, 2.4)  # strength in days after a first answer of grade 0 to 5
_FLOOR, _KEPT, LATE = 0.4, 0.7, 3.0
_PRIOR = 100.0  # how many answers' worth of "forgets like others do" before the learner's own answers count more
_MOST_SPEED = 2.0


class PlannedCard(Protocol):
    """What the plan reads of a card: the first answer (day, grade 0 to 5) of each day, never drills, oldest first.

    SM-2's state is not read: the ease is replayed, and intervals say little once reviews come ahead of time.
    """

    @property
    def id(self) -> int: ...
    @property
    def history(self) -> Sequence[tuple[date, int]]: ...


@dataclass(frozen=True, slots=True)
class Memory:
    """What is believed of a seen card: `strength` in days, `ease` as SM-2's factor, the day it was last answered."""

    strength: float
    ease: float
    last: date

    def recall(self, day: date) -> float:
        """The chance (0 to 1) that it is recalled on `day`."""
        return recall((day - self.last).days, self.strength)


@dataclass(slots=True)
class Replay:
    """A card's history walked through; `strength` as if this learner forgot like others.

    `way` is the same number for cards that were answered alike but for how well the last answer was known.
    """

    strength: float
    ease: float
    last: date
    surprise: float = 0.0  # successes beyond what was expected
    information: float = 0.0
    way: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """What the first `answers` of a card's history left: who goes on from there need not walk through them again.

    `strengths` is what they left in other ways to forget (`app.srs.worlds`), by way and card, of those asked for so
    far: it is filled when another one is, and shared by all cards of a learner.
    """

    answers: int
    replay: Replay
    strengths: dict[Any, dict[int, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Learnt:
    """A card as a plan reads it, and what a part of its history left if that is known."""

    id: int
    history: Sequence[tuple[date, int]]
    trace: Trace | None = None


def memories(seen: Sequence[PlannedCard]) -> dict[int, Memory]:
    """What is believed of each seen card, in the measure of how fast this learner forgets."""
    return measured({card.id: replay_of(card) for card in seen})[0]


def measured(replays: Mapping[int, Replay]) -> tuple[dict[int, Memory], float]:
    """What is believed of each replayed card, and the learner's speed, in whose measure it is."""
    own = speed(replays.values())
    return {id_: Memory(one.strength * own, one.ease, one.last) for id_, one in replays.items()}, own


def speed(replays: Collection[Replay]) -> float:
    """How slowly this learner forgets beside others: 1 is like them, 2 takes twice as long."""
    return speed_from(sum(one.surprise for one in replays), sum(one.information for one in replays))


def speed_from(surprise: float, information: float) -> float:
    """`speed`, from the sums over all replays."""
    return exp(max(-_MOST_SPEED, min(_MOST_SPEED, surprise / (_PRIOR + information))))


def recall(days: float, strength: float) -> float:
    """The chance (0 to 1) of recall `days` after an answer: nine tenths after `strength` days."""
    return 1 / (1 + days / (9 * strength)) if days > 0 else 1.0


def strengthened(strength: float, gap_days: float, ease: float) -> float:
    """The strength after a success `gap_days` after the answer before."""
    return strength + (ease - 1) * min(gap_days, LATE * strength)


def weakened(strength: float) -> float:
    """The strength after a failure."""
    less = _KEPT * strength
    return strength if strength <= _FLOOR else less if less > _FLOOR else _FLOOR


def reviewed(strength: float, gap_days: float, ease: float, ahead: float) -> float:
    """The chance of recall `ahead` days after a review that comes `gap_days` after the answer before."""
    now = recall(gap_days, strength)
    if_right = recall(ahead, strengthened(strength, gap_days, ease))
    return now * if_right + (1 - now) * recall(ahead, weakened(strength))


def units(chance: float) -> float:
    """The units of time a review takes in the mean, by the chance that it is recalled."""
    return chance + (1 - chance) * FAILED_UNITS


def trace_of(card: PlannedCard) -> Trace | None:
    """What is known of the card without walking through its history."""
    return card.trace if isinstance(card, Learnt) else None


def before(card: PlannedCard, day: date) -> Learnt:
    """The card as the answers before a day left it."""
    history, trace = card.history[: bisect_left(card.history, day, key=itemgetter(0))], trace_of(card)
    return Learnt(card.id, history, trace if trace and trace.answers <= len(history) else None)


def replay_of(card: PlannedCard) -> Replay:
    """What the answers of a seen card leave, from where they are traced on."""
    trace = trace_of(card)
    if trace is None:
        return replayed(card.history)
    so_far = replace(trace.replay)
    for day, grade in card.history[trace.answers :]:
        go_on(so_far, day, grade)
    return so_far


def replayed(history: Sequence[tuple[date, int]]) -> Replay:
    """What the answers of a seen card leave."""
    first, *later = history
    so_far = begun(*first)
    for day, grade in later:
        go_on(so_far, day, grade)
    return so_far


def begun(day: date, grade: int) -> Replay:
    """What the first answer of a card leaves."""
    return Replay(FIRST[grade], eased(2.5, grade), day, way=hash((int(grade),)))


def go_on(so_far: Replay, day: date, grade: int) -> None:
    """Take one more answer into a card's replay."""
    gap = (day - so_far.last).days
    expected = recall(gap, so_far.strength)
    passed = grade >= Grade.HARD
    so_far.way = hash((so_far.way, gap, passed, so_far.ease))
    so_far.surprise += passed - expected
    so_far.information += expected * (1 - expected)
    so_far.strength = strengthened(so_far.strength, gap, so_far.ease) if passed else weakened(so_far.strength)
    so_far.last, so_far.ease = day, eased(so_far.ease, grade)


def eased(ease: float, grade: int) -> float:
    """SM-2's E-factor after an answer (step 5); a failure leaves it alone."""
    miss = Grade.EASY - grade
    return ease if grade < Grade.HARD else max(1.3, ease + 0.1 - miss * (0.08 + miss * 0.02))
