"""Towards an exam: which cards to study today so that recall on the exam day is as high as the time allows.

"First we bring in new cards at the pace that lets you see the whole course before the last stretch, more slowly if
your answers show that you forget fast. The rest of your time goes to the cards whose review today should raise your
exam-day recall the most, judged from your past answers."

SM-2 stays the record of what a learner knows; this module only ranks, by `app.srs.memory`. Cards compete by expected
gain per unit of time (Eglington & Pavlik 2020).

While new cards take all the time nothing tells how a learner forgets: until eight reviews have, two a day of the
cards longest unseen come first. Who then forgets by halves rather than by a power law (`app.srs.worlds`) is better
served by fewer cards known well: new cards and reviews compete in one list.

Also tried in simulation, and worse or no better: other paces and horizons, a speed learnt faster, strengths drawn to
the learner's mean, a grid of speeds, FSRS's or ACT-R's own formulas, new cards and reviews always in one list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import ceil

from app.srs import worlds
from app.srs.memory import FAILED_UNITS, Memory, PlannedCard, memories, recall, replay_of, reviewed, units
from app.srs.worlds import HalfLives, World

__all__ = [
    "FAILED_UNITS",
    "Choice",
    "Memory",
    "PlannedCard",
    "Reason",
    "choices",
    "memories",
    "plan",
    "quota",
    "recall",
]

WORTH = 0.04  # a review whose expected gain of recall is below this may be left out
NEW_UNITS = 2  # a new card is read and drilled
HORIZON = 14  # days: a gain is judged at the exam, or this far ahead if that is sooner
SOON = 7  # days: the same, where forgetting is fast
_PACE = 0.8  # the whole deck is seen by four fifths of the time
_LIKELIER_NOT = 0.5
_SURE = 0.6  # how likely it must be that a learner forgets by halves
_TELLING, _A_DAY, _GAP, _EARLY = 8, 2, 3, 7  # reviews that tell; of them a day; days unseen; days left to use them

Weighed = Sequence[tuple[float, World]]


class Reason(StrEnum):
    """Why a card is chosen today."""

    NEW = "new"  # its turn to be seen
    FADING = "fading"  # likely forgotten, or nearly, by the exam
    SPACED = "spaced"  # known today; a review now carries it to the exam
    MORE = "more"  # time is left: a new card ahead of its turn


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
    known = memories(seen)
    ranked = ranking(known, today, exam)
    if not unseen:
        return ranked
    found = by_halves(seen)
    order = (
        _in_one(fresh, known, seen, found, today, (exam - today).days)
        if found
        else [*fresh[:due_new], *ranked, *fresh[due_new:]]
    )
    first = telling(seen, known, today, exam)
    return sorted(order, key=lambda choice: first.index(choice.id) if choice.id in first else len(first))


def telling(seen: Sequence[PlannedCard], known: Mapping[int, Memory], today: date, exam: date) -> list[int]:
    """The cards that come first because their reviews tell how the learner forgets, while too few have."""
    told = sum(len(card.history) - 1 for card in seen)
    if told >= _TELLING or (exam - today).days < _EARLY:
        return []
    longest = sorted((memory.last, id_) for id_, memory in known.items())[:_A_DAY]
    return [id_ for last, id_ in longest if (today - last).days >= _GAP]


def by_halves(seen: Sequence[PlannedCard]) -> Weighed:
    """The ways this learner may forget, if it is likely that they forget by halves; else none."""
    found = worlds.likely([card.history for card in seen], worlds.TELLING, trust=1)
    return found if sum(weight for weight, world in found if isinstance(world, HalfLives)) > _SURE else ()


def quota(unseen: int, start: date, today: date, exam: date) -> int:
    """How many new cards today, so that all are seen when four fifths of the time since `start` are over."""
    return ceil(unseen / max(_PACE * (exam - start).days - (today - start).days, 1))


def ranking(known: Mapping[int, Memory], today: date, exam: date) -> list[Choice]:
    """The seen cards not answered today, by what a review gains on the day they are judged for per unit of time."""
    ahead = min((exam - today).days, HORIZON)
    found = [_review(id_, memory, today, ahead) for id_, memory in known.items() if memory.last < today]
    return sorted(found, key=lambda choice: (-choice.gain / choice.units, choice.id))


def _in_one(
    fresh: Sequence[Choice],
    known: Mapping[int, Memory],
    seen: Sequence[PlannedCard],
    found: Weighed,
    today: date,
    left: int,
) -> list[Choice]:
    """New cards and reviews in one list, by what they add per unit of time."""
    new = sum(weight * worlds.met(world, worlds.SHARES, _ahead(world, left)) for weight, world in found) / NEW_UNITS
    asked = [card for card in seen if known[card.id].last < today]
    replays = {card.id: replay_of(card) for card in asked}
    strengths = worlds.strengths(asked, replays, [world for _, world in found])
    reviews = [_weighed(card.id, known[card.id], strengths[card.id], found, today, left) for card in asked]
    reviews.sort(key=lambda choice: (-choice.gain / choice.units, choice.id))
    better = sum(choice.gain / choice.units > new for choice in reviews)
    return [*reviews[:better], *fresh, *reviews[better:]]


def _weighed(id_: int, memory: Memory, strengths: Sequence[float], found: Weighed, today: date, left: int) -> Choice:
    gap = (today - memory.last).days
    now = gain = without = 0.0
    for (weight, world), strength in zip(found, strengths, strict=True):
        ahead = _ahead(world, left)
        now += weight * world.recall(gap, strength)
        without += weight * world.recall(gap + ahead, strength)
        gain += weight * worlds.reviewed(world, strength, gap, memory.ease, ahead)
    reason = Reason.FADING if without < _LIKELIER_NOT else Reason.SPACED
    return Choice(id_, reason, now, gain - without, units(now))


def _ahead(world: World, left: int) -> int:
    return min(left, SOON if isinstance(world, HalfLives) else HORIZON)


def _fresh(card: PlannedCard, reason: Reason) -> Choice:
    return Choice(card.id, reason, 0.0, 1.0, NEW_UNITS)


def _review(id_: int, memory: Memory, today: date, ahead: int) -> Choice:
    gap = (today - memory.last).days
    now = recall(gap, memory.strength)
    without = recall(gap + ahead, memory.strength)
    gain = reviewed(memory.strength, gap, memory.ease, ahead) - without
    reason = Reason.FADING if without < _LIKELIER_NOT else Reason.SPACED
    return Choice(id_, reason, now, gain, units(now))
