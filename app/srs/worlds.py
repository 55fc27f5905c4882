"""How a learner may forget: curves of forgetting that the answers so far make more or less likely.

The plan ranks cards by one curve; a forecast must say what that curve leaves open. Each world here has its own way
of forgetting and of learning from a review, at its own speed, and is weighed by how well it foretold the answers:

- the plan's own power law (Wixted & Ebbesen 1991), and the same where reviews strengthen less;
- exponential forgetting whose half-life grows with practice (Settles & Meeder 2016);
- a curve that falls fast and then hardly, with much to gain from a late review (FSRS-6).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, exp, log, sqrt
from typing import Protocol

from app.srs import memory
from app.srs.memory import PlannedCard, Replay, Trace
from app.srs.sm2 import Grade

_TRUST = 0.6  # of each answer: cards differ in ways no world knows, so answers say less than they seem to
_LEAST = 0.02  # a world that likely is not looked at
_RAREST = 0.02  # no answer is held less likely than that
_ENOUGH = 600  # answers: more would take time and tell the worlds apart no better
# Of first answers, as FSRS's simulator has them.
SHARES: Mapping[int, float] = {Grade.WRONG: 0.24, Grade.HARD: 0.094, Grade.GOOD: 0.495, Grade.EASY: 0.171}
_FLAT_DECAY = 0.154
_FLAT_FACTOR = 0.9 ** (-1 / _FLAT_DECAY) - 1
_FLAT_FIRST = (0.4, 0.4, 0.4, 1.3, 2.3, 8.3)

History = Sequence[tuple[date, int]]
Step = tuple[int, bool, float]  # days since the answer before, whether right, ease before
Steps = tuple[int, tuple[Step, ...]]  # the first grade, then the others


Strengths = dict[int, tuple[float, ...]]  # by card: one for each of some worlds, in their order


class World(Protocol):
    """One way to forget. Strengths are in days, of each world's own meaning."""

    def recall(self, days: float, strength: float) -> float:
        """The chance (0 to 1) of recall `days` after an answer."""

    def first(self, grade: int) -> float:
        """The strength after a first answer."""

    def right(self, strength: float, gap: float, ease: float) -> float:
        """The strength after a success that came `gap` days after the answer before."""

    def wrong(self, strength: float) -> float:
        """The strength after a failure."""

    def strength(self, days: float, chance: float) -> float:
        """The strength that leaves this chance of recall (0 and 1 excluded) after `days` > 0."""


@dataclass(frozen=True, slots=True)
class Power:
    """The plan's curve, forgetting `speed` times slower and learning `growth` times as much."""

    speed: float
    growth: float = 1.0

    recall = staticmethod(memory.recall)
    wrong = staticmethod(memory.weakened)

    def first(self, grade: int) -> float:
        """As the plan's, by speed."""
        return memory.FIRST[grade] * self.speed

    def right(self, strength: float, gap: float, ease: float) -> float:
        """As the plan's, by growth."""
        return strength + self.growth * (memory.strengthened(strength, gap, ease) - strength)

    def strength(self, days: float, chance: float) -> float:
        """The curve turned round."""
        return days * chance / (9 * (1 - chance))


@dataclass(frozen=True, slots=True)
class HalfLives:
    """Exponential forgetting: the strength is a half-life, which grows the more the nearer the card was to loss."""

    speed: float

    def recall(self, days: float, strength: float) -> float:
        """A half after `strength` days."""
        return float(2.0 ** (-days / strength)) if days > 0 else 1.0

    def first(self, grade: int) -> float:
        """About three days."""
        return (2.4 if grade < Grade.HARD else 4.0 if grade == Grade.EASY else 3.0) * self.speed

    def right(self, strength: float, gap: float, ease: float) -> float:
        """Up to some four times as long."""
        growth = 3.5 * max(ease - 1, 0.3) / 1.5
        return strength * (1 + growth * sqrt(1 - self.recall(gap, strength)))

    def wrong(self, strength: float) -> float:
        """Less than half, but no less than at first."""
        return max(0.45 * strength, min(strength, 2.4 * self.speed))

    def strength(self, days: float, chance: float) -> float:
        """The curve turned round."""
        return -days * log(2) / log(chance)


@dataclass(frozen=True, slots=True)
class Flat:
    """FSRS-6's curve: nine tenths after `strength` days, then slower and slower."""

    speed: float

    def recall(self, days: float, strength: float) -> float:
        """Nine tenths after `strength` days, half only after many times that."""
        return float((1 + _FLAT_FACTOR * days / strength) ** -_FLAT_DECAY) if days > 0 else 1.0

    def first(self, grade: int) -> float:
        """As FSRS-6's published parameters have it."""
        return _FLAT_FIRST[grade] * self.speed

    def right(self, strength: float, gap: float, ease: float) -> float:
        """The more the nearer the card was to loss."""
        return float(strength + 20 * (ease - 1) * strength**0.83 * (1 - self.recall(gap, strength)))

    def wrong(self, strength: float) -> float:
        """About a day and a half."""
        return min(strength, 1.5 * self.speed)

    def strength(self, days: float, chance: float) -> float:
        """The curve turned round."""
        return float(_FLAT_FACTOR * days / (chance ** (-1 / _FLAT_DECAY) - 1))


def likely(
    histories: Sequence[History], among: Sequence[tuple[float, World]] | None = None, trust: float = _TRUST
) -> list[tuple[float, World]]:
    """The worlds worth looking at after these answers, with their weights, which add up to 1.

    `among` gives the worlds with the logarithms of their weights before any answer (every one known here when
    None); `trust` is how much of an answer counts.
    """
    known = _enough(histories)
    scored = [(prior + trust * _fit(world, known), world) for prior, world in among or ALL]
    best = max(score for score, _ in scored)
    weighed = [(exp(score - best), world) for score, world in scored]
    least = _LEAST * sum(weight for weight, _ in weighed)
    kept = [(weight, world) for weight, world in weighed if weight >= least]
    total = sum(weight for weight, _ in kept)
    return [(weight / total, world) for weight, world in kept]


def reviewed(world: World, strength: float, gap: float, ease: float, ahead: float) -> float:
    """The chance of recall `ahead` days after a review that comes `gap` days after the answer before."""
    now = world.recall(gap, strength)
    if_right = world.recall(ahead, world.right(strength, gap, ease))
    return now * if_right + (1 - now) * world.recall(ahead, world.wrong(strength))


def met(world: World, shares: Mapping[int, float], ahead: float) -> float:
    """The chance of recall `ahead` days after a first answer, whose grades have these `shares`."""
    return sum(share * world.recall(ahead, world.first(grade)) for grade, share in shares.items())


def steps(history: History) -> Steps:
    """What a world needs of a history; the same for cards answered alike."""
    (last, first), *later = history
    return first, tuple(_steps(last, memory.eased(2.5, first), later))


def replayed(world: World, known: Steps) -> float:
    """The strength that a card has now in `world`."""
    first, later = known
    return _gone_on(world, world.first(first), later)


def strengths(cards: Sequence[PlannedCard], replays: Mapping[int, Replay], among: Sequence[World]) -> Strengths:
    """What each seen card, `replays` being what memory makes of it, has for strength in each of these worlds.

    A part of a history that is traced is walked through once for each world, the others once for all cards alike.
    """
    found: dict[int, tuple[float, ...]] = {}
    alike: dict[int, tuple[float, ...]] = {}
    for card in cards:
        way, trace = replays[card.id].way, memory.trace_of(card)
        if trace is not None:
            found[card.id] = _traced(card, trace, among)
            continue
        if way not in alike:
            known = steps(card.history)
            alike[way] = tuple(replayed(world, known) for world in among)
        found[card.id] = alike[way]
    return found


def went_on(world: World, strength: float, before: Replay, later: History) -> float:
    """The strength in `world` after the answers `later`, of a card that had it and was as memory has it `before`."""
    return _gone_on(world, strength, _steps(before.last, before.ease, later))


def _traced(card: PlannedCard, trace: Trace, among: Sequence[World]) -> tuple[float, ...]:
    known = [trace.strengths.setdefault(world, {}) for world in among]
    if any(card.id not in of for of in known):
        behind = steps(card.history[: trace.answers])
        for world, of in zip(among, known, strict=True):
            if card.id not in of:
                of[card.id] = replayed(world, behind)
    later = list(_steps(trace.replay.last, trace.replay.ease, card.history[trace.answers :]))
    return tuple(_gone_on(world, of[card.id], later) for world, of in zip(among, known, strict=True))


def _steps(last: date, ease: float, later: History) -> Iterator[Step]:
    for day, grade in later:
        yield (day - last).days, grade >= Grade.HARD, ease
        last, ease = day, memory.eased(ease, grade)


def _gone_on(world: World, strength: float, later: Iterable[Step]) -> float:
    for gap, right, ease in later:
        strength = world.right(strength, gap, ease) if right else world.wrong(strength)
    return strength


def _fit(world: World, known: Counter[Steps]) -> float:
    """The logarithm of how likely the answers were in `world`."""
    return sum(count * _likelihood(world, one) for one, count in known.items())


def _likelihood(world: World, known: Steps) -> float:
    first, later = known
    strength, fit = world.first(first), 0.0
    for gap, right, ease in later:
        chance = world.recall(gap, strength)
        chance = _RAREST if chance < _RAREST else 1 - _RAREST if chance > 1 - _RAREST else chance
        fit += log(chance if right else 1 - chance)
        strength = world.right(strength, gap, ease) if right else world.wrong(strength)
    return fit


def _enough(histories: Sequence[History]) -> Counter[Steps]:
    """The histories that tell something, how often each; of very many, cards taken evenly."""
    telling = [history for history in histories if len(history) > 1]
    answers = sum(len(history) - 1 for history in telling)
    return Counter(steps(history) for history in telling[:: max(1, ceil(answers / _ENOUGH))])


def _slow_to_learn(speed: float) -> Power:
    return Power(speed, 0.25)


def _at(speeds: Sequence[float], spread: float, *curves: Callable[[float], World]) -> tuple[tuple[float, World], ...]:
    """These curves at each speed (logarithms, `spread` between learners), with their weights before any answer.

    The weights are logarithms; without them they add up to 1, so that such sets can be set side by side.
    """
    weighed = [(exp(-((speed / spread) ** 2) / 2), curve(exp(speed))) for speed in speeds for curve in curves]
    total = sum(weight for weight, _ in weighed)
    return tuple((log(weight / total), world) for weight, world in weighed)


_SPEEDS = (-1.6, -0.8, 0.0, 0.8, 1.6)
_POWERS = (Power, _slow_to_learn)
ALL = (*_at(_SPEEDS, 0.8, *_POWERS), *_at(_SPEEDS, 0.8, HalfLives), *_at(_SPEEDS, 0.8, Flat))
TELLING = (*_at((-2.4, -1.2, 0.0, 1.2), 1.2, *_POWERS), *_at((-1.2, 0.0, 1.2), 1.2, HalfLives))  # halves, or not
