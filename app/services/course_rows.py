"""The rows of a course: how it, its topics, objectives and questions are stored, whatever they come from."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.bank.course import Course as CourseFile
from app.bank.schema import Question as QuestionBody
from app.bank.schema import content_hash, to_document
from app.models import Course, Objective, Question, QuestionVersion, Topic

FOLDER = "folder"
UPLOAD = "upload"
LINKS = ("objectives", "see_also", "gives_away")
STAMP = "stamp"  # of a course's document: the fingerprint of its folder


def lock_course(session: Session, file: CourseFile) -> tuple[Course, bool]:
    """The row of a course, made when there is none, and whether it was made.

    Locked until the transaction ends: whoever stores a part of the same course waits here.
    """
    locked = select(Course).where(Course.slug == file.id).with_for_update()
    if (course := session.scalar(locked)) is not None:
        return course, False
    insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(Course)
    titles = {"title_fr": file.title.fr, "title_en": file.title.en}
    new = insert.values(slug=file.id, document={}, retired=False, **titles).on_conflict_do_nothing()
    made = session.scalar(new.returning(Course.id))
    return session.scalars(locked).one(), made is not None


def store_course(course: Course, file: CourseFile) -> None:
    """Bring a course's own row in line with course.yaml; the caller flushes."""
    course.title_fr, course.title_en = file.title.fr, file.title.en
    course.retired = False
    document = {
        "licence": file.licence,
        "credit": file.credit,
        "language": file.language,
        "sections": list(file.section_paths()),
    }
    if stamp := course.document.get(STAMP):
        document[STAMP] = stamp  # says nothing of the course
    if course.document != document:
        course.document = document


def store_topics(session: Session, course: Course, file: CourseFile) -> dict[str, Topic]:
    """Bring the topics in line with course.yaml, those it has no more retired; all by slug, and the caller flushes."""
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
    return stored


def store_objectives(
    session: Session, course: Course, file: CourseFile, topics: Mapping[str, Topic]
) -> dict[str, Objective]:
    """Bring the objectives in line with course.yaml, like the topics; all by slug, and the caller flushes."""
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
    return stored


def stored_questions(session: Session, course_id: int) -> dict[str, tuple[Question, str]]:
    """The questions of a course, whatever they come from, each with the hash of its current words; by slug."""
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
    rows = session.execute(
        select(Question, QuestionVersion.content_hash)
        .join(QuestionVersion, current)
        .where(Question.course_id == course_id)
    )
    return {row.slug: (row, digest) for row, digest in rows}


def new_question(session: Session, course: Course, slug: str, source: str) -> Question:
    """The row of a question that is not stored yet; it still lacks its place and its words."""
    row = Question(course_id=course.id, slug=slug, source=source, version=1, retired=False)
    session.add(row)
    return row


def place(row: Question, body: QuestionBody, position: int, objective: Objective) -> None:
    """Put a question where its file has it: its objective, its type, its marks, its links."""
    row.objective_id, row.topic_id = objective.id, objective.topic_id
    row.type, row.level, row.position = body.type, body.level, position
    row.reserved, row.draft = body.reserved, body.status == "draft"
    links = {name: list(getattr(body, name)) for name in LINKS}
    if row.links != links:
        row.links = links


def reword(session: Session, row: Question, body: QuestionBody, current: str | None, now: datetime) -> bool:
    """Add a version when the words differ from those with the hash `current`; say whether it was added.

    Earlier ones stay for ever, and so does every learner's progress. The row must have its id: new ones
    are flushed together, which is many times faster than one by one.
    """
    digest = content_hash(body)
    if digest == current:
        return False
    if current is not None:
        last = session.scalar(select(func.max(QuestionVersion.number)).where(QuestionVersion.question_id == row.id))
        row.version = (last or 0) + 1
    version = {"number": row.version, "content_hash": digest, "body": to_document(body), "created_at": now}
    session.add(QuestionVersion(question_id=row.id, **version))
    return True
