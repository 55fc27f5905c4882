"""The stored bank as teachers look it over: how well it covers its course, and its questions, filtered and searched.

Teachers read every question with its key; nothing here is for learners.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.bank import coverage
from app.bank.coverage import Coverage, Entry, Goal, Part
from app.bank.schema import BLANK, LANGUAGES
from app.errors import NotFound
from app.models import Course, Objective, Question, QuestionVersion, Topic
from app.services import flag_answers
from app.services.browsing import searchable
from app.services.identity import Person
from app.services.sections import SECTION_COLUMNS

PAGE_SIZE = 50


class Status(StrEnum):
    """Whom a question is for; a retired one is in the file no more."""

    STUDIED = "studied"
    RESERVED = "reserved"
    DRAFT = "draft"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list: empty texts, a missing level and a missing status mean all. Pages count from 1.

    `course`, `topic` and `objective` are slugs; `flagged` asks for questions with an open report.
    Retired questions are listed only when asked for.
    """

    course: str = ""
    words: str = ""
    topic: str = ""
    objective: str = ""
    type: str = ""
    level: int | None = None
    status: Status | None = None
    flagged: bool = False
    page: int = 1

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out, and the first page is asked for."""
        return self == Wanted(course=self.course)


@dataclass(frozen=True, slots=True)
class CourseTitle:
    """A course of the bank; `taught_in` is the language of its headings."""

    id: int
    slug: str
    title: str
    taught_in: str


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the list; `text` is Markdown, its gaps drawn as an ellipsis."""

    id: int
    slug: str
    text: str
    topic: str
    type: str
    level: int
    status: Status
    flags: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the questions: `found` counts those of all pages."""

    lines: Sequence[Line]
    found: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A course looked over: its list, and its coverage unless something is filtered.

    `topics` are titles by slug, `facts` the objectives in words by slug, `flags` the open reports.
    """

    course: CourseTitle
    courses: Sequence[CourseTitle]
    topics: Mapping[str, str]
    facts: Mapping[str, str]
    coverage: Coverage | None
    listing: Listing
    flags: int


@dataclass(frozen=True, slots=True)
class _Topic:
    slug: str
    title: str
    core: bool


def overview(session: Session, teacher: Person, wanted: Wanted) -> Overview | None:
    """A course of the bank, the first one unless `wanted` names another; None when there is none.

    Raises NotFound for a course that does not exist. The statements do not grow with the bank.
    """
    courses = _courses(session, teacher.locale)
    course = next((one for one in courses if not wanted.course or one.slug == wanted.course), None)
    if course is None and wanted.course:
        raise NotFound
    if course is None:
        return None
    topics = _topics(session, course.id, teacher.locale)
    titles = {topic.slug: topic.title for topic in topics}
    goals, facts = _goals(session, course.id, teacher.locale)
    rows = questions(session, course.id)
    flags = flag_answers.open_counts(session, teacher, course.id)
    measured = None
    if wanted.is_whole:
        parts = [Part(topic.slug, topic.core) for topic in topics]
        entries = [_entry(row) for row in rows if not row.retired]
        measured = coverage.measure(parts, goals, entries, _sections(session, course.id))
    listing = _listing(session, teacher, wanted, rows, flags, titles)
    return Overview(course, courses, titles, facts, measured, listing, sum(flags.values()))


def status_of(row: Any) -> Status:
    """The status of a row of `question`."""
    if row.retired:
        return Status.RETIRED
    if row.draft:
        return Status.DRAFT
    return Status.RESERVED if row.reserved else Status.STUDIED


def _courses(session: Session, locale: str) -> Sequence[CourseTitle]:
    title = Course.title_fr if locale == "fr" else Course.title_en
    offered = select(Course.id, Course.slug, title, SECTION_COLUMNS[1]).where(Course.retired.is_(False))
    rows = session.execute(offered.order_by(Course.id))
    return [CourseTitle(*row) for row in rows]


def _topics(session: Session, course_id: int, locale: str) -> Sequence[_Topic]:
    title = Topic.title_fr if locale == "fr" else Topic.title_en
    rows = session.execute(
        select(Topic.slug, title, Topic.core)
        .where(Topic.course_id == course_id, Topic.retired.is_(False))
        .order_by(Topic.position, Topic.id)
    )
    return [_Topic(*row) for row in rows]


def _goals(session: Session, course_id: int, locale: str) -> tuple[list[Goal], dict[str, str]]:
    text = Objective.text_fr if locale == "fr" else Objective.text_en
    rows = session.execute(
        select(Objective.slug, Topic.slug, Objective.section, Objective.weight, text)
        .join(Topic, Topic.id == Objective.topic_id)
        .where(Objective.course_id == course_id, Objective.retired.is_(False))
        .order_by(Topic.position, Objective.id)
    ).all()
    return [Goal(*row[:4]) for row in rows], {row[0]: row[4] for row in rows}


def _sections(session: Session, course_id: int) -> Sequence[str]:
    document = session.scalar(select(Course.document).where(Course.id == course_id)) or {}
    return list(document.get("sections", ()))


def questions(session: Session, course_id: int) -> Sequence[Any]:
    """The questions of a course in its order: their facts, without their words."""
    return session.execute(
        select(
            Question.id,
            Question.slug,
            Question.type,
            Question.level,
            Question.reserved,
            Question.draft,
            Question.retired,
            Question.links,
            Topic.slug.label("topic"),
            Objective.slug.label("objective"),
            QuestionVersion.body[("code", "language")].as_string().label("code"),
        )
        .join(Topic, Topic.id == Question.topic_id)
        .join(Objective, Objective.id == Question.objective_id)
        .join(QuestionVersion, _CURRENT)
        .where(Question.course_id == course_id)
        .order_by(Topic.position, Topic.id, Question.position, Question.id)
    ).all()


_CURRENT = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)


def _entry(row: Any) -> Entry:
    touched = [name for name in row.links.get("objectives", ()) if name != row.objective]
    return Entry(
        id=row.slug,
        type=row.type,
        level=row.level,
        objectives=(row.objective, *touched),
        code=row.type == "command" or bool(row.code),
        reserved=row.reserved,
        draft=row.draft,
    )


def _listing(
    session: Session,
    teacher: Person,
    wanted: Wanted,
    rows: Iterable[Any],
    flags: Mapping[int, int],
    titles: Mapping[str, str],
) -> Listing:
    near = [row for row in rows if _fits(row, wanted, flags)]
    if wanted.words and near:
        near = matching(session, near, wanted.words)
    pages = max(1, ceil(len(near) / PAGE_SIZE))
    page = min(max(1, wanted.page), pages)
    there = near[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    words = words_of(session, teacher.locale, [row.id for row in there]) if there else {}
    lines = [
        Line(
            id=row.id,
            slug=row.slug,
            text=BLANK.sub("…", words[row.id]),
            topic=titles.get(row.topic, row.topic),
            type=row.type,
            level=row.level,
            status=status_of(row),
            flags=flags.get(row.id, 0),
        )
        for row in there
    ]
    return Listing(lines, len(near), page, pages)


def _fits(row: Any, wanted: Wanted, flags: Mapping[int, int]) -> bool:
    status = status_of(row)
    asked = ((wanted.topic, row.topic), (wanted.type, row.type), (wanted.level, row.level))
    objectives = {row.objective, *row.links.get("objectives", ())}
    return (
        all(not wish or wish == value for wish, value in asked)
        and (not wanted.objective or wanted.objective in objectives)
        and (status is wanted.status if wanted.status else status is not Status.RETIRED)
        and (not wanted.flagged or row.id in flags)
    )


def words_of(session: Session, locale: str, ids: Sequence[int]) -> dict[int, str]:
    """What each question asks, in Markdown, by id."""
    text = QuestionVersion.body[("text", locale)].as_string()
    rows = session.execute(
        select(Question.id, func.coalesce(text, "")).join(QuestionVersion, _CURRENT).where(Question.id.in_(ids))
    )
    return {row[0]: row[1] for row in rows}


def matching(session: Session, rows: Sequence[Any], words: str) -> list[Any]:
    """The questions that hold each of `words` in either language, in a snippet, an explanation or a name."""
    parts = [("code", "text"), *((name, language) for name in ("text", "explanation") for language in LANGUAGES)]
    columns = [func.coalesce(QuestionVersion.body[part].as_string(), "") for part in parts]
    statement = select(Question.id, *columns).join(QuestionVersion, _CURRENT)
    found = session.execute(statement.where(Question.id.in_([row.id for row in rows])))
    texts = {row[0]: searchable("\n".join(row[1:])) for row in found}
    wished = searchable(words).split()
    return [row for row in rows if all(word in f"{texts[row.id]} {row.slug} {row.objective}" for word in wished)]
