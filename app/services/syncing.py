"""Bring the stored bank in line with a course's folder: idempotent, and no learner's progress is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstanceState, Session
from sqlalchemy.orm.attributes import instance_state

from app.bank.course import Course as CourseFile
from app.bank.fingerprint import fingerprint
from app.bank.loader import LoadedCourse, Problem, load_course
from app.bank.problems import counted
from app.bank.schema import Question as QuestionBody
from app.db import Database
from app.models import Course, Objective, Question, Topic, UploadedCourse
from app.services import course_rows, upload_names
from app.services.course_rows import FOLDER, STAMP

_PLACES = frozenset({"topic_id", "objective_id"})
# What happened to questions, as the command line says it.
_KINDS = {
    "added": "added",
    "changed": "changed",
    "moved": "moved to another objective",
    "reordered": "reordered",
    "settings": "with other settings",
    "retired": "retired",
    "restored": "restored",
}


@dataclass
class SyncReport:
    """What a synchronisation wrote, by question id; `problems` not empty means that nothing was.

    `changed` have new words. `renamed` are the new ids of uploads whose ids the folder took, by the old ones.
    What follows in place is `moved` (another objective, and maybe topic), `reordered`
    (another position) and `settings` (level, reserved, draft …). `course` are the ids of the topics, objectives and
    of the course itself that course.yaml changed; all of a `new` course are.
    """

    problems: Sequence[Problem] = ()
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    reordered: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    course: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    new: bool = False

    @property
    def is_quiet(self) -> bool:
        """Whether the stored bank was the folder's already, and nothing was written."""
        told = (self.problems, self.new, self.course, self.renamed, *(getattr(self, kind) for kind in _KINDS))
        return not any(told)

    def document(self) -> dict[str, Any]:
        """The same as JSON values: question ids by what happened to them, and the problems as lines."""
        kinds = {kind: list(getattr(self, kind)) for kind in (*_KINDS, "course")}
        return {**kinds, "renamed": dict(self.renamed), "problems": [str(problem) for problem in self.problems]}

    def summary(self) -> str:
        """The counts in one line, for the command line."""
        if self.problems:
            return f"{counted(len(self.problems), 'problem')}, nothing was changed"
        told = [f"{len(getattr(self, kind))} {words}" for kind, words in _KINDS.items() if getattr(self, kind)]
        if self.course:
            told.append(f"{counted(len(self.course), 'part')} of course.yaml")
        if self.renamed:
            told.append("uploads renamed: " + ", ".join(f"{old} is {new} now" for old, new in self.renamed.items()))
        return ", ".join(told) or ("a course without a question" if self.new else "no change")


def sync_folder(database: Database, folder: Path, now: datetime) -> SyncReport:
    """Read a course's folder, then store it in one transaction; a bad file changes nothing.

    A folder that was stored as it stands by this version of the application is not read again.
    """
    stamp = fingerprint(folder)
    with database.reading() as session:
        if stamp and stamp in _stamps(session):
            return SyncReport()
    loaded = load_course(folder)
    errors = [problem for problem in loaded.problems if problem.severity == "error"]
    if errors or loaded.course is None:
        return SyncReport(problems=errors)
    with database.writing() as session:
        report = apply(session, loaded, now)
        if not report.problems:
            _keep_stamp(session, loaded.course.id, stamp)
        return report


def _stamps(session: Session) -> set[str]:
    """The fingerprints of the folders that are stored."""
    documents = session.scalars(select(Course.document).where(~Course.retired))
    return {document[STAMP] for document in documents if document and STAMP in document}


def _keep_stamp(session: Session, slug: str, stamp: str) -> None:
    course = session.scalars(select(Course).where(Course.slug == slug)).one()
    course.document = {**(course.document or {}), STAMP: stamp}


def apply(session: Session, loaded: LoadedCourse, now: datetime) -> SyncReport:
    """Store a course that has no error; touches only the questions that came from the folder.

    An upload that has an id of the folder's, question or course, goes on under another one.
    """
    if loaded.course is None:
        raise ValueError("a course without course.yaml cannot be stored")
    report = SyncReport()
    course = _own_course(session, loaded.course, report)
    bodies = [item.question for item in loaded.questions]
    report.renamed |= upload_names.give_way(session, course, [body.id for body in bodies])
    stored = course_rows.stored_questions(session, course.id)
    own = {slug: known for slug, known in stored.items() if known[0].source == FOLDER}
    course_rows.store_course(course, loaded.course)
    _flush(session, report)
    topics = course_rows.store_topics(session, course, loaded.course)
    _flush(session, report)
    objectives = course_rows.store_objectives(session, course, loaded.course, topics)
    _flush(session, report)
    rows = _placed(session, course, bodies, own, objectives, report)
    session.flush()
    report.changed += [
        row.slug
        for (row, current), body in zip(rows, bodies, strict=True)
        if course_rows.reword(session, row, body, current, now) and current is not None
    ]
    for row in _taken_out(own, bodies):
        row.retired = True
        report.retired.append(row.slug)
    return report


def _own_course(session: Session, file: CourseFile, report: SyncReport) -> Course:
    """The row of the folder's course, locked; an uploaded course that has its id gets another one."""
    course, report.new = course_rows.lock_course(session, file)
    if session.get(UploadedCourse, course.id) is not None:
        report.renamed[file.id] = upload_names.give_course_way(session, course)
        course, report.new = course_rows.lock_course(session, file)
    return course


def _flush(session: Session, report: SyncReport) -> None:
    """Write what was set so far, and note which parts of a course that was there already changed by it."""
    parts = [row for row in session if isinstance(row, Course | Topic | Objective)]
    report.course += [row.slug for row in parts if not report.new and (row in session.new or _changed(row))]
    session.flush()


def _changed(row: object) -> set[str]:
    """The columns of a stored row that now hold something else."""
    state: InstanceState[Any] = instance_state(row)
    return {attribute.key for attribute in state.attrs if attribute.history.has_changes()}


def _placed(
    session: Session,
    course: Course,
    bodies: Sequence[QuestionBody],
    stored: Mapping[str, tuple[Question, str]],
    objectives: Mapping[str, Objective],
    report: SyncReport,
) -> list[tuple[Question, str | None]]:
    """The row of each question where the folder has it, with the hash of its current words; new ones have none."""
    rows: list[tuple[Question, str | None]] = []
    for position, body in enumerate(bodies):
        row, current = stored.get(body.id, (None, None))
        if row is None:
            row = course_rows.new_question(session, course, body.id, FOLDER)
            report.added.append(body.id)
        elif row.retired:
            row.retired = False
            report.restored.append(body.id)
        course_rows.place(row, body, position, objectives[body.objectives[0]])
        if current is not None:
            _note(row, report)
        rows.append((row, current))
    return rows


def _taken_out(stored: Mapping[str, tuple[Question, str]], bodies: Sequence[QuestionBody]) -> list[Question]:
    """The stored questions that the folder has no longer, in their order, and that are not retired yet."""
    there = {body.id for body in bodies}
    return [row for slug, (row, _) in stored.items() if slug not in there and not row.retired]


def _note(row: Question, report: SyncReport) -> None:
    """Tell what a stored question has besides its words that is not as it was."""
    columns = _changed(row) - {"retired"}
    if columns & _PLACES:
        report.moved.append(row.slug)
    if "position" in columns:
        report.reordered.append(row.slug)
    along = {"links"} if columns & _PLACES else set()  # they name the objectives too
    if columns - _PLACES - {"position"} - along:
        report.settings.append(row.slug)
