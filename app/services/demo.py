"""A class for demonstrations: a teacher, thirty learners, four weeks of their answers, and their exams.

Every answer goes through the journal and the rules that record real ones, at the time it would have
been given: `db check` finds nothing to say about them. The same seed and the same day give the same class.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from app.bank.schema import FlashcardQuestion, from_document
from app.db import Database
from app.errors import Conflict
from app.exam import keys, marking
from app.models import Card, Class, ClassTeacher, Course, Objective, Question, QuestionVersion, Topic, User
from app.services import accounts, classes, demo_exams, demo_flags, demo_responses, journal, reviewing
from app.services.accounts import NewAccount
from app.services.demo_cast import CLASS, DOMAIN, TEACHER, Student, login_of, students
from app.services.demo_exams import Marked
from app.services.identity import Person, person_of
from app.services.journal import Asked, NewEntry
from app.services.sections import SECTION_COLUMNS, section_of
from app.srs import answering, queue, replay
from app.srs.queue import DRILL_AFTER, Item, Limits
from app.srs.replay import NOTHING
from app.srs.sm2 import Grade

DAYS = 28
_ZONE = "Europe/Paris"
_SATURDAY = 5
_WEEKEND = 0.45  # how much less likely somebody studies then
_MOST_ANSWERS = 50  # a day
_OVERRIDES, _REGRADES = 0.04, 0.08  # shares of the answers that can be declared right, or graded anew
_EASIER_LEVEL = 0.12


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, for the person who asked."""

    class_id: int
    join_code: str
    teacher: str
    students: Sequence[str]
    answers: int
    exam: Marked | None


@dataclass(frozen=True, slots=True)
class Hashes:
    """The hashed passwords of the teacher and of the learners; hashing is slow, so the caller does it first."""

    teacher: str
    students: str


@dataclass(slots=True)
class _Learner:
    """A learner at work: what they know of every question, as the application would see it."""

    person: Person
    student: Student
    cards: dict[int, Asked]
    items: dict[int, Item]
    luck: Random
    answers: int = 0
    last_at: datetime | None = None

    def put(self, asked: Asked) -> None:
        self.cards[asked.question_id] = asked
        seen = asked.totals if asked.card_id else None
        self.items[asked.question_id] = dataclasses.replace(self.items[asked.question_id], totals=seen)


def create(database: Database, seed: int, now: datetime, hashes: Hashes) -> Made:
    """Make the class and its history, in place of an earlier one of its kind.

    Raises Conflict: "real_people" when somebody real has an account here, "no_questions" without a bank.
    """
    luck = Random(seed)  # noqa: S311 nothing secret comes from it
    start = _start(now)
    cast = students(luck, DAYS)
    with database.writing() as session:
        _clear(session)
        course = accounts.default_course(session)
        bank = _bank(session, course) if course else []
        if course is None or not bank:
            raise Conflict("no_questions")
        teacher = _person(session, TEACHER, hashes.teacher, "teacher", _at(start, 9, luck))
        class_id = classes.create(session, teacher, CLASS, course, _at(start, 9, luck))
        code = classes.found(session, teacher, class_id).join_code or ""
    learners = [
        _live(database, student, bank, code, hashes.students, Random(luck.getrandbits(64)), (start, now))  # noqa: S311
        for student in cast
    ]
    with database.writing() as session:
        demo_flags.report(session, teacher, class_id, luck, now)
    exam = demo_exams.hold(database, teacher, class_id, {one.person: one.student for one in learners}, luck, now)
    answers = sum(one.answers for one in learners)
    return Made(class_id, code, login_of(TEACHER), [login_of(student.name) for student in cast], answers, exam)


def real_people(session: Session) -> int:
    """How many accounts are not of the demonstration; guests do not count."""
    keys = session.scalars(select(User.login_key).where(User.login_key.is_not(None)))
    return sum(1 for key in keys if not str(key).endswith(DOMAIN))


def _clear(session: Session) -> None:
    """Remove an earlier class of the demonstration, unless somebody real is here."""
    if real_people(session):
        raise Conflict("real_people")
    own = select(User.id).where(User.login_key.endswith(DOMAIN, autoescape=True))
    session.execute(
        delete(Class).where(Class.id.in_(select(ClassTeacher.class_id).where(ClassTeacher.user_id.in_(own))))
    )
    session.execute(delete(User).where(User.id.in_(own)))


def _bank(session: Session, course: int) -> list[tuple[Asked, Item]]:
    """Every question that review asks, as somebody who never met it would."""
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
    rows = session.execute(
        select(Question, QuestionVersion.body, Topic.title_fr, Topic.title_en, *SECTION_COLUMNS)
        .join(QuestionVersion, current)
        .join(Topic, Topic.id == Question.topic_id)
        .join(Objective, Objective.id == Question.objective_id)
        .join(Course, Course.id == Question.course_id)
        .where(Question.course_id == course, ~or_(Question.retired, Question.reserved, Question.draft))
        .order_by(Question.position, Question.id)
    )
    return [
        (
            Asked(
                question_id=row.Question.id,
                question_version=row.Question.version,
                body=from_document(row.body),
                withheld=False,
                topic={"fr": row.title_fr, "en": row.title_en},
                section=section_of(row),
                card_id=None,
                version=0,
                totals=NOTHING,
                log_length=0,
                suspended=False,
                buried_until=None,
            ),
            Item(row.Question.id, row.Question.topic_id, row.Question.objective_id, row.Question.position),
        )
        for row in rows
    ]


def _person(session: Session, name: str, password_hash: str, role: str, at: datetime) -> Person:
    new = NewAccount(login_of(name), password_hash, display_name=name, zone=_ZONE, role=role)
    return person_of(session.get_one(User, accounts.register(session, new, at)))


def _live(
    database: Database,
    student: Student,
    bank: Sequence[tuple[Asked, Item]],
    code: str,
    password_hash: str,
    luck: Random,
    span: tuple[date, datetime],
) -> _Learner:
    """Four weeks of one learner, in one transaction."""
    start, now = span
    with database.writing() as session:
        joined = min(_at(start + timedelta(days=student.first), 10, luck), now)
        person = _person(session, student.name, password_hash, "learner", joined)
        session.execute(update(User).where(User.id == person.id).values(new_per_day=max(1, student.new_per_day)))
        classes.join(session, person, code, student.name, joined)
        cards, items = {one.question_id: one for one, _ in bank}, {item.question: item for _, item in bank}
        learner = _Learner(person, student, cards, items, luck)
        for number in range(student.first, min(student.last, DAYS - 1) + 1):
            day = start + timedelta(days=number)
            if luck.random() < student.diligence * (_WEEKEND if day.weekday() >= _SATURDAY else 1):
                _study(session, learner, _at(day, student.hour, luck), now)
        session.execute(update(User).where(User.id == person.id).values(seen_at=learner.last_at or joined))
    return learner


def _study(session: Session, learner: _Learner, at: datetime, now: datetime) -> None:
    """One sitting: what the queue asks, until it is empty or the learner has had enough."""
    limits, today = Limits(learner.student.new_per_day, 200), learner.person.today(at)
    upcoming: list[int] = []
    for _ in range(_MOST_ANSWERS):
        took = timedelta(seconds=round(learner.luck.lognormvariate(2.9, 0.5), 1))
        at += took + timedelta(seconds=3)
        # The order changes little within a few cards, and working it out is what takes time here.
        upcoming = upcoming or list(queue.build(learner.items.values(), today, limits).upcoming[:DRILL_AFTER])
        if not upcoming or at + timedelta(minutes=1) > now:
            return
        _answer(session, learner, learner.cards[upcoming.pop(0)], at, took)


def _answer(session: Session, learner: _Learner, asked: Asked, at: datetime, took: timedelta) -> None:
    today, luck = learner.person.today(at), learner.luck
    drilling = asked.totals.drill_day == today
    knows = luck.random() < _chance(learner.student, asked, drilling, today)
    flashcard = isinstance(asked.body, FlashcardQuestion)
    response = keys.right(asked.body) if knows else demo_responses.wrong(asked.body, luck)
    marked = marking.mark(asked.body, response)
    graded = Grade.GOOD if knows else Grade.WRONG
    new = NewEntry(
        kind=answering.kind_of(asked.totals.state, drilling, today),
        grade=graded if flashcard else answering.grade_of(marked.credit, marked.dont_know),
        question_version=asked.question_version,
        answered_at=at,
        study_day=today,
        zone=learner.person.zone,
        answer_id=UUID(int=luck.getrandbits(128), version=4),
        response=None if flashcard else response,
        credit=None if flashcard else marked.credit,
        took_ms=int(took.total_seconds() * 1000),
    )
    after = replay.advance(asked.totals, new.entry(asked.log_length + 1))
    journal.append(session, learner.person, asked, new, after)
    card = asked.card_id or _card_id(session, learner.person, asked.question_id)
    counted = dataclasses.replace(asked, version=asked.version + 1, log_length=asked.log_length + 1)
    learner.put(dataclasses.replace(counted, card_id=card, totals=after))
    learner.answers += 1
    learner.last_at = at
    _think_again(session, learner, new, learner.cards[asked.question_id])


def _think_again(session: Session, learner: _Learner, new: NewEntry, asked: Asked) -> None:
    """Some answers are graded anew, and some that were marked wrong are declared right."""
    at, answer_id, chance = new.answered_at + timedelta(seconds=2), new.answer_id, learner.luck.random()
    if answer_id is None or isinstance(asked.body, FlashcardQuestion):
        return
    typed = asked.body.type in {"short_answer", "command", "cloze"} and not (new.response or {}).get("dont_know")
    if new.grade == Grade.GOOD and chance < _REGRADES:
        grade = learner.luck.choice([Grade.HARD, Grade.EASY])
        reviewing.regrade(session, learner.person, answer_id, grade, at)
    elif new.credit != 1 and typed and chance < _OVERRIDES:
        reviewing.override(session, learner.person, answer_id, at)
    else:
        return
    learner.put(journal.asked(session, learner.person, asked.question_id))


def _chance(student: Student, asked: Asked, drilling: bool, today: date) -> float:
    """How likely the answer is right: less so the longer a card waited past its day."""
    if drilling:
        return 0.85
    state = asked.totals.state
    easier = _EASIER_LEVEL * (2 - asked.body.level)
    if state.due is None or asked.totals.last_day is None:
        return student.knows + easier
    waited: float = student.keeps ** ((today - asked.totals.last_day).days / state.interval_days)
    return waited + easier / 3


def _card_id(session: Session, person: Person, question_id: int) -> int:
    where: Mapping[str, int] = {"learner_id": person.id, "question_id": question_id}
    return session.execute(select(Card.id).filter_by(**where)).scalar_one()


def _start(now: datetime) -> date:
    """The first day of the history: the last one is today."""
    return now.astimezone(ZoneInfo(_ZONE)).date() - timedelta(days=DAYS - 1)


def _at(day: date, hour: int, luck: Random) -> datetime:
    """Some minute of an hour of a day in Paris."""
    return datetime.combine(day, time(hour, luck.randrange(60)), ZoneInfo(_ZONE)).astimezone(UTC)
