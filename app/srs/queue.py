"""What a learner answers today, and in which order.

Due cards come first, the most overdue relative to their interval; cards missed today come back after
a few others; then new ones, topics taking turns. No two cards of one objective follow each other
while another can be asked.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from app.srs.replay import Totals

DRILL_AFTER = 3  # other cards between a miss and its drill


@dataclass(frozen=True, slots=True)
class Limits:
    """How many new cards and how many reviews a study day may bring; drills are never limited."""

    new_per_day: int = 15
    reviews_per_day: int = 200


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the course for one learner; `totals` is None when they never met it."""

    question: int
    topic: int
    objective: int
    position: int
    totals: Totals | None = None
    buried_until: date | None = None
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """What is left today: counts by kind, and the questions in the order they would be asked now."""

    due: int
    drills: int
    new: int
    upcoming: tuple[int, ...]

    @property
    def left(self) -> int:
        """How many cards are left today."""
        return self.due + self.drills + self.new

    @property
    def next(self) -> int | None:
        """The question to ask now."""
        return self.upcoming[0] if self.upcoming else None


def build(items: Iterable[Item], today: date, limits: Limits) -> Queue:
    """The queue of the study day `today`, from all the learner's questions; linear but for the sorts."""
    items = list(items)
    open_items = [item for item in items if _is_open(item, today)]
    drills = [item for item in open_items if _drilled(item, today)]
    due = _due(open_items, today)[: max(0, limits.reviews_per_day - _reviewed(items, today))]
    introduced = [item for item in items if item.totals and item.totals.introduced_day == today]
    fresh = [item for item in open_items if item.totals is None or item.totals.introduced_day is None]
    room = max(0, limits.new_per_day - len(introduced))
    new = _interleaved(fresh, Counter(item.topic for item in introduced))[:room]
    ripe, unripe = _by_ripeness(drills, items, today)
    order = _apart(ripe + due + new + unripe, _last_objective(items, today))
    return Queue(len(due), len(drills), len(new), tuple(item.question for item in order))


def _is_open(item: Item, today: date) -> bool:
    return not item.suspended and (item.buried_until is None or item.buried_until <= today)


def _drilled(item: Item, today: date) -> bool:
    return item.totals is not None and item.totals.drill_day == today


def _due(items: Iterable[Item], today: date) -> list[Item]:
    """The due cards that are no drills, the most overdue relative to its interval first."""
    found = [(item, item.totals.state) for item in items if item.totals and not _drilled(item, today)]
    due = [(item, state.due, state.interval_days) for item, state in found if state.due and state.due <= today]
    due.sort(key=lambda row: (-Fraction((today - row[1]).days, row[2]), row[1], row[0].position, row[0].question))
    return [item for item, _, _ in due]


def _reviewed(items: Iterable[Item], today: date) -> int:
    """How many cards that were not new today have been answered today; practice of a due-later card counts too."""
    return sum(1 for item in items if item.totals and item.totals.last_day == today and _known_before(item, today))


def _known_before(item: Item, today: date) -> bool:
    introduced = item.totals.introduced_day if item.totals else None
    return introduced is not None and introduced < today


def _interleaved(items: Iterable[Item], introduced: Counter[int]) -> list[Item]:
    """New cards, topics taking turns; the topic least served today begins."""
    by_topic: defaultdict[int, list[Item]] = defaultdict(list)
    for item in sorted(items, key=lambda item: (item.position, item.question)):
        by_topic[item.topic].append(item)
    first = {topic: rank for rank, topic in enumerate(by_topic)}
    turns = [
        (turn + introduced[topic], first[topic], item)
        for topic, of_topic in by_topic.items()
        for turn, item in enumerate(of_topic)
    ]
    return [item for _, _, item in sorted(turns, key=lambda row: row[:2])]


def _by_ripeness(drills: Iterable[Item], items: Sequence[Item], today: date) -> tuple[list[Item], list[Item]]:
    """The drills that three other cards separate from their miss, and the others; the oldest first."""
    answered = sorted(_answered_at(item) for item in items if item.totals and item.totals.last_day == today)
    ripe: list[Item] = []
    unripe: list[Item] = []
    for item in sorted(drills, key=_answered_at):
        since = sum(1 for moment in answered if moment > _answered_at(item))
        (ripe if since >= DRILL_AFTER else unripe).append(item)
    return ripe, unripe


def _answered_at(item: Item) -> datetime:
    if item.totals is None or item.totals.last_answered_at is None:
        raise ValueError(f"question {item.question} was never answered")
    return item.totals.last_answered_at


def _last_objective(items: Iterable[Item], today: date) -> int | None:
    answered = [item for item in items if item.totals and item.totals.last_day == today]
    return max(answered, key=_answered_at).objective if answered else None


def _apart(items: Sequence[Item], last: int | None) -> list[Item]:
    """The same cards, as near to their order as can be, no objective twice in a row while another is left."""
    left = list(items)
    order: list[Item] = []
    while left:
        index = next((i for i, item in enumerate(left) if item.objective != last), 0)
        chosen = left.pop(index)
        last = chosen.objective
        order.append(chosen)
    return order
