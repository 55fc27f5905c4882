"""What the exam will find: the recall to expect on its day, if the plan is followed.

The days left are walked under the rule of `app.srs.plan`, in expected values: a review is right with the chance of
recall of that day, and the card goes on with the one strength that gives the exam day's mean of both. How this
learner forgets is not known: several worlds (`app.srs.worlds`) are walked side by side, each weighed by how well it
foretold the learner's answers. The interval is what all of them leave open, with the chance in each card and an
allowance for what no world knows; its width was set by simulation (see the README). The few reviews that come first
to tell how a learner forgets are not walked: they take too little time to matter.

About 50 to 100 ms for 500 cards and 30 days, less while most are new: cards that went the same way are walked once.
About a second for 3 000 cards and a year, where cards that are nearly alike are too.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import log2

from app.srs import bells, memory, plan, worlds
from app.srs.memory import FAILED_UNITS, LATE, Memory, PlannedCard
from app.srs.plan import HORIZON, NEW_UNITS, WORTH
from app.srs.sm2 import Grade
from app.srs.worlds import Power, World

MOST_UNITS = 540  # three hours a day, at 20 s a unit
ROOM = 1.5  # below it time is short: say so, and offer to trim or to add minutes
_SHARES_WEIGHT = 20.0  # how many answers these count for beside the learner's own
_MANY = 200_000  # states times days: a walk of more would take seconds, and walks cards as one that are nearly alike
_FINE = 4  # steps in which these double
_LOW, _HIGH = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """A share of cards recalled on the exam day (0 to 1): what is expected, and a 90 % interval around it."""

    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What to expect of following the plan.

    `recall`: per card id, the chance (0 to 1) of recall on the exam day, 0 for one never reached.
    `units_per_day`: the units of time to expect on each day left, 0 on days off.
    `never_seen`: how many cards will not have been met by the exam, those left out on purpose not counted.
    """

    recall: Mapping[int, float]
    units_per_day: Mapping[date, float]
    never_seen: int
    _worlds: Sequence[tuple[float, Mapping[int, float]]]

    def of(self, ids: Iterable[int] | None = None) -> Share:
        """The share of these cards (all when None) recalled on the exam day; ids of other courses are passed over.

        Without any card it is 0, and nothing is uncertain.
        """
        chosen = list(self.recall) if ids is None else [id_ for id_ in dict.fromkeys(ids) if id_ in self.recall]
        if not chosen:
            return Share(0.0, 0.0, 0.0)
        found = [bells.of_chances(weight, [recall[id_] for id_ in chosen]) for weight, recall in self._worlds]
        expected = sum(weight * mean for weight, mean, _ in found)
        step = 0.5 / len(chosen)  # a share of so few cards moves in steps
        low, high = max(bells.quantile(found, _LOW) - step, 0.0), min(bells.quantile(found, _HIGH) + step, 1.0)
        return Share(expected, min(low, expected), max(high, expected))


@dataclass(frozen=True, slots=True)
class Learner:
    """What the answers so far say: made once by `learner`, walked under as many budgets as one likes.

    `strengths` has each seen card's in the worlds, in their order; `by_halves` as the plan sees it.
    """

    cards: Sequence[PlannedCard]
    worlds: Sequence[tuple[float, World]]
    known: Mapping[int, Memory]
    shares: Mapping[int, float]
    speed: float
    strengths: Mapping[int, tuple[float, ...]]
    by_halves: bool
    left_out: frozenset[int] = frozenset()

    def without(self, ids: Iterable[int]) -> "Learner":
        """The same learner, who studies these cards no more."""
        return replace(self, left_out=self.left_out | set(ids))


def outlook(
    today: date,
    exam: date,
    budget_units: float,
    cards: Sequence[PlannedCard],
    days_off: Collection[date] = frozenset(),
    start: date | None = None,
    spent_today: float = 0,
) -> Outlook:
    """What the exam will find if every day but `days_off` is given `budget_units` of study.

    `start` is the day the plan began, as for `plan.choices`; `spent_today` units of today are gone. A review that
    would gain less than `plan.WORTH` is left out, as the day's work leaves it out.
    """
    return walked(learner(cards), today, exam, budget_units, days_off, start, spent_today)


def learner(cards: Sequence[PlannedCard]) -> Learner:
    """What is believed of the learner who gave the answers of these cards."""
    return _learner(cards, worldly=True)


def worker(cards: Sequence[PlannedCard]) -> Learner:
    """Like `learner`, of whom only the work of the days is asked: a walk finds the same units, and no recall.

    What the exam finds depends on how memory may work, what a plan asks for on what it believes, unless it weighs
    new cards against reviews.
    """
    return _learner(cards, worldly=False)


def _learner(cards: Sequence[PlannedCard], worldly: bool) -> Learner:
    seen = [card for card in cards if card.history]
    replays = {card.id: memory.replay_of(card) for card in seen}
    known, speed = memory.measured(replays)
    by_halves = len(seen) < len(cards) and bool(plan.by_halves(seen))
    likely = worlds.likely([card.history for card in seen]) if worldly or by_halves else []
    strengths = worlds.strengths(seen, replays, [world for _, world in likely])
    alike: dict[Hashable, int] = {}  # cards answered alike count as the first of them, and are walked once
    known = {id_: known[alike.setdefault((one.last, one.way), id_)] for id_, one in replays.items()}
    return Learner(cards, likely, known, _shares(seen), speed, strengths, by_halves)


def walked(
    who: Learner,
    today: date,
    exam: date,
    budget_units: float,
    days_off: Collection[date] = frozenset(),
    start: date | None = None,
    spent_today: float = 0,
) -> Outlook:
    """`outlook` for a learner already known."""
    walk = _Walk(who, today, exam, start)
    units: dict[date, float] = {}
    for ahead in range(walk.days):
        day = today + timedelta(ahead)
        room = 0.0 if day in days_off else budget_units - (spent_today if ahead == 0 else 0)
        units[day] = walk.study(ahead, room)
    return walk.outlook(units)


def budget_for(
    target: float,
    today: date,
    exam: date,
    cards: Sequence[PlannedCard],
    days_off: Collection[date] = frozenset(),
    start: date | None = None,
    most: int = MOST_UNITS,
) -> int | None:
    """The fewest units a day whose expected recall of all cards reaches `target` (0 to 1); None when `most` do not."""
    who = learner(cards)

    def reached(budget: int) -> bool:
        return walked(who, today, exam, budget, days_off, start).of().expected >= target

    if not reached(most):
        return None
    low, high = -1, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def room(days: int, budget_units: float, cards: int) -> float:
    """How many times the cards could be introduced in these days: below 1.5 time is short (infinite without cards)."""
    return days * budget_units / (NEW_UNITS * cards) if cards else float("inf")


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """A card on its way, shared by all cards that went the same way: what the plan believes, then each world.

    `last` is in days from today.
    """

    last: int
    ease: float
    believed: float
    strengths: tuple[float, ...]


class _Walk:
    """The days left, in expected values; days are counted from today."""

    def __init__(self, who: Learner, today: date, exam: date, start: date | None) -> None:
        self.who, self.today, self.exam = who, today, exam
        self.days = max((exam - today).days, 0)
        seen = [card for card in who.cards if card.history]
        self.begun = start or min((card.history[0][0] for card in seen), default=today)
        states = self._known(seen)
        self.idle = {id_: state for id_, state in states.items() if id_ in who.left_out}
        self.seen = {id_: state for id_, state in states.items() if id_ not in who.left_out}
        self.unseen = [card.id for card in reversed(who.cards) if not card.history and card.id not in who.left_out]
        self.wakes: dict[_State, int] = {}  # until that day, a review of these is surely not worth its time

    def study(self, day: int, room: float) -> float:
        """Spend a day's `room` as the plan would; the units spent."""
        if room <= 0:
            return 0.0
        left = self.days - day
        if self.who.by_halves and self.unseen:
            return self._in_one(day, left, room)
        due_new = plan.quota(len(self.unseen), self.begun, self.today + timedelta(day), self.exam)
        reviews = self._worthwhile(day, min(left, HORIZON))
        used: float = self._meet(day, left, min(due_new, int(room / NEW_UNITS)))
        spent, all_done = self._revise(reviews, day, left, room - used)
        used += spent
        return used + (self._meet(day, left, int((room - used) / NEW_UNITS)) if all_done else 0)

    def outlook(self, units: Mapping[date, float]) -> Outlook:
        """What the exam day finds now."""
        unmet = {card.id: 0.0 for card in self.who.cards}
        found = [(weight, unmet | self._recall(place)) for place, (weight, _) in enumerate(self.who.worlds)]
        recall = {card.id: sum(weight * chances[card.id] for weight, chances in found) for card in self.who.cards}
        return Outlook(recall, units, len(self.unseen), found)

    def _in_one(self, day: int, left: int, room: float) -> float:
        """A day on which new cards and reviews compete, for a learner who forgets by halves."""
        ahead = min(left, plan.SOON)
        new = sum(weight * worlds.met(world, self.who.shares, ahead) for weight, world in self.who.worlds) / NEW_UNITS
        worth = {state: self._gain(state, day, ahead) for state in set(self.seen.values())}
        rows = sorted((-worth[state][0], id_, worth[state][1]) for id_, state in self.seen.items() if worth[state][0])
        used, all_done = self._revise([row for row in rows if -row[0] > new], day, left, room)
        if not all_done:
            return used
        used += self._meet(day, left, int((room - used) / NEW_UNITS))
        return used + self._revise([row for row in rows if -row[0] <= new], day, left, room - used)[0]

    def _gain(self, state: _State, day: int, ahead: int) -> tuple[float, float]:
        """Gain per unit and units of a review, in the mean of the worlds; a gain of 0 when it is not worth its time."""
        gap = day - state.last
        gain = now = 0.0
        for (weight, world), strength in zip(self.who.worlds, state.strengths, strict=True):
            then = worlds.reviewed(world, strength, gap, state.ease, ahead)
            gain += weight * (then - world.recall(gap + ahead, strength))
            now += weight * world.recall(gap, strength)
        units = memory.units(now)
        return (gain / units if gap > 0 and gain >= WORTH else 0.0), units

    def _revise(
        self, reviews: Sequence[tuple[float, int, float]], day: int, left: int, room: float
    ) -> tuple[float, bool]:
        """Review in this order while there is room; the units spent, and whether none was left for want of it."""
        used = 0.0
        after: dict[_State, _State] = {}
        for _, id_, units in reviews:
            if used + units > room:
                return used, False
            used += units
            state = self.seen[id_]
            if state not in after:
                after[state] = self._reviewed(state, day, left)
            self.seen[id_] = after[state]
        return used, True

    def _known(self, seen: Sequence[PlannedCard]) -> dict[int, _State]:
        """The seen cards' states today, one for all cards that are alike, or nearly where there would be very many."""
        who = self.who
        keys: dict[int, Hashable] = {card.id: (who.known[card.id], who.strengths[card.id]) for card in seen}
        if len(set(keys.values())) * self.days > _MANY:
            keys = {id_: _nearly(who.known[id_], self.today) for id_ in keys}
        shared: dict[Hashable, _State] = {}
        found = {}
        for card in seen:
            known, key = who.known[card.id], keys[card.id]
            if key not in shared:
                last = (known.last - self.today).days
                shared[key] = _State(last, known.ease, known.strength, who.strengths[card.id])
            found[card.id] = shared[key]
        return found

    def _recall(self, place: int) -> dict[int, float]:
        world = self.who.worlds[place][1]
        states = self.idle | self.seen
        by_state = {
            state: world.recall(self.days - state.last, state.strengths[place]) for state in set(states.values())
        }
        return {id_: by_state[state] for id_, state in states.items()}

    def _worthwhile(self, day: int, ahead: int) -> list[tuple[float, int, float]]:
        """The reviews worth their time, best first: their rank, the card's id, the units they take."""
        asleep = self.wakes if ahead == HORIZON else {}
        worth: dict[_State, tuple[float, float]] = {}
        for state in set(self.seen.values()):
            if asleep.get(state, 0) > day:
                continue
            rank, units, days = _worth(state, day - state.last, ahead)
            if rank:
                worth[state] = -rank, units
            else:
                asleep[state] = day + days
        rows = []
        for id_, state in self.seen.items():
            if state in worth:
                rank, units = worth[state]
                rows.append((rank, id_, units))
        return sorted(rows)

    def _meet(self, day: int, left: int, many: int) -> int:
        """Introduce the next new cards, at most `many`; the units spent."""
        many = min(many, len(self.unseen))
        if many > 0:
            ease = sum(share * memory.eased(2.5, grade) for grade, share in self.who.shares.items())
            strengths = tuple(_first(world, self.who.shares, left) for _, world in self.who.worlds)
            state = _State(day, ease, _first(Power(self.who.speed), self.who.shares, left), strengths)
            self.seen |= {self.unseen.pop(): state for _ in range(many)}
        return NEW_UNITS * max(many, 0)

    def _reviewed(self, state: _State, day: int, left: int) -> _State:
        gap, ease = day - state.last, state.ease
        pairs = zip(self.who.worlds, state.strengths, strict=True)
        strengths = tuple(_reviewed(world, strength, gap, ease, left) for (_, world), strength in pairs)
        return _State(day, ease, _reviewed(_BELIEVED, state.believed, gap, ease, left), strengths)


_BELIEVED = Power(1.0)  # of a review, the plan's belief does not depend on the speed, which its strengths hold already


def _nearly(known: Memory, today: date) -> Hashable:
    """The same for cards that are about as strong, as long ago and as easy."""
    return (
        round(_FINE * log2(known.strength)),
        round(_FINE * log2((today - known.last).days + 1)),
        round(5 * known.ease),
    )


def _worth(state: _State, gap: int, ahead: int) -> tuple[float, float, int]:
    """Gain per unit and units of a review, as the plan sees them; a gain of 0 when it is not worth its time.

    The third is for how many days, at least one, it will surely not be: from one day to the next, a gain grows by no
    more than forgetting takes without the review, and the longer gap gives with it.

    These are `memory.recall`, `memory.reviewed` and `memory.units` written out: most of the time of a walk is spent
    here, and calling them takes three times as long.
    """
    strength, ease = state.believed, state.ease
    scale = 9 * strength
    now = 1 / (1 + gap / scale)
    units = now + (1 - now) * FAILED_UNITS
    if gap > 0:
        most = LATE * strength
        right = 1 / (1 + ahead / (9 * (strength + (ease - 1) * (gap if gap < most else most))))
        wrong = 1 / (1 + ahead / (9 * memory.weakened(strength)))
        gain = now * right + (1 - now) * wrong - 1 / (1 + (gap + ahead) / scale)
        if gain >= WORTH:
            return gain / units, units, 0
    else:
        gain = memory.reviewed(strength, gap, ease, ahead) - memory.recall(gap + ahead, strength)
    growth = 1 / scale + 9 * (ease - 1) * ahead / (scale + ahead) ** 2
    return 0.0, units, max(1, int((WORTH - gain) / growth))


def _first(world: World, shares: Mapping[int, float], left: int) -> float:
    """The strength that a new card has in the mean of the exam day."""
    return world.strength(left, _inside(worlds.met(world, shares, left)))


def _reviewed(world: World, strength: float, gap: int, ease: float, left: int) -> float:
    """The strength that a reviewed card has in the mean of the exam day."""
    return world.strength(left, _inside(worlds.reviewed(world, strength, gap, ease, left)))


def _inside(chance: float) -> float:
    return min(max(chance, 1e-3), 1 - 1e-9)


def _shares(seen: Sequence[PlannedCard]) -> dict[int, float]:
    """The shares of first answers to expect: those published, then more and more the learner's own."""
    counts = {int(grade): _SHARES_WEIGHT * share for grade, share in worlds.SHARES.items()}
    for card in seen:
        grade = card.history[0][1]
        counts[grade if grade >= Grade.HARD else int(Grade.WRONG)] += 1
    return {grade: count / sum(counts.values()) for grade, count in counts.items()}
