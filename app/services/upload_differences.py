"""What an upload would change in the bank, and why it may not.

An upload adds questions to any course, but never touches the folder's: not its questions, not its courses.
What was uploaded belongs to the teacher who first sent it; they and admins may change it, and an admin's
change leaves it theirs. What belonged to somebody who left is for admins only.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.bank import rewording, uploads
from app.bank.loader import COURSE_FILE, Loaded
from app.bank.problems import Problem
from app.bank.rewording import Change, Piece
from app.bank.schema import BLANK, content_hash, to_document
from app.bank.schema import Question as QuestionBody
from app.bank.uploads import Package
from app.models import Course, Objective, Question, QuestionVersion, Topic, UploadedCourse, UploadedQuestion
from app.services import course_rows
from app.services.course_differences import Entry, Kind, Words, both, of_course
from app.services.course_rows import FOLDER, LINKS
from app.services.identity import Person

Known = tuple[Question, str]


@dataclass(frozen=True)
class Difference:
    """All that an upload would change in one course; nothing may be stored while it has problems.

    `course` (its slug) and `title` are empty when the upload is for no course.
    When it `is_cut_short`, there may be more problems than are told.
    """

    course: str = ""
    title: Words | None = None
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_cut_short: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether everything is stored already as it was sent."""
        return all(entry.kind is Kind.UNCHANGED for entry in self.entries)

    @cached_property
    def counts(self) -> Mapping[Kind, int]:
        """How many questions there are of each kind."""
        kinds = [entry.kind for entry in self.entries if entry.what == "question"]
        return {kind: kinds.count(kind) for kind in Kind}

    @cached_property
    def fingerprint(self) -> str:
        """What tells this difference from every other, so that only what was shown is stored."""
        told = [self.course, [asdict(entry) for entry in self.entries]]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is stored of a course, by slug; `owners` by the id of an uploaded question."""

    questions: Mapping[str, Known]
    owners: Mapping[int, int | None]
    topics: Mapping[str, Topic]
    objectives: Mapping[str, Objective]

    def may_change(self, teacher: Person, row: Question) -> bool:
        return row.source != FOLDER and (teacher.role == "admin" or self.owners.get(row.id) == teacher.id)


_NOTHING = _Stored({}, {}, {}, {})


def course_of(session: Session, package: Package, chosen: int | None) -> Course | None:
    """The stored course that a package is for: the one it brings, else the one chosen for it; None when not stored."""
    if package.brings_course:
        slug = package.course.id if package.course else ""
        return session.scalar(select(Course).where(Course.slug == slug))
    return session.scalar(select(Course).where(Course.id == chosen, Course.retired.is_(False)))


def compare(session: Session, teacher: Person, package: Package, course: Course | None, retire: bool) -> Difference:
    """What storing `package` in `course` (None: one that is not stored yet) would change.

    With `retire`, questions that the package has no more are retired: those of the course's owner when it
    brings the course, else the teacher's own in it.
    """
    if course is None and not package.brings_course:
        missing = Problem(COURSE_FILE, 1, 1, "these questions are for no course", "choose one, or add a course.yaml")
        return Difference(problems=(*package.problems, missing))
    stored = _read(session, course) if course else _NOTHING
    brought = session.get(UploadedCourse, course.id) if course else None
    strange = list(_strange_course(teacher, course, brought)) if course and package.brings_course else []
    problems, is_cut_short = [*package.problems, *strange], False
    if not strange:
        problems.extend(_taken(teacher, package.questions, stored))
        named = [slug for slug, (row, _) in stored.questions.items() if not row.retired]
        objectives = [slug for slug, row in stored.objectives.items() if not row.retired]
        crossed = uploads.problems_in_course(package, objectives, named)
        is_cut_short = len(crossed) >= uploads.MOST_STRANGE
        problems.extend(crossed)
    slug, title = _named(package, course)
    if problems:
        is_cut_short = is_cut_short or len(problems) >= uploads.MOST_PROBLEMS
        return Difference(slug, title, (), tuple(sorted(problems)[: uploads.MOST_PROBLEMS]), is_cut_short)
    owner = brought.owner_id if brought and package.brings_course else teacher.id
    missing_rows = _missing(package, stored, owner) if retire else []
    if left := tuple(_left_behind(package, stored, missing_rows)):
        return Difference(slug, title, (), left)
    bodies = _bodies(session, package, stored, missing_rows)
    entries = [
        *(of_course(package.course, course, stored.topics, stored.objectives) if package.course else ()),
        *(_of_question(loaded.question, stored, bodies) for loaded in package.questions),
        *(_retired(row, bodies) for row in missing_rows),
    ]
    return Difference(slug, title, tuple(entries))


def nothing_in(course: Course) -> Difference:
    """No difference, in a stored course."""
    return Difference(course.slug, _titles(course))


def _read(session: Session, course: Course) -> _Stored:
    owned = (
        select(UploadedQuestion.question_id, UploadedQuestion.owner_id)
        .join(Question, Question.id == UploadedQuestion.question_id)
        .where(Question.course_id == course.id)
    )
    topics = session.scalars(select(Topic).where(Topic.course_id == course.id))
    objectives = session.scalars(select(Objective).where(Objective.course_id == course.id))
    return _Stored(
        course_rows.stored_questions(session, course.id),
        {question_id: owner_id for question_id, owner_id in session.execute(owned)},
        {topic.slug: topic for topic in topics},
        {objective.slug: objective for objective in objectives},
    )


def _named(package: Package, course: Course | None) -> tuple[str, Words | None]:
    if package.course:
        return package.course.id, both(package.course.title)
    return (course.slug, _titles(course)) if course else ("", None)


def _titles(course: Course) -> Words:
    return {"fr": course.title_fr, "en": course.title_en}


def _strange_course(teacher: Person, course: Course, brought: UploadedCourse | None) -> Iterator[Problem]:
    if brought is None:
        hint = "leave course.yaml out to add questions to it, or give yours another id"
        yield Problem(COURSE_FILE, 1, 1, f"the course “{course.slug}” is the folder’s, and no upload changes it", hint)
    elif teacher.role != "admin" and brought.owner_id != teacher.id:
        hint = "leave course.yaml out to add questions to it, or give yours another id"
        yield Problem(COURSE_FILE, 1, 1, f"the course “{course.slug}” was uploaded by somebody else", hint)


def _taken(teacher: Person, questions: Sequence[Loaded], stored: _Stored) -> Iterator[Problem]:
    """The ids that others have: no upload shadows a question of the folder, nor takes another teacher's."""
    for loaded in questions:
        row, _ = stored.questions.get(loaded.question.id, (None, None))
        if row is None or stored.may_change(teacher, row):
            continue
        whose = "is one of the folder’s questions" if row.source == FOLDER else "was uploaded by somebody else"
        yield Problem(loaded.file, *loaded.place("id"), f"“{row.slug}” {whose}", "give yours another id")


def _missing(package: Package, stored: _Stored, owner: int | None) -> list[Question]:
    sent = {loaded.question.id for loaded in package.questions}
    rows = (row for row, _ in stored.questions.values() if row.id in stored.owners)
    return [row for row in rows if row.slug not in sent and not row.retired and stored.owners[row.id] == owner]


def _left_behind(package: Package, stored: _Stored, retired: Sequence[Question]) -> Iterator[Problem]:
    """Questions that stay, while the course.yaml that comes has no more the objective that they examine."""
    if package.course is None:
        return
    kept = {goal.id for goal in package.course.objectives}
    gone = {row.id: slug for slug, row in stored.objectives.items() if slug not in kept}
    leaving = {row.slug for row in retired} | {loaded.question.id for loaded in package.questions}
    for row, _ in stored.questions.values():
        if row.objective_id in gone and not row.retired and row.slug not in leaving:
            message = f"the objective “{gone[row.objective_id]}” is gone, and the question “{row.slug}” stays with it"
            yield Problem(COURSE_FILE, 1, 1, message, "keep the objective, or let the question go as well")


def _bodies(
    session: Session, package: Package, stored: _Stored, missing: Sequence[Question]
) -> Mapping[int, Mapping[str, Any]]:
    """The current words of the questions that are about to change, by id."""
    wanted = {row.id for row in missing}
    for loaded in package.questions:
        row, digest = stored.questions.get(loaded.question.id, (None, ""))
        if row is not None and digest != content_hash(loaded.question):
            wanted.add(row.id)
    return _current_bodies(session, wanted) if wanted else {}


def _current_bodies(session: Session, ids: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
    rows = session.execute(
        select(Question.id, QuestionVersion.body).join(QuestionVersion, current).where(Question.id.in_(ids))
    )
    return {question_id: body for question_id, body in rows}


def _of_question(body: QuestionBody, stored: _Stored, bodies: Mapping[int, Mapping[str, Any]]) -> Entry:
    words = {language: BLANK.sub("…", body.text.in_(language)) for language in ("fr", "en")}
    row, _ = stored.questions.get(body.id, (None, ""))
    if row is None:
        return Entry("question", body.id, Kind.ADDED, words)
    reworded = rewording.changes(bodies[row.id], to_document(body)) if row.id in bodies else []
    changes = (*reworded, *_moved(row, body))
    kind = Kind.RESTORED if row.retired else Kind.CHANGED if changes or row.id in bodies else Kind.UNCHANGED
    return Entry("question", body.id, kind, words, changes, row.version)


def _moved(row: Question, body: QuestionBody) -> Iterator[Change]:
    """What differs beside the words: it makes no version."""
    names = {name: (row.links.get(name, []), list(getattr(body, name))) for name in LINKS}
    marks = {"reserved": (row.reserved, body.reserved), "draft": (row.draft, body.status == "draft")}
    told = {name: ("\n".join(was), "\n".join(now)) for name, (was, now) in names.items()}
    told |= {name: (str(was).lower(), str(now).lower()) for name, (was, now) in marks.items()}
    for name, (was, now) in told.items():
        if was != now:
            yield Change((name,), _whole(was), _whole(now))


def _whole(text: str) -> tuple[Piece, ...]:
    return (Piece(text, True),) if text else ()


def _retired(row: Question, bodies: Mapping[int, Mapping[str, Any]]) -> Entry:
    text = bodies[row.id]["text"]
    words = {language: BLANK.sub("…", text[language]) for language in ("fr", "en")}
    return Entry("question", row.slug, Kind.RETIRED, words, (), row.version)
