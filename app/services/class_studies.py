"""What the cards and the log of each member of a class say, by topic: read once, and kept until it changes."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, func, select, type_coerce
from sqlalchemy.orm import Session

from app.models import Card, Membership, Question, ReviewLog, User
from app.services import card_copies, class_log, member_sums
from app.services.card_rows import ASKABLE
from app.services.class_log import Days, Marks, Part
from app.services.classes import Taught
from app.services.kept import Kept
from app.stats.answered import WEEK_DAYS, Answers
from app.stats.mastery import MATURE_DAYS, Reach

_DAY_US = timedelta(days=1) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Study:
    """Of one member: by topic id their cards and their answers over 28 study days.

    `last_day` is the study day of their last answer; `active_days` is on how many of the last 7 study days they
    reviewed something.
    """

    cards: Mapping[int, Reach]
    last_day: date | None
    answers: Mapping[int, Answers]
    active_days: int


_STUDIES: Kept[Study] = Kept(most=5_000)


def read(
    session: Session, of: Taught, days: Days, today: Mapping[int, date], ready_at: datetime
) -> Mapping[int, Study]:
    """What each of these members has learned, by user id; `today` is the study day that it is for each of them.

    `Reach.recalled` of a topic is how many of its cards they can be expected to recall at `ready_at`.
    """
    marks = Marks.of(session, of)
    keys = {who: marks.of_member(who, of.course_id, day, ready_at) for who, day in today.items()}

    def make(missing: Sequence[int]) -> Mapping[int, Study]:
        chosen = {who: today[who] for who in missing}
        cards = _cards(session, of, days, marks, chosen, ready_at)
        log = _log(session, of, days, marks, chosen)
        return {who: Study(*cards[who], *log[who]) for who in missing}

    return _STUDIES.get_all(keys, make)


def _cards(
    session: Session, of: Taught, days: Days, marks: Marks, today: Mapping[int, date], ready_at: datetime
) -> Mapping[int, tuple[Mapping[int, Reach], date | None]]:
    """Of these members: by topic what they met, settled, owe and know, and the last study day of all."""
    topics = {key: asked.topic_id for key, asked in marks.questions.items() if asked.askable}
    totals, at = Counter(topics.values()), card_copies.days_of(ready_at)
    found: dict[int, tuple[Mapping[int, Reach], date | None]] = {}
    for who, cards in card_copies.read(session, marks, today).items():
        reaches, last = cards.reached(topics.get, totals, today[who].toordinal(), at)
        found[who] = reaches, date.fromordinal(last) if last else None
    others = [who for who in today if who not in found]
    rows = _counted(session, of, days, ready_at, others) if others else {}
    for who in others:
        told = rows.get(who, ())
        reaches = {topic: Reach(totals[topic], *counts) for topic, *counts, _ in told}
        found[who] = reaches, max((last for *_, last in told if last is not None), default=None)
    return found


def _log(
    session: Session, of: Taught, days: Days, marks: Marks, today: Mapping[int, date]
) -> Mapping[int, tuple[Mapping[int, Answers], int]]:
    """Of these members: their answers by topic, and on how many of the last 7 study days they reviewed something."""
    topics = {key: asked.topic_id for key, asked in marks.questions.items()}
    found: dict[int, tuple[Mapping[int, Answers], int]] = {}
    for who, past in member_sums.read(session, of, marks, today, ends=False).items():
        found[who] = past.firsts.answers(topics.get, today[who]), past.firsts.active_days(today[who])
    part = Part(of, [who for who in today if who not in found])
    answers: dict[int, dict[int, Answers]] = {who: {} for who in part.who}
    for who, topic, told in _answers(session, part, days) if part.who else ():
        answers[who][topic] = told
    active = dict(_active(session, part, days)) if part.who else {}
    return found | {who: (told, active.get(who, 0)) for who, told in answers.items()}


def _recalled(ready_at: datetime) -> ColumnElement[Any]:
    """How many cards can be expected to be recalled at an instant, at nine in ten when they are due, and not if missed.

    The curve is that of `app.srs.memory.recall`, with the interval that SM-2 gave for the card's strength: only the
    answers themselves would tell more, and a class has some hundred thousand.
    """
    span_us = type_coerce(ready_at, Card.last_answered_at.type) - type_coerce(Card.last_answered_at, BigInteger)
    strength_us = 9.0 * _DAY_US * Card.interval_days
    since_us = case((span_us > 0, span_us), else_=0)
    knows = and_(Card.due.is_not(None), ~card_copies.MISSED)
    return func.coalesce(func.sum(case((knows, strength_us / (strength_us + since_us)))), 0.0)


def _counted(
    session: Session, of: Taught, days: Days, ready_at: datetime, who: Collection[int]
) -> Mapping[int, Sequence[Sequence[Any]]]:
    """By learner, for each topic: its id, the counts of a Reach, and the last study day."""
    rows = session.execute(
        select(
            Membership.user_id,
            Question.topic_id,
            func.count(Card.due),
            func.count(case((Card.interval_days >= MATURE_DAYS, 1))),
            func.count(case((class_log.owed(days), 1))),
            _recalled(ready_at),
            func.max(Card.last_day),
        )
        .join(Membership, Membership.user_id == Card.learner_id)
        .join(User, User.id == Card.learner_id)
        .join(Question, Question.id == Card.question_id)
        .where(class_log.within(of, who), Question.course_id == of.course_id, ASKABLE)
        .group_by(Membership.user_id, Question.topic_id)  # as the indexes have them: there is nothing to sort
    )
    found: dict[int, list[Sequence[Any]]] = {}
    for learner, *told in rows:
        found.setdefault(learner, []).append(told)
    return found


def _answers(session: Session, part: Part, days: Days) -> Iterator[tuple[int, int, Answers]]:
    """Learners and topics, with first answers of the day over 28 study days, those of the last 7 apart."""
    this_week = ReviewLog.study_day > days.ago(WEEK_DAYS)
    sums = [class_log.RECALLED, this_week, and_(this_week, class_log.RECALLED)]
    statement = select(ReviewLog.learner_id, Question.topic_id, *(func.count(case((one, 1))) for one in sums))
    rows = session.execute(
        part.in_window(statement.add_columns(func.count()), days)
        .where(class_log.FIRSTS)
        .group_by(ReviewLog.learner_id, Question.topic_id)
    )
    for learner, topic, recalled, week, week_recalled, every in rows:
        yield learner, topic, Answers(week_recalled, week, recalled - week_recalled, every - week)


def _active(session: Session, part: Part, days: Days) -> Iterator[tuple[int, int]]:
    """Learners, and on how many of the last 7 study days something was reviewed."""
    statement = select(ReviewLog.learner_id, func.count(ReviewLog.study_day.distinct()))
    rows = session.execute(
        part.in_window(statement, days, WEEK_DAYS).where(class_log.REVIEWS).group_by(ReviewLog.learner_id)
    )
    return ((learner, count) for learner, count in rows)
