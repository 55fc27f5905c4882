"""What the demonstration class reports about questions, and what its teacher answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Card, Membership, Question, QuestionFlag, ReviewLog, User
from app.services import flag_answers, flagging
from app.services.identity import Person, person_of
from app.services.log_rows import STANDS


@dataclass(frozen=True, slots=True)
class _Report:
    """What is written about a question of one of `types` (any when empty), and how the teacher closed it, if at all."""

    reason: str
    message: str
    types: tuple[str, ...] = ()
    outcome: str = ""
    answer: str = ""


_REPORTS = (
    _Report("wrong", "Ma commande fonctionne chez moi, elle est pourtant comptée fausse.", ("command",)),
    _Report("unclear", "Faut-il écrire toute la ligne, ou seulement ce qui manque ?", ("cloze", "short_answer")),
    _Report("typo", "Il manque une virgule dans l’explication, il me semble.", (), "mended", "Merci, c’est corrigé."),
    _Report(
        "wrong",
        "Deux réponses me paraissent possibles.",
        ("single", "multiple"),
        "not_a_fault",
        "Une seule l’est : l’explication dit pourquoi. Nous en reparlerons en classe.",
    ),
    _Report("other", "Est-ce que ce sera à l’examen ?", (), "other", "Tout le cours peut y être."),
    _Report("unclear", "Je ne vois pas de quel conteneur on parle."),
)


def report(session: Session, teacher: Person, class_id: int, luck: Random, now: datetime) -> int:
    """Let a few members report questions they answered; return how many reports there are."""
    answered = _answered(session, class_id)
    made = 0
    for one in _REPORTS:
        fitting = [row for row in answered if not one.types or row[1] in one.types]
        if not fitting:
            continue
        learner, _, question_id, at = chosen = luck.choice(fitting)
        answered.remove(chosen)
        person = person_of(session.get_one(User, learner))
        flagging.flag(session, person, question_id, one.reason, one.message, min(at + timedelta(minutes=1), now))
        made += 1
        if one.outcome:
            flag_id = session.scalars(
                select(QuestionFlag.id).where(
                    QuestionFlag.learner_id == learner, QuestionFlag.question_id == question_id
                )
            ).one()
            answered_at = min(at + timedelta(days=1), now)
            flag_answers.close(session, teacher, flag_id, one.outcome, one.answer, 1, answered_at)
    return made


def _answered(session: Session, class_id: int) -> list[tuple[int, str, int, datetime]]:
    """Learner, type and id of the question, instant: the answers of a class that count, one a card."""
    rows = session.execute(
        select(ReviewLog.learner_id, Question.type, Question.id, ReviewLog.answered_at)
        .join(Card, Card.id == ReviewLog.card_id)
        .join(Question, Question.id == Card.question_id)
        .join(Membership, Membership.user_id == ReviewLog.learner_id)
        .where(Membership.class_id == class_id, STANDS)
        .order_by(ReviewLog.answered_at, ReviewLog.id)
    )
    latest = {(learner, question): (learner, kind, question, at) for learner, kind, question, at in rows}
    return list(latest.values())
