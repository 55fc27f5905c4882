"""What a person of the tests has done."""

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from app.models import Card, Question, ReviewLog
from app.services.identity import Person
from app.srs.sm2 import CardState


def add_review(session: Session, learner: Person, question: Question, now: datetime, response: str = "b") -> Card:
    """Store a card and the one answer it has."""
    today = learner.today(now)
    state = CardState(
        streak=1, interval_days=1, ease_permille=2500, lapses=0, due=date.fromordinal(today.toordinal() + 1)
    )
    card = Card(
        learner_id=learner.id,
        question_id=question.id,
        version=1,
        last_day=today,
        introduced_day=today,
        last_answered_at=now,
        reviews=1,
        last_number=1,
        log_length=1,
        state=state,
    )
    session.add(card)
    session.flush()
    session.add(
        ReviewLog(
            card_id=card.id,
            learner_id=learner.id,
            number=1,
            answer_id=uuid4(),
            kind="review",
            question_version=1,
            response={"choice": response},
            credit_parts=1,
            credit_of=1,
            grade=4,
            took_ms=4000,
            answered_at=now,
            study_day=today,
            zone=learner.zone,
            state=state,
        )
    )
    session.flush()
    return card
