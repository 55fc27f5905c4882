"""Questions that teachers send: kept for a day with what they would change, then stored or given up.

The bytes are kept, not what was read in them: they are read again, by the rules of the day, when they are
stored, and only if that changes exactly what was shown.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from app.bank import archives, uploads
from app.bank.problems import Problem
from app.bank.uploads import Package
from app.db import Database
from app.errors import FieldProblem, Invalid, NotFound
from app.models import Course, Upload, UploadedQuestion, User
from app.services import course_rows, upload_differences, upload_names, upload_rows
from app.services.course_differences import Kind
from app.services.identity import Person
from app.services.upload_differences import Difference
from app.services.upload_names import Renamed

MOST_BYTES = 2_000_000
MOST_WAITING = 5  # of a teacher; an older one makes way
LIFETIME = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A file as it was sent; `course_id` is the course chosen for questions that bring none."""

    file_name: str
    content: bytes
    course_id: int | None
    retire_missing: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """One upload of a teacher; `outcome` counts questions by kind once it was applied."""

    id: int
    file_name: str
    size_bytes: int
    course_id: int | None
    retire_missing: bool
    created_at: datetime
    expires_at: datetime
    applied_at: datetime | None
    outcome: Mapping[Kind, int]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What an upload would change as things stand.

    `remarks` (on the writing, and on drafts) keep nothing out; `ignored` names what was passed over in a zip.
    `renamed` is the teacher's own in that course that the folder took the ids of.
    """

    upload: Kept
    difference: Difference
    remarks: Sequence[Problem] = ()
    ignored: Sequence[str] = ()
    renamed: Renamed = field(default_factory=Renamed)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an uploaded question's present words come from; `by` is empty when that teacher has left.

    `owner_id` is whose the question is, which an administrator's mend leaves as it was.
    """

    file_name: str
    by: str
    at: datetime
    owner_id: int | None


def keep(session: Session, teacher: Person, new: NewUpload, now: datetime) -> int:
    """Keep a file until it is applied, and return its id; the same one sent again is kept once.

    Raises Invalid for a course that is not offered, and for a file that is too large or empty;
    NotFound for a teacher who has left.
    """
    if problems := _problems(session, new):
        raise Invalid(problems)
    if session.scalar(select(User.id).where(User.id == teacher.id).with_for_update(key_share=True)) is None:
        raise NotFound
    sweep(session, now)
    values = {
        "owner_id": teacher.id,
        "course_id": new.course_id,
        "retire_missing": new.retire_missing,
        "file_name": archives.shown_name(new.file_name),
        "sha256": hashlib.sha256(new.content).hexdigest(),
    }
    same = [getattr(Upload, name) == value for name, value in values.items()]
    kept = session.scalar(select(Upload).where(*same, _WAITS))
    if kept is None:
        kept = Upload(**values, size_bytes=len(new.content), content=new.content)
        session.add(kept)
    kept.created_at, kept.expires_at = now, now + LIFETIME
    session.flush()
    _make_way(session, teacher)
    return kept.id


def sweep(session: Session, now: datetime) -> int:
    """Delete the uploads that nobody applied in time; return how many."""
    gone = session.execute(delete(Upload).where(_WAITS, Upload.expires_at <= now).returning(Upload.id))
    return len(gone.all())


def listed(session: Session, teacher: Person, now: datetime) -> Sequence[Kept]:
    """The teacher's uploads that wait, and their last ones that were applied, the latest first."""
    own = select(Upload).where(Upload.owner_id == teacher.id, _is_there(now))
    rows = session.scalars(own.order_by(Upload.created_at.desc(), Upload.id.desc()).limit(2 * MOST_WAITING))
    return [_kept(row) for row in rows]


def discard(session: Session, teacher: Person, upload_id: int, now: datetime) -> None:
    """Give up an upload that waits; raises NotFound, also the second time."""
    own = (Upload.id == upload_id, Upload.owner_id == teacher.id, _WAITS, Upload.expires_at > now)
    if session.scalar(delete(Upload).where(*own).returning(Upload.id)) is None:
        raise NotFound


def dry_run(database: Database, teacher: Person, upload_id: int, now: datetime) -> DryRun:
    """What an upload of the teacher would change as things stand; raises NotFound.

    Of one that was applied, its course and its outcome alone.
    """
    kept, package = _read(database, teacher, upload_id, now)
    with database.reading() as session:
        if package is None:
            stored = session.get(Course, kept.course_id)
            return _applied(session, teacher, kept, stored)
        package = upload_names.with_course_found(session, teacher, package)
        course = upload_differences.course_of(session, package, kept.course_id)
        sent = upload_names.sent_to(session, course)
        package = upload_names.with_questions_found(teacher, package, sent)
        renamed = upload_names.own_renamed(session, teacher, course, sent)
        difference = upload_differences.compare(session, teacher, package, course, kept.retire_missing)
    remarks = sorted([*package.advice, *uploads.remarks(package)])[: uploads.MOST_PROBLEMS]
    return DryRun(kept, difference, remarks, package.ignored, renamed)


def _applied(session: Session, teacher: Person, kept: Kept, course: Course | None) -> DryRun:
    """What is said of an upload that was applied to `course`, None when that is gone."""
    if course is None:
        return DryRun(kept, Difference())
    renamed = upload_names.own_renamed(session, teacher, course, upload_names.sent_to(session, course))
    return DryRun(kept, upload_differences.nothing_in(course), renamed=renamed)


def apply(database: Database, teacher: Person, upload_id: int, shown: str, now: datetime) -> bool:
    """Store an upload, all of it or nothing, if it changes exactly what was shown: a difference's fingerprint.

    Whether it is stored: False when it changes something else by now, or has problems. Applied again it
    changes nothing more. Raises NotFound.
    """
    _, package = _read(database, teacher, upload_id, now)
    if package is None:
        return True
    try:
        with database.writing() as session:
            _apply(session, teacher, upload_id, package, shown, now)
    except _Otherwise:
        return False
    return True


def origin_of(session: Session, question_id: int) -> Origin | None:
    """Where an uploaded question comes from; None for one of the folder."""
    row = session.execute(
        select(Upload.file_name, Upload.applied_at, User.display_name, User.login, UploadedQuestion.owner_id)
        .join(UploadedQuestion, UploadedQuestion.upload_id == Upload.id)
        .outerjoin(User, User.id == Upload.owner_id)
        .where(UploadedQuestion.question_id == question_id)
    ).one_or_none()
    return Origin(row.file_name, row.display_name or row.login or "", row.applied_at, row.owner_id) if row else None


class _Otherwise(Exception):
    """An upload would not change what was shown: nothing of the transaction stays."""


_WAITS = Upload.applied_at.is_(None)


def _is_there(now: datetime) -> ColumnElement[bool]:
    return Upload.applied_at.is_not(None) | (Upload.expires_at > now)


def _problems(session: Session, new: NewUpload) -> list[FieldProblem]:
    problems = []
    if not new.content:
        problems.append(FieldProblem("file", "file_empty"))
    if len(new.content) > MOST_BYTES:
        problems.append(FieldProblem("file", "file_large", (("largest", MOST_BYTES // 1_000_000),)))
    offered = select(Course.id).where(Course.id == new.course_id, Course.retired.is_(False))
    if new.course_id is not None and session.scalar(offered) is None:
        problems.append(FieldProblem("course_id", "not_offered"))
    return problems


def _make_way(session: Session, teacher: Person) -> None:
    """Keep the latest uploads of a teacher that wait, delete the others."""
    own = and_(Upload.owner_id == teacher.id, _WAITS)
    latest = select(Upload.id).where(own).order_by(Upload.created_at.desc(), Upload.id.desc()).limit(MOST_WAITING)
    session.execute(delete(Upload).where(own, Upload.id.not_in(latest)))


def _kept(row: Upload) -> Kept:
    return Kept(
        row.id,
        row.file_name,
        row.size_bytes,
        row.course_id,
        row.retire_missing,
        row.created_at,
        row.expires_at,
        row.applied_at,
        {Kind(kind): count for kind, count in (row.outcome or {}).items()},
    )


def _read(database: Database, teacher: Person, upload_id: int, now: datetime) -> tuple[Kept, Package | None]:
    """An upload of the teacher, read outside of any transaction; None for the content of one that was applied."""
    own = select(Upload, Upload.content).where(Upload.id == upload_id, Upload.owner_id == teacher.id, _is_there(now))
    with database.reading() as session:
        row = session.execute(own).one_or_none()
        if row is None:
            raise NotFound
        kept, content = _kept(row[0]), row[1]
    return kept, None if content is None else uploads.read(kept.file_name, content)


def _apply(session: Session, teacher: Person, upload_id: int, package: Package, shown: str, now: datetime) -> None:
    own = select(Upload).where(Upload.id == upload_id, Upload.owner_id == teacher.id, _is_there(now))
    upload = session.scalar(own.with_for_update())
    if upload is None:
        raise NotFound
    if upload.applied_at is not None:  # by another request, meanwhile
        return
    package = upload_names.with_course_found(session, teacher, package)
    course, made = (None, False) if package.problems else _locked_course(session, package, upload.course_id)
    known = None if made else course
    package = upload_names.with_questions_found(teacher, package, upload_names.sent_to(session, known))
    difference = upload_differences.compare(session, teacher, package, known, upload.retire_missing)
    if course is None or difference.problems or difference.fingerprint != shown:
        raise _Otherwise
    upload.course_id, upload.content = course.id, None
    upload.applied_at, upload.outcome = now, {str(kind): count for kind, count in difference.counts.items()}
    session.flush()
    upload_rows.store(session, teacher, upload, course, package, difference)


def _locked_course(session: Session, package: Package, chosen: int | None) -> tuple[Course | None, bool]:
    """The course to store in, and whether it was made just now; whoever stores in the same one waits."""
    if package.course is not None:
        return course_rows.lock_course(session, package.course)
    own = select(Course).where(Course.id == chosen, Course.retired.is_(False))
    return session.scalar(own.with_for_update()), False
