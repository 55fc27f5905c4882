"""The squares of the table by student and topic: what they may show, and how strong each one is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.services.class_progress import ClassProgress, MemberProgress
from app.stats.mastery import Reach, step
from app.stats.shares import Share

Meaning = Callable[[Reach, Share], float | None]

MEANINGS: Mapping[str, Meaning] = {
    "ready": lambda reach, _: reach.share_ready if reach.seen else None,
    "retained": lambda _, retained: retained.value,
    "seen": lambda reach, _: reach.share_seen if reach.seen else None,
    "settled": lambda reach, _: reach.share_mature if reach.seen else None,
}


@dataclass(frozen=True, slots=True)
class Square:
    """A whole percentage and its step, 1 (weak) to 4; None and 0 where there is nothing yet."""

    percent: int | None
    step: int


@dataclass(frozen=True, slots=True)
class Heat:
    """The table: a row of squares for each member, in the order they are given, and one for the class."""

    show: str
    rows: Sequence[tuple[str, Sequence[Square]]]
    foot: Sequence[Square]


def heat(read: ClassProgress, members: Sequence[MemberProgress], asked: str | None) -> Heat:
    """The table that an address asks for; readiness when it makes no sense."""
    show = asked if asked and asked in MEANINGS else next(iter(MEANINGS))
    meaning, keys = MEANINGS[show], [topic.id for topic in read.topics]
    rows = [(one.name, [_square(meaning(one.topics[key], one.retained[key])) for key in keys]) for one in members]
    return Heat(show, rows, [_square(meaning(read.topic(key), read.retained(key))) for key in keys])


def _square(share: float | None) -> Square:
    if share is None:
        return Square(None, 0)
    percent = round(100 * share)
    return Square(percent, step(percent / 100))  # the step of the number that is read
