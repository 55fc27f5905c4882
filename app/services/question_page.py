"""One question as its teachers see it: as students meet it, with its key, its past, and how their classes answer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from app.bank import rewording
from app.bank.rewording import Change
from app.bank.schema import BLANK, Blank, ClozeQuestion, Question, from_document
from app.errors import NotFound
from app.exam import presentation
from app.models import Card, Class, Course, Membership, Objective, QuestionVersion, ReviewLog, Topic
from app.models import Question as QuestionRow
from app.services import flag_answers, uploading
from app.services.classes import taught_by
from app.services.course_rows import FOLDER
from app.services.flag_answers import FlagRow
from app.services.identity import Person
from app.services.log_rows import STANDS
from app.services.question_bank import Status, status_of
from app.services.sections import SECTION_COLUMNS, Section, section_of
from app.services.uploading import Origin
from app.srs.sm2 import Grade

FEWEST_ANSWERS = 5
DONT_KNOW = "dont_know"


@dataclass(frozen=True, slots=True)
class Fact:
    """An objective that the question bears on; the one it examines, or one that it touches."""

    slug: str
    text: str
    weight: int
    examined: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Another question of the course; `id` is None when there is none of that name."""

    slug: str
    id: int | None
    text: str


@dataclass(frozen=True, slots=True)
class _Other:
    link: Link
    gives_away: frozenset[str]


@dataclass(frozen=True, slots=True)
class Version:
    """The words as they stood from `created_at` on, and what they changed of the version before."""

    number: int
    created_at: datetime
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Answered:
    """How members of one's own classes answered, over all versions, answers taken back left out.

    `right` is a share (0 to 1), of a flashcard the share remembered; None, and `taken` empty, under 5 answers.
    `taken` counts, by id ("true" and "false" for a statement, "dont_know"), what was chosen.
    """

    answers: int
    right: float | None
    taken: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """All there is to know of one question; `file` is within the folder of its course, unless it has an `origin`.

    `shown` holds no key: it is what a student sees, in the language that was asked for.
    """

    id: int
    slug: str
    course: str
    course_title: str
    topic: str
    file: str
    section: Section
    origin: Origin | None
    status: Status
    body: Question
    shown: presentation.Shown
    facts: Sequence[Fact]
    see_also: Sequence[Link]
    gives_away: Sequence[Link]
    given_away_by: Sequence[Link]
    versions: Sequence[Version]
    answered: Answered
    flags: Sequence[FlagRow]

    @property
    def gaps(self) -> Sequence[tuple[str, Blank]]:
        """What fits each gap, by the number it is shown with."""
        return gaps_of(self.body)


def gaps_of(body: Question) -> Sequence[tuple[str, Blank]]:
    """What fits each gap of a question, by the number it is shown with; nothing where there are none."""
    if not isinstance(body, ClozeQuestion):
        return []
    names = presentation.place(body, "").blanks
    return [(str(number), body.blanks[name]) for number, name in enumerate(names, 1)]


def look(session: Session, teacher: Person, question_id: int, language: str) -> BankQuestion:
    """One question of the bank, shown in "fr" or "en"; raises NotFound."""
    row = _row(session, question_id)
    question: QuestionRow = row.Question
    versions = _versions(session, question_id)
    body = from_document(next(one.body for one in versions if one.number == question.version))
    others = _others(session, question, teacher.locale)
    return BankQuestion(
        id=question_id,
        slug=question.slug,
        course=row.course,
        course_title=row.title_fr if teacher.locale == "fr" else row.title_en,
        topic=row.topic_fr if teacher.locale == "fr" else row.topic_en,
        file=flag_answers.file_of(row.topic),
        section=section_of(row),
        origin=uploading.origin_of(session, question_id) if question.source != FOLDER else None,
        status=status_of(question),
        body=body,
        shown=presentation.present(body, language, str(question_id)),
        facts=_facts(session, question, row.objective, teacher.locale),
        see_also=_named(others, question.links.get("see_also", ())),
        gives_away=_named(others, question.links.get("gives_away", ())),
        given_away_by=[one.link for one in others if question.slug in one.gives_away],
        versions=_history(versions),
        answered=_answered(session, teacher, question),
        flags=flag_answers.of_question(session, teacher, question_id),
    )


def _row(session: Session, question_id: int) -> Any:
    row = session.execute(
        select(
            QuestionRow,
            Course.slug.label("course"),
            Course.title_fr,
            Course.title_en,
            Topic.slug.label("topic"),
            Topic.title_fr.label("topic_fr"),
            Topic.title_en.label("topic_en"),
            Objective.slug.label("objective"),
            *SECTION_COLUMNS,
        )
        .join(Course, Course.id == QuestionRow.course_id)
        .join(Topic, Topic.id == QuestionRow.topic_id)
        .join(Objective, Objective.id == QuestionRow.objective_id)
        .where(QuestionRow.id == question_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _versions(session: Session, question_id: int) -> Sequence[QuestionVersion]:
    statement = select(QuestionVersion).where(QuestionVersion.question_id == question_id)
    return session.scalars(statement.order_by(QuestionVersion.number)).all()


def _history(versions: Sequence[QuestionVersion]) -> Sequence[Version]:
    """The versions, the latest first."""
    first = [Version(one.number, one.created_at, ()) for one in versions[:1]]
    later = [
        Version(one.number, one.created_at, rewording.changes(before.body, one.body))
        for before, one in pairwise(versions)
    ]
    return [*reversed(later), *first]


def _facts(session: Session, question: QuestionRow, examined: str, locale: str) -> Sequence[Fact]:
    names = list(dict.fromkeys([examined, *question.links.get("objectives", ())]))
    text = Objective.text_fr if locale == "fr" else Objective.text_en
    rows = session.execute(
        select(Objective.slug, text, Objective.weight).where(
            Objective.course_id == question.course_id, Objective.slug.in_(names)
        )
    )
    known = {row[0]: Fact(*row, examined=row[0] == examined) for row in rows}
    return [known[name] for name in names if name in known]


def _others(session: Session, question: QuestionRow, locale: str) -> Sequence[_Other]:
    """The other questions of the course, in one statement: a link may come from any of them."""
    text = func.coalesce(QuestionVersion.body[("text", locale)].as_string(), "")
    current = and_(QuestionVersion.question_id == QuestionRow.id, QuestionVersion.number == QuestionRow.version)
    rows = session.execute(
        select(QuestionRow.id, QuestionRow.slug, QuestionRow.links, text)
        .join(QuestionVersion, current)
        .where(QuestionRow.course_id == question.course_id, QuestionRow.id != question.id)
        .order_by(QuestionRow.position, QuestionRow.id)
    )
    return [
        _Other(Link(slug, key, BLANK.sub("…", words)), frozenset(links.get("gives_away", ())))
        for key, slug, links, words in rows
    ]


def _named(others: Sequence[_Other], names: Sequence[str]) -> Sequence[Link]:
    known = {one.link.slug: one.link for one in others}
    return [known.get(name, Link(name, None, "")) for name in names]


def _answered(session: Session, teacher: Person, question: QuestionRow) -> Answered:
    member = (
        select(Membership.user_id)
        .where(
            Membership.user_id == ReviewLog.learner_id,
            Class.id == Membership.class_id,
            Class.course_id == question.course_id,
            taught_by(teacher),
        )
        .correlate(ReviewLog)
    )
    rows = session.execute(
        select(ReviewLog.response, ReviewLog.grade, ReviewLog.credit_parts, ReviewLog.credit_of, ReviewLog.overridden)
        .join(Card, Card.id == ReviewLog.card_id)
        .where(Card.question_id == question.id, STANDS, member.exists(), _answered_itself(question))
    ).all()
    if len(rows) < FEWEST_ANSWERS:
        return Answered(len(rows), None, {})
    taken = Counter(name for row in rows for name in _taken(row.response or {}))
    return Answered(len(rows), sum(map(_is_right, rows)) / len(rows), taken)


def _answered_itself(question: QuestionRow) -> ColumnElement[bool]:
    """Not for a mistake in another question of its objective, which brings a card back without an answer to it."""
    return true() if question.type == "flashcard" else ReviewLog.credit_of.is_not(None)


def _is_right(row: Any) -> bool:
    if row.credit_of is None:  # a flashcard
        return bool(row.grade >= Grade.HARD)
    return bool(row.credit_parts == row.credit_of or row.overridden)


def _taken(response: Mapping[str, Any]) -> Sequence[str]:
    """The ids that were chosen in a response, each once."""
    if response.get("dont_know"):
        return [DONT_KNOW]
    if isinstance(response.get("value"), bool):
        return [str(response["value"]).lower()]
    chosen = [response.get("choice"), *(response.get("choices") or ())]
    return list(dict.fromkeys(name for name in chosen if isinstance(name, str)))
