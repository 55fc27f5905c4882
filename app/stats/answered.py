"""What one learner answered before a study day, and since, as the pages of their classes show it.

It names questions, not topics or objectives, and the versions that were answered: what changes in the course
afterwards is applied by who reads it.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import NamedTuple, TypeAlias, TypeVar

from app.stats.retention import WINDOW_DAYS
from app.stats.shares import Share

WEEK_DAYS = 7

KeyT = TypeVar("KeyT", bound=Hashable)


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


Wrong: TypeAlias = tuple[int, str]  # a question's id, and a response to it, as JSON


class Responses(NamedTuple):
    """What a learner responded: the ids of the questions, `first`, of those to which there is a response of a later day
    too, `later`, and the responses that were wrong, each with the id of its question.
    """

    first: "array[int]"
    wrong: list[Wrong]
    later: "array[int]"
    wrong_later: list[Wrong]

    @classmethod
    def none(cls) -> "Responses":
        """Those of who has not responded yet, to add to."""
        return cls(array("i"), [], array("i"), [])

    def add(self, question: int, ends: Ends) -> None:
        """Tell of one more question."""
        self.first.append(question)
        if ends.wrong is not None:
            self.wrong.append((question, ends.wrong))
        if ends.is_later:
            self.later.append(question)
            if ends.last_wrong is not None:
                self.wrong_later.append((question, ends.last_wrong))


class Answers(NamedTuple):
    """First answers of the day of the last 7 study days, and of the 21 before: how many were right, and of how many."""

    right: int = 0
    every: int = 0
    right_before: int = 0
    every_before: int = 0

    @property
    def recent(self) -> Share:
        """Of the last 7 study days, the share right."""
        return Share(self.right, self.every)

    @property
    def before(self) -> Share:
        """Of the 21 before them, the share right."""
        return Share(self.right_before, self.every_before)

    @property
    def both(self) -> Share:
        """Of the 28 days together, the share right."""
        return Share(self.right + self.right_before, self.every + self.every_before)


def add(answers: Iterable[Answers]) -> Answers:
    """The answers of all of these."""
    return Answers(*map(sum, zip(*answers, strict=True)))


class Given(NamedTuple):
    """Answers, the latest first: how many days before a mark, and to which questions, by id."""

    days: Sequence[int]
    questions: Sequence[int]

    def keys(self, key_of: Callable[[int], KeyT | None], since: int, until: int) -> Iterator[KeyT | None]:
        """What `key_of` says of each question, from `since` days before the mark to fewer than `until`."""
        first, last = bisect_left(self.days, since), bisect_left(self.days, until)
        return map(key_of, self.questions[first:last])  # no loop of Python: a class has some ten thousand

    def after(self, days: Sequence[int], questions: Sequence[int]) -> "Given":
        """These, and later ones."""
        return Given([*days, *self.days], [*questions, *self.questions])


class Told(IntEnum):
    """What a row of the log says of how well a class retains: NOTHING, that something was reviewed, or that it was the
    first answer of the day, which was wrong or right.
    """

    NOTHING = 0
    REVIEWED = 1
    WRONG = 2
    RIGHT = 3


# Plain numbers: they are compared some thousand times.
_REVIEWED, _WRONG, _RIGHT = int(Told.REVIEWED), int(Told.WRONG), int(Told.RIGHT)


class Later(NamedTuple):
    """A row of the log of the mark or later, and the question, by id, that it is of; `told` is a `Told`."""

    day: date
    question: int
    told: int


@dataclass(frozen=True, slots=True)
class Firsts:
    """The first answers of the day of one course, from 28 study days before the study day `mark` to the one before it,
    and later ones once they are `joined`.

    `active` says how many days before the mark something was reviewed, from 7 days before it on: from the mark on that
    is 0 and less.
    """

    mark: date
    right: Given
    wrong: Given
    active: Sequence[int]

    def joined(self, later: Iterable[Later]) -> "Firsts":
        """These and what came after them."""
        told = [(self.mark.toordinal() - day.toordinal(), question, told) for day, question, told in later]
        if not told:
            return self
        told.sort()
        right, wrong = ([one for one in told if one[2] == what] for what in (_RIGHT, _WRONG))
        reviewed = dict.fromkeys(ago for ago, _, what in told if what >= _REVIEWED)
        return Firsts(
            self.mark,
            self.right.after([ago for ago, *_ in right], [question for _, question, _ in right]),
            self.wrong.after([ago for ago, *_ in wrong], [question for _, question, _ in wrong]),
            [*reviewed, *self.active],
        )

    def answers(self, key_of: Callable[[int], KeyT | None], today: date) -> dict[KeyT, Answers]:
        """Those of the 28 study days that end today, by what `key_of` says of a question id; None is left out.

        `today` is the mark or later.
        """
        gone = (today - self.mark).days
        week, window = WEEK_DAYS - gone, WINDOW_DAYS - gone
        right, wrong = (Counter(given.keys(key_of, -gone, week)) for given in (self.right, self.wrong))
        right_before, wrong_before = (Counter(given.keys(key_of, week, window)) for given in (self.right, self.wrong))
        return {
            key: Answers(right[key], right[key] + wrong[key], right_before[key], right_before[key] + wrong_before[key])
            for key in {**right, **wrong, **right_before, **wrong_before}
            if key is not None
        }

    def keys(self, key_of: Callable[[int], KeyT | None], today: date) -> tuple[Sequence[KeyT], Sequence[KeyT]]:
        """The same, the 28 days together, one by one: of what were right, and of what were wrong."""
        gone = (today - self.mark).days
        right, wrong = (given.keys(key_of, -gone, WINDOW_DAYS - gone) for given in (self.right, self.wrong))
        return [key for key in right if key is not None], [key for key in wrong if key is not None]

    def active_days(self, today: date) -> int:
        """On how many of the 7 study days that end today something was reviewed."""
        gone = (today - self.mark).days
        return sum(1 for before in self.active if 0 <= before + gone < WEEK_DAYS)
