"""An exam for another class: the same set-up as a new draft."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import FieldProblem, Invalid
from app.services import classes, exam_pool, exams
from app.services.identity import Person


@dataclass(frozen=True, slots=True)
class Copied:
    """The new draft, and how many listed questions stayed behind since they may not be asked any more."""

    exam_id: int
    left_out: int


def duplicate(session: Session, teacher: Person, exam_id: int, class_id: int, now: datetime) -> Copied:
    """Write the exam's set-up as a draft of a class of the same course; points go with their questions.

    Its draw will be its own. Raises NotFound for what is not theirs, Invalid for a class of another course and
    where the bank cannot fill it any more.
    """
    of = exams.found(session, teacher, exam_id)
    into = classes.found(session, teacher, class_id)
    if into.course_id != of.course_id:
        raise Invalid([FieldProblem("class_id", "not_offered")])
    known = {one.id for one in exam_pool.candidates(session, of.course_id)}
    kept = tuple(number for number in of.draft.questions if number in known)
    new_id = exams.create(session, teacher, class_id, replace(of.draft, questions=kept), now)
    exams.set_points(session, teacher, new_id, {number: of.points[number] for number in kept})
    return Copied(new_id, len(of.draft.questions) - len(kept))
