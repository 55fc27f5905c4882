"""The ids of uploads that a course's folder takes: an upload neither shadows the folder nor blocks it.

The uploaded question, or course, goes on under the next free id with all that hangs on it. The id it was
sent under is remembered, so that its owner's files find it again instead of making a second one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.bank.loader import Loaded
from app.bank.uploads import Package
from app.models import Course, Question, UploadedCourse, UploadedQuestion
from app.services.course_rows import FOLDER
from app.services.identity import Person

_LONGEST = 80
_NAMING = ("see_also", "gives_away")

Sent = tuple[str, str, int | None]  # the id it was sent under, its present one, its owner


@dataclass(frozen=True, slots=True)
class Renamed:
    """What a teacher sent and the folder took the id of: the id it has now by the one it was sent under."""

    questions: Mapping[str, str] = field(default_factory=dict)
    courses: Mapping[str, str] = field(default_factory=dict)


def give_way(session: Session, course: Course, wanted: Collection[str]) -> dict[str, str]:
    """Rename the uploaded questions whose id is among `wanted`, in a course whose row is locked; new ids by old ones.

    Uploaded questions that name them follow: the folder had none of those ids when they were sent.
    """
    rows = {row.slug: row for row in session.scalars(select(Question).where(Question.course_id == course.id))}
    taken = {*rows, *wanted}
    uploaded = {slug: row for slug, row in rows.items() if row.source != FOLDER}
    renamed = {}
    for slug in sorted(set(wanted) & uploaded.keys()):
        signed = session.get_one(UploadedQuestion, uploaded[slug].id)
        signed.sent_as = signed.sent_as or slug
        uploaded[slug].slug = renamed[slug] = next(one for one in _numbered(signed.sent_as) if one not in taken)
        taken.add(renamed[slug])
    if renamed:
        for row in uploaded.values():
            _follow(row, renamed)
    session.flush()
    return renamed


def give_course_way(session: Session, course: Course) -> str:
    """Rename an uploaded course whose row is locked, and return its new id; the caller makes another of the old id.

    An id that somebody else takes at the same moment is passed over.
    """
    signed = session.get_one(UploadedCourse, course.id)
    sent_as = signed.sent_as or course.slug
    for slug in _numbered(sent_as):
        if session.scalar(select(Course.id).where(Course.slug == slug)) is not None:
            continue
        try:
            with session.begin_nested():
                course.slug = slug
        except IntegrityError:
            continue
        signed.sent_as = sent_as
        session.flush()
        return slug
    raise AssertionError("there is always a next number")


def with_course_found(session: Session, teacher: Person, package: Package) -> Package:
    """The package, its course under the id that it has by now."""
    if package.course is None:
        return package
    own = select(UploadedCourse, Course.slug).join(Course, Course.id == UploadedCourse.course_id)
    rows = session.execute(own.where(UploadedCourse.sent_as == package.course.id)).all()
    now = _their(teacher, [(package.course.id, slug, signed.owner_id) for signed, slug in rows])
    slug = now.get(package.course.id)
    return replace(package, course=package.course.model_copy(update={"id": slug})) if slug else package


def sent_to(session: Session, course: Course | None) -> Sequence[Sent]:
    """The questions of a stored course that were renamed."""
    if course is None:
        return ()
    rows = session.execute(
        select(UploadedQuestion.sent_as, Question.slug, UploadedQuestion.owner_id)
        .join(Question, Question.id == UploadedQuestion.question_id)
        .where(Question.course_id == course.id, UploadedQuestion.sent_as.is_not(None))
        .order_by(Question.slug)
    )
    return [(sent_as or slug, slug, owner_id) for sent_as, slug, owner_id in rows]


def with_questions_found(teacher: Person, package: Package, renamed: Sequence[Sent]) -> Package:
    """The package, its questions and those they name under the ids that they have by now in its course."""
    now = _their(teacher, renamed)
    sent = {loaded.question.id for loaded in package.questions}
    now = {old: new for old, new in now.items() if new not in sent}  # sent under its new id: the old one is another's
    if not now:
        return package
    return replace(package, questions=tuple(_found(loaded, now) for loaded in package.questions))


def own_renamed(session: Session, teacher: Person, course: Course | None, renamed: Sequence[Sent]) -> Renamed:
    """What of that is the teacher's own, and the course itself if that is."""
    own = {old: new for old, new, owner_id in renamed if owner_id == teacher.id}
    signed = session.get(UploadedCourse, course.id) if course else None
    theirs = signed is not None and signed.owner_id == teacher.id
    return Renamed(own, {signed.sent_as: course.slug} if course and signed and theirs and signed.sent_as else {})


def _their(teacher: Person, rows: Sequence[Sent]) -> dict[str, str]:
    """What the ids in a teacher's file mean: their own, and for an administrator those that only one has sent."""
    own = {old: new for old, new, owner_id in rows if owner_id == teacher.id}
    if teacher.role != "admin":
        return own
    told = [old for old, *_ in rows]
    return {old: new for old, new, _ in rows if told.count(old) == 1} | own


def _found(loaded: Loaded, now: Mapping[str, str]) -> Loaded:
    question = loaded.question
    names: dict[str, Any] = {name: tuple(now.get(one, one) for one in getattr(question, name)) for name in _NAMING}
    return replace(loaded, question=question.model_copy(update={"id": now.get(question.id, question.id), **names}))


def _follow(row: Question, renamed: Mapping[str, str]) -> None:
    links = {
        name: [renamed.get(one, one) if name in _NAMING else one for one in named] for name, named in row.links.items()
    }
    if links != row.links:
        row.links = links


def _numbered(slug: str) -> Iterator[str]:
    """The ids to try instead of `slug`: it with -2, -3 …, within the length of an id."""
    for number in count(2):
        end = f"-{number}"
        yield slug[: _LONGEST - len(end)].rstrip("-") + end
