"""Which mistakes are believed: those that a good share of a class makes, as far as a few answers can tell."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.stats.shares import Share

FEWEST_STUDENTS = 5
GOOD_SHARE = 0.25
_FEWEST_WHO_ERR = 3

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Belief(Generic[Key]):
    """A mistake, and the share of the students who made it: in their first answer, and in their last later one.

    `later` is None when fewer than 5 students answered again on another day.
    """

    key: Key
    first: Share
    later: Share | None

    @property
    def lasts(self) -> bool:
        """Whether a good share makes it again on another day."""
        return self.later is not None and is_good(self.later)


def beliefs(
    first: Iterable[tuple[Iterable[Key], int]], later: Iterable[tuple[Iterable[Key], int]]
) -> Sequence[Belief[Key]] | None:
    """The believed mistakes of one question, from groups of students who answered alike; None under 5 students.

    A group is the mistakes of its answer (none in a right one) and its number of students; each student is in one
    group of `first`, and in at most one of `later`. Believed is what a quarter of the students, and three at least, got
    wrong in their first answer or get wrong still: what lasts comes first, then what is surest.
    """
    at_first, first_students = _count(first)
    at_last, later_students = _count(later)
    if first_students < FEWEST_STUDENTS:
        return None
    found = []
    for key in dict.fromkeys([*at_first, *at_last]):
        early = Share(at_first.get(key, 0), first_students)
        late = Share(at_last.get(key, 0), later_students) if later_students >= FEWEST_STUDENTS else None
        belief = Belief(key, early, late)
        if is_good(early) or belief.lasts:
            found.append(belief)
    return sorted(found, key=urgency)


def urgency(belief: Belief[Key]) -> tuple[bool, float]:
    """Sorts first what lasts, then what is surest: by the lower bound of the greater of its shares."""
    shares = [belief.first, *([belief.later] if belief.later else [])]
    return not belief.lasts, -max(share.interval[0] for share in shares)


def is_good(share: Share) -> bool:
    """Whether a share of students is large enough for what they make to be believed."""
    return share.count >= _FEWEST_WHO_ERR and (share.value or 0) >= GOOD_SHARE


def _count(groups: Iterable[tuple[Iterable[Key], int]]) -> tuple[Mapping[Key, int], int]:
    counted: dict[Key, int] = {}
    students = 0
    for mistakes, size in groups:
        students += size
        for key in dict.fromkeys(mistakes):  # each once, in an order that is the same everywhere
            counted[key] = counted.get(key, 0) + size
    return counted, students
