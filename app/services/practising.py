"""Practice: a quiz drawn from the course, outside the schedule, that nothing needs to remember.

A quiz is its address. The draw depends on what the learner knew when the quiz began (`seed` is that
instant), so that answering does not change it; its answers are those given to its questions since.
"""

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.bank.schema import BLANK
from app.models import Card, Course, ExamPlan, Objective, PlanLeftOut, Question, QuestionVersion, ReviewLog, Topic
from app.models.base import Instant
from app.services import evening
from app.services.card_rows import ASKABLE
from app.services.hiding import HIDDEN
from app.services.identity import Person
from app.services.log_rows import STANDS, not_taken_back
from app.services.queueing import course_of
from app.services.sections import SECTION_COLUMNS, Section, section_of
from app.srs.sm2 import Grade

SIZES = (5, 10, 20, 50)
USUAL_SIZE = 10
EVENINGS = (10, 20, 30, 60)  # minutes
LEVELS = (1, 2, 3)
MOST_SEED = 4_102_444_800_000  # the year 2100
WEAK_EASE = 2200  # three answers graded Hard, or more
FADED_AFTER = timedelta(days=30)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

_start: ColumnElement[datetime] = bindparam("start", type_=Instant())
_place = func.row_number().over(partition_by=ReviewLog.card_id, order_by=ReviewLog.number.desc())
_BEFORE = (
    select(
        ReviewLog.card_id,
        ReviewLog.ease_permille,
        ReviewLog.lapses,
        ReviewLog.grade,
        ReviewLog.answered_at,
        _place.label("place"),
    )
    .where(
        ReviewLog.learner_id == bindparam("learner"),
        ReviewLog.answered_at < _start,
        ReviewLog.answer_id.is_not(None),
        not_taken_back(before=_start),
    )
    .subquery()
)
_WEAK = and_(
    _BEFORE.c.card_id.is_not(None),
    or_(
        _BEFORE.c.ease_permille < WEAK_EASE,
        _BEFORE.c.lapses > 0,
        _BEFORE.c.grade < int(Grade.HARD),
        _BEFORE.c.answered_at < bindparam("faded", type_=Instant()),
    ),
)
_LEFT_OUT = (
    select(PlanLeftOut.topic_id)
    .join(ExamPlan, ExamPlan.id == PlanLeftOut.plan_id)
    .where(
        ExamPlan.learner_id == bindparam("learner"),
        ExamPlan.course_id == bindparam("course"),
        ExamPlan.exam_on >= bindparam("today"),
    )
)
_POOL = (
    select(
        Question.id,
        Topic.slug,
        Topic.title_fr,
        Topic.title_en,
        Question.level,
        _WEAK.label("weak"),
        Question.id.in_(HIDDEN).label("hidden"),
        Question.topic_id.in_(_LEFT_OUT).label("left_out"),
    )
    .join(Topic, Topic.id == Question.topic_id)
    .outerjoin(Card, and_(Card.question_id == Question.id, Card.learner_id == bindparam("learner")))
    .outerjoin(_BEFORE, and_(_BEFORE.c.card_id == Card.id, _BEFORE.c.place == 1))
    .where(Question.course_id == bindparam("course"), ASKABLE, func.coalesce(Card.suspended, False).is_(False))
    .order_by(Topic.position, Topic.id, Question.position, Question.id)
)
_SINCE = (
    select(
        Card.question_id,
        ReviewLog.answer_id,
        ReviewLog.grade,
        ReviewLog.overridden,
        ReviewLog.credit_parts,
        ReviewLog.credit_of,
    )
    .join(Card, Card.id == ReviewLog.card_id)
    .where(
        ReviewLog.learner_id == bindparam("learner"),
        ReviewLog.answered_at >= _start,
        STANDS,
    )
    .order_by(ReviewLog.number)
)


class Pick(StrEnum):
    """Which questions of those that fit are asked."""

    ALL = "all"
    WEAK = "weak"
    EVE = "eve"  # those of the plan's topics on the edge for tomorrow, as many as fit into `minutes`
    SURPRISE = "surprise"  # the whole course, topics taking turns: what was chosen besides does not count


class Outcome(StrEnum):
    """What became of one question of a quiz."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Quiz:
    """What a quiz is drawn from: when it began (milliseconds since 1970), topics by slug and levels (none means
    all), how many questions (None means all there are), and which of them. `later` keeps what each answer
    brought for the end; `minutes` are those of the night before an exam."""

    seed: int
    topics: tuple[str, ...] = ()
    size: int | None = USUAL_SIZE
    pick: Pick = Pick.ALL
    levels: tuple[int, ...] = ()
    later: bool = False
    minutes: int = 20

    @property
    def start(self) -> datetime:
        """The instant the quiz began."""
        return _EPOCH + self.seed * _MILLISECOND

    def takes(self, topic: str, level: int, weak: bool) -> bool:
        """Whether a question of this kind may be drawn."""
        chosen = (not self.topics or topic in self.topics) and (not self.levels or level in self.levels)
        return chosen and (weak or self.pick is not Pick.WEAK)


@dataclass(frozen=True, slots=True)
class TopicOffer:
    """A topic one may practise: how many questions it has, how many of them are weak, and how many more an
    exam hides for the moment."""

    slug: str
    title: str
    total: int
    weak: int
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """The answer of a learner to one question of a quiz."""

    answer_id: UUID
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Draw:
    """The questions of a quiz in its order, and the answers they have so far."""

    questions: tuple[int, ...]
    answers: Mapping[int, Given]
    _keys: tuple[str, ...]
    _salt: str

    def place_after(self, question_id: int) -> int:
        """The place (from 1) that follows a question, even one that has left the draw since."""
        return bisect_right(self._keys, _key(self._salt, question_id)) + 1

    def open_from(self, place: int) -> int:
        """The first place from `place` on whose question has no answer; the one past the end when all have."""
        places = range(place, len(self.questions) + 1)
        return next((at for at in places if self.questions[at - 1] not in self.answers), len(self.questions) + 1)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of the quiz that has an answer, how that was, and where the course teaches it."""

    answer_id: UUID
    question_id: int
    text: str
    topic: str
    section: Section
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Summary:
    """How a quiz went; `answers` in its order, `open_place` that of the first question without answer."""

    right: int
    partly: int
    wrong: int
    unanswered: int
    answers: Sequence[Answered]
    open_place: int | None

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return self.right + self.partly + self.wrong

    @property
    def missed(self) -> Sequence[Answered]:
        """The questions that were not answered right."""
        return [one for one in self.answers if one.outcome is not Outcome.RIGHT]


def seed_of(now: datetime) -> int:
    """The seed of a quiz that begins now."""
    return (now - _EPOCH) // _MILLISECOND


def offers(session: Session, person: Person, now: datetime) -> Sequence[TopicOffer]:
    """The topics of the learner's course that have a question to practise, in the course's order."""
    by_topic: dict[str, list[Any]] = {}
    for row in _pool(session, person, now, now):
        by_topic.setdefault(row.slug, []).append(row)
    return [
        TopicOffer(
            slug=slug,
            title=rows[0].title_fr if person.locale == "fr" else rows[0].title_en,
            total=sum(1 for row in rows if not row.hidden),
            weak=sum(1 for row in rows if row.weak and not row.hidden),
            hidden=sum(1 for row in rows if row.hidden),
        )
        for slug, rows in by_topic.items()
    ]


def on_the_edge(session: Session, person: Person, now: datetime) -> int:
    """How many cards the night before an exam would be for, if the exam were tomorrow."""
    askable = frozenset(row.id for row in _pool(session, person, now, now) if not row.hidden and not row.left_out)
    return evening.on_the_edge(session, person, askable, now)


def draw(session: Session, person: Person, quiz: Quiz, now: datetime) -> Draw:
    """The questions of a quiz: the same for the same address, in an order of its own.

    Questions are ranked by a digest of the seed, so that one that leaves the course, is set aside or is
    hidden by an exam meanwhile, does not move the others.
    """
    salt = f"{quiz.seed}:{person.id}"
    pool = [row for row in _pool(session, person, quiz.start, now) if not row.hidden]
    ranked = sorted((_key(salt, question), question) for question in _chosen(session, person, quiz, pool, salt))
    answers: dict[int, Given] = {}
    for row in session.execute(_SINCE, {"learner": person.id, "start": quiz.start}):
        answers.setdefault(row.question_id, Given(row.answer_id, _outcome(row)))
    questions = tuple(question for _, question in ranked)
    known = {question: answers[question] for question in questions if question in answers}
    return Draw(questions, known, tuple(key for key, _ in ranked), salt)


def summarise(session: Session, person: Person, quiz: Quiz, now: datetime) -> Summary:
    """How a quiz went so far."""
    drawn = draw(session, person, quiz, now)
    outcomes = [given.outcome for given in drawn.answers.values()]
    return Summary(
        right=outcomes.count(Outcome.RIGHT),
        partly=outcomes.count(Outcome.PARTLY),
        wrong=outcomes.count(Outcome.WRONG),
        unanswered=len(drawn.questions) - len(drawn.answers),
        answers=_answered(session, person, drawn),
        open_place=next((at for at, one in enumerate(drawn.questions, 1) if one not in drawn.answers), None),
    )


def _pool(session: Session, person: Person, at: datetime, now: datetime) -> Sequence[Any]:
    """Every question that may be practised: whether it was weak at the instant `at`, and whether it is hidden now."""
    params = {"learner": person.id, "course": course_of(session, person), "start": at, "faded": at - FADED_AFTER}
    return session.execute(_POOL, {**params, "now": now, "today": person.today(now)}).all()


def _chosen(session: Session, person: Person, quiz: Quiz, pool: Sequence[Any], salt: str) -> Sequence[int]:
    """The questions of a quiz, in no particular order."""
    shuffled = sorted(pool, key=lambda row: _key(salt, row.id))
    if quiz.pick is Pick.SURPRISE:
        return _in_turns(shuffled)[: quiz.size]
    taken = [row.id for row in shuffled if quiz.takes(row.slug, row.level, bool(row.weak))]
    if quiz.pick is Pick.EVE:
        of_the_plan = frozenset(taken) - {row.id for row in pool if row.left_out}
        return evening.chosen(session, person, of_the_plan, quiz.start, quiz.minutes)
    return taken[: quiz.size]


def _in_turns(rows: Sequence[Any]) -> Sequence[int]:
    """Their questions, one of each topic before the second of any."""
    turns: Counter[str] = Counter()
    ranked = []
    for place, row in enumerate(rows):
        ranked.append((turns[row.slug], place, row.id))
        turns[row.slug] += 1
    return [question for _, _, question in sorted(ranked)]


def _key(salt: str, question_id: int) -> str:
    return hashlib.sha256(f"{salt}:{question_id}".encode()).hexdigest()


def _outcome(row: Any) -> Outcome:
    if row.overridden or row.credit_of is None:  # at their word; a flashcard is graded by its learner
        return Outcome.RIGHT if row.grade >= Grade.HARD else Outcome.WRONG
    credit = Fraction(row.credit_parts, row.credit_of)
    if credit == 1:
        return Outcome.RIGHT
    return Outcome.PARTLY if credit else Outcome.WRONG


def _answered(session: Session, person: Person, drawn: Draw) -> Sequence[Answered]:
    statement = (
        select(
            Question.id,
            QuestionVersion.body[("text", person.locale)].as_string().label("text"),
            (Topic.title_fr if person.locale == "fr" else Topic.title_en).label("topic"),
            *SECTION_COLUMNS,
        )
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(Topic, Topic.id == Question.topic_id)
        .join(Objective, Objective.id == Question.objective_id)
        .join(Course, Course.id == Question.course_id)
        .where(QuestionVersion.number == Question.version, Question.id.in_(list(drawn.answers)))
    )
    rows = {row.id: row for row in session.execute(statement)}
    known = [(rows[one], drawn.answers[one]) for one in drawn.questions if one in rows]
    return [
        Answered(given.answer_id, row.id, BLANK.sub("…", row.text), row.topic, section_of(row), given.outcome)
        for row, given in known
    ]
