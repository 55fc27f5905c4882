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
from app.stats.answered import Ends, Responses, Wrong
from app.stats.answered_document import StoredEnds
from app.stats.beliefs import FEWEST_STUDENTS, Belief, is_good
from app.stats.shares import Share

FEWEST_ANSWERS = 10
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


@dataclass(frozen=True, slots=True)
class _Learned:
    """Of one member: the objectives, by id, of each first answer of the day that was right, and of each wrong one; and
    what they answered to each question.
    """

    right: Sequence[int]
    wrong: Sequence[int]
    responses: Responses


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
    by_zone = {(zone, hour): study_day(now, zone, hour) for zone, hour in days.zones}
    today = {who: by_zone[zone, hour] for who, zone, hour in members}
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
    alike: dict[Wrong, Wrong] = {}  # a class has a few wrong responses to a question, many times over
    found: dict[int, _Learned] = {}
    for who in today:
        past = stored[who].ends if who in stored else None
        found[who] = _Learned(*firsts[who], _responses(past, later.get(who, {}), versions, alike))
    return found


def _responses(
    past: StoredEnds | None, later: Mapping[int, Ends], versions: Mapping[int, int], alike: dict[Wrong, Wrong]
) -> Responses:
    """What one member responded to the questions of these versions, by id: what is stored, and what came later."""
    others = dict(versions)
    for key in later:
        others.pop(key, None)
    found = past.responses(others, alike) if past is not None else Responses.none()
    for key, one in later.items():
        if key in versions:
            before = past.get(key) if past is not None else None
            found.add(key, before.joined(one) if before is not None and before.version == one.version else one)
    return found


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
    first, later = _Tried([one.responses[:2] for one in learned]), _Tried([one.responses[2:] for one in learned])
    asked = [key for key in _asked(session, of) if first.students[key]]
    known = [key for key in asked if first.students[key] >= FEWEST_STUDENTS]
    # A mistake is made by no more students than err: most questions need not be read.
    wanted = [key for key in known if is_good(first.share_wrong(key)) or is_good(later.share_wrong(key))]
    found: list[Believed] = []
    for question_id, (body, section) in _bodies(session, wanted).items():
        given = sorted({*first.wrong.get(question_id, ()), *later.wrong.get(question_id, ())})
        made = {one: mistakes.find(body, json.loads(one)) for one in given}
        said = {one.key: one for all_made in made.values() for one in all_made}
        kept = beliefs.beliefs(*(_groups(tried, question_id, made) for tried in (first, later)))
        found += [Believed(question_id, body, section, said[one.key], one) for one in kept or ()]
    return sorted(found, key=lambda one: beliefs.urgency(one.belief)), len(asked) - len(known)


class _Tried:
    """Of all members: by question id how many tried it, and the wrong responses, with how many gave each."""

    def __init__(self, told: Sequence[tuple[Sequence[int], Sequence[Wrong]]]) -> None:
        # Each in one call: there are some ten thousand.
        self.students = Counter(chain.from_iterable(tried for tried, _ in told))
        wrong = Counter(chain.from_iterable(wrong for _, wrong in told))
        self.wrong: dict[int, dict[str, int]] = {}
        self._erred = Counter[int]()
        for (question, given), students in wrong.items():
            self.wrong.setdefault(question, {})[given] = students
            self._erred[question] += students

    def share_wrong(self, question: int) -> Share:
        """How many of those who tried it erred."""
        return Share(self._erred[question], self.students[question])


def _groups(
    tried: _Tried, question_id: int, made: Mapping[str, Sequence[Mistake]]
) -> Iterator[tuple[Sequence[_Key], int]]:
    """The students who made the same mistakes, as `beliefs` counts them; `made` are those of each wrong response."""
    wrong = tried.share_wrong(question_id)
    yield (), wrong.of - wrong.count
    told = tried.wrong.get(question_id, {})
    for given, found in made.items():
        if given in told:
            yield [one.key for one in found], told[given]


def _asked(session: Session, of: Taught) -> Sequence[int]:
    """The questions in which one can err, by id."""
    rows = select(Question.id).where(Question.course_id == of.course_id, ASKABLE, Question.type != "flashcard")
    return session.scalars(rows.order_by(Question.position, Question.id)).all()


def _bodies(session: Session, questions: Sequence[int]) -> Mapping[int, tuple[Body, Section]]:
    """These questions as they are worded now, in the course's order."""
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
    rows = session.execute(
        select(Question.id, QuestionVersion.body, *SECTION_COLUMNS)
        .join(QuestionVersion, current)
        .join(Objective, Objective.id == Question.objective_id)
        .join(Course, Course.id == Question.course_id)
        .where(Question.id.in_(questions))
        .order_by(Question.position, Question.id)
    )
    return {row.id: (from_document(row.body), section_of(row)) for row in rows}
