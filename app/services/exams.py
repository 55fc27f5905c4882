"""Exams as a class's teachers set them up: drafted, changed, published (which freezes their questions)."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict, FieldProblem, Invalid, NotFound
from app.exam import blueprint, forms
from app.exam.blueprint import Candidate, Demand, Unfillable
from app.exam.timing import Window
from app.models import Attempt, Class, Exam, ExamItem
from app.services import classes, exam_forms, exam_freezing, exam_pool
from app.services.exam_freezing import Frozen
from app.services.identity import Person
from app.services.names import holds_refused, shows_nothing, tidy

MOST_QUESTIONS = 200
LONGEST_TITLE = 120
LONGEST_DURATION = timedelta(days=7)
SHOWN = ("never", "submitted", "closed")
# What may still be changed once the questions are frozen: none of it touches a mark that somebody earned.
AFTER_PUBLISHING = frozenset(
    {"title", "opens_at", "closes_at", "duration_s", "zone", "attempts", "keep", "password", "pass_hundredths"}
    | {"show_score", "show_answers", "show_explanations"}
)


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a teacher decides about an exam; instants are aware, scores in hundredths of the scale.

    `demands` is the blueprint; None where `questions` (ids, in their order) are listed by hand. `draw` is "same" for
    all or "each", of which `forms` is how many parallel forms are dealt, 0 where every student has a draw alone.
    """

    title: str
    kind: str = "exam"
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    duration_s: int | None = None
    zone: str = "Europe/Paris"
    attempts: int = 1
    keep: str = "best"
    password: str | None = None
    demands: tuple[Demand, ...] | None = None
    questions: tuple[int, ...] = ()
    draw: str = "same"
    forms: int = 0
    shuffle_questions: bool = True
    shuffle_choices: bool = True
    layout: str = "each"
    go_back: bool = True
    scale_hundredths: int = 2000
    pass_hundredths: int | None = None
    penalty_percent: int = 0
    all_or_nothing: bool = False
    show_score: str = "closed"
    show_answers: str = "closed"
    show_explanations: str = "closed"

    @property
    def drawing(self) -> str:
        """How questions are drawn, in one word: "same", "each" or "forms"."""
        return "forms" if self.forms else self.draw

    @property
    def letters(self) -> Sequence[str]:
        """What the parallel forms are called."""
        return [forms.letter(number) for number in range(1, self.forms + 1)]


@dataclass(frozen=True, slots=True)
class ListedExam:
    """One exam in its class's list; `published` is None for a draft."""

    id: int
    title: str
    kind: str
    published: datetime | None
    window: Window
    zone: str
    questions: int
    attempts: int
    forgotten: bool = False  # attempts at it were deleted


@dataclass(frozen=True, slots=True)
class SetUp:
    """One exam as its teachers see it; `version` must come back with a change, `attempts` are those started.

    `points` are those of each question by id, in the exam's order: of a draft's list, or of what is frozen.
    `forgotten_at` is when attempts at it were deleted, None while all are there.
    """

    id: int
    class_id: int
    course_id: int
    version: int
    published: datetime | None
    attempts: int
    draft: Draft
    seed: str
    points: Mapping[int, int] = field(default_factory=dict)
    forgotten_at: datetime | None = None

    @property
    def size(self) -> int:
        """How many questions each student is asked."""
        demands = self.draft.demands
        return len(self.points) if demands is None else sum(demand.count for demand in demands)


def create(session: Session, teacher: Person, class_id: int, draft: Draft, now: datetime) -> int:
    """Write a new draft; return its id. Raises NotFound for a class that is not theirs, Invalid with every problem."""
    of = classes.found(session, teacher, class_id)
    if found_wrong := problems(session, of.course_id, draft):
        raise Invalid(found_wrong)
    made = Exam(class_id=class_id, created_by=teacher.id, created_at=now, seed=secrets.token_hex(16), **_columns(draft))
    session.add(made)
    session.flush()
    _list_questions(session, made, of.course_id, draft)
    return made.id


def change(session: Session, teacher: Person, exam_id: int, version: int, draft: Draft) -> None:
    """Change an exam that is still as it was at `version`.

    Raises NotFound; Conflict ("changed_meanwhile") when somebody changed it, ("published") for what is frozen;
    Invalid with every problem.
    """
    exam, course_id = _locked(session, teacher, exam_id)
    if exam.version != version:
        raise Conflict("changed_meanwhile")
    if found_wrong := problems(session, course_id, draft, exam.published_at is not None):
        raise Invalid(found_wrong)
    columns = _columns(draft)
    if exam.published_at is not None:
        if any(getattr(exam, name) != value for name, value in columns.items() if name not in AFTER_PUBLISHING):
            raise Conflict("published")
        columns = {name: value for name, value in columns.items() if name in AFTER_PUBLISHING}
    for name, value in columns.items():
        setattr(exam, name, value)
    exam.version += 1
    if exam.published_at is None:
        _list_questions(session, exam, course_id, draft)


def problems(session: Session, course_id: int, draft: Draft, published: bool = False) -> list[FieldProblem]:
    """Everything in a draft that a rule refuses; what is frozen no longer depends on the bank."""
    about_questions = () if published else _question_problems(session, course_id, draft)
    return [*_problems(draft), *about_questions]


def publish(session: Session, teacher: Person, exam_id: int, now: datetime, version: int | None = None) -> None:
    """Freeze the questions in their versions of now and announce the exam; twice publishes once.

    Raises NotFound; Conflict ("changed_meanwhile") when it is not at `version` any more; Invalid with all that
    stands in the way.
    """
    exam, course_id = _locked(session, teacher, exam_id)
    if exam.published_at is not None:
        return
    if version is not None and exam.version != version:
        raise Conflict("changed_meanwhile")
    if obstacles := list(_obstacles(session, exam, course_id, now)):
        raise Invalid(obstacles)
    exam_freezing.freeze(session, exam, exam_freezing.chosen(session, exam, course_id, now))
    exam_forms.deal(session, exam)
    exam.published_at = now
    exam.version += 1


def obstacles(session: Session, teacher: Person, exam_id: int, now: datetime) -> list[FieldProblem]:
    """Why a draft cannot be published as it is, all at once; raises NotFound."""
    exam, course_id = _one(session, teacher, exam_id)
    return [] if exam.published_at is not None else list(_obstacles(session, exam, course_id, now))


def discard(session: Session, teacher: Person, exam_id: int) -> None:
    """Throw an exam away that nobody has started. Raises NotFound, Conflict ("started")."""
    exam, _ = _locked(session, teacher, exam_id)
    if session.scalar(select(func.count()).where(Attempt.exam_id == exam.id)):
        raise Conflict("started")
    session.delete(exam)


def set_points(session: Session, teacher: Person, exam_id: int, points: Mapping[int, int]) -> None:
    """Weigh the questions (by question id) of an exam that nobody has started.

    Raises NotFound, Conflict ("started"), Invalid for points outside 1 to 100.
    """
    exam, _ = _locked(session, teacher, exam_id)
    if session.scalar(select(func.count()).where(Attempt.exam_id == exam.id)):
        raise Conflict("started")
    if any(not 1 <= value <= 100 for value in points.values()):  # noqa: PLR2004 as the table says
        raise Invalid([FieldProblem("points", "out_of_range")])
    for question_id, value in points.items():
        session.execute(
            update(ExamItem)
            .where(ExamItem.exam_id == exam.id, ExamItem.question_id == question_id)
            .values(points=value)
        )


def found(session: Session, teacher: Person, exam_id: int) -> SetUp:
    """One exam of a class of this teacher; raises NotFound."""
    exam, course_id = _one(session, teacher, exam_id)
    items = session.execute(
        select(ExamItem.question_id, ExamItem.points).where(ExamItem.exam_id == exam_id).order_by(ExamItem.position)
    ).all()
    started = session.scalar(select(func.count()).where(Attempt.exam_id == exam_id)) or 0
    draft = Draft(
        **{name: getattr(exam, name) for name in _SAME_NAMES},
        demands=None if exam.demands is None else tuple(Demand(**one) for one in exam.demands),
        questions=tuple(row.question_id for row in items) if exam.demands is None else (),
    )
    points = {row.question_id: row.points for row in items}
    told = (exam.id, exam.class_id, course_id, exam.version, exam.published_at, started, draft, exam.seed, points)
    return SetUp(*told, forgotten_at=exam.forgotten_at)


def listed(session: Session, teacher: Person, class_id: int) -> Sequence[ListedExam]:
    """The exams of a class, those to come first; raises NotFound."""
    classes.found(session, teacher, class_id)
    questions = select(func.count()).where(ExamItem.exam_id == Exam.id).scalar_subquery()
    attempts = select(func.count()).where(Attempt.exam_id == Exam.id).scalar_subquery()
    rows = session.execute(select(Exam, questions, attempts).where(Exam.class_id == class_id)).all()
    every = [
        ListedExam(
            exam.id,
            exam.title,
            exam.kind,
            exam.published_at,
            window_of(exam),
            exam.zone,
            size,
            started,
            forgotten=exam.forgotten_at is not None,
        )
        for exam, size, started in rows
    ]
    return sorted(every, key=lambda one: (one.window.opens_at is not None, one.window.opens_at, -one.id), reverse=True)


def window_of(exam: Exam | Draft) -> Window:
    """When an exam can be taken, by everybody."""
    duration = None if exam.duration_s is None else timedelta(seconds=exam.duration_s)
    return Window(exam.opens_at, exam.closes_at, duration)


_SAME_NAMES = tuple(name for name in Draft.__dataclass_fields__ if name not in ("demands", "questions"))


def _columns(draft: Draft) -> dict[str, Any]:
    columns = {name: getattr(draft, name) for name in _SAME_NAMES}
    columns["title"] = tidy(draft.title)
    columns["demands"] = None if draft.demands is None else [asdict(demand) for demand in draft.demands]
    return columns


def _problems(draft: Draft) -> Iterable[FieldProblem]:
    title = tidy(draft.title)
    if not title:
        yield FieldProblem("title", "missing")
    elif len(title) > LONGEST_TITLE:
        yield FieldProblem("title", "too_long", (("longest", LONGEST_TITLE),))
    elif holds_refused(title) or shows_nothing(title):  # a title that nobody sees is a link that nobody finds
        yield FieldProblem("title", "title_characters")
    yield from _time_problems(draft)
    if not 1 <= draft.scale_hundredths <= 100_000:  # noqa: PLR2004 as the table says
        yield FieldProblem("scale_hundredths", "out_of_range")
    drawn_apart = draft.demands is not None and draft.draw == "each"
    if draft.forms and not (drawn_apart and forms.FEWEST <= draft.forms <= forms.MOST):
        yield FieldProblem("forms", "out_of_range")
    if draft.pass_hundredths is not None and not 0 <= draft.pass_hundredths <= draft.scale_hundredths:
        yield FieldProblem("pass_hundredths", "out_of_range")


def _time_problems(draft: Draft) -> Iterable[FieldProblem]:
    if draft.kind == "exam" and draft.closes_at is None:
        yield FieldProblem("closes_at", "missing")
    if draft.opens_at and draft.closes_at and draft.closes_at <= draft.opens_at:
        yield FieldProblem("closes_at", "before_opening")
    if draft.duration_s is not None and not 0 < draft.duration_s <= LONGEST_DURATION.total_seconds():
        yield FieldProblem("duration_s", "out_of_range")
    if draft.zone not in available_timezones():
        yield FieldProblem("zone", "unknown")


def _question_problems(session: Session, course_id: int, draft: Draft) -> Iterable[FieldProblem]:
    count = sum(demand.count for demand in draft.demands) if draft.demands is not None else len(draft.questions)
    field_name = "demands" if draft.demands is not None else "questions"
    if not 0 < count <= MOST_QUESTIONS:
        yield FieldProblem(field_name, "count_out_of_range", (("most", MOST_QUESTIONS),))
    pool = exam_pool.candidates(session, course_id)
    if draft.demands is not None:
        yield from _shortages(draft.demands, pool)
        return
    known = {one.id: one for one in pool if one.type != "flashcard"}
    if len(set(draft.questions)) != len(draft.questions) or not known.keys() >= set(draft.questions):
        yield FieldProblem("questions", "not_offered")
        return
    for teller, told in blueprint.conflicts([known[number] for number in draft.questions]):
        yield FieldProblem("questions", "gives_away", (("teller", teller), ("told", told)))


def _shortages(demands: Sequence[Demand], pool: Sequence[Candidate]) -> Iterable[FieldProblem]:
    try:
        blueprint.draw(demands, pool, Random(0))  # noqa: S311 a trial, not a secret
    except Unfillable as error:
        for shortage in error.shortages:
            row = (("row", demands.index(shortage.demand) + 1), ("available", shortage.available))
            yield FieldProblem("demands", "shortage", row)
        if not error.shortages:
            yield FieldProblem("demands", "too_much_together")


def _list_questions(session: Session, exam: Exam, course_id: int, draft: Draft) -> None:
    """A draft with a list keeps it as items; they are frozen anew when it is published."""
    by_id = {one.id: one for one in exam_pool.candidates(session, course_id)} if draft.demands is None else {}
    exam_freezing.freeze(session, exam, [Frozen(by_id[number]) for number in draft.questions])


def _obstacles(session: Session, exam: Exam, course_id: int, now: datetime) -> Iterable[FieldProblem]:
    if exam.closes_at is not None and exam.closes_at <= now:
        yield FieldProblem("closes_at", "over")
    if exam.demands is not None:
        yield from _shortages(exam_pool.demands(exam), exam_pool.candidates(session, course_id))
        return
    listed_size = session.scalar(select(func.count()).where(ExamItem.exam_id == exam.id)) or 0
    if gone := listed_size - len(exam_freezing.chosen(session, exam, course_id, now)):
        yield FieldProblem("questions", "gone", (("count", gone),))
    if not listed_size:
        yield FieldProblem("questions", "count_out_of_range", (("most", MOST_QUESTIONS),))


def _locked(session: Session, teacher: Person, exam_id: int) -> tuple[Exam, int]:
    return _one(session, teacher, exam_id, lock=True)


def _one(session: Session, teacher: Person, exam_id: int, lock: bool = False) -> tuple[Exam, int]:
    statement = select(Exam).where(Exam.id == exam_id)
    exam = session.scalar(statement.with_for_update() if lock else statement)
    if exam is None:
        raise NotFound
    classes.found(session, teacher, exam.class_id)
    course_id = session.scalar(select(Class.course_id).where(Class.id == exam.class_id))
    return exam, course_id or 0
