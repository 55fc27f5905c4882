"""A sheet to print of the cards a learner knows least: question, answer, explanation, and where the course has it.

Only cards they have answered: a sheet tells nothing that the card's own page does not. While an exam hides the key of
any question from them there is no sheet at all, for what is missing on it would name the questions the exam asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from app.bank.schema import Blank, from_document
from app.bank.schema import Question as Body
from app.exam import presentation
from app.exam.presentation import Shown
from app.models import Card, Course, Objective, Question, QuestionVersion, Topic
from app.services.card_rows import ASKABLE
from app.services.hiding import HIDDEN
from app.services.identity import Person
from app.services.question_page import gaps_of
from app.services.queueing import course_of
from app.services.sections import SECTION_COLUMNS, Section, section_of
from app.stats import weakness
from app.stats.weakness import Met

SIZES = (10, 20, 40)
USUAL_SIZE = 20

_MET = (
    select(Question.id, Card.streak, Card.lapses, Card.ease_permille, Card.interval_days)
    .join(Card, Card.question_id == Question.id)
    .where(
        Card.learner_id == bindparam("learner"),
        Question.course_id == bindparam("course"),
        Card.reviews > 0,
        Card.suspended.is_(False),
        ASKABLE,
    )
)
_ANY_HIDDEN = select(exists().where(Question.course_id == bindparam("course"), ASKABLE, Question.id.in_(HIDDEN)))
_BODIES = (
    select(Question.id, Topic.title_fr, Topic.title_en, QuestionVersion.body, *SECTION_COLUMNS)
    .join(QuestionVersion, QuestionVersion.question_id == Question.id)
    .join(Topic, Topic.id == Question.topic_id)
    .join(Objective, Objective.id == Question.objective_id)
    .join(Course, Course.id == Question.course_id)
    .where(QuestionVersion.number == Question.version, Question.id.in_(bindparam("ids", expanding=True)))
    .order_by(Topic.position, Topic.id)
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One card of the sheet; `lapses` is how often it was forgotten."""

    question_id: int
    body: Body
    shown: Shown
    section: Section
    lapses: int

    @property
    def gaps(self) -> Sequence[tuple[str, Blank]]:
        """What fits each gap, by the number it is shown with."""
        return gaps_of(self.body)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The weakest cards by topic, in the course's order, the weakest first within each; `met` counts all there are to
    choose from. It is empty, and `withheld`, while an exam hides a key of the course."""

    today: date
    size: int
    met: int
    topics: Sequence[tuple[str, Sequence[Entry]]]
    withheld: bool = False

    @property
    def count(self) -> int:
        """How many cards are on it."""
        return sum(len(entries) for _, entries in self.topics)


def sheet(session: Session, person: Person, size: int, now: datetime) -> Sheet:
    """The `size` weakest cards of the learner's course."""
    scope = {"learner": person.id, "course": course_of(session, person), "now": now}
    if session.scalar(_ANY_HIDDEN, scope):
        return Sheet(person.today(now), size, 0, (), withheld=True)
    met = [Met(*row) for row in session.execute(_MET, scope)]
    chosen = weakness.weakest(met, size)
    lapses = {card.id: card.lapses for card in met}
    topics: dict[str, list[Entry]] = {}
    rows = session.execute(_BODIES, {"ids": list(chosen)}).all() if chosen else []
    for row in sorted(rows, key=lambda row: chosen.index(row.id)):
        body = from_document(row.body)
        shown = presentation.present(body, person.locale, str(row.id))
        entry = Entry(row.id, body, shown, section_of(row), lapses[row.id])
        topics.setdefault(row.title_fr if person.locale == "fr" else row.title_en, []).append(entry)
    order = dict.fromkeys(row.title_fr if person.locale == "fr" else row.title_en for row in rows)
    return Sheet(person.today(now), size, len(met), [(title, topics[title]) for title in order])
