"""How unequal the students of one exam would be by the luck of the draw alone, before anybody has taken it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from app.exam import difficulty
from app.exam.blueprint import Demand, Unfillable, Urn
from app.exam.difficulty import Judgement, RowShare, Spread, Worth
from app.models import Exam
from app.services import exam_pool, exams, facilities
from app.services.exams import SetUp
from app.services.identity import Person
from app.services.kept import Kept

_MUCH = 0.25  # of the variance: a row that one should look at
_SPREADS: Kept[Spread] = Kept(most=64)  # some tenths of a second each


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the blueprint and what it does to the difference between students."""

    demand: Demand
    figures: RowShare

    @property
    def weighs(self) -> bool:
        """Whether much of the difference is its doing."""
        return self.figures.share >= _MUCH


@dataclass(frozen=True, slots=True)
class Outlook:
    """The expected scores of an exam's draws, `scale` in hundredths; `draws` were made to say so.

    A question rests on answers from the `fewest` on.
    """

    spread: Spread
    rows: Sequence[Row]
    scale: int
    draws: int = difficulty.DRAWS
    fewest: int = difficulty.ENOUGH_ANSWERS

    @property
    def judgement(self) -> Judgement:
        """Whether the draws are equal enough."""
        return self.spread.judgement

    @property
    def to_narrow(self) -> Sequence[Row]:
        """The rows that weigh much and name no level: naming one would make the draws more equal."""
        return [row for row in self.rows if row.weighs and row.demand.level is None]


def outlook(session: Session, teacher: Person, exam_id: int, now: datetime) -> Outlook | None:
    """What to expect of an exam that draws for each student, or None of another, or one that cannot be filled.

    A published exam is looked at with what was known when it was published. Raises NotFound.
    """
    of = exams.found(session, teacher, exam_id)
    if of.draft.demands is None or of.draft.drawing != "each":
        return None
    pool = exam_pool.of(session, session.get_one(Exam, exam_id), of.course_id)
    try:
        urn = Urn.of(of.draft.demands, pool)
        known = facilities.expected(session, of.course_id, pool, of.published or now, of.draft.all_or_nothing)
        worth = Worth(known, of.points, of.draft.penalty_percent / 100)
        spread = _spread(of, urn, worth)
    except Unfillable:
        return None
    rows = [Row(demand, figures) for demand, figures in zip(of.draft.demands, spread.rows, strict=True)]
    return Outlook(spread, rows, of.draft.scale_hundredths)


def _spread(of: SetUp, urn: Urn, worth: Worth) -> Spread:
    key = (of.seed, urn, tuple(worth.facilities.items()), tuple(worth.points.items()), worth.penalty)
    luck = Random(f"{of.seed}:spread")  # noqa: S311 the same figures at every look
    return _SPREADS.get(key, lambda: difficulty.spread(urn, worth, luck))
