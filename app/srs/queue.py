"""What a learner answers today, and in which order.

Due cards come first, the most overdue relative to their interval; cards missed today come back after
a few others; then new ones, topics taking turns. No two cards of one objective follow each other
while another can be asked.
"""

from bisect import bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.srs.replay import Totals
from app.srs.sm2 import MAX_INTERVAL, CardState

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
    """What is left today: counts by kind, and the questions in the order they would be asked now.

    `held_due` and `held_new` count the cards that only the day's limits keep out.
    """

    due: int
    drills: int
    new: int
    upcoming: tuple[int, ...]
    held_due: int = 0
    held_new: int = 0

    @property
    def left(self) -> int:
        """How many cards are left today."""
        return self.due + self.drills + self.new

    @property
    def next(self) -> int | None:
        """The question to ask now."""
        return self.upcoming[0] if self.upcoming else None


def build(items: Iterable[Item], today: date, limits: Limits) -> Queue:
    """The queue of the study day `today`; linear but for the sorts.

    `items` must hold what is new, what is due, and what was answered today: the last says how much of
    the limits is used, which drills are ripe and which objective comes from being asked. A card counts
    once against them however often it was answered: as new on the day it was introduced, else as a
    review. Each answer of 4 or more takes one off `left`, a lower one leaves it (the card is drilled).
    """
    items = list(items)
    open_items = [item for item in items if is_open(item, today)]
    drills = [item for item in open_items if is_drilled(item, today)]
    all_due = _due(open_items, today)
    due = all_due[: max(0, limits.reviews_per_day - _reviewed(items, today))]
    introduced = [item for item in items if item.totals and item.totals.introduced_day == today]
    fresh = [item for item in open_items if item.totals is None or item.totals.introduced_day is None]
    room = max(0, limits.new_per_day - len(introduced))
    new = interleaved(fresh, Counter(item.topic for item in introduced))[:room]
    held = len(all_due) - len(due), len(fresh) - len(new)
    return Queue(len(due), len(drills), len(new), in_turn(drills, due + new, items, today), *held)


def in_turn(drills: Iterable[Item], others: Sequence[Item], items: Sequence[Item], today: date) -> tuple[int, ...]:
    """The questions in the order they are asked: the ripe drills, `others` as they come, then the unripe drills.

    No objective comes twice in a row while another can be asked; `items` tell what was answered today.
    """
    ripe, unripe = _by_ripeness(drills, items, today)
    last = _last_objective(items, today)
    order = _apart([*ripe, *others], last)
    order += _apart(unripe, order[-1].objective if order else last)
    return tuple(item.question for item in order)


def next_due(items: Iterable[Item], today: date) -> date | None:
    """The first day after `today` on which a card that was reviewed comes back; None when none will.

    What is due already comes back tomorrow, a buried card not before its burial ends.
    """
    tomorrow = today + timedelta(days=1)
    days = [
        max(item.totals.state.due, item.buried_until or tomorrow, tomorrow)
        for item in items
        if item.totals and item.totals.state.due and not item.suspended
    ]
    return min(days, default=None)


def is_open(item: Item, today: date) -> bool:
    """Whether a card may be asked on `today`: it is not set aside."""
    return not item.suspended and (item.buried_until is None or item.buried_until <= today)


def is_drilled(item: Item, today: date) -> bool:
    """Whether a card was missed today and not known since."""
    return item.totals is not None and item.totals.drill_day == today


def _due(items: Iterable[Item], today: date) -> list[Item]:
    """The due cards, the most overdue relative to its interval first; none of them is a drill."""
    found = [(item, item.totals.state) for item in items if item.totals]
    due = [
        (-_overdue(state, state.due, today), state.due, item.position, item.question, item)
        for item, state in found
        if state.due and state.due <= today
    ]
    return [row[-1] for row in sorted(due, key=lambda row: row[:-1])]


def _overdue(state: CardState, due: date, today: date) -> int:
    """Days overdue per day of interval, scaled to whole numbers.

    Two different fractions of denominators up to MAX_INTERVAL lie at least 1 / MAX_INTERVAL**2 apart,
    so the scaled floors compare as the fractions do.
    """
    return (today - due).days * MAX_INTERVAL**2 // state.interval_days


def _reviewed(items: Iterable[Item], today: date) -> int:
    """How many cards that were not new today are done with today; practice of a due-later card counts too."""
    return sum(1 for item in items if item.totals and item.totals.last_day == today and _seen_off(item.totals, today))


def _seen_off(totals: Totals, today: date) -> bool:
    """Whether a card known before today is due later; undoing an answer can leave one that is still due."""
    due, introduced = totals.state.due, totals.introduced_day
    return due is not None and due > today and introduced is not None and introduced < today


def interleaved(items: Iterable[Item], introduced: Mapping[int, int]) -> list[Item]:
    """New cards, topics taking turns; the topic least served today begins."""
    by_topic: defaultdict[int, list[Item]] = defaultdict(list)
    for item in sorted(items, key=lambda item: (item.position, item.question)):
        by_topic[item.topic].append(item)
    first = {topic: rank for rank, topic in enumerate(by_topic)}
    turns = [
        (turn + introduced.get(topic, 0), first[topic], item)
        for topic, of_topic in by_topic.items()
        for turn, item in enumerate(of_topic)
    ]
    return [item for _, _, item in sorted(turns, key=lambda row: row[:2])]


def _by_ripeness(drills: Iterable[Item], items: Sequence[Item], today: date) -> tuple[list[Item], list[Item]]:
    """The drills that three other cards separate from their miss, and the others; the oldest first."""
    answered = sorted(_answered_at(item) for item in items if item.totals and item.totals.last_day == today)
    ripe: list[Item] = []
    unripe: list[Item] = []
    for item in sorted(drills, key=_last_answer):
        since = len(answered) - bisect_right(answered, _answered_at(item))
        (ripe if since >= DRILL_AFTER else unripe).append(item)
    return ripe, unripe


def _answered_at(item: Item) -> datetime:
    if item.totals is None or item.totals.last_answered_at is None:
        raise ValueError(f"question {item.question} was never answered")
    return item.totals.last_answered_at


def _last_answer(item: Item) -> tuple[datetime, int]:
    """Sorts by the last answer; the question settles what happened in the same microsecond."""
    return _answered_at(item), item.question


def _last_objective(items: Iterable[Item], today: date) -> int | None:
    answered = [item for item in items if item.totals and item.totals.last_day == today]
    return max(answered, key=_last_answer).objective if answered else None


def _apart(items: Iterable[Item], last: int | None) -> list[Item]:
    """The same cards, as near to their order as can be, no objective twice in a row while another is left.

    The cards held back are always of one objective, the one they would have repeated.
    """
    order: list[Item] = []
    held: deque[Item] = deque()
    for item in items:
        if held and held[0].objective != last:
            order.append(held.popleft())
            last = order[-1].objective
        if item.objective == last:
            held.append(item)
        else:
            order.append(item)
            last = item.objective
    return order + list(held)
