"""Bring the stored bank in line with a course's folder: idempotent, and no learner's progress is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import InstanceState, Session
from sqlalchemy.orm.attributes import instance_state

from app.bank.course import Course as CourseFile
from app.bank.fingerprint import fingerprint
from app.bank.loader import LoadedCourse, Problem, load_course
from app.bank.problems import counted
from app.bank.schema import Question as QuestionBody
from app.bank.schema import content_hash, to_document
from app.db import Database
from app.models import Course, Objective, Question, QuestionVersion, Topic

FOLDER = "folder"
_STAMP = "stamp"
LINKS = ("objectives", "see_also", "gives_away")


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

    `changed` have new words. What follows in place is `moved` (another objective, and maybe topic), `reordered`
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
    new: bool = False

    @property
    def is_quiet(self) -> bool:
        """Whether the stored bank was the folder's already, and nothing was written."""
        return not (self.problems or self.new or self.course or any(getattr(self, kind) for kind in _KINDS))

    def document(self) -> dict[str, list[str]]:
        """The same as JSON values: question ids by what happened to them, and the problems as lines."""
        kinds = {kind: list(getattr(self, kind)) for kind in (*_KINDS, "course")}
        return {**kinds, "problems": [str(problem) for problem in self.problems]}

    def summary(self) -> str:
        """The counts in one line, for the command line."""
        if self.problems:
            return f"{counted(len(self.problems), 'problem')}, nothing was changed"
        told = [f"{len(getattr(self, kind))} {words}" for kind, words in _KINDS.items() if getattr(self, kind)]
        if self.course:
            told.append(f"{counted(len(self.course), 'part')} of course.yaml")
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
    return {document[_STAMP] for document in documents if document and _STAMP in document}


def _keep_stamp(session: Session, slug: str, stamp: str) -> None:
    course = session.scalars(select(Course).where(Course.slug == slug)).one()
    course.document = {**(course.document or {}), _STAMP: stamp}


def apply(session: Session, loaded: LoadedCourse, now: datetime) -> SyncReport:
    """Store a course that has no error; touches only the questions that came from the folder.

    A question whose id one of another source has is a problem, and nothing is changed then.
    """
    if loaded.course is None:
        raise ValueError("a course without course.yaml cannot be stored")
    if taken := _taken(session, loaded, loaded.course.id):
        return SyncReport(problems=taken)
    report = SyncReport()
    course = _course(session, loaded.course, report)
    topics = _topics(session, course, loaded.course, report)
    objectives = _objectives(session, course, loaded.course, topics, report)
    _questions(session, course, [item.question for item in loaded.questions], objectives, report, now)
    return report


def _taken(session: Session, loaded: LoadedCourse, course: str) -> list[Problem]:
    elsewhere = select(Question.slug).join(Course, Course.id == Question.course_id)
    slugs = set(session.scalars(elsewhere.where(Course.slug == course, Question.source != FOLDER)))
    return [
        Problem(item.file, *item.place("id"), f"“{item.question.id}” came from elsewhere already", "give it another id")
        for item in loaded.questions
        if item.question.id in slugs
    ]


def _course(session: Session, file: CourseFile, report: SyncReport) -> Course:
    course = session.scalar(select(Course).where(Course.slug == file.id).with_for_update())
    if course is None:
        report.new = True
        course = Course(slug=file.id)
        session.add(course)
    course.title_fr, course.title_en = file.title.fr, file.title.en
    course.retired = False
    document = {
        "licence": file.licence,
        "credit": file.credit,
        "language": file.language,
        "sections": list(file.section_paths()),
    }
    if stamp := (course.document or {}).get(_STAMP):
        document[_STAMP] = stamp  # says nothing of the course: no change to report
    if course.document != document:
        course.document = document
    _flush(session, report)
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


def _topics(session: Session, course: Course, file: CourseFile, report: SyncReport) -> dict[str, Topic]:
    stored = {topic.slug: topic for topic in session.scalars(select(Topic).where(Topic.course_id == course.id))}
    for position, entry in enumerate(file.topics):
        topic = stored.get(entry.id)
        if topic is None:
            topic = stored[entry.id] = Topic(course_id=course.id, slug=entry.id)
            session.add(topic)
        topic.title_fr, topic.title_en = entry.title.fr, entry.title.en
        topic.position, topic.core, topic.retired = position, entry.core, False
    for slug in stored.keys() - {entry.id for entry in file.topics}:
        stored[slug].retired = True
    _flush(session, report)
    return stored


def _objectives(
    session: Session, course: Course, file: CourseFile, topics: Mapping[str, Topic], report: SyncReport
) -> dict[str, Objective]:
    rows = session.scalars(select(Objective).where(Objective.course_id == course.id))
    stored = {objective.slug: objective for objective in rows}
    for entry in file.objectives:
        objective = stored.get(entry.id)
        if objective is None:
            objective = stored[entry.id] = Objective(course_id=course.id, slug=entry.id)
            session.add(objective)
        objective.topic_id = topics[entry.topic].id
        objective.section, objective.weight = entry.section, entry.weight
        objective.text_fr, objective.text_en = entry.text.fr, entry.text.en
        objective.complement, objective.retired = entry.complement, False
    for slug in stored.keys() - {entry.id for entry in file.objectives}:
        stored[slug].retired = True
    _flush(session, report)
    return stored


def _questions(
    session: Session,
    course: Course,
    bodies: Sequence[QuestionBody],
    objectives: Mapping[str, Objective],
    report: SyncReport,
    now: datetime,
) -> None:
    stored = _stored_questions(session, course)
    for position, body in enumerate(bodies):
        row, current = stored.get(body.id, (None, None))
        if row is None:
            row = Question(course_id=course.id, slug=body.id, source=FOLDER, version=1, retired=False)
            session.add(row)
            report.added.append(body.id)
        elif row.retired:
            row.retired = False
            report.restored.append(body.id)
        _place(row, body, position, objectives[body.objectives[0]])
        if body.id in stored:
            _note(row, report)
        digest = content_hash(body)
        if digest != current:
            _add_version(session, row, body, digest, now, edited=current is not None)
            if current is not None:
                report.changed.append(body.id)
    for row in _taken_out(stored, bodies):
        row.retired = True
        report.retired.append(row.slug)


def _taken_out(stored: Mapping[str, tuple[Question, str]], bodies: Sequence[QuestionBody]) -> list[Question]:
    """The stored questions that the folder has no longer, in their order, and that are not retired yet."""
    there = {body.id for body in bodies}
    return [row for slug, (row, _) in stored.items() if slug not in there and not row.retired]


def _stored_questions(session: Session, course: Course) -> dict[str, tuple[Question, str]]:
    """The folder's questions as stored, each with the hash of its current words."""
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
    rows = session.execute(
        select(Question, QuestionVersion.content_hash)
        .join(QuestionVersion, current)
        .where(Question.course_id == course.id, Question.source == FOLDER)
    )
    return {row.slug: (row, digest) for row, digest in rows}


def _place(row: Question, body: QuestionBody, position: int, objective: Objective) -> None:
    row.objective_id, row.topic_id = objective.id, objective.topic_id
    row.type, row.level, row.position = body.type, body.level, position
    row.reserved, row.draft = body.reserved, body.status == "draft"
    links = {name: list(getattr(body, name)) for name in LINKS}
    if row.links != links:
        row.links = links


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


def _add_version(session: Session, row: Question, body: QuestionBody, digest: str, now: datetime, edited: bool) -> None:
    """The words as they are now; earlier ones stay for ever, and so does every learner's progress."""
    session.flush()
    if edited:
        last = session.scalar(select(func.max(QuestionVersion.number)).where(QuestionVersion.question_id == row.id))
        row.version = (last or 0) + 1
    session.add(
        QuestionVersion(
            question_id=row.id,
            number=row.version,
            content_hash=digest,
            body=to_document(body),
            created_at=now,
        )
    )
