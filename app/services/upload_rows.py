"""How an upload is stored: its course and its questions, and whose they are from then on."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.bank.uploads import Package
from app.models import Course, Objective, Question, Upload, UploadedCourse, UploadedQuestion
from app.services import course_rows
from app.services.course_differences import Kind
from app.services.course_rows import UPLOAD
from app.services.identity import Person
from app.services.upload_differences import Difference


def store(
    session: Session, teacher: Person, upload: Upload, course: Course, package: Package, difference: Difference
) -> None:
    """Store a package that has no problem in `course`, whose row is locked: what `difference` says, and nothing else.

    What is new belongs to the teacher; what was there keeps its owner.
    """
    if package.course is not None:
        course_rows.store_course(course, package.course)
        topics = course_rows.store_topics(session, course, package.course)
        session.flush()
        course_rows.store_objectives(session, course, package.course, topics)
        session.flush()
        if any(entry.what != "question" and entry.kind is not Kind.UNCHANGED for entry in difference.entries):
            _sign_course(session, teacher, upload, course)
    _store_questions(session, teacher, upload, course, package, difference)


def _store_questions(
    session: Session, teacher: Person, upload: Upload, course: Course, package: Package, difference: Difference
) -> None:
    kinds = {entry.slug: entry.kind for entry in difference.entries if entry.what == "question"}
    stored = course_rows.stored_questions(session, course.id)
    goals = session.scalars(select(Objective).where(Objective.course_id == course.id))
    objectives = {goal.slug: goal for goal in goals}
    after_all = 1 + (session.scalar(select(func.max(Question.position)).where(Question.course_id == course.id)) or 0)
    touched = [stored[slug][0] for slug, kind in kinds.items() if kind is Kind.RETIRED]
    for row in touched:
        row.retired = True
    sent = []
    for index, loaded in enumerate(package.questions):
        body, known = loaded.question, stored.get(loaded.question.id)
        row, current = known or (course_rows.new_question(session, course, body.id, UPLOAD), None)
        row.retired = False
        kept_at = row.position if known else after_all + index
        course_rows.place(row, body, index if package.course else kept_at, objectives[body.objectives[0]])
        sent.append((row, body, current))
    session.flush()
    for row, body, current in sent:
        course_rows.reword(session, row, body, current, _moment(upload))
    touched += [row for row, body, _ in sent if kinds[body.id] is not Kind.UNCHANGED]
    _sign_questions(session, teacher, upload, course, touched)


def _moment(upload: Upload) -> datetime:
    if upload.applied_at is None:
        raise ValueError("an upload is stored as it is applied")
    return upload.applied_at


def _sign_course(session: Session, teacher: Person, upload: Upload, course: Course) -> None:
    signed = session.get(UploadedCourse, course.id)
    if signed is None:
        session.add(UploadedCourse(course_id=course.id, owner_id=teacher.id, upload_id=upload.id))
    else:
        signed.upload_id = upload.id


def _sign_questions(session: Session, teacher: Person, upload: Upload, course: Course, touched: list[Question]) -> None:
    session.flush()
    own = select(UploadedQuestion).join(Question, Question.id == UploadedQuestion.question_id)
    signed = {one.question_id: one for one in session.scalars(own.where(Question.course_id == course.id))}
    for row in touched:
        if row.id in signed:
            signed[row.id].upload_id = upload.id
        else:
            session.add(UploadedQuestion(question_id=row.id, owner_id=teacher.id, upload_id=upload.id))
