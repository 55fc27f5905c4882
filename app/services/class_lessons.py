"""What to teach a class again: the objectives it retains least, and the wrong answers it believes."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import String, Subquery, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.bank.schema import Choice, MatchingQuestion, MultipleQuestion, SingleQuestion, Text, from_document
from app.bank.schema import Question as Body
from app.clock import study_day
from app.exam import mistakes, presentation
from app.exam.mistakes import Mistake
from app.models import Card, Course, Membership, Objective, Question, QuestionVersion, ReviewLog, User
from app.services import class_log, classes
from app.services.card_rows import ASKABLE
from app.services.classes import Taught
from app.services.identity import Person
from app.services.kept import Kept
from app.services.log_rows import STANDS
from app.services.sections import SECTION_COLUMNS, Section, section_of
from app.srs.answering import Kind
from app.stats import beliefs
from app.stats.beliefs import Belief
from app.stats.shares import Share

FEWEST_STUDENTS, FEWEST_ANSWERS = 5, 10
HELD = 0.8  # what is right first time as often as that need not be taught again

_Key = tuple[str, str, Any]
# A question's id, the first response, whether there is a later one, and that; as JSON, None when it was right.
_Response = tuple[int, str | None, int, str | None]


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


@dataclass(frozen=True, slots=True)
class _Learned:
    """Of one member: first answers of the day by objective id, and what they answered to each question."""

    goals: Mapping[int, Share]
    responses: Sequence[_Response]


_LEARNED: Kept[_Learned] = Kept(most=1_000)


def again(session: Session, teacher: Person, class_id: int, now: datetime) -> Lessons:
    """What a class should be taught again; raises NotFound for a class that is not this teacher's."""
    of = classes.found(session, teacher, class_id)
    learned = _learned(session, of, now)
    every = _goals(session, of, learned, teacher.locale)
    known = [goal for goal in every if goal.students >= FEWEST_STUDENTS and goal.right.of >= FEWEST_ANSWERS]
    weak = [goal for goal in known if (goal.right.value or 0) < HELD]
    believed, scarce = _believed(session, of, learned)
    return Lessons(
        of=of,
        goals=sorted(weak, key=lambda goal: (goal.right.value or 0, -goal.right.of)),
        held=len(known) - len(weak),
        scarce_goals=len(every) - len(known),
        believed=believed,
        scarce_questions=scarce,
    )


def _learned(session: Session, of: Taught, now: datetime) -> Sequence[_Learned]:
    """What each member answered, on the study day that it is for them."""
    zones = select(User.id, User.zone, User.day_start_hour).join(Membership, Membership.user_id == User.id)
    members = session.execute(zones.where(class_log.within(of))).all()
    days = class_log.Days.of(now, {(zone, hour) for _, zone, hour in members})
    marks = class_log.Marks.of(session, of)
    keys = {who: marks.of_member(who, of.course_id, study_day(now, zone, hour)) for who, zone, hour in members}

    def make(missing: Sequence[int]) -> Mapping[int, _Learned]:
        chosen = missing if len(missing) < len(members) else None
        goals, responses = _asked_for(session, of, days, chosen), _responses(session, of, chosen)
        return {who: _Learned(goals.get(who, {}), responses.get(who, ())) for who in missing}

    return list(_LEARNED.get_all(keys, make).values())


def _asked_for(
    session: Session, of: Taught, days: class_log.Days, who: Collection[int] | None
) -> Mapping[int, Mapping[int, Share]]:
    """By learner and objective: first answers of the day over the last 28 study days, in each learner's own days."""
    rows = session.execute(
        select(ReviewLog.learner_id, Question.objective_id, func.count(case((class_log.RECALLED, 1))), func.count())
        .select_from(ReviewLog)
        .join(Membership, Membership.user_id == ReviewLog.learner_id)
        .join(User, User.id == ReviewLog.learner_id)
        .join(Card, Card.id == ReviewLog.card_id)
        .join(Question, Question.id == Card.question_id)
        .where(*class_log.firsts(of, days, who), ASKABLE)
        .group_by(ReviewLog.learner_id, Question.objective_id)
    )
    found: dict[int, dict[int, Share]] = {}
    for learner, objective, right, answers in rows:
        found.setdefault(learner, {})[objective] = Share(right, answers)
    return found


def _goals(session: Session, of: Taught, learned: Sequence[_Learned], locale: str) -> Sequence[Goal]:
    """The objectives that were asked over the last 28 study days."""
    words = Objective.text_fr if locale == "fr" else Objective.text_en
    rows = session.execute(
        select(Objective.id, words.label("words"), *SECTION_COLUMNS)
        .join(Course, Course.id == Objective.course_id)
        .where(Objective.course_id == of.course_id, Objective.retired.is_(False))
        .order_by(Objective.id)
    )
    right, students = _sums(learned)
    return [Goal(row.words, section_of(row), right[row.id], students[row.id]) for row in rows if row.id in right]


def _sums(learned: Sequence[_Learned]) -> tuple[Mapping[int, Share], Mapping[int, int]]:
    """By objective: the answers of all members, and how many members gave some."""
    counts, every, students = Counter[int](), Counter[int](), Counter[int]()
    for one in learned:
        for objective, share in one.goals.items():
            counts[objective] += share.count
            every[objective] += share.of
            students[objective] += 1
    return {objective: Share(counts[objective], of) for objective, of in every.items()}, students


def _believed(session: Session, of: Taught, learned: Sequence[_Learned]) -> tuple[Sequence[Believed], int]:
    """The believed mistakes, what lasts first, and how many questions too few students answered."""
    found: list[Believed] = []
    scarce = 0
    for question_id, asked in _asked(session, of, learned).items():
        kept = beliefs.beliefs(_keys(asked.first), _keys(asked.later))
        if kept is None:
            scarce += 1
            continue
        said = {one.key: one for mistakes_made, _ in (*asked.first, *asked.later) for one in mistakes_made}
        found += [Believed(question_id, asked.body, asked.section, said[one.key], one) for one in kept]
    return sorted(found, key=lambda one: beliefs.urgency(one.belief)), scarce


def _keys(groups: Sequence[tuple[Sequence[Mistake], int]]) -> Iterator[tuple[list[_Key], int]]:
    return (([one.key for one in made], students) for made, students in groups)


def _asked(session: Session, of: Taught, learned: Sequence[_Learned]) -> Mapping[int, _Asked]:
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

    alike = Counter(chain.from_iterable(one.responses for one in learned))
    for (question_id, first, is_later, later), students in alike.items():
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


def _responses(session: Session, of: Taught, who: Collection[int] | None) -> Mapping[int, Sequence[_Response]]:
    """By learner, of each question they answered: their first response and their last later one.

    A later one was given on another day and is no drill, which follows the feedback too closely to tell what is
    believed.
    """
    first, last, ends = aliased(ReviewLog), aliased(ReviewLog), _ends(of, who)
    is_later = last.study_day > first.study_day
    rows = session.execute(
        select(
            ends.c.learner_id,
            ends.c.question_id,
            _wrong(first).label("at_first"),
            case((is_later, 1), else_=0).label("is_later"),
            case((is_later, _wrong(last))).label("at_last"),
        )
        .join(first, and_(first.card_id == ends.c.card_id, first.number == ends.c.first))
        .outerjoin(last, and_(last.card_id == ends.c.card_id, last.number == ends.c.last))
    )
    found: dict[int, list[_Response]] = {}
    alike: dict[_Response, _Response] = {}  # a class has a few responses to a question, many times over
    for learner, *response in rows:
        given: _Response = tuple(response)
        found.setdefault(learner, []).append(alike.setdefault(given, given))
    return found


def _ends(of: Taught, who: Collection[int] | None) -> Subquery:
    """Of each card of the members, the numbers of its first answer and of its last one that is no drill."""
    return (
        select(
            ReviewLog.card_id,
            ReviewLog.learner_id,
            Card.question_id,
            func.min(ReviewLog.number).label("first"),
            func.max(case((ReviewLog.kind != Kind.DRILL.value, ReviewLog.number))).label("last"),
        )
        .join(Membership, Membership.user_id == ReviewLog.learner_id)
        .join(Card, Card.id == ReviewLog.card_id)
        .join(Question, Question.id == Card.question_id)
        .where(class_log.within(of, who), Question.course_id == of.course_id, ASKABLE, STANDS)
        .where(ReviewLog.question_version == Question.version, ReviewLog.credit_of.is_not(None))
        .where(ReviewLog.pushed.is_(False))  # of an exam only the mistakes are there
        .group_by(ReviewLog.card_id, ReviewLog.learner_id, Card.question_id)
        .subquery()
    )


def _wrong(row: Any) -> Any:
    """The response of a row as text; NULL when it was right, or declared right."""
    right = or_(row.credit_parts == row.credit_of, row.overridden)
    return case((~right, cast(row.response, String)))
