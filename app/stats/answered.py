"""What one learner answered before a study day, as the pages of their classes show it.

It names questions, not topics or objectives, and the versions that were answered: what changes in the course
afterwards is applied by who reads it.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeAlias, TypeVar

from app.stats.retention import WINDOW_DAYS
from app.stats.shares import Share

WEEK_DAYS = 7

KeyT = TypeVar("KeyT", bound=Hashable)

# What was wrong at first, whether there was a response on a later day, and what was wrong with that.
Response: TypeAlias = tuple[str | None, bool, str | None]


class Ends(NamedTuple):
    """Of the responses to a question in one `version`, the first and the last that is no drill: place in the card's
    log, study day (`date.toordinal`) and, when it was wrong, what it was. `last_number` is 0 when all are drills.
    """

    version: int
    number: int
    day: int
    wrong: str | None
    last_number: int
    last_day: int
    last_wrong: str | None

    def joined(self, other: "Ends") -> "Ends":
        """These responses and others to the same question and version, whichever came first."""
        first = self if self.number < other.number else other
        last = self if self.last_number > other.last_number else other
        return Ends(*first[:4], *last[4:])

    @property
    def is_later(self) -> bool:
        """Whether the last response was given on a later day than the first."""
        return self.last_number > 0 and self.last_day > self.day

    @property
    def response(self) -> Response:
        """What they tell of what is believed."""
        return self.wrong, self.is_later, self.last_wrong if self.is_later else None


@dataclass(frozen=True, slots=True)
class Answers:
    """First answers of the day that were right, of the last 7 study days and of the 21 before them."""

    recent: Share = field(default_factory=Share)
    before: Share = field(default_factory=Share)

    @property
    def both(self) -> Share:
        """The 28 days together."""
        return self.recent + self.before

    def __add__(self, other: "Answers") -> "Answers":
        """The answers of both."""
        return Answers(self.recent + other.recent, self.before + other.before)


class Given(NamedTuple):
    """Answers, the latest first: how many days before a mark, and to which questions, by id."""

    days: Sequence[int]
    questions: Sequence[int]

    def counted(self, key_of: Callable[[int], KeyT | None], since: int, until: int) -> Counter[KeyT]:
        """How many there are by what `key_of` says of a question, from `since` days before the mark to fewer than
        `until`; what is None is left out.
        """
        first, last = bisect_left(self.days, since), bisect_left(self.days, until)
        # One call for all of them: a class has some ten thousand.
        found: Counter[KeyT | None] = Counter(map(key_of, self.questions[first:last]))
        del found[None]
        return found  # type: ignore[return-value]  # None is gone


@dataclass(frozen=True, slots=True)
class Firsts:
    """The first answers of the day over the 28 study days before the study day `mark`.

    `active` says how many days before the mark something was reviewed, of the 7 before it.
    """

    mark: date
    right: Given
    wrong: Given
    active: Sequence[int]

    def answers(self, key_of: Callable[[int], KeyT | None], today: date) -> dict[KeyT, Answers]:
        """Those of the 28 study days that end today, by what `key_of` says of a question id; None is left out.

        `today` is the mark or later.
        """
        gone = (today - self.mark).days
        week, window = WEEK_DAYS - gone, WINDOW_DAYS - gone
        right, wrong = (given.counted(key_of, 0, week) for given in (self.right, self.wrong))
        right_before, wrong_before = (given.counted(key_of, week, window) for given in (self.right, self.wrong))
        return {
            key: Answers(
                Share(right[key], right[key] + wrong[key]),
                Share(right_before[key], right_before[key] + wrong_before[key]),
            )
            for key in {**right, **wrong, **right_before, **wrong_before}
        }

    def counts(self, key_of: Callable[[int], KeyT | None], today: date) -> tuple[Counter[KeyT], Counter[KeyT]]:
        """The same, the 28 days together: how many were right, and how many there are."""
        window = WINDOW_DAYS - (today - self.mark).days
        right = self.right.counted(key_of, 0, window)
        every = right.copy()
        every.update(self.wrong.counted(key_of, 0, window).elements())
        return right, every

    def active_days(self, today: date) -> int:
        """On how many of the 7 study days that end today something was reviewed before the mark."""
        gone = (today - self.mark).days
        return sum(1 for before in self.active if before + gone < WEEK_DAYS)
