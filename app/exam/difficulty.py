"""How hard a question is expected to be, and how unequal the draws of one exam are: estimates, never marks.

The facility of a question (the mean credit, from 0 to 1) has a beta prior, and its answers move it: empirical Bayes.
The prior's mean is by level, above what guessing is worth, g + (1 - g) k, and k is moved by the answers to all
questions of the level; its strength, in answers, is fitted by the method of moments to how far questions lie from
their priors. Sources: J. C. Kleinman, "Proportions with extraneous variance", JASA 68 (1973); G. Casella, "An
introduction to empirical Bayes data analysis", The American Statistician 39 (1985); A. Gelman et al., "Bayesian Data
Analysis", section 5.3. The first shares known by level are ours: an exam of all levels then has the mean of 50 to
75 % that Moodle's documentation advises.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import fsum, sqrt
from random import Random
from statistics import quantiles

from app.exam.blueprint import Urn

ENOUGH_ANSWERS = 5  # to one question: from here on it is its answers, more than its level, that one hears
WIDE = 0.1  # of the scale, from the 5th to the 95th percentile of the draws
DRAWS = 200
_WORLDS = 20
_FIRST_KNOWN = {1: 0.75, 2: 0.65, 3: 0.55}
_LEVEL_STRENGTH = 20.0  # answers that the first share known of a level weighs
_FIRST_STRENGTH = 8.0  # answers that a question's prior weighs, where too few say
_STRENGTHS = (4.0, 60.0)
_FEWEST_TO_FIT = 10  # questions
_FEWEST_TO_SHIFT = 5
_SURE = 0.98  # no facility is expected beyond, nor under its complement


@dataclass(frozen=True, slots=True)
class Answers:
    """The first answers to a question: how many, and the credit they had in all."""

    count: int = 0
    credit: float = 0.0


NO_ANSWERS = Answers()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to estimate: its level, what guessing is worth (0 to 1), the answers in revision and in exams."""

    id: int
    level: int
    guess: float = 0.0
    revised: Answers = NO_ANSWERS
    examined: Answers = NO_ANSWERS


@dataclass(frozen=True, slots=True)
class Facility:
    """What is expected of a question: the mean credit, from 0 to 1.

    `answers` is how many it rests on, `weight` the same with what its level says counted in answers.
    """

    mean: float
    answers: int = 0
    weight: float = _FIRST_STRENGTH
    guess: float = 0.0

    @property
    def rests_on_answers(self) -> bool:
        """Whether there are enough of them."""
        return self.answers >= ENOUGH_ANSWERS

    def one_of_many(self, luck: Random) -> float:
        """One facility that the question may truly have."""
        return luck.betavariate(self.mean * self.weight, (1 - self.mean) * self.weight)


def estimates(questions: Sequence[Asked]) -> dict[int, Facility]:
    """The expected facility of each question by id.

    In revision, first answers come before a student has learned, in exams after: where enough questions have both,
    those of revision are moved by the mean difference, so that reserved questions do not look easier than they are.
    """
    shift = _shift(questions)
    heard = {one.id: _together(one, shift) for one in questions}
    known = _known_by_level(questions, heard)
    priors = {one.id: _within(one.guess + (1 - one.guess) * known[one.level]) for one in questions}
    strength = _strength(priors, heard)
    found = {}
    for one in questions:
        count, credit = heard[one.id].count, heard[one.id].credit
        weight = strength + count
        mean = _within((strength * priors[one.id] + credit) / weight)
        found[one.id] = Facility(mean, count, weight, one.guess)
    return found


@dataclass(frozen=True, slots=True)
class Worth:
    """What questions bring: their facilities, their points (1 where none are named), the penalty of a wrong answer."""

    facilities: Mapping[int, Facility]
    points: Mapping[int, int] = field(default_factory=dict)
    penalty: float = 0.0

    def expected(self, asked: Iterable[int]) -> float:
        """The expected score of these questions, from 0 to 1; everybody answers, right or wrong."""
        ids = list(asked)
        return self.share(ids, {number: self.facilities[number].mean for number in ids})

    def guessed(self, asked: Sequence[int]) -> float:
        """What guessing every answer is worth, from 0 to 1, without penalties."""
        points = [self.points.get(number, 1) for number in asked]
        won = (points[at] * self.facilities[number].guess for at, number in enumerate(asked))
        return fsum(won) / max(sum(points), 1)

    def share(self, asked: Sequence[int], facilities: Mapping[int, float]) -> float:
        """The score of these questions with these facilities, from 0 to 1."""
        possible = sum(self.points.get(number, 1) for number in asked)
        won = fsum(self.won(number, facilities[number]) for number in asked)
        return max(won, 0.0) / possible if possible else 0.0

    def won(self, number: int, facility: float) -> float:
        """The points that one question brings."""
        return self.points.get(number, 1) * (facility - (1 - facility) * self.penalty)


class Judgement(StrEnum):
    """What to think of the difference between the draws."""

    NOT_ENOUGH = "not enough answers"
    EVEN = "even"
    WIDE = "wide"


@dataclass(frozen=True, slots=True)
class RowShare:
    """One row of the blueprint: how many questions it may draw from, its mean facility, what the draw makes of it.

    `deviation` is that of the score, from 0 to 1, by this row alone; `share` its part in the whole variance.
    """

    available: int
    mean: float
    deviation: float
    share: float


@dataclass(frozen=True, slots=True)
class Spread:
    """The expected scores of many draws, from 0 to 1: mean, standard deviation, 5th and 95th percentile.

    Of the `drawn` different questions that came, `answered` rest on answers, the others on their level and type;
    `heard` (0 to 1) is the share of all questions asked that rest on answers.
    """

    mean: float
    deviation: float
    low: float
    high: float
    rows: tuple[RowShare, ...]
    drawn: int
    answered: int
    heard: float

    @property
    def judgement(self) -> Judgement:
        """Whether the draws are equal enough; not where most questions have too few answers to say."""
        if self.heard < 0.5:  # noqa: PLR2004 a half
            return Judgement.NOT_ENOUGH
        return Judgement.WIDE if self.high - self.low > WIDE else Judgement.EVEN


def spread(urn: Urn, worth: Worth, luck: Random, draws: int = DRAWS) -> Spread:
    """How far the draws of an exam lie apart in difficulty, from `draws` of them. Raises Unfillable.

    What is not known of the questions counts: each draw is looked at in several worlds, in each of which every
    question has one of the facilities that it may truly have.
    """
    made = [urn.draw(luck) for _ in range(draws)]
    met = sorted({number for one in made for number in one})
    means = {number: worth.facilities[number].mean for number in met}
    worlds = [{number: worth.facilities[number].one_of_many(luck) for number in met} for _ in range(_WORLDS)]
    seen = [[worth.share(one, world) for one in made] for world in worlds]
    cuts = [quantiles(scores, n=20, method="inclusive") for scores in seen]
    slots = [number for one in made for number in one]
    rests = {number for number in met if worth.facilities[number].rests_on_answers}
    return Spread(
        mean=_mean([worth.share(one, means) for one in made]),
        deviation=sqrt(_mean([_variance(scores) for scores in seen])),
        low=_mean([cut[0] for cut in cuts]),
        high=_mean([cut[-1] for cut in cuts]),
        rows=_rows(urn, worth, made, worlds),
        drawn=len(met),
        answered=len(rests),
        heard=sum(number in rests for number in slots) / max(len(slots), 1),
    )


def _rows(
    urn: Urn, worth: Worth, made: Sequence[Sequence[int]], worlds: Sequence[Mapping[int, float]]
) -> tuple[RowShare, ...]:
    """Each row's covariance with the whole is its part of the variance: the parts add up to it."""
    possible = [sum(worth.points.get(number, 1) for number in one) or 1 for one in made]
    wholes = [
        [fsum(worth.won(number, world[number]) for number in one) / of for one, of in zip(made, possible, strict=True)]
        for world in worlds
    ]
    variance = fsum(_variance(whole) for whole in wholes)
    rows, at = [], 0
    for fitting, count in zip(urn.fitting, urn.counts, strict=True):
        parts = [one[at : at + count] for one in made]
        won = [
            [
                fsum(worth.won(number, world[number]) for number in part) / of
                for part, of in zip(parts, possible, strict=True)
            ]
            for world in worlds
        ]
        together = fsum(_covariance(part, whole) for part, whole in zip(won, wholes, strict=True))
        facilities = [worth.facilities[number].mean for part in parts for number in part]
        rows.append(
            RowShare(
                available=len(fitting),
                mean=_mean(facilities) if facilities else 0.0,
                deviation=sqrt(_mean([_variance(part) for part in won])),
                share=together / variance if variance else 0.0,
            )
        )
        at += count
    return tuple(rows)


def _together(one: Asked, shift: float) -> Answers:
    most = float(one.revised.count)
    moved = min(max(one.revised.credit + most * shift, 0.0), most)
    return Answers(one.revised.count + one.examined.count, moved + one.examined.credit)


def _shift(questions: Iterable[Asked]) -> float:
    """How much better the same questions are answered in exams than at their first meeting."""
    both = [one for one in questions if min(one.revised.count, one.examined.count) >= ENOUGH_ANSWERS]
    if len(both) < _FEWEST_TO_SHIFT:
        return 0.0
    return _mean([one.examined.credit / one.examined.count - one.revised.credit / one.revised.count for one in both])


def _known_by_level(questions: Iterable[Asked], heard: Mapping[int, Answers]) -> dict[int, float]:
    """The share of a level that is known rather than guessed."""
    sums = {level: [_LEVEL_STRENGTH * first, _LEVEL_STRENGTH] for level, first in _FIRST_KNOWN.items()}
    for one in questions:
        count, credit = heard[one.id].count, heard[one.id].credit
        sums[one.level][0] += credit - count * one.guess
        sums[one.level][1] += count * (1 - one.guess)
    return {level: _within(known / of) for level, (known, of) in sums.items()}


def _strength(priors: Mapping[int, float], heard: Mapping[int, Answers]) -> float:
    """How many answers a prior weighs: E(p - m)^2 = m (1 - m) (r + (1 - r) / n) with the strength 1 / r - 1."""
    fitted = [number for number in priors if heard[number].count >= ENOUGH_ANSWERS]
    if len(fitted) < _FEWEST_TO_FIT:
        return _FIRST_STRENGTH
    beyond, possible = 0.0, 0.0
    for number in fitted:
        count, credit = heard[number].count, heard[number].credit
        single = priors[number] * (1 - priors[number])
        beyond += count * (credit / count - priors[number]) ** 2 - single
        possible += single * (count - 1)
    correlation = beyond / possible
    least, most = _STRENGTHS
    return min(max(1 / correlation - 1, least), most) if correlation > 0 else most


def _within(share: float) -> float:
    return min(max(share, 1 - _SURE), _SURE)


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values)


def _variance(values: Sequence[float]) -> float:
    return _covariance(values, values)


def _covariance(left: Sequence[float], right: Sequence[float]) -> float:
    """Over n: the draws are all there is to look at."""
    mean_left, mean_right = _mean(left), _mean(right)
    return fsum((a - mean_left) * (b - mean_right) for a, b in zip(left, right, strict=True)) / len(left)
