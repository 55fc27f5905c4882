"""Mistakes of an exam, brought back in its students' revision.

A mistake is a response with less than half of the credit, after regrades, in the last finished attempt that asked
the question. It goes into the review log as what it is: an answer, with its response, given when it was saved in
the exam. So the card is due from the day after the exam, and a card never met is opened by it. Left alone are cards
that were answered since, for that answer is newer, and cards that the student has set aside.

A question that is reserved for exams (or retired since) is not asked in revision, and no answer is invented for
another: of the cards on the same objective that the student has met, the least known comes back, by an entry of
practice without response or credit, which no count of answers and no retention takes in. One that is due needs
nothing, and cards never met come by themselves.

Nothing goes out while a key is hidden from the student (`app.services.hiding`). The id of each entry is made of
attempt and question: pushed twice, it is there once, also when the student has undone it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.models import AttemptEvent, Card, Membership, Question, ReviewLog, User
from app.services import journal, marks, regrades
from app.services.card_rows import ASKABLE
from app.services.hiding import hidden_by_learner
from app.services.identity import Person, person_of
from app.services.journal import NewEntry
from app.services.marks import FrozenExam, FrozenItem, MarkedAttempt
from app.srs import answering, replay
from app.srs.sm2 import Grade

PUSHED = "mistakes_pushed"  # the event of an attempt
MISTAKEN_BELOW = Fraction(1, 2)
_NAMESPACE = UUID("5b7e3a52-6a0c-5c1e-9a55-2f4f6f1f6f0e")
_MOST_IDS = 10_000  # of one statement: SQLite takes 32 766 values


class Fate(StrEnum):
    """What pushing does with a mistake: the first two bring a card back.

    From `DUE` on, it is of a question that is not asked in revision: another card of its objective is due already
    or comes back for another mistake, none was met yet, or there is none.
    """

    OWN = "own"
    RELATED = "related"
    DONE = "done"
    HIDDEN = "hidden"
    NEWER = "newer"
    ASIDE = "aside"
    DUE = "due"
    UNMET = "unmet"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One response that was worth less than half; `at` is when it was given."""

    attempt_id: int
    item: FrozenItem
    response: Mapping[str, Any] | None
    credit: Fraction
    at: datetime

    @property
    def answer_id(self) -> UUID:
        """The id of its entry in the log, always the same."""
        return uuid5(_NAMESPACE, f"{self.attempt_id}:{self.item.id}")


@dataclass(frozen=True, slots=True)
class Planned:
    """What would become of a mistake; `question_id` is the card that comes back, None where none does."""

    mistake: Mistake
    fate: Fate
    question_id: int | None = None


@dataclass(frozen=True, slots=True)
class StudentMistakes:
    """A student of the class, studying the exam's course, and their mistakes."""

    person: Person
    mistakes: Sequence[Mistake]


@dataclass(frozen=True, slots=True)
class Preview:
    """What pushing would do: mistakes by fate, and for how many students a card would come back."""

    exam: FrozenExam
    students: Sequence[StudentMistakes]
    fates: Mapping[Fate, int]
    reached: int

    @property
    def cards(self) -> int:
        """How many cards would come back."""
        return self.fates.get(Fate.OWN, 0) + self.fates.get(Fate.RELATED, 0)

    @property
    def total(self) -> int:
        """How many mistakes there are."""
        return sum(self.fates.values())


def preview(session: Session, teacher: Person, exam_id: int, now: datetime) -> Preview:
    """What pushing would do now; nothing is stored. Raises NotFound, Conflict ("not_published")."""
    exam = regrades.published(session, teacher, exam_id)
    found = _students(session, exam, now)
    read = _read(session, exam, found, now)
    fates: Counter[Fate] = Counter()
    reached = 0
    for student in found:
        planned = [one.fate for one in _plan(student, read)]
        fates.update(planned)
        reached += any(fate in (Fate.OWN, Fate.RELATED) for fate in planned)
    return Preview(exam, found, fates, reached)


def push(session: Session, teacher: Person, exam: FrozenExam, student: StudentMistakes, now: datetime) -> int:
    """Bring one student's mistakes back; return how many cards came. Raises Conflict when one of them moved."""
    pushed: Counter[int] = Counter()
    for one in _plan(student, _read(session, exam, [student], now)):
        if one.question_id is not None:
            _record(session, student.person, one, one.question_id)
            pushed[one.mistake.attempt_id] += 1
    for attempt_id, cards in pushed.items():
        told = {"cards": cards}
        session.add(AttemptEvent(attempt_id=attempt_id, at=now, kind=PUSHED, by_id=teacher.id, details=told))
    return pushed.total()


def told(session: Session, attempt_id: int) -> int:
    """How many cards came back for the mistakes of an attempt."""
    statement = select(AttemptEvent.details).where(AttemptEvent.attempt_id == attempt_id, AttemptEvent.kind == PUSHED)
    return sum(int(details.get("cards", 0)) for details in session.scalars(statement))


def _students(session: Session, exam: FrozenExam, now: datetime) -> list[StudentMistakes]:
    """Members of the class with at least one mistake."""
    rows = session.scalars(
        select(User).join(Membership, Membership.user_id == User.id).where(Membership.class_id == exam.class_id)
    )
    members = {row.id: replace(person_of(row), course_id=exam.course_id) for row in rows}
    found = []
    for student in marks.students(session, exam, now):
        person = members.get(student.first.learner_id or 0)
        mistakes = _mistakes(one for one in student.attempts if one.over)
        if person is not None and mistakes:
            found.append(StudentMistakes(person, mistakes))
    return found


def _mistakes(attempts: Iterable[MarkedAttempt]) -> list[Mistake]:
    """By the last attempt that asked each question."""
    last = {one.item.id: (attempt, one) for attempt in attempts for one in attempt.items}
    return [
        Mistake(attempt.id, one.item, one.response, one.credit, one.saved_at or attempt.ended_at or attempt.started_at)
        for attempt, one in last.values()
        if one.credit is not None and one.credit < MISTAKEN_BELOW
    ]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a student knows of a question; the least known comes first."""

    interval_days: int
    ease_permille: int
    due: date | None
    drill_day: date | None
    suspended: bool
    last_answered_at: datetime | None

    def answered_since(self, at: datetime) -> bool:
        """Whether there is a newer answer than one given at that instant."""
        return self.last_answered_at is not None and self.last_answered_at > at


_NEVER_MET = _Known(0, 0, None, None, False, None)


@dataclass(frozen=True, slots=True)
class _Read:
    """What decides the fate of mistakes, for any number of students.

    `askable` are those of the exam's questions that revision asks; `others`, by question, what it asks on the same
    objective outside the exam. `hidden` and `known` are by student.
    """

    now: datetime
    askable: frozenset[int]
    others: Mapping[int, Sequence[int]]
    hidden: Mapping[int, frozenset[int]]
    known: Mapping[int, Mapping[int, _Known]]
    done: frozenset[UUID]


def _read(session: Session, exam: FrozenExam, students: Sequence[StudentMistakes], now: datetime) -> _Read:
    """A few statements, whatever the number of students."""
    ids = [item.question_id for item in exam.items.values()]
    other = aliased(Question)
    rows = session.execute(
        select(other.id, Question.id)
        .join(Question, Question.objective_id == other.objective_id)
        .where(other.id.in_(ids), ASKABLE, Question.type != "flashcard")
        .order_by(Question.position, Question.id)
    ).all()
    others: dict[int, list[int]] = {}
    for own, candidate in rows:
        if candidate not in ids:
            others.setdefault(own, []).append(candidate)
    wanted = {*ids, *(candidate for _, candidate in rows)}
    people = [one.person.id for one in students]
    return _Read(
        now=now,
        askable=frozenset(own for own, candidate in rows if own == candidate),
        others=others,
        hidden=hidden_by_learner(session, people, wanted, now),
        known=_known(session, people, wanted),
        done=_done(session, students),
    )


def _known(session: Session, people: Sequence[int], wanted: Collection[int]) -> Mapping[int, Mapping[int, _Known]]:
    """By student, then by question: the cards there are."""
    columns = (Card.interval_days, Card.ease_permille, Card.due, Card.drill_day, Card.suspended, Card.last_answered_at)
    rows = session.execute(
        select(Card.learner_id, Card.question_id, *columns).where(
            Card.learner_id.in_(people), Card.question_id.in_(wanted)
        )
    )
    found: dict[int, dict[int, _Known]] = {}
    for row in rows:
        found.setdefault(row.learner_id, {})[row.question_id] = _Known(*row[2:])
    return found


def _done(session: Session, students: Sequence[StudentMistakes]) -> frozenset[UUID]:
    """Which of the mistakes are in the log already."""
    ids = [mistake.answer_id for student in students for mistake in student.mistakes]
    found: set[UUID | None] = set()
    for at in range(0, len(ids), _MOST_IDS):
        part = ids[at : at + _MOST_IDS]
        found |= set(session.scalars(select(ReviewLog.answer_id).where(ReviewLog.answer_id.in_(part))))
    return frozenset(one for one in found if one is not None)


def _plan(student: StudentMistakes, read: _Read) -> list[Planned]:
    """The fate of each mistake of a student; a card comes back once, for however many mistakes."""
    planned: list[Planned] = []
    for mistake in student.mistakes:
        taken = {one.question_id for one in planned if one.question_id is not None}
        planned.append(_planned(student.person, mistake, read, taken))
    return planned


def _planned(person: Person, mistake: Mistake, read: _Read, taken: Set[int]) -> Planned:
    question, hidden = mistake.item.question_id, read.hidden.get(person.id, frozenset())
    known = read.known.get(person.id, {})
    if mistake.answer_id in read.done:
        return Planned(mistake, Fate.DONE)
    if question in hidden:
        return Planned(mistake, Fate.HIDDEN)
    if question in read.askable:
        return _own(mistake, known.get(question, _NEVER_MET))
    others = read.others.get(question, ())
    free = [one for one in others if one not in hidden]
    if not free:
        return Planned(mistake, Fate.HIDDEN if others else Fate.ALONE)
    if not taken.isdisjoint(free):
        return Planned(mistake, Fate.DUE)
    met = {one: card for one in free if (card := known.get(one, _NEVER_MET)).due}
    return _least_known(person, mistake, met, read.now)


def _own(mistake: Mistake, known: _Known) -> Planned:
    if known.suspended:
        return Planned(mistake, Fate.ASIDE)
    if known.answered_since(mistake.at):
        return Planned(mistake, Fate.NEWER)
    return Planned(mistake, Fate.OWN, mistake.item.question_id)


def _least_known(person: Person, mistake: Mistake, met: Mapping[int, _Known], now: datetime) -> Planned:
    """Of the cards on the objective that were met, the one that is known least, in the order of the course."""
    if not met:
        return Planned(mistake, Fate.UNMET)
    active = {one: card for one, card in met.items() if not card.suspended}
    if not active:
        return Planned(mistake, Fate.ASIDE)
    fit = {one: card for one, card in active.items() if not card.answered_since(mistake.at)}
    if not fit:
        return Planned(mistake, Fate.NEWER)
    least = min(fit, key=lambda one: (fit[one].interval_days, fit[one].ease_permille))
    drilled = fit[least].drill_day == person.today(mistake.at)  # missed in revision on that very day
    if drilled or (fit[least].due or date.min) <= person.today(now):
        return Planned(mistake, Fate.DUE)
    return Planned(mistake, Fate.RELATED, least)


def _record(session: Session, person: Person, planned: Planned, question_id: int) -> None:
    """Write the entry, as of the moment in the exam, and move the card."""
    mistake, asked = planned.mistake, journal.asked(session, person, question_id)
    own = planned.fate is Fate.OWN
    day, state = person.today(mistake.at), asked.totals.state
    new = NewEntry(
        # A card never met is opened by its own answer: given in an exam, it is more than practice.
        kind=answering.kind_of(state, asked.totals.drill_day == day, day, practice=not own or state.due is not None),
        grade=answering.grade_of(mistake.credit, dont_know=False) if own else Grade.WRONG,
        question_version=mistake.item.version if own else asked.question_version,
        answered_at=mistake.at,
        study_day=day,
        zone=person.zone,
        answer_id=mistake.answer_id,
        pushed=True,
        response=dict(mistake.response or {}) if own else None,
        credit=mistake.credit if own else None,
    )
    journal.append(session, person, asked, new, replay.advance(asked.totals, new.entry(asked.log_length + 1)))
