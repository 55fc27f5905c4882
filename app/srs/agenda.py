"""What a plan asks for on one day: the top of its order that fits the day's time, settled in the morning.

The order is made from what was known when the study day began, so that answers do not shuffle it: each
only takes its own card off the list. A card's time is what was expected of it that morning; a day on which
more is forgotten than expected takes a little longer, and the list stays what it was said to be.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor
from statistics import median

from app.srs.plan import NEW_UNITS, WORTH, Choice
from app.srs.queue import Item, Limits, Queue, in_turn, is_drilled, is_open

UNIT_S = 20.0  # the time of one recalled card, until the learner's own pace is known
PACE_ANSWERS = 30
_SHORTEST_S, _LONGEST_S = 5.0, 60.0


@dataclass(frozen=True, slots=True)
class Agenda:
    """The plan's list of one study day.

    `chosen` are its cards by question, in order; `left` the questions not yet done with today; `spare` the
    cards that are worth a review and did not fit; `idle` counts seen cards that no review today would help.
    """

    chosen: Mapping[int, Choice]
    left: tuple[int, ...]
    spare: tuple[Choice, ...]
    idle: int

    @property
    def units(self) -> float:
        """The time that the whole list takes."""
        return sum(choice.units for choice in self.chosen.values())

    @property
    def units_left(self) -> float:
        """The time that what is left of it takes."""
        return sum(self.chosen[question].units for question in self.left)

    def more(self, units: float) -> tuple[Choice, ...]:
        """What the next `units` of time would bring."""
        return tuple(fitting(self.spare, units))


def unit_seconds(took_ms: Sequence[int]) -> float:
    """Seconds of one unit of time: the median of the learner's answers, within 5 to 60 s; 20 s below 30 answers."""
    return settled_unit_s(median(took_ms) / 1000 if took_ms else UNIT_S, len(took_ms))


def settled_unit_s(typical_s: float, answers: int) -> float:
    """Seconds of one unit of time, where an answer typically took `typical_s`: within 5 to 60 s, and 20 s below 30
    answers."""
    return UNIT_S if answers < PACE_ANSWERS else min(_LONGEST_S, max(_SHORTEST_S, typical_s))


def budget(minutes: float, unit_s: float) -> int:
    """How many units a number of minutes holds."""
    return floor(minutes * 60 / unit_s)


def build(order: Sequence[Choice], items: Iterable[Item], today: date, units: float) -> Agenda:
    """The list of the day `today` for a time of `units`, out of the morning's `order`.

    Cards that are set aside, and questions that are asked no more, make room for the next ones.
    """
    known = {item.question: item for item in items}
    there = [choice for choice in order if choice.id in known and is_open(known[choice.id], today)]
    worth = worthwhile(there)
    chosen = {choice.id: choice for choice in fitting(worth, units)}
    left = tuple(question for question in chosen if not _answered(known[question], today))
    spare = tuple(choice for choice in worth if choice.id not in chosen and not _answered(known[choice.id], today))
    return Agenda(chosen, left, spare, len(there) - len(worth))


def queue(agenda: Agenda, items: Sequence[Item], today: date) -> Queue:
    """What is asked now: ripe drills, then the list, no objective twice in a row while another is left."""
    known = {item.question: item for item in items}
    drills = [item for item in items if is_open(item, today) and is_drilled(item, today)]
    left = [known[question] for question in agenda.left]
    new = sum(1 for item in left if item.totals is None or item.totals.introduced_day is None)
    upcoming = in_turn(drills, left, items, today)
    return Queue(len(left) - new, len(drills), new, upcoming)


def afterwards(limits: Limits, due: int, units: int) -> Limits:
    """The limits of the days after an exam: what piled up while the plan led is spread at the plan's own measure.

    `due` cards come first, one unit each; what is left of `units` is for new ones.
    """
    reviews = min(limits.reviews_per_day, units)
    room = max(0, units - min(due, reviews)) // NEW_UNITS
    return Limits(min(limits.new_per_day, room), reviews)


def worthwhile(choices: Iterable[Choice]) -> list[Choice]:
    """Those that are worth their time: new cards, and reviews that gain enough."""
    return [choice for choice in choices if choice.is_new or choice.gain >= WORTH]


def fitting(choices: Iterable[Choice], units: float) -> list[Choice]:
    """The first of them that fit into `units` of time, up to the first that does not."""
    fitting, used = [], 0.0
    for choice in choices:
        used += choice.units
        if used > units:
            break
        fitting.append(choice)
    return fitting


def _answered(item: Item, today: date) -> bool:
    return item.totals is not None and item.totals.last_day == today
