"""What to teach a class again: the objectives it retains least, and the wrong answers it believes."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from app.bank.schema import Choice, MatchingQuestion, MultipleQuestion, SingleQuestion, Text, from_document
from app.bank.schema import Question as Body
from app.clock import study_day
from app.exam import mistakes, presentation
from app.exam.mistakes import Mistake
from app.models import Course, Membership, Objective, Question, QuestionVersion, ReviewLog, User
from app.services import class_log, classes, member_sums
from app.services.card_rows import ASKABLE
from app.services.class_log import Part
from app.services.classes import Taught
from app.services.identity import Person
from app.services.kept import Kept
from app.services.sections import SECTION_COLUMNS, Section, section_of
from app.stats import beliefs
from app.stats.answered import Ends
from app.stats.answered_document import StoredEnds
from app.stats.beliefs import Belief
from app.stats.shares import Share

FEWEST_STUDENTS, FEWEST_ANSWERS = 5, 10
_NONE = 0  # versions are 1 or more
HELD = 0.8  # what is right first time as often as that need not be taught again

_Key = tuple[str, str, Any]
# A question's id, the first response, whether there is a later one, and that; as JSON, None when it was right.
_Response = tuple[int, str | None, bool, str | None]


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
    """Of one member: the objectives, by id, of each first answer of the day that was right, and of each wrong one; and
    what they answered to each question.
    """

    right: Sequence[int]
    wrong: Sequence[int]
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
    today = {who: study_day(now, zone, hour) for who, zone, hour in members}
    marks = class_log.Marks.of(session, of)
    keys = {who: marks.of_member(who, of.course_id, day) for who, day in today.items()}

    def make(missing: Sequence[int]) -> Mapping[int, _Learned]:
        return _read(session, of, days, marks, {who: today[who] for who in missing})

    return list(_LEARNED.get_all(keys, make).values())


def _read(
    session: Session, of: Taught, days: class_log.Days, marks: class_log.Marks, today: Mapping[int, date]
) -> Mapping[int, _Learned]:
    """What these members answered: what is stored of it, with what came after it."""
    stored = member_sums.read(session, of, marks, today, ends=True)
    asked = {key: one for key, one in marks.questions.items() if one.askable}
    objectives = {key: one.objective_id for key, one in asked.items()}
    firsts = {who: past.firsts.keys(objectives.get, today[who]) for who, past in stored.items()}
    later = {who: past.later for who, past in stored.items()}
    if (others := Part(of, [who for who in today if who not in stored])).who:
        firsts |= _asked_for(session, others, days)
        later |= member_sums.ends_by_learner(session, others.joined)
    versions = {key: one.version for key, one in asked.items()}
    alike: dict[_Response, _Response] = {}  # a class has a few responses to a question, many times over
    found: dict[int, _Learned] = {}
    for who in today:
        told = _responses(stored[who].ends if who in stored else None, later.get(who, {}), versions)
        found[who] = _Learned(*firsts[who], list(map(alike.setdefault, told, told)))
    return found


def _responses(past: StoredEnds | None, later: Mapping[int, Ends], versions: Mapping[int, int]) -> Sequence[_Response]:
    """The responses of one member to the questions of these versions, by id: stored ones, and those that came later."""
    told = list(past.responses({**versions, **dict.fromkeys(later, _NONE)})) if past is not None else []
    for key, one in later.items():
        if key in versions:
            before = past.get(key) if past is not None else None
            ends = before.joined(one) if before is not None and before.version == one.version else one
            told.append((key, *ends.response))
    return told


def _asked_for(session: Session, part: Part, days: class_log.Days) -> Mapping[int, tuple[Sequence[int], Sequence[int]]]:
    """By learner, the objectives of first answers of the day over their last 28 study days: of right and of wrong ones,
    one by one.
    """
    statement = select(ReviewLog.learner_id, Question.objective_id, func.count(case((class_log.RECALLED, 1))))
    rows = session.execute(
        part.in_window(statement.add_columns(func.count()), days)
        .where(class_log.FIRSTS, ASKABLE)
        .group_by(ReviewLog.learner_id, Question.objective_id)
    )
    found: dict[int, tuple[list[int], list[int]]] = {who: ([], []) for who in part.who}
    for who, objective, recalled, answers in rows:
        right, wrong = found[who]
        right += [objective] * recalled
        wrong += [objective] * (answers - recalled)
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
    # Each in one call: there are some ten thousand.
    right = Counter(chain.from_iterable(one.right for one in learned))
    wrong = Counter(chain.from_iterable(one.wrong for one in learned))
    students = Counter(chain.from_iterable({*one.right, *one.wrong} for one in learned))
    return {objective: Share(right[objective], right[objective] + wrong[objective]) for objective in students}, students


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
