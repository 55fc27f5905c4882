"""Exams as a class's teachers set them up: drafted, changed, published (which freezes their questions)."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict, FieldProblem, Invalid, NotFound
from app.exam import blueprint
from app.exam.blueprint import Candidate, Demand, Unfillable
from app.exam.timing import Window
from app.models import Attempt, Class, Exam, ExamItem, Objective, Question, QuestionVersion, Topic
from app.services import classes
from app.services.identity import Person
from app.services.names import tidy

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

    `demands` is the blueprint; None where `questions` (ids, in their order) are listed by hand.
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


@dataclass(frozen=True, slots=True)
class SetUp:
    """One exam as its teachers see it; `version` must come back with a change, `attempts` are those started.

    `points` are those of each question by id, in the exam's order: of a draft's list, or of what is frozen.
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
    _freeze(session, exam, chosen(session, exam, course_id))
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
    return SetUp(exam.id, exam.class_id, course_id, exam.version, exam.published_at, started, draft, exam.seed, points)


def listed(session: Session, teacher: Person, class_id: int) -> Sequence[ListedExam]:
    """The exams of a class, those to come first; raises NotFound."""
    classes.found(session, teacher, class_id)
    questions = select(func.count()).where(ExamItem.exam_id == Exam.id).scalar_subquery()
    attempts = select(func.count()).where(Attempt.exam_id == Exam.id).scalar_subquery()
    rows = session.execute(select(Exam, questions, attempts).where(Exam.class_id == class_id)).all()
    every = [
        ListedExam(exam.id, exam.title, exam.kind, exam.published_at, window_of(exam), exam.zone, size, started)
        for exam, size, started in rows
    ]
    return sorted(every, key=lambda one: (one.window.opens_at is not None, one.window.opens_at, -one.id), reverse=True)


def window_of(exam: Exam | Draft) -> Window:
    """When an exam can be taken, by everybody."""
    duration = None if exam.duration_s is None else timedelta(seconds=exam.duration_s)
    return Window(exam.opens_at, exam.closes_at, duration)


def candidates(session: Session, course_id: int) -> list[Candidate]:
    """The questions of a course that an exam may ask: in use, no drafts; reserved ones are the first choice."""
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
    rows = session.execute(
        select(Question, Topic.slug, Objective.slug, QuestionVersion.body)
        .join(Topic, Topic.id == Question.topic_id)
        .join(Objective, Objective.id == Question.objective_id)
        .join(QuestionVersion, current)
        .where(Question.course_id == course_id, Question.retired.is_(False), Question.draft.is_(False))
    ).all()
    ids = {question.slug: question.id for question, *_ in rows}
    return [
        Candidate(
            id=question.id,
            topic=topic,
            level=question.level,
            type=question.type,
            objective=objective,
            reserved=question.reserved,
            gives_away=frozenset(ids[slug] for slug in body.get("gives_away", ()) if slug in ids),
        )
        for question, topic, objective, body in rows
    ]


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
        yield FieldProblem("title", "too_long", (("most", LONGEST_TITLE),))
    yield from _time_problems(draft)
    if not 1 <= draft.scale_hundredths <= 100_000:  # noqa: PLR2004 as the table says
        yield FieldProblem("scale_hundredths", "out_of_range")
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
    pool = candidates(session, course_id)
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
    by_id = {one.id: one for one in candidates(session, course_id)} if draft.demands is None else {}
    _freeze(session, exam, [by_id[number] for number in draft.questions])


def _obstacles(session: Session, exam: Exam, course_id: int, now: datetime) -> Iterable[FieldProblem]:
    if exam.closes_at is not None and exam.closes_at <= now:
        yield FieldProblem("closes_at", "over")
    if exam.demands is not None:
        yield from _shortages(_demands(exam), candidates(session, course_id))
        return
    listed_size = session.scalar(select(func.count()).where(ExamItem.exam_id == exam.id)) or 0
    if gone := listed_size - len(chosen(session, exam, course_id)):
        yield FieldProblem("questions", "gone", (("count", gone),))
    if not listed_size:
        yield FieldProblem("questions", "count_out_of_range", (("most", MOST_QUESTIONS),))


def chosen(session: Session, exam: Exam, course_id: int) -> list[Candidate]:
    """What the exam may ask: its list, one draw for all, or all that each student's draw may choose from."""
    pool = candidates(session, course_id)
    by_id = {one.id: one for one in pool}
    if exam.demands is None:
        listed_ids = session.scalars(
            select(ExamItem.question_id).where(ExamItem.exam_id == exam.id).order_by(ExamItem.position)
        )
        return [by_id[number] for number in listed_ids if number in by_id]
    demands = _demands(exam)
    if exam.draw == "same":
        return [by_id[number] for number in blueprint.draw(demands, pool, Random(exam.seed))]  # noqa: S311 seeded
    return [one for one in pool if any(demand.takes(one) for demand in demands)]


def _demands(exam: Exam) -> list[Demand]:
    return [Demand(**one) for one in exam.demands or ()]


def _freeze(session: Session, exam: Exam, chosen: Sequence[Candidate]) -> None:
    """Put `chosen` in the place of the exam's questions, in their versions of now; points stay with their question."""
    of_exam = ExamItem.exam_id == exam.id
    kept = {row[0]: row[1] for row in session.execute(select(ExamItem.question_id, ExamItem.points).where(of_exam))}
    session.execute(delete(ExamItem).where(of_exam))
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
    chosen_ids = [one.id for one in chosen]
    statement = select(Question.id, QuestionVersion.id).join(QuestionVersion, current)
    rows = session.execute(statement.where(Question.id.in_(chosen_ids)))
    versions = {question_id: version_id for question_id, version_id in rows}
    for position, one in enumerate(chosen, 1):
        session.add(
            ExamItem(
                exam_id=exam.id,
                question_id=one.id,
                version_id=versions[one.id],
                position=position,
                points=kept.get(one.id, 1),
                topic=one.topic,
                objective=one.objective,
                level=one.level,
                type=one.type,
                reserved=one.reserved,
                gives_away=sorted(one.gives_away),
            )
        )
    session.flush()


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
