"""What an exam says of its questions and of itself: classical test theory, as Moodle's quiz report computes it.

Formulas: Moodle, "Quiz statistics calculations" (moodledocs); variances and covariances divide by n - 1,
skewness and kurtosis are Fisher's k-statistics. Marks are in points, an item that was asked and not answered
is worth 0. An item is compared with the *rest mark* (the total without it), also when it was drawn at random:
with its own mark in the total, a question would correlate with itself.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import fsum, sqrt
from statistics import median
from typing import NamedTuple

MIN_ATTEMPTS = 15  # below, chance decides: no verdict is given
VERY_GOOD, ADEQUATE, WEAK = 50.0, 30.0, 20.0  # discrimination index, in %
TOO_EASY = 95.0  # facility, in %
RARELY_CHOSEN = 0.05
_ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the exam: its points, and what blind guessing is worth on average (0 to 1, None if unknown)."""

    id: str
    points: Fraction
    guess: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """How one item behaved; all in % but `attempts`. None where the number does not exist.

    `effective_weight` is None for an item that some attempts did not meet; `negative_covariance` says that it
    is left out because the item goes against the others.
    """

    id: str
    attempts: int
    facility: float | None
    deviation: float | None
    guess: float | None
    intended_weight: float
    effective_weight: float | None
    negative_covariance: bool
    discrimination: float | None
    efficiency: float | None


@dataclass(frozen=True, slots=True)
class ExamStatistics:
    """How the exam as a whole behaved; all in % of its points but `attempts`, `skewness` and `kurtosis`.

    `consistency` is Cronbach's alpha (for items worth 0 or 1, Kuder-Richardson 20); None for an exam whose
    questions were drawn, for its attempts did not take the same test.
    """

    attempts: int
    mean: float | None
    median: float | None
    deviation: float | None
    skewness: float | None
    kurtosis: float | None
    consistency: float | None
    error_ratio: float | None
    standard_error: float | None
    items: tuple[ItemStatistics, ...]


class Verdict(StrEnum):
    """What a teacher should think of an item."""

    NOT_ENOUGH = "not enough attempts"
    SUSPECT = "suspect key"
    TOO_EASY = "too easy"
    NO_SPREAD = "no spread"
    VERY_WEAK = "very weak"
    WEAK = "weak"
    ADEQUATE = "adequate"
    VERY_GOOD = "very good"


@dataclass(frozen=True, slots=True)
class ChoiceStatistics:
    """Who took one choice: how many, which share (0 to 1), their mean rest mark in points.

    `point_biserial` is the correlation (-1 to 1) between taking the choice and the rest mark; None where
    everybody or nobody took it. `rarely_chosen` and `attracts_the_best` are about wrong choices.
    """

    id: str
    correct: bool
    count: int
    share: float
    mean_rest: float | None
    point_biserial: float | None
    rarely_chosen: bool
    attracts_the_best: bool


class _Met(NamedTuple):
    """One item in one attempt: its mark, the rest mark (None without another item), and the score of the attempt."""

    mark: float
    rest: float | None
    score: float


def statistics(items: Sequence[Item], attempts: Sequence[Mapping[str, Fraction]]) -> ExamStatistics:
    """The statistics of an exam from its attempts: for each, the marks of the items that it met, in points.

    Usually the first finished attempt of each student. All attempts have the same total of points, but where
    questions that were drawn for some were dropped since: each then counts as a share of its own points, and one
    without a point to win says nothing of the exam.
    """
    points = {item.id: item.points for item in items}
    papers = [_points(points, marks) for marks in attempts]
    largest = max(papers, default=Fraction()) or _points(points, points)
    totals = [sum(marks.values(), Fraction()) for marks in attempts]
    scores = [float(total * largest / paper) if paper else 0.0 for total, paper in zip(totals, papers, strict=True)]
    columns: dict[str, list[_Met]] = {item.id: [] for item in items}
    for marks, total, score, scales in zip(attempts, totals, scores, rest_scales(items, attempts), strict=True):
        for name, mark in marks.items():
            scale = scales[name]
            columns[name].append(_Met(float(mark), None if scale is None else float((total - mark) * scale), score))
    fixed = all(len(column) == len(attempts) for column in columns.values())
    shares = _effective_weights(columns) if fixed else {}
    weights = _intended_weights(points, attempts, papers, largest)
    described = tuple(_describe(item, columns[item.id], weights[item.id], shares) for item in items)
    counted = [score for score, paper in zip(scores, papers, strict=True) if paper]
    alpha = _consistency([[one.mark for one in column] for column in columns.values()], counted) if fixed else None
    return replace(_exam(counted, float(largest), alpha, described), attempts=len(attempts))


def rest_scales(
    items: Sequence[Item], attempts: Sequence[Mapping[str, Fraction]]
) -> Iterator[Mapping[str, Fraction | None]]:
    """By what each attempt's rest marks are multiplied so that those of an item are all out of the same points.

    1, but where questions that were drawn for some were dropped since; None where no other item is left.
    """
    points = {item.id: item.points for item in items}
    papers = [_points(points, marks) for marks in attempts]
    largest = max(papers, default=Fraction())
    for marks, paper in zip(attempts, papers, strict=True):
        if paper == largest:
            yield dict.fromkeys(marks, _ONE)
        else:
            others = {name: paper - points[name] for name in marks}
            yield {name: (largest - points[name]) / rest if rest else None for name, rest in others.items()}


def verdict(item: ItemStatistics) -> Verdict:
    """What to think of an item; the first that applies, the most serious first."""
    if item.attempts < MIN_ATTEMPTS:
        return Verdict.NOT_ENOUGH
    if item.discrimination is None:
        return Verdict.NO_SPREAD
    if item.discrimination < 0:
        return Verdict.SUSPECT
    if (item.facility or 0) >= TOO_EASY:
        return Verdict.TOO_EASY
    if item.discrimination < WEAK:
        return Verdict.VERY_WEAK
    if item.discrimination < ADEQUATE:
        return Verdict.WEAK
    return Verdict.ADEQUATE if item.discrimination < VERY_GOOD else Verdict.VERY_GOOD


def choices(
    ids: Mapping[str, bool], taken: Sequence[Collection[str]], rests: Sequence[Fraction]
) -> tuple[ChoiceStatistics, ...]:
    """Who took which choice of an item: `ids` says which are correct, `taken` what each attempt chose.

    `rests` are the attempts' rest marks. "The best" are the third with the highest rest marks.
    """
    n = len(taken)
    floats = [float(rest) for rest in rests]
    best = sorted(range(n), key=lambda at: floats[at], reverse=True)[: n // 3]
    described = []
    for name, correct in ids.items():
        chose = [name in one for one in taken]
        count = sum(chose)
        of_the_best = sum(chose[at] for at in best)
        described.append(
            ChoiceStatistics(
                id=name,
                correct=correct,
                count=count,
                share=count / n if n else 0.0,
                mean_rest=fsum(rest for rest, did in zip(floats, chose, strict=True) if did) / count if count else None,
                point_biserial=_correlation([float(did) for did in chose], floats),
                rarely_chosen=not correct and n >= MIN_ATTEMPTS and count < RARELY_CHOSEN * n,
                attracts_the_best=not correct and n >= MIN_ATTEMPTS and 2 * of_the_best > len(best),
            )
        )
    return tuple(described)


def guess_of(kind: str, fractions: Sequence[Fraction] = (), rights: int = 0) -> Fraction | None:
    """What blind guessing is worth on average, from 0 to 1, by type of question; None where nobody can say.

    One choice: the mean of what its choices are worth (`fractions`); true or false: 1/2; matching: one of
    its right-hand sides (`rights` of them); typed answers: 0. Source: Moodle, random guess score.
    """
    match kind:
        case "single":
            return sum(fractions, Fraction()) / len(fractions)
        case "true_false":
            return Fraction(1, 2)
        case "matching":
            return Fraction(1, rights)
        case "short_answer" | "command" | "numerical" | "cloze":
            return Fraction(0)
    return None


def _points(points: Mapping[str, Fraction], of: Iterable[str]) -> Fraction:
    return sum((points[name] for name in of), Fraction())


def _intended_weights(
    points: Mapping[str, Fraction],
    attempts: Sequence[Mapping[str, Fraction]],
    papers: Sequence[Fraction],
    largest: Fraction,
) -> dict[str, float]:
    """Each item's share (%) of the points, on average over the attempts that met it."""
    found: dict[str, list[Fraction]] = {name: [] for name in points}
    for marks, paper in zip(attempts, papers, strict=True):
        for name in marks:
            found[name].append(points[name] / paper)
    return {
        name: float(100 * sum(shares, Fraction()) / len(shares) if shares else 100 * points[name] / largest)
        for name, shares in found.items()
    }


def _describe(item: Item, column: Sequence[_Met], weight: float, shares: Mapping[str, float | None]) -> ItemStatistics:
    marks = [one.mark for one in column]
    spread = _covariance(marks, marks)
    pairs = [(one.mark, one.rest) for one in column if one.rest is not None]
    compared, rests = [mark for mark, _ in pairs], [rest for _, rest in pairs]
    efficiency = _covariance(sorted(compared), sorted(rests))
    together = _covariance(compared, rests)
    share = shares.get(item.id)
    return ItemStatistics(
        id=item.id,
        attempts=len(column),
        facility=_percent(fsum(marks) / len(marks), float(item.points)) if marks else None,
        deviation=None if spread is None else _percent(sqrt(spread), float(item.points)),
        guess=None if item.guess is None else float(100 * item.guess),
        intended_weight=weight,
        effective_weight=share,
        negative_covariance=item.id in shares and share is None,
        discrimination=_hundredfold(_correlation(compared, rests)),
        efficiency=100 * together / efficiency if together is not None and efficiency else None,
    )


def _effective_weights(columns: Mapping[str, Sequence[_Met]]) -> dict[str, float | None]:
    """Each item's share (%) in the spread of the totals; None for one with a negative covariance."""
    roots: dict[str, float | None] = {}
    for name, column in columns.items():
        with_total = _covariance([one.mark for one in column], [one.score for one in column])
        if with_total is None:
            return {}
        roots[name] = sqrt(with_total) if with_total >= 0 else None
    whole = fsum(root for root in roots.values() if root is not None)
    return {name: None if root is None else _percent(root, whole) for name, root in roots.items()} if whole else {}


def _exam(
    scores: Sequence[float], paper: float, alpha: float | None, items: tuple[ItemStatistics, ...]
) -> ExamStatistics:
    attempts, scores = len(scores), scores if paper else ()  # without a point to win there is no share of it
    spread = _covariance(scores, scores)
    deviation = None if spread is None else _percent(sqrt(spread), paper)
    error_ratio = None if alpha is None else 100 * sqrt(max(0.0, 1 - alpha / 100))
    skewness, kurtosis = _shape(scores)
    return ExamStatistics(
        attempts=attempts,
        mean=_percent(fsum(scores) / len(scores), paper) if scores else None,
        median=_percent(median(scores), paper) if scores else None,
        deviation=deviation,
        skewness=skewness,
        kurtosis=kurtosis,
        consistency=alpha,
        error_ratio=error_ratio,
        standard_error=None if error_ratio is None or deviation is None else error_ratio * deviation / 100,
        items=items,
    )


def _consistency(columns: Sequence[Sequence[float]], scores: Sequence[float]) -> float | None:
    """Cronbach's alpha in %, 100 p / (p - 1) (1 - sum of the items' variances / the totals' variance)."""
    count, spread = len(columns), _covariance(scores, scores)
    if count < 2 or not spread:  # noqa: PLR2004 one item is consistent with nothing
        return None
    return 100 * count / (count - 1) * (1 - fsum(_covariance(column, column) or 0.0 for column in columns) / spread)


def _shape(scores: Sequence[float]) -> tuple[float | None, float | None]:
    """Skewness k3 / k2^1.5 and kurtosis k4 / k2^2, from Fisher's k-statistics."""
    n = len(scores)
    if n < 3 or _constant(scores):  # noqa: PLR2004 two points have no skewness
        return None, None
    mean = fsum(scores) / n
    m2, m3, m4 = (fsum((score - mean) ** power for score in scores) / n for power in (2, 3, 4))
    k2 = n * m2 / (n - 1)
    k3 = n**2 * m3 / ((n - 1) * (n - 2))
    skewness = k3 / k2**1.5
    if n == 3:  # noqa: PLR2004 three points have no kurtosis
        return skewness, None
    k4 = n**2 * ((n + 1) * m4 - 3 * (n - 1) * m2**2) / ((n - 1) * (n - 2) * (n - 3))
    return skewness, k4 / k2**2


def _covariance(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Over n - 1; exactly 0 where one of the two is constant, None under two values."""
    n = len(left)
    if n < 2:  # noqa: PLR2004 one value has no spread
        return None
    if _constant(left) or _constant(right):
        return 0.0
    mean_left, mean_right = fsum(left) / n, fsum(right) / n
    return fsum((a - mean_left) * (b - mean_right) for a, b in zip(left, right, strict=True)) / (n - 1)


def _correlation(left: Sequence[float], right: Sequence[float]) -> float | None:
    together, a, b = _covariance(left, right), _covariance(left, left), _covariance(right, right)
    return together / sqrt(a * b) if together is not None and a and b else None


def _constant(values: Sequence[float]) -> bool:
    return min(values) == max(values)


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole


def _hundredfold(value: float | None) -> float | None:
    return None if value is None else 100 * value
