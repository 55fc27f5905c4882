"""The exams of the demonstration class: one that is over and marked, one announced, one to practise, a draft.

They pass through the services that real ones pass through, each at the time it would have happened. Which
questions are asked and what is answered depends on the seed alone.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import exp
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.db import Database
from app.exam import blueprint, keys, regrading, responses, timing
from app.exam.blueprint import Candidate, Demand, Unfillable
from app.services import (
    adjustments,
    attempts,
    classes,
    demo_responses,
    exam_pool,
    exams,
    marks,
    regrades,
    roster_claims,
)
from app.services.attempts import Change, Sheet
from app.services.demo_cast import Student
from app.services.demo_responses import Response
from app.services.exams import Draft
from app.services.identity import Person
from app.services.marks import FrozenItem

_ZONE = "Europe/Paris"
_SATURDAY = 5
_DAYS_AGO, _DAYS_AHEAD = 5, 9
_DURATION_S = 40 * 60
_EXTRA_MINUTES = 20  # an hour: the third that is usual in France
_HEAVY = frozenset({"command", "cloze"})  # count double
_FINISHED = {"single": 5, "command": 3, "short_answer": 2, "multiple": 2, "true_false": 1, "cloze": 1, "matching": 1}
_COMING = {"single": 8, "command": 4, "multiple": 3, "short_answer": 3, "cloze": 1, "ordering": 1}
_PRACTICE = {"single": 4, "true_false": 2, "command": 2, "short_answer": 2}
_MISSES = (6, 3, 1)  # how popular the wrong answers to a question are: some are believed
_LEFT_OUT = 0.06  # how often a question is left without an answer
_NOT_FAIR = "Le cours ne traite cette question qu’en passant : le point est donné à tous."
_LOST_TIME = "Son poste s’est éteint pendant l’épreuve : cinq minutes perdues."


@dataclass(frozen=True, slots=True)
class Marked:
    """The exam that is over: its id, how many took it."""

    exam_id: int
    attempts: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question of the exam: how hard it is (0 is usual, more is harder), what who misses it answers."""

    item: FrozenItem
    hardness: float
    misses: Sequence[Response]


@dataclass(frozen=True, slots=True)
class _Pace:
    """When a student starts, how many seconds a question takes them, and whether they forget to hand in."""

    starts: datetime
    seconds: float
    forgets: bool


def hold(
    database: Database, teacher: Person, class_id: int, cast: Mapping[Person, Student], luck: Random, now: datetime
) -> Marked | None:
    """Give the class its exams; return the one that is over, or None where the bank has nothing to ask."""
    with database.writing() as session:
        course_id = classes.found(session, teacher, class_id).course_id
        pool = exam_pool.candidates(session, course_id)
        asked = _drawn(_FINISHED, pool, luck)
        if not asked:
            return None
        day = _weekday(now.astimezone(ZoneInfo(_ZONE)).date() - timedelta(days=_DAYS_AGO), -1)
        exam_id = _announce(session, teacher, class_id, _finished(day, asked), _at(day - timedelta(days=7), 17))
        heavy = {one.id: 2 for one in pool if one.id in asked and one.type in _HEAVY}
        exams.set_points(session, teacher, exam_id, heavy)
        _announce_others(session, teacher, class_id, [one for one in pool if one.id not in asked], luck, now)
        questions = [_asked(item, luck) for item in marks.any_exam(session, exam_id).items.values()]
    taken = _sit(database, teacher, exam_id, cast, questions, luck, _at(day, 10))
    with database.writing() as session:
        _correct(session, teacher, exam_id, questions, taken[len(taken) // 2], _at(day + timedelta(days=1), 9))
    return Marked(exam_id, len(taken))


def _announce(session: Session, teacher: Person, class_id: int, draft: Draft, at: datetime) -> int:
    exam_id = exams.create(session, teacher, class_id, draft, at - timedelta(hours=2))
    exams.publish(session, teacher, exam_id, at)
    return exam_id


def _finished(day: date, questions: tuple[int, ...]) -> Draft:
    return Draft(
        "Contrôle de mi-parcours",
        opens_at=_at(day, 10),
        closes_at=_at(day, 11),
        duration_s=_DURATION_S,
        zone=_ZONE,
        questions=questions,
        shuffle_questions=False,  # an attempt's own order is no matter of our seed: it would say what time cuts off
        pass_hundredths=1000,
    )


def _coming(day: date, questions: tuple[int, ...]) -> Draft:
    opens, closes = _at(day, 14), _at(day, 16)
    return Draft("Examen final", "exam", opens, closes, 90 * 60, _ZONE, questions=questions, pass_hundredths=1000)


def _practice(questions: tuple[int, ...]) -> Draft:
    return Draft(
        "Entraînement à l’examen",
        "practice",
        zone=_ZONE,
        attempts=0,
        questions=questions,
        show_score="submitted",
        show_answers="submitted",
        show_explanations="submitted",
    )


def _announce_others(
    session: Session, teacher: Person, class_id: int, pool: Sequence[Candidate], luck: Random, now: datetime
) -> None:
    """The exam to come, one to practise and a draft; none of them asks what the finished one asked."""
    today = now.astimezone(ZoneInfo(_ZONE)).date()
    day = _weekday(today + timedelta(days=_DAYS_AHEAD), 1)
    if coming := _drawn(_COMING, pool, luck):
        _announce(session, teacher, class_id, _coming(day, coming), now - timedelta(hours=2))
    public = [one for one in pool if one.id not in coming and not one.reserved]
    if practice := _drawn(_PRACTICE, public, luck):
        _announce(session, teacher, class_id, _practice(practice), now - timedelta(days=2))
        types = Counter(one.type for one in public if one.id in practice)
        demands = tuple(Demand(count, type=kind) for kind, count in types.items())  # there is such a draw: `practice`
        closes = _at(day + timedelta(days=21), 16)
        draft = Draft("Session de rattrapage", closes_at=closes, zone=_ZONE, demands=demands)
        exams.create(session, teacher, class_id, draft, now)


def _drawn(wanted: Mapping[str, int], pool: Sequence[Candidate], luck: Random) -> tuple[int, ...]:
    """As many questions of each type as wanted, or as there are; a small bank asks less."""
    demands = list(_demands(wanted, pool))
    while demands:
        try:
            return blueprint.draw(demands, pool, luck)
        except Unfillable:  # what gives something else away cannot all be asked together
            demands.pop()
    return ()


def _demands(wanted: Mapping[str, int], pool: Sequence[Candidate]) -> Iterable[Demand]:
    there = Counter(one.type for one in pool)
    return (Demand(min(count, there[kind]), type=kind) for kind, count in wanted.items() if there[kind])


def _asked(item: FrozenItem, luck: Random) -> _Asked:
    hardness = luck.gauss(0, 0.9) + (item.level - 2) * 0.4
    return _Asked(item, hardness, [demo_responses.miss(item.body, luck) for _ in _MISSES])


def _sit(
    database: Database,
    teacher: Person,
    exam_id: int,
    cast: Mapping[Person, Student],
    questions: Sequence[_Asked],
    luck: Random,
    opens_at: datetime,
) -> list[int]:
    """Let all who ever revised take the exam, one with extra time, one until it ends by itself; return the attempts."""
    there = [person for person, student in cast.items() if student.new_per_day]
    slow, forgetful = luck.sample(there, 2)
    with database.writing() as session:
        class_id = exams.found(session, teacher, exam_id).class_id
        details = roster_claims.details(session, teacher, class_id, slow.id)
        longer = dataclasses.replace(details, extra_minutes=_EXTRA_MINUTES)
        roster_claims.change_details(session, teacher, class_id, slow.id, longer, opens_at)
    taken = []
    for person in there:
        answers = {one.item.id: _response(cast[person], one, luck) for one in questions}
        seconds = 175 if person in (slow, forgetful) else luck.uniform(55, 130)
        pace = _Pace(opens_at + timedelta(seconds=luck.randrange(20, 300)), seconds, person is forgetful)
        with database.writing() as session:
            taken.append(_take(session, person, exam_id, answers, pace, luck))
    return taken


def _take(
    session: Session, person: Person, exam_id: int, answers: Mapping[int, Response], pace: _Pace, luck: Random
) -> int:
    """One attempt: each answer is saved when it is found, until the last one or the end of the time."""
    attempt_id, at = attempts.start(session, person, exam_id, "", pace.starts), pace.starts
    sheet = attempts.sheet(session, person, attempt_id, at)
    for item in sheet.items:
        at += timedelta(seconds=round(pace.seconds * luck.lognormvariate(0, 0.4)))
        if timing.is_over(None, sheet.deadline, at):
            break
        if response := answers[item.item_id]:
            fields = responses.to_fields(item.body, response, item.seed)
            attempts.save(session, person, attempt_id, sheet.epoch, [Change(item.position, 1, fields)], at)
    if not pace.forgets:
        attempts.submit(session, person, attempt_id, sheet.epoch, _end(sheet, at))
    return attempt_id


def _end(sheet: Sheet, at: datetime) -> datetime:
    """When who is done at `at` hands in: a minute later, yet in time."""
    done = at + timedelta(minutes=1)
    return done if sheet.deadline is None else min(done, sheet.deadline)


def _response(student: Student, asked: _Asked, luck: Random) -> Response:
    """What a student answers: the better they know the course, the harder a question they get right."""
    worked = student.diligence * student.last / (student.last + student.first + 1)
    ability = 7 * (student.knows - 0.5) + 2 * (worked - 0.5) + 0.3
    right = luck.random() < 1 / (1 + exp(asked.hardness - ability))
    left_out, miss = luck.random() < _LEFT_OUT, luck.choices(asked.misses, _MISSES)[0]
    if right:
        return keys.right(asked.item.body)
    return {} if left_out else miss


def _correct(
    session: Session, teacher: Person, exam_id: int, questions: Sequence[_Asked], attempt_id: int, at: datetime
) -> None:
    """What the teacher does the next morning: the point of the hardest question for all, half a point for one."""
    hardest = max(questions, key=lambda one: one.hardness)
    change = regrading.Change(regrading.Kind.EVERYBODY, {})
    regrades.apply(session, teacher, exam_id, regrades.Wanted(hardest.item.id, change, _NOT_FAIR), at)
    wanted = adjustments.Wanted(attempt_id, "0.5", _LOST_TIME)
    adjustments.adjust(session, teacher, exam_id, wanted, at + timedelta(minutes=20))


def _weekday(day: date, step: int) -> date:
    """The day, or the next working day in the direction of `step`."""
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=step)
    return day


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(_ZONE)).astimezone(UTC)
