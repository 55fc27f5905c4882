"""Who is ready and who slips: plain rules on what was observed, each with a reason that can be said in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.stats.mastery import Reach
from app.stats.shares import Share

SILENT_DAYS = 7
ENOUGH_ANSWERS = 20
MUCH_DUE = 20
WEAK, FALL = 0.7, 0.15  # right first time
READY, KNOWN = 0.75, 0.8
_A_START = 10  # cards seen, below which half the class's pace says nothing


class Reason(StrEnum):
    """Why somebody slips, the most serious first."""

    NEVER = "never"  # no answer since they joined a week ago or more
    SILENT = "silent"  # no answer for a week or more
    FALLING = "falling"  # right first time clearly less often this week than in the weeks before
    FORGETTING = "forgetting"  # right first time too rarely
    OVERDUE = "overdue"  # more than half of the cards seen wait
    BEHIND = "behind"  # saw less than half of what the middle of the class saw


_ORDER = tuple(Reason)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules look at: study days without an answer, cards, and answers right first time.

    `recent` is the last 7 study days, `before` the 21 before them; `usual_seen` is the median of the cards seen
    in the class, None in an empty one.
    """

    answered: bool
    silent_days: int
    reach: Reach
    recent: Share
    before: Share
    usual_seen: float | None


def reasons(of: Standing) -> tuple[Reason, ...]:
    """Why somebody slips, the most serious first; () for who does not. Of who is silent nothing else is said."""
    if of.silent_days >= SILENT_DAYS:
        return (Reason.SILENT if of.answered else Reason.NEVER,)
    if not of.answered:
        return ()
    found = {
        Reason.FALLING: _falls(of.recent, of.before),
        Reason.FORGETTING: _is_weak(of.recent + of.before),
        Reason.OVERDUE: of.reach.due >= MUCH_DUE and 2 * of.reach.due > of.reach.seen,
        Reason.BEHIND: (of.usual_seen or 0) >= _A_START and 2 * of.reach.seen < (of.usual_seen or 0),
    }
    return tuple(reason for reason in _ORDER if found.get(reason))


def is_ready(of: Standing) -> bool:
    """Whether three quarters of the cards can be expected to be recalled, and four answers in five were right."""
    answers = of.recent + of.before
    knows = answers.of >= ENOUGH_ANSWERS and (answers.value or 0) >= KNOWN
    return knows and (of.reach.share_ready or 0) >= READY and not reasons(of)


def urgency(found: Sequence[Reason], of: Standing) -> tuple[int, int, int]:
    """Sorts those who slip most first: by their gravest reason, then how long they are silent, then what is due."""
    return _ORDER.index(found[0]), -of.silent_days, -of.reach.due


def _falls(recent: Share, before: Share) -> bool:
    if min(recent.of, before.of) < ENOUGH_ANSWERS or recent.value is None or before.value is None:
        return False
    return before.value - recent.value >= FALL


def _is_weak(answers: Share) -> bool:
    return answers.of >= ENOUGH_ANSWERS and (answers.value or 0) < WEAK
