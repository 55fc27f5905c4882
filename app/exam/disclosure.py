"""What a student may be shown of an exam once it was taken, and from when: one rule for every page and file.

A key shown while somebody may still answer is a key given away. So "once closed" means: closed for the last
student who may sit the exam, extra time, time given later and make-ups included, and the grace of saves over.
A score tells nobody which answer is right: it waits for the class, not for the make-ups.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from app.exam.timing import GRACE, Window, last_moment


class Option(StrEnum):
    """When something may be shown, as the teacher chose: never, once handed in, once the exam is closed."""

    NEVER = "never"
    SUBMITTED = "submitted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Closing:
    """The last instants at which a response may still be accepted; None where nothing closes the exam.

    `scores_at` is that of the class (extra time and time given later included), `keys_at` that of everybody
    (make-ups too): what is shown "once closed" is shown after it, not at it.
    """

    scores_at: datetime | None
    keys_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sitting:
    """Where one student stands: whether an attempt of theirs is over, whether one is at work."""

    finished: bool
    at_work: bool = False


def closing(
    window: Window,
    extras: Iterable[Fraction] = (),
    deadlines: Iterable[datetime] = (),
    makeups: Iterable[datetime] = (),
) -> Closing:
    """When an exam with this window is closed for its last student.

    `extras` are the members' shares of extra time, `deadlines` those stored with attempts that were not handed
    in (time may have been given), `makeups` the ends of other windows and the deadlines of attempts in them.
    """
    if window.closes_at is None:
        return Closing(None, None)
    ends = [last_moment(window, extra) or window.closes_at for extra in (Fraction(0), *extras)]
    scores_at = max([*ends, *deadlines]) + GRACE
    return Closing(scores_at, max([scores_at, *(end + GRACE for end in makeups)]))


def score_shown(option: Option, sitting: Sitting, closed: Closing, now: datetime) -> bool:
    """Whether a student may read the score of a finished attempt."""
    if not sitting.finished or option is Option.NEVER:
        return False
    return option is Option.SUBMITTED or _is_past(closed.scores_at, now)


def key_shown(option: Option, sitting: Sitting, closed: Closing, now: datetime) -> bool:
    """Whether a student may read right answers (or explanations: each has its own option).

    Never while an attempt of theirs is at work. Whoever did not sit the exam waits until it is closed.
    """
    if sitting.at_work or option is Option.NEVER:
        return False
    return (option is Option.SUBMITTED and sitting.finished) or _is_past(closed.keys_at, now)


def credit_shown(score: Option, answers: Option, sitting: Sitting, closed: Closing, now: datetime) -> bool:
    """Whether a student may read what each response is worth: with the score, when that gives no key away.

    The credit of one's own response tells whether it is right, which somebody at work would like to hear.
    """
    safe = key_shown(answers, sitting, closed, now) or (_is_past(closed.keys_at, now) and not sitting.at_work)
    return safe and score_shown(score, sitting, closed, now)


def _is_past(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and now > instant
