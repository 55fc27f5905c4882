"""What members of a class answered before today, stored once a day and member, so that no page reads whole logs.

A row holds while it tells of all that the log has before its mark: an answer that arrives late, or one of an earlier
day that is taken back, makes it void, and the pages read that member's log instead. Who reads it writes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Row, String, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.models import Card, Class, Membership, MemberSum, Question, ReviewLog
from app.services import copies
from app.services.class_log import FIRSTS, IS_RESPONSE, RECALLED, RESPONSES, REVIEWS, TOLD, Marks, SelectT
from app.services.classes import Taught
from app.services.identity import Person
from app.services.kept import Kept
from app.services.log_rows import STANDS
from app.services.past_log import eve_of
from app.srs.answering import Kind
from app.stats.answered import WEEK_DAYS, Ends, Firsts, Given, Later
from app.stats.answered_document import StoredEnds, ends_written, firsts_read, firsts_written
from app.stats.retention import WINDOW_DAYS


class Joined(Protocol):
    """What makes of a statement one that reads certain rows of ReviewLog, joined with Card and Question."""

    def __call__(self, statement: SelectT, /) -> SelectT: ...


_STORED: Kept[bool] = Kept(most=2_000)  # by learner and study day


def _wrong(row: Any) -> Any:
    """The response of a row as text; NULL when it was right, or declared right."""
    right = or_(row.credit_parts == row.credit_of, row.overridden)
    return case((~right, cast(row.response, String)))


# Of a row of the log: the version of its question if it is a response, its place, whether it is a drill, and what was
# wrong.
_ENDS = (
    case((and_(STANDS, IS_RESPONSE), ReviewLog.question_version)),
    ReviewLog.number,
    case((ReviewLog.kind == Kind.DRILL.value, 1), else_=0),
    _wrong(ReviewLog),
)


@dataclass(frozen=True, slots=True)
class Past:
    """What a member answered: `firsts` until now; `ends` before the mark, and of the `later` ones by question id those
    to its present version. Nothing of ends when not asked for.
    """

    firsts: Firsts
    ends: StoredEnds | None
    later: Mapping[int, Ends]


def read(session: Session, of: Taught, marks: Marks, today: Mapping[int, date], *, ends: bool) -> Mapping[int, Past]:
    """What is stored and holds of these members, by user id; `today` is the study day that it is for each of them."""
    whose = MemberSum.learner_id.in_(list(today))
    columns, more = ([MemberSum.ends], _ENDS) if ends else ([], ())
    versions = {key: one.version for key, one in marks.questions.items()}
    found: dict[int, Past] = {}
    for row, later in _holding(session, whose, of.course_id, marks.lengths, [MemberSum.firsts, *columns], more):
        if row.mark <= today.get(row.learner_id, date.min):
            # It is a copy, and no page needs to fail for one that is damaged.
            with suppress(ValueError):
                here = (Later(*one[:3]) for one in later if one[1] in versions)  # not of other courses
                firsts = firsts_read(row.mark, row.firsts).joined(here)
                told = StoredEnds(row.ends) if ends else None
                found[row.learner_id] = Past(firsts, told, _later_ends(later, versions) if ends else {})
    return found


def _later_ends(rows: Iterable[Sequence[Any]], versions: Mapping[int, int]) -> Mapping[int, Ends]:
    """The ends of the responses to these versions of questions, by id."""
    found: dict[int, Ends] = {}
    for day, question, _, version, number, is_drill, wrong in rows:
        if version is not None and versions.get(question) == version:
            last = (0, 0, None) if is_drill else (number, day.toordinal(), wrong)
            one = Ends(version, number, day.toordinal(), wrong, *last)
            found[question] = found[question].joined(one) if question in found else one
    return found


def _holding(
    session: Session,
    whose: ColumnElement[bool],
    course_id: int,
    lengths: Mapping[int, int],
    columns: Sequence[Any],
    more: Sequence[Any] = (),
) -> Iterator[tuple[Row[Any], Sequence[Sequence[Any]]]]:
    """The rows of MemberSum that are not void, with learner, mark and `columns`, each with the rows of the log that
    came after it, of all courses: study day, question id, what is `TOLD`, and what `more` says. `lengths` are those of
    the logs.
    """
    mine = whose, MemberSum.course_id == course_id
    rows = session.execute(select(MemberSum.learner_id, MemberSum.mark, MemberSum.counted, *columns).where(*mine)).all()
    if not rows:
        return
    undone = aliased(ReviewLog)
    stored = and_(undone.number == ReviewLog.undoes, undone.study_day < MemberSum.mark)
    takes_back = and_(ReviewLog.undoes.is_not(None), exists().where(undone.card_id == ReviewLog.card_id, stored))
    after = session.execute(
        select(ReviewLog.learner_id, case((takes_back, 1), else_=0))
        .add_columns(ReviewLog.study_day, Card.question_id, TOLD, *more)
        .join(MemberSum, MemberSum.learner_id == ReviewLog.learner_id)
        .join(Card, Card.id == ReviewLog.card_id)
        .where(*mine, ReviewLog.answered_at >= MemberSum.since, ReviewLog.study_day >= MemberSum.mark)
    )
    later: dict[int, list[Sequence[Any]]] = {}
    void = set[int]()
    for learner, undoes, *told in after:
        later.setdefault(learner, []).append(told)
        if undoes:
            void.add(learner)
    for row in rows:
        came = later.get(row.learner_id, ())
        if row.learner_id not in void and row.counted == lengths.get(row.learner_id, 0) - len(came):
            yield row, came


def ends_by_learner(session: Session, joined: Joined) -> Mapping[int, Mapping[int, Ends]]:
    """Of each card, by learner and question id: the first response and the last one that is no drill, which follows
    the feedback too closely to tell what is believed.

    `joined` says of which rows.
    """
    ends = (
        joined(select(ReviewLog.card_id, ReviewLog.learner_id, Card.question_id, Question.version))
        .add_columns(func.min(ReviewLog.number).label("first"))
        .add_columns(func.max(case((ReviewLog.kind != Kind.DRILL.value, ReviewLog.number))).label("last"))
        .where(RESPONSES)
        .group_by(ReviewLog.card_id, ReviewLog.learner_id, Card.question_id, Question.version)
        .subquery()
    )
    first, last = aliased(ReviewLog), aliased(ReviewLog)
    rows = session.execute(
        select(ends.c.learner_id, ends.c.question_id, ends.c.version)
        .add_columns(first.number, first.study_day, _wrong(first))
        .add_columns(last.number, last.study_day, _wrong(last))
        .join(first, and_(first.card_id == ends.c.card_id, first.number == ends.c.first))
        .outerjoin(last, and_(last.card_id == ends.c.card_id, last.number == ends.c.last))
    )
    found: dict[int, dict[int, Ends]] = {}
    for learner, question, version, number, day, wrong, last_number, last_day, last_wrong in rows:
        last_on = last_day.toordinal() if last_day else 0
        found.setdefault(learner, {})[question] = Ends(
            version, number, day.toordinal(), wrong, last_number or 0, last_on, last_wrong
        )
    return found


@dataclass(frozen=True, slots=True)
class Sums:
    """What is about to be written."""

    learner_id: int
    course_id: int
    mark: date
    counted: int
    firsts: bytes
    ends: bytes


def due(person: Person, now: datetime) -> bool:
    """Whether to look if there is something to store."""
    return _STORED.found((person.id, person.today(now))) is None


def to_store(session: Session, person: Person, now: datetime) -> Sequence[Sums] | None:
    """What is to be stored of the courses of the classes they belong to, and is not; None for who is in no class."""
    courses = select(Class.course_id).join(Membership, Membership.class_id == Class.id)
    mine = sorted(set(session.scalars(courses.where(Membership.user_id == person.id))))
    if not mine:
        return None
    mark = person.today(now)
    length = select(func.coalesce(func.sum(Card.log_length), 0)).where(Card.learner_id == person.id)
    later = select(func.count()).where(
        ReviewLog.learner_id == person.id, ReviewLog.answered_at >= eve_of(mark), ReviewLog.study_day >= mark
    )
    every, fresh = session.execute(select(length.scalar_subquery(), later.scalar_subquery())).one()
    found: list[Sums] = []
    for course in mine:
        rows = _holding(session, MemberSum.learner_id == person.id, course, {person.id: every}, [MemberSum.ends])
        known = [row for row, _ in rows if row.mark <= mark]  # not of a later day, where somebody went west
        if not any(row.mark == mark for row in known):
            firsts, ends = _firsts(session, person.id, course, mark), _ends(session, person.id, course, mark, known)
            found.append(Sums(person.id, course, mark, every - fresh, firsts_written(firsts), ends_written(ends)))
    return found


def _firsts(session: Session, learner: int, course: int, mark: date) -> Firsts:
    recalled = case((RECALLED, 1), else_=0)
    window, week = (mark - timedelta(days=days) for days in (WINDOW_DAYS, WEEK_DAYS))
    told = _between(select(ReviewLog.study_day, Card.question_id, recalled), learner, course, window, mark)
    rows = session.execute(told.where(FIRSTS).order_by(ReviewLog.study_day.desc())).all()
    right, wrong = ([row for row in rows if row[2] == is_right] for is_right in (1, 0))
    days = _between(select(ReviewLog.study_day).distinct(), learner, course, week, mark)

    def given(chosen: Sequence[Any]) -> Given:
        return Given([(mark - day).days for day, *_ in chosen], [question for _, question, _ in chosen])

    return Firsts(mark, given(right), given(wrong), [(mark - day).days for day in session.scalars(days.where(REVIEWS))])


def _ends(session: Session, learner: int, course: int, mark: date, known: Sequence[Row[Any]]) -> Mapping[int, Ends]:
    """What was stored until now, if it holds, with what came after it."""
    ends, since = dict[int, Ends](), date.min
    for row in known:
        with suppress(ValueError):
            ends, since = dict(StoredEnds(row.ends)), row.mark
    later = ends_by_learner(session, lambda statement: _between(statement, learner, course, since, mark))
    for key, one in later.get(learner, {}).items():
        ends[key] = ends[key].joined(one) if key in ends and ends[key].version == one.version else one
    return ends


def _between(statement: SelectT, learner: int, course: int, since: date, until: date) -> SelectT:
    """The statement of the rows of a learner's log from one study day to the one before another."""
    rows = (
        statement.select_from(ReviewLog)
        .join(Card, Card.id == ReviewLog.card_id)
        .join(Question, Question.id == Card.question_id)
        .where(ReviewLog.learner_id == learner, Question.course_id == course, ReviewLog.study_day < until)
    )
    if since == date.min:
        return rows
    return rows.where(ReviewLog.answered_at >= eve_of(since), ReviewLog.study_day >= since)


def store(session: Session, rows: Sequence[Sums]) -> None:
    """Write what is to be stored in place of what was; nothing of a learner or a course that is gone meanwhile."""
    for row in rows:
        told = {"mark": row.mark, "since": eve_of(row.mark), "counted": row.counted}
        key = {"learner_id": row.learner_id, "course_id": row.course_id}
        copies.put(session, MemberSum, key, {**told, "firsts": row.firsts, "ends": row.ends})


def is_stored(person: Person, now: datetime) -> None:
    """Look no more today: the caller has committed it, or there was nothing to store."""
    _STORED.keep((person.id, person.today(now)), True)


def look_again(person: Person, now: datetime) -> None:
    """What is stored may be void: the caller has stored an answer of an earlier day."""
    _STORED.drop((person.id, person.today(now)))
