"""What was foretold to simulated students, beside what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from statistics import fmean

from app.srs.outlook import Share, outlook
from app.srs.plan import WORTH, choices
from tests.bench.memory import DAY0, Card, Course

TOPICS = 8


@dataclass(frozen=True, slots=True)
class Forecast:
    """One morning of one student: of all cards and of each topic the share foretold and found; of each card the
    chance foretold and the true one."""

    model: str
    morning: float  # 0 is the first, 1 the exam
    shares: list[tuple[Share, float]]
    chances: list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Decile:
    """Cards whose recall was foretold within the same tenth: the means of both."""

    tenth: int
    cards: int
    foretold: float
    found: float


def planned(today: date, exam: date, budget: int, cards: Sequence[Card]) -> list[int]:
    """The plan as the day's work follows it: no review that is not worth its time."""
    return [choice.id for choice in choices(today, exam, cards) if choice.gain >= WORTH]


def forecasts(model: str, cards: int, days: int, budget: int, seed: str, mornings: Sequence[int]) -> list[Forecast]:
    """What a student who follows the plan was told on these mornings (0 is the first)."""
    course = Course.of(model, cards, days, budget, seed)
    told = [
        ((today - DAY0).days, outlook(today, course.exam, budget, course.cards))
        for today in course.follow(planned)
        if (today - DAY0).days in mornings
    ]
    true, chance = course.recall(), Random(f"exam {seed} {model}")
    right = [chance.random() < one for one in true]
    sets = [range(cards), *(range(topic, cards, TOPICS) for topic in range(TOPICS))]
    return [
        Forecast(
            model,
            morning / days,
            [(seen.of(ids), fmean(right[id_] for id_ in ids)) for ids in sets],
            [(seen.recall[id_], true[id_]) for id_ in range(cards)],
        )
        for morning, seen in told
    ]


def coverage(found: Sequence[Forecast], topics: bool = False) -> float:
    """How many of the intervals hold what was found: of all cards, or of each topic."""
    rows = [row for one in found for row in (one.shares[1:] if topics else one.shares[:1])]
    return fmean(share.low <= became <= share.high for share, became in rows)


def deciles(found: Sequence[Forecast]) -> list[Decile]:
    """The cards by tenth of what was foretold, those tenths that have any."""
    chances = [row for one in found for row in one.chances]
    tenths = [[row for row in chances if min(int(10 * row[0]), 9) == tenth] for tenth in range(10)]
    return [Decile(n, len(rows), *map(fmean, zip(*rows, strict=True))) for n, rows in enumerate(tenths) if rows]
