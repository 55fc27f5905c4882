"""What a teacher reads of an exam's questions: figures, intervals and verdicts; one question with its answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from random import Random

from sqlalchemy.orm import Session

from app.bank.schema import MultipleQuestion, Question, SingleQuestion, TrueFalseQuestion
from app.errors import NotFound
from app.exam import bootstrap, clusters, form_results, itemstats, summary
from app.exam.bootstrap import Interval
from app.exam.clusters import Cluster
from app.exam.form_results import FormResults
from app.exam.itemstats import ChoiceStatistics, ExamStatistics, ItemStatistics, Verdict
from app.exam.summary import Bar
from app.services import item_statistics, marks, regrades, typed_answers
from app.services.identity import Person
from app.services.item_statistics import Which
from app.services.marks import FrozenExam, FrozenItem, MarkedAttempt, MarkedItem


@dataclass(frozen=True, slots=True)
class Row:
    """One question that counts; an interval is None where its figure hangs on too few attempts."""

    item: FrozenItem
    figures: ItemStatistics
    verdict: Verdict
    facility: Interval | None
    discrimination: Interval | None

    @property
    def may_be_chance(self) -> bool:
        """Whether the discrimination may be on the other side of 0 by chance alone."""
        return self.discrimination is not None and self.discrimination.holds(0)


@dataclass(frozen=True, slots=True)
class Report:
    """An exam and its questions; `several` says that somebody has more than one finished attempt.

    `forms` is how its parallel forms came out, None without forms.
    """

    exam: FrozenExam
    which: Which
    several: bool
    at_work: int
    figures: ExamStatistics
    consistency: Interval | None
    bars: Sequence[Bar]
    rows: Sequence[Row]
    forms: FormResults | None = None

    @property
    def dropped(self) -> Sequence[FrozenItem]:
        """The questions that were cancelled."""
        return [item for item in self.exam.items.values() if item.dropped]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many responses have the full credit, a part of it, none, and how many attempts gave none."""

    full: int
    partly: int
    nothing: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class ItemReport:
    """One question. `choices` is empty for questions without choices, `clusters` for those not typed.

    `rest_points` is what the other questions of an attempt are worth: mean rest marks are a part of it.
    """

    exam: FrozenExam
    which: Which
    several: bool
    row: Row
    tally: Tally
    choices: Sequence[ChoiceStatistics]
    clusters: Sequence[Cluster]
    rest_points: Fraction

    def share_of_rest(self, choice: ChoiceStatistics) -> float | None:
        """What those who took a choice have of the other questions, from 0 to 1."""
        if choice.mean_rest is None or not self.rest_points:
            return None
        return choice.mean_rest / float(self.rest_points)

    def typed(self, blank: str, right: bool) -> Sequence[Cluster]:
        """The right answers, or the others, of one gap ("" for a question without)."""
        return [one for one in self.clusters if one.blank == blank and one.right == right]


@dataclass(frozen=True, slots=True)
class _Read:
    """An exam with the attempts that are looked at, and how many students are at work."""

    exam: FrozenExam
    which: Which
    attempts: Sequence[MarkedAttempt]
    several: bool
    at_work: int


def read(session: Session, teacher: Person, exam_id: int, which: Which, now: datetime) -> Report:
    """An exam and all its questions; raises NotFound, Conflict ("not_published")."""
    of = _read(session, teacher, exam_id, which, now)
    figures, found, rows = _rows(of)
    bars = summary.histogram([one.score for one in of.attempts], of.exam.scale_hundredths)
    return Report(of.exam, which, of.several, of.at_work, figures, found, bars, rows, _forms(of))


def one(session: Session, teacher: Person, exam_id: int, item_id: int, which: Which, now: datetime) -> ItemReport:
    """One question that counts; raises NotFound, also for a dropped one, and Conflict ("not_published")."""
    of = _read(session, teacher, exam_id, which, now)
    row = next((each for each in _rows(of)[2] if each.item.id == item_id), None)
    if row is None:
        raise NotFound
    met = [(attempt, item) for attempt in of.attempts for item in attempt.items if item.item.id == item_id]
    papers = (sum(each.item.points for each in attempt.items if not each.item.dropped) for attempt, _ in met)
    return ItemReport(
        exam=of.exam,
        which=which,
        several=of.several,
        row=row,
        tally=_tally([item for _, item in met]),
        choices=_choices(of.exam, row.item, met),
        clusters=_clusters(row.item, met),
        rest_points=Fraction(max(max(papers, default=0) - row.item.points, 0)),
    )


def _read(session: Session, teacher: Person, exam_id: int, which: Which, now: datetime) -> _Read:
    exam = regrades.published(session, teacher, exam_id)
    students = list(marks.students(session, exam, now))
    return _Read(
        exam=exam,
        which=which,
        attempts=list(item_statistics.taken(exam, students, which)),
        several=any(sum(one.over for one in student.attempts) > 1 for student in students),
        at_work=sum(not student.attempts[-1].over for student in students),
    )


def _rows(of: _Read) -> tuple[ExamStatistics, Interval | None, list[Row]]:
    """The figures of the exam, the interval of its consistency, and its questions."""
    items, earned = item_statistics.asked(of.exam), [item_statistics.earned(of.exam, one) for one in of.attempts]
    figures = itemstats.statistics(items, earned)
    found = bootstrap.intervals(items, earned)
    by_slug = {item.slug: item for item in of.exam.items.values()}
    rows = [
        Row(
            item=by_slug[one.id],
            figures=one,
            verdict=itemstats.verdict(one),
            facility=found.facility.get(one.id),
            discrimination=found.discrimination.get(one.id),
        )
        for one in figures.items
    ]
    return figures, found.consistency, rows


def _forms(of: _Read) -> FormResults | None:
    """The exam's forms by the scores that their attempts have, points given by hand and regrades counted."""
    if not of.exam.forms:
        return None
    scores = [(one.form, float(one.exact / of.exam.scale_hundredths)) for one in of.attempts if one.form]
    return form_results.by_form(scores, of.exam.forms, Random(of.exam.id))  # noqa: S311 the same at every look


def _tally(met: Sequence[MarkedItem]) -> Tally:
    credits = [one.credit or Fraction(0) for one in met if one.answered]
    full, nothing = sum(one == 1 for one in credits), sum(one == 0 for one in credits)
    return Tally(full, len(credits) - full - nothing, nothing, len(met) - len(credits))


def _choices(
    exam: FrozenExam, item: FrozenItem, met: Sequence[tuple[MarkedAttempt, MarkedItem]]
) -> Sequence[ChoiceStatistics]:
    ids = choice_ids(item.key)
    if not ids:
        return ()
    rests = []
    for attempt, _ in met:
        earned = item_statistics.earned(exam, attempt)
        rests.append(sum(earned.values(), Fraction()) - earned[item.slug])
    return itemstats.choices(ids, [typed_answers.chosen(one.response or {}) for _, one in met], rests)


def choice_ids(key: Question) -> dict[str, bool]:
    """The choices of a question by id, and whether each is right; none for a question without choices."""
    match key:
        case SingleQuestion() | MultipleQuestion():
            return {choice.id: choice.correct for choice in key.choices}
        case TrueFalseQuestion():
            return {"true": key.answer, "false": not key.answer}
    return {}


def _clusters(item: FrozenItem, met: Sequence[tuple[MarkedAttempt, MarkedItem]]) -> Sequence[Cluster]:
    typed = [
        part
        for attempt, one in met
        for part in typed_answers.typed_parts(item, attempt.name, attempt.whose, one.response or {}, one.stored)
    ]
    return clusters.gather(item.key, typed)
