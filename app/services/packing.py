"""The offline pack: the cards of a learner's next days with their keys, for one device of theirs.

It is the one declared exception to "no key before the answer": whoever owns the device can read it. What an exam
hides, is reserved or withdrawn is never in it, and `gone` tells a device what has to leave it since.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.orm import Session

from app.bank.schema import Question as Body
from app.clock import day_starts_at
from app.exam import keys, marking, presentation
from app.exam.correction import Correction
from app.models import Card, Question, ReviewLog
from app.models.base import Instant
from app.services import journal, queueing
from app.services.card_rows import ASKABLE
from app.services.hiding import HIDDEN
from app.services.identity import Person
from app.services.journal import Asked
from app.services.queueing import COURSE, Day
from app.services.sections import Section

KEPT_FOR = timedelta(days=7)
DAYS_AHEAD = 2
MOST_CARDS = 60

_COMING = (
    select(Question.id, Card.due)
    .join(Card, Card.question_id == Question.id)
    .where(
        Card.learner_id == bindparam("learner"),
        Question.course_id == COURSE,
        ASKABLE,
        Card.suspended.is_(False),
        Card.due > bindparam("today"),
        Card.due <= bindparam("until"),
        Question.id.not_in(HIDDEN),
    )
    .order_by(Card.due, Question.position)
)
_ANSWERED = exists().where(
    ReviewLog.card_id == Card.id,
    ReviewLog.answer_id.is_not(None),
    ReviewLog.answered_at > bindparam("since", type_=Instant()),
)
_STAYS = (
    select(Question.id)
    .outerjoin(Card, and_(Card.question_id == Question.id, Card.learner_id == bindparam("learner")))
    .where(
        Question.id.in_(bindparam("questions", expanding=True)),
        ASKABLE,
        Question.id.not_in(HIDDEN),
        func.coalesce(Card.suspended, False).is_(False),
        ~_ANSWERED,
    )
)


@dataclass(frozen=True, slots=True)
class PackedCard:
    """One question with its key. `asked_from`: when it may be asked; `log_length`: of its card, when it was packed."""

    answer_id: UUID
    question_id: int
    version: int
    edition: int
    log_length: int
    course_id: int | None
    asked_from: datetime
    body: Body
    shown: presentation.Shown
    topic: str
    section: Section

    @property
    def key(self) -> dict[str, object]:
        """What the device marks the response with."""
        return keys.device_key(self.body, str(self.answer_id))

    @property
    def correction(self) -> Correction:
        """The question with its right answer, as if nothing had been answered."""
        marked = marking.mark(self.body, {"dont_know": True})
        return Correction(self.body, self.shown, marked, str(self.answer_id))


@dataclass(frozen=True, slots=True)
class Pack:
    """The cards of one device, in the order in which they are asked, and when they are wiped."""

    made_at: datetime
    wiped_at: datetime
    cards: Sequence[PackedCard]


def pack(session: Session, person: Person, now: datetime) -> Pack:
    """What is left of today, then what comes due in the days after or what a plan would take next; 60 cards at most."""
    day = queueing.day_of(session, person, now)
    person = replace(person, course_id=queueing.course_of(session, person))
    upcoming = [(question, now) for question in day.queue.upcoming]
    listed = [*upcoming, *_later(session, person, day, now)]
    dates = dict(reversed(listed))  # a question twice is asked at its first place
    cards = [
        _packed(journal.asked(session, person, question, None, now), person, dates[question])
        for question in list(dict.fromkeys(question for question, _ in listed))[:MOST_CARDS]
    ]
    return Pack(now, now + KEPT_FOR, cards)


def gone(session: Session, person: Person, questions: Collection[int], since: datetime, now: datetime) -> list[int]:
    """Which of these questions have to leave a device whose pack was made at the instant `since`.

    An exam hides them now, they are asked no more, or the learner set them aside or answered them elsewhere meanwhile.
    """
    params = {"questions": list(questions), "learner": person.id, "since": since, "now": now}
    return sorted(set(questions) - set(session.scalars(_STAYS, params)))


def _later(session: Session, person: Person, day: Day, now: datetime) -> Iterable[tuple[int, datetime]]:
    """What the next days bring as far as it is known today, each with the instant from which it may be asked."""
    until = day.today + timedelta(days=DAYS_AHEAD)
    scope = {"learner": person.id, "course": person.course_id, "today": day.today, "until": until, "now": now}
    due = {row.id: row.due for row in session.execute(_COMING, scope)}
    tomorrow = day.today + timedelta(days=1)
    spare = [choice.id for choice in day.led.agenda.spare] if day.led else []
    listed: list[tuple[int, date]] = [*due.items(), *((question, tomorrow) for question in spare)]
    return [(question, day_starts_at(on, person.zone, person.day_start_hour)) for question, on in listed]


def _packed(asked: Asked, person: Person, asked_from: datetime) -> PackedCard:
    answer_id = uuid4()
    return PackedCard(
        answer_id=answer_id,
        question_id=asked.question_id,
        version=asked.version,
        edition=asked.question_version,
        log_length=asked.log_length,
        course_id=person.course_id,
        asked_from=asked_from,
        body=asked.body,
        shown=presentation.present(asked.body, person.locale, str(answer_id)),
        topic=asked.topic[person.locale],
        section=asked.section,
    )
