"""What publishing an exam takes from the revision of its class: how many questions, of how many."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select, true
from sqlalchemy.orm import Session

from app.exam.blueprint import Unfillable
from app.models import Exam, Question
from app.services import exam_freezing, exams
from app.services.card_rows import ASKABLE
from app.services.identity import Person

MOST_PERCENT = 25  # of the course's questions; beyond, a class has too little left to revise with


@dataclass(frozen=True, slots=True)
class Reach:
    """Of what an exam may ask: `met` in review and practice too, and so left out of them; `reserved`, met by nobody.

    `studied` are all the questions of the course that review and practice ask.
    """

    met: int
    reserved: int
    studied: int

    @property
    def is_wide(self) -> bool:
        """Whether it leaves the class too little."""
        return self.met * 100 > self.studied * MOST_PERCENT


def reach(session: Session, teacher: Person, exam_id: int, now: datetime) -> Reach:
    """What a draft would freeze if it were published now; raises NotFound."""
    of = exams.found(session, teacher, exam_id)
    try:
        asked = exam_freezing.chosen(session, session.get_one(Exam, exam_id), of.course_id, now)
    except Unfillable:  # the page says what is missing; nothing can be published
        asked = []
    frozen = Question.id.in_([one.candidate.id for one in asked])
    counted = select(
        func.count().filter(and_(frozen, ASKABLE)),
        func.count().filter(and_(frozen, Question.reserved == true())),
        func.count().filter(ASKABLE),
    )
    return Reach(*session.execute(counted.where(Question.course_id == of.course_id)).one())
