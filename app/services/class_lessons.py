"""What to teach a class again: the objectives it retains least, and the wrong answers it believes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.bank.schema import Choice, MatchingQuestion, MultipleQuestion, SingleQuestion, Text, from_document
from app.bank.schema import Question as Body
from app.exam import mistakes, presentation
from app.exam.mistakes import Mistake
from app.models import Card, Course, Membership, Objective, Question, QuestionVersion, ReviewLog, User
from app.services import class_log, classes
from app.services.card_rows import ASKABLE
from app.services.classes import Taught
from app.services.identity import Person
from app.services.log_rows import STANDS
from app.services.sections import SECTION_COLUMNS, Section, section_of
from app.srs.answering import Kind
from app.stats import beliefs
from app.stats.beliefs import Belief
from app.stats.shares import Share

FEWEST_STUDENTS, FEWEST_ANSWERS = 5, 10
HELD = 0.8  # what is right first time as often as that need not be taught again

_Key = tuple[str, str, Any]


@dataclass(frozen=True, slots=True)
class Goal:
    """An objective, and how often its questions were right first time over 28 days, by how many students."""

    text: str
    section: Section
    right: Share
    students: int


@dataclass(frozen=True, slots=True)
class Believed:
    """A wrong answer that a good share of the class takes for right."""

    question_id: int
    body: Body
    section: Section
    mistake: Mistake
    belief: Belief[_Key]

    @property
    def choice(self) -> Choice | None:
        """The choice that was taken, or left, by mistake."""
        choices = self.body.choices if isinstance(self.body, SingleQuestion | MultipleQuestion) else ()
        return next((one for one in choices if one.id == self.mistake.given), None)

    @property
    def pair(self) -> tuple[Text, Text, Text] | None:
        """What was paired wrongly: the left-hand side, what was put beside it, and what goes there."""
        if not isinstance(self.body, MatchingQuestion):
            return None
        rights = {one.id: one.right for one in (*self.body.pairs, *self.body.decoys)}
        left = next(one for one in self.body.pairs if one.id == self.mistake.part)
        return left.left, rights[self.mistake.given], left.right

    @property
    def gap(self) -> str:
        """The number that the gap is shown with; "" for a question without."""
        names = presentation.place(self.body, "").blanks
        return str(names.index(self.mistake.part) + 1) if self.mistake.part in names else ""


@dataclass(frozen=True, slots=True)
class Lessons:
    """What to teach again, the most pressing first; of `scarce_goals` and `scarce_questions` too little is known.

    `held` is how many objectives are retained well enough; `goals` are the others with enough answers.
    """

    of: Taught
    goals: Sequence[Goal]
    held: int
    scarce_goals: int
    believed: Sequence[Believed]
    scarce_questions: int


@dataclass(slots=True)
class _Asked:
    """One question, and its answers that were alike, with how many students gave them."""

    body: Body
    section: Section
    first: list[tuple[Sequence[Mistake], int]]
    later: list[tuple[Sequence[Mistake], int]]


def again(session: Session, teacher: Person, class_id: int, now: datetime) -> Lessons:
    """What a class should be taught again; raises NotFound for a class that is not this teacher's."""
    of = classes.found(session, teacher, class_id)
    every = _goals(session, of, now, teacher.locale)
    known = [goal for goal in every if goal.students >= FEWEST_STUDENTS and goal.right.of >= FEWEST_ANSWERS]
    weak = [goal for goal in known if (goal.right.value or 0) < HELD]
    believed, scarce = _believed(session, of)
    return Lessons(
        of=of,
        goals=sorted(weak, key=lambda goal: (goal.right.value or 0, -goal.right.of)),
        held=len(known) - len(weak),
        scarce_goals=len(every) - len(known),
        believed=believed,
        scarce_questions=scarce,
    )


def _goals(session: Session, of: Taught, now: datetime, locale: str) -> Sequence[Goal]:
    """The objectives that were asked over the last 28 study days, in each learner's own days."""
    zones = select(User.zone, User.day_start_hour).join(Membership, Membership.user_id == User.id)
    held = {(zone, hour) for zone, hour in session.execute(zones.where(Membership.class_id == of.id).distinct())}
    days = class_log.Days.of(now, held)
    counted = (
        select(
            Question.objective_id,
            func.count().label("answers"),
            func.sum(case((class_log.RECALLED, 1), else_=0)).label("right"),
            func.count(ReviewLog.learner_id.distinct()).label("students"),
        )
        .select_from(ReviewLog)
        .join(Membership, Membership.user_id == ReviewLog.learner_id)
        .join(User, User.id == ReviewLog.learner_id)
        .join(Card, Card.id == ReviewLog.card_id)
        .join(Question, Question.id == Card.question_id)
        .where(*class_log.firsts(of, days), ASKABLE)
        .group_by(Question.objective_id)
        .subquery()
    )
    words = Objective.text_fr if locale == "fr" else Objective.text_en
    rows = session.execute(
        select(words.label("words"), counted, *SECTION_COLUMNS)
        .join(counted, counted.c.objective_id == Objective.id)
        .join(Course, Course.id == Objective.course_id)
        .where(Objective.retired.is_(False))
        .order_by(Objective.id)
    )
    return [Goal(row.words, section_of(row), Share(row.right, row.answers), row.students) for row in rows]


def _believed(session: Session, of: Taught) -> tuple[Sequence[Believed], int]:
    """The believed mistakes, what lasts first, and how many questions too few students answered."""
    found: list[Believed] = []
    scarce = 0
    for question_id, asked in _asked(session, of).items():
        kept = beliefs.beliefs(_keys(asked.first), _keys(asked.later))
        if kept is None:
            scarce += 1
            continue
        said = {one.key: one for mistakes_made, _ in (*asked.first, *asked.later) for one in mistakes_made}
        found += [Believed(question_id, asked.body, asked.section, said[one.key], one) for one in kept]
    return sorted(found, key=lambda one: beliefs.urgency(one.belief)), scarce


def _keys(groups: Sequence[tuple[Sequence[Mistake], int]]) -> Iterator[tuple[list[_Key], int]]:
    return (([one.key for one in made], students) for made, students in groups)


def _asked(session: Session, of: Taught) -> Mapping[int, _Asked]:
    """By question: what was answered to it as it is worded now."""
    bodies = _bodies(session, of)
    known: dict[tuple[int, str], Sequence[Mistake]] = {}

    def made(question_id: int, given: str | None) -> Sequence[Mistake]:
        """The mistakes of a response, found once for all who gave it; it is None when it was right."""
        if given is None:
            return ()
        if (question_id, given) not in known:
            known[question_id, given] = mistakes.find(bodies[question_id].body, json.loads(given))
        return known[question_id, given]

    for question_id, first, is_later, later, students in _responses(session, of):
        if question_id in bodies:
            bodies[question_id].first.append((made(question_id, first), students))
            if is_later:
                bodies[question_id].later.append((made(question_id, later), students))
    return {key: asked for key, asked in bodies.items() if asked.first}


def _bodies(session: Session, of: Taught) -> Mapping[int, _Asked]:
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
    rows = session.execute(
        select(Question.id, QuestionVersion.body, *SECTION_COLUMNS)
        .join(QuestionVersion, current)
        .join(Objective, Objective.id == Question.objective_id)
        .join(Course, Course.id == Question.course_id)
        .where(Question.course_id == of.course_id, ASKABLE, Question.type != "flashcard")
        .order_by(Question.position, Question.id)
    )
    return {row.id: _Asked(from_document(row.body), section_of(row), [], []) for row in rows}


def _responses(session: Session, of: Taught) -> Iterator[tuple[int, str | None, bool, str | None, int]]:
    """Of each question: first response, whether there is a later one, the last later one, how many students.

    A response is JSON, None when it was right. A later one was given on another day and is no drill, which follows
    the feedback too closely to tell what is believed.
    """
    first, last = aliased(ReviewLog), aliased(ReviewLog)
    ends = (
        select(
            ReviewLog.card_id,
            Card.question_id,
            func.min(ReviewLog.number).label("first"),
            func.max(case((ReviewLog.kind != Kind.DRILL.value, ReviewLog.number))).label("last"),
        )
        .join(Membership, Membership.user_id == ReviewLog.learner_id)
        .join(Card, Card.id == ReviewLog.card_id)
        .join(Question, Question.id == Card.question_id)
        .where(Membership.class_id == of.id, Question.course_id == of.course_id, ASKABLE, STANDS)
        .where(ReviewLog.question_version == Question.version, ReviewLog.credit_of.is_not(None))
        .where(ReviewLog.pushed.is_(False))  # of an exam only the mistakes are there
        .group_by(ReviewLog.card_id, Card.question_id)
        .subquery()
    )
    is_later = last.study_day > first.study_day
    answered = (
        select(
            ends.c.question_id,
            _wrong(first).label("at_first"),
            case((is_later, 1), else_=0).label("is_later"),
            case((is_later, _wrong(last))).label("at_last"),
        )
        .join(first, and_(first.card_id == ends.c.card_id, first.number == ends.c.first))
        .outerjoin(last, and_(last.card_id == ends.c.card_id, last.number == ends.c.last))
        .subquery()
    )
    rows = session.execute(select(*answered.c, func.count().label("students")).group_by(*answered.c))
    return ((row.question_id, row.at_first, bool(row.is_later), row.at_last, row.students) for row in rows)


def _wrong(row: Any) -> Any:
    """The response of a row as text; NULL when it was right, or declared right."""
    right = or_(row.credit_parts == row.credit_of, row.overridden)
    return case((~right, cast(row.response, String)))
