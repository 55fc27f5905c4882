"""What a teacher does to attempts while an exam runs: more time, an end, a way back in; each logged, with its reason.

Whoever gives time or reopens holds the exam first, then attempts in the order of their ids, as starts do: nobody
starts between what was read and what is stored, and nobody waits in a circle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, FieldProblem, Invalid, NotFound
from app.exam import disclosure, timing
from app.exam.disclosure import Option, Sitting
from app.exam.timing import Phase
from app.models import Allowance, Attempt, Class, Exam, ExamEvent
from app.services import classes, disclosures, exam_events, exams
from app.services.attempt_ends import close, close_expired, note, note_all
from app.services.identity import Person
from app.services.messages import message_problem, tidy_message

MOST_MINUTES = 600
_LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class TimeWanted:
    """Minutes to give, and why: to one student, or to everybody where `learner_id` is None.

    `seen` is the id of the newest entry that gave them time when that was asked for, 0 for none; None does not look at
    what was given since. `again` is that of the newest entry of which it is known that this may repeat it.
    """

    minutes: int
    reason: str
    learner_id: int | None = None
    seen: int | None = None
    again: int | None = None


@dataclass(frozen=True, slots=True)
class TimeGiven:
    """What became of it: attempts at work that last longer, ended ones at work again, ended ones that stay so."""

    longer: int
    again: int
    stay: int


@dataclass(frozen=True, slots=True)
class BackWanted:
    """A way back into an attempt, until when, and why; `until` is None for one that nothing ends."""

    attempt_id: int
    until: datetime | None
    reason: str


def give_time(session: Session, teacher: Person, exam_id: int, wanted: TimeWanted, now: datetime) -> TimeGiven | None:
    """Move the deadline of attempts at work, and of those that start later.

    An attempt that the clock ended goes on when its deadline, so moved, is still to come, unless another one of the
    student is at work or its right answers may have been read. One student who is at work, or again, gets the time
    in that attempt alone; everybody's is for all who start later. The same request sent again gives nothing and
    returns None. Raises NotFound; Conflict ("nobody_to_give") when nobody could use it; Invalid with every problem,
    "given_meanwhile" where time was given since `wanted.seen`, and "given_before" where one before is the same.
    """
    exam = _published(session, teacher, exam_id)
    problems = (_minutes_problem(wanted.minutes), message_problem(wanted.reason))
    if any(problems):
        raise Invalid([problem for problem in problems if problem])
    if wanted.learner_id is not None:
        _known(session, teacher, exam, wanted.learner_id)
    exam_events.stop_starters(session, exam_id)
    if _was_given(session, teacher, exam_id, wanted):
        return None
    shown, span = keys_shown(session, exam, now), timedelta(minutes=wanted.minutes)
    longer, again, stay = _sorted_out(_held(session, exam_id, wanted.learner_id), span, shown, now)
    later = wanted.learner_id is None or not (longer or again)
    if not (longer or again) and not _somebody_may_start(session, exam, wanted.learner_id, now):
        raise Conflict("nobody_to_give")
    reason, minutes = tidy_message(wanted.reason), wanted.minutes
    told = (wanted.learner_id, exam_events.TIME_GIVEN, reason, now)
    event = exam_events.record(session, teacher, exam_id, *told, minutes=minutes, later=later)
    for attempt in (*longer, *again):
        attempt.deadline = attempt.deadline and attempt.deadline + span
        _open(attempt)
    session.flush()
    ids = [attempt.id for attempt in (*longer, *again)]
    note_all(session, ids, "time_given", now, teacher, minutes=minutes, reason=reason, exam_event=event)
    return TimeGiven(len(longer), len(again), len(stay))


def _was_given(session: Session, teacher: Person, exam_id: int, wanted: TimeWanted) -> bool:
    """Whether this very request came before; raises Invalid where its teacher should know what else was given."""
    if wanted.seen is None:
        return False
    every = exam_events.time_given(session, exam_id, wanted.learner_id)
    meanwhile = [event for event in every if event.id > wanted.seen]
    if any(_is_same(event, teacher, wanted) for event in meanwhile):
        return True
    if meanwhile:
        minutes = sum(int(event.details.get("minutes", 0)) for event in meanwhile)
        raise Invalid([FieldProblem("minutes", "given_meanwhile", (("minutes", minutes),))])
    if any(_is_same(event, teacher, wanted) for event in every if event.id > (wanted.again or 0)):
        raise Invalid([FieldProblem("minutes", "given_before", (("minutes", wanted.minutes),))])
    return False


def _is_same(event: ExamEvent, teacher: Person, wanted: TimeWanted) -> bool:
    given = event.by_id, event.learner_id, event.details.get("minutes"), event.reason
    return given == (teacher.id, wanted.learner_id, wanted.minutes, tidy_message(wanted.reason))


def reopen(session: Session, teacher: Person, exam_id: int, wanted: BackWanted, now: datetime) -> None:
    """Give an attempt that is over back to its student, in a new epoch; its next end brings another receipt.

    Raises NotFound; Conflict: "at_work" (it is not over), "second_at_work" (another one of the student is),
    "erased" (nobody to give it to), "keys_shown" (its right answers may have been read); Invalid with every problem.
    """
    exam = _published(session, teacher, exam_id)
    exam_events.stop_starters(session, exam_id)
    attempt = _locked(session, exam_id, wanted.attempt_id)
    problems = (_until_problem(attempt, wanted.until, now), message_problem(wanted.reason))
    if any(problems):
        raise Invalid([problem for problem in problems if problem])
    if attempt.learner_id is None:
        raise Conflict("erased")
    if not timing.is_over(attempt.submitted_at, attempt.deadline, now):
        raise Conflict("at_work")
    close_expired(session, attempt.learner_id, exam_id, now)
    if _has_open(session, exam_id, attempt.learner_id):
        raise Conflict("second_at_work")
    if keys_shown(session, exam, now):
        raise Conflict("keys_shown")
    ended = {"ended_at": attempt.submitted_at and attempt.submitted_at.isoformat(), "closed_by": attempt.closed_by}
    details = {**ended, "receipt": attempt.receipt, "reason": tidy_message(wanted.reason)}
    _open(attempt)
    attempt.deadline = wanted.until
    attempt.epoch += 1
    note(session, attempt.id, "reopened", now, teacher, **details)
    session.flush()


def end(session: Session, teacher: Person, exam_id: int, attempt_id: int, reason: str, now: datetime) -> None:
    """End an attempt for its student, as it is saved; ended twice it ends once.

    Raises NotFound, Conflict ("over") for one that is over otherwise, Invalid without a reason.
    """
    exams.found(session, teacher, exam_id)
    if problem := message_problem(reason):
        raise Invalid([problem])
    attempt = _locked(session, exam_id, attempt_id)
    if attempt.closed_by == "teacher":
        return
    if timing.is_over(attempt.submitted_at, attempt.deadline, now):
        raise Conflict("over")
    close(attempt, "teacher", now)
    note(session, attempt_id, "ended", now, teacher, reason=tidy_message(reason))
    session.flush()


def keys_shown(session: Session, exam: Exam, now: datetime) -> bool:
    """Whether whoever finished may have read what is right: such an attempt must not go on."""
    if session.scalar(select(Class.archived_at).where(Class.id == exam.class_id)) is not None:
        return True  # the keys of a class that was put away are free
    closed = disclosures.closings(session, [exam.id])[exam.id]
    done = Sitting(finished=True)
    score, answers = Option(exam.show_score), Option(exam.show_answers)
    return (
        disclosure.key_shown(answers, done, closed, now)
        or disclosure.key_shown(Option(exam.show_explanations), done, closed, now)
        or disclosure.credit_shown(score, answers, done, closed, now)
    )


def _sorted_out(
    attempts: Sequence[Attempt], span: timedelta, shown: bool, now: datetime
) -> tuple[list[Attempt], list[Attempt], list[Attempt]]:
    """The attempts at work, those that the clock ended and that go on, those that it ended for good."""
    over = {one.id: timing.is_over(one.submitted_at, one.deadline, now) for one in attempts}
    settled = {one.learner_id for one in attempts if not over[one.id]}
    longer: list[Attempt] = []
    again: list[Attempt] = []
    stay: list[Attempt] = []
    for one in attempts:
        if one.deadline is not None and not over[one.id]:
            longer.append(one)
        elif one.deadline is not None and one.learner_id not in settled and _goes_on(one, one.deadline + span, now):
            (stay if shown or one.learner_id is None else again).append(one)
        settled.add(one.learner_id)  # of a student's attempts only the newest may go on
    return longer, again, stay


def _goes_on(attempt: Attempt, deadline: datetime, now: datetime) -> bool:
    """Whether the clock alone ended it, and would not have with this deadline."""
    return attempt.closed_by in (None, "time") and deadline > now


def _held(session: Session, exam_id: int, learner_id: int | None) -> Sequence[Attempt]:
    """The attempts of a student, or everybody's, held until what is done is stored; the newest first."""
    statement = select(Attempt).where(Attempt.exam_id == exam_id)
    if learner_id is not None:
        statement = statement.where(Attempt.learner_id == learner_id)
    held = session.scalars(statement.order_by(Attempt.id).with_for_update()).all()
    return sorted(held, key=lambda one: -one.number)


def _somebody_may_start(session: Session, exam: Exam, learner_id: int | None, now: datetime) -> bool:
    """Whether an attempt that has a deadline can still be started."""
    window = exams.window_of(exam)
    theirs = [Allowance.exam_id == exam.id, Allowance.closes_at > now]
    if learner_id is not None:
        theirs.append(Allowance.learner_id == learner_id)
    own_window = session.scalar(select(Allowance.exam_id).where(*theirs).limit(1)) is not None
    ends = window.duration is not None or window.closes_at is not None
    return ends and (own_window or timing.phase(window, now) is not Phase.CLOSED)


def _published(session: Session, teacher: Person, exam_id: int) -> Exam:
    if exams.found(session, teacher, exam_id).published is None:
        raise Conflict("not_published")
    return session.get_one(Exam, exam_id)


def _known(session: Session, teacher: Person, exam: Exam, learner_id: int) -> None:
    """Raise NotFound unless the student is of the class, or has started."""
    started = select(Attempt.id).where(Attempt.exam_id == exam.id, Attempt.learner_id == learner_id).limit(1)
    if session.scalar(started) is None:
        classes.member_name(session, teacher, exam.class_id, learner_id)


def _locked(session: Session, exam_id: int, attempt_id: int) -> Attempt:
    statement = select(Attempt).where(Attempt.id == attempt_id, Attempt.exam_id == exam_id)
    attempt = session.scalar(statement.with_for_update())
    if attempt is None:
        raise NotFound
    return attempt


def _has_open(session: Session, exam_id: int, learner_id: int) -> bool:
    theirs = select(Attempt.id).where(
        Attempt.exam_id == exam_id, Attempt.learner_id == learner_id, Attempt.submitted_at.is_(None)
    )
    return session.scalar(theirs.limit(1)) is not None


def _open(attempt: Attempt) -> None:
    """Take the end of an attempt away, if it has one."""
    attempt.submitted_at = attempt.closed_by = attempt.receipt = None


def _minutes_problem(minutes: int) -> FieldProblem | None:
    bounds = (("least", 1), ("most", MOST_MINUTES))
    return None if 1 <= minutes <= MOST_MINUTES else FieldProblem("minutes", "whole", bounds)


def _until_problem(attempt: Attempt, until: datetime | None, now: datetime) -> FieldProblem | None:
    if until is None:
        return FieldProblem("until", "until_missing") if attempt.deadline is not None else None
    if until <= now:
        return FieldProblem("until", "until_past")
    return FieldProblem("until", "until_far") if until > now + _LONGEST else None
