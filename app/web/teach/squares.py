"""The squares of the table by student and topic: what they may show, and how strong each one is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.services.class_progress import ClassProgress, MemberProgress
from app.stats.mastery import Reach, step

# Of one member or the whole class, and of a topic by its id.
Meaning = Callable[[ClassProgress | MemberProgress, int], float | None]


def _of_seen(share: Callable[[Reach], float | None]) -> Meaning:
    """What is said of the cards of a topic once one of them was seen."""

    def meaning(whose: ClassProgress | MemberProgress, topic_id: int) -> float | None:
        reach = whose.topic(topic_id)
        return share(reach) if reach.seen else None

    return meaning


MEANINGS: Mapping[str, Meaning] = {
    "ready": _of_seen(lambda reach: reach.share_ready),
    "retained": lambda whose, topic_id: whose.retained(topic_id).value,
    "seen": _of_seen(lambda reach: reach.share_seen),
    "settled": _of_seen(lambda reach: reach.share_mature),
}


@dataclass(frozen=True, slots=True)
class Square:
    """A whole percentage and its step, 1 (weak) to 4; None and 0 where there is nothing yet."""

    percent: int | None
    step: int


_EMPTY = Square(None, 0)
_SQUARES = [Square(percent, step(percent / 100)) for percent in range(101)]  # the step of the number that is read


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
    rows = [(one.name, [_square(meaning(one, key)) for key in keys]) for one in members]
    return Heat(show, rows, [_square(meaning(read, key)) for key in keys])


def _square(share: float | None) -> Square:
    # Two statements of one page may see a question asked again between them: no page needs to fail for that.
    return _EMPTY if share is None else _SQUARES[min(round(100 * share), 100)]
