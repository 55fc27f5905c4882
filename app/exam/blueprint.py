"""From what a teacher asks of an exam to its questions: a draw that can be repeated from its seed.

Flashcards are never drawn, nor two questions of which one gives the other away; reserved questions are the
first choice, and objectives are spread as far as the demands allow.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

_STEPS = 20_000  # of the search, over all its tries; a draw that exists is nearly always found at the first
_FLASHCARD = "flashcard"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be drawn; `gives_away` are the ids of those whose answer it tells."""

    id: int
    topic: str
    level: int
    type: str
    objective: str
    reserved: bool = False
    gives_away: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Demand:
    """`count` questions of this topic, level and type; None means any."""

    count: int
    topic: str | None = None
    level: int | None = None
    type: str | None = None

    def takes(self, candidate: Candidate) -> bool:
        """Whether the candidate is one of those that are asked for."""
        return (
            candidate.type != _FLASHCARD
            and self.topic in (None, candidate.topic)
            and self.level in (None, candidate.level)
            and self.type in (None, candidate.type)
        )


@dataclass(frozen=True, slots=True)
class Shortage:
    """A demand that cannot be met: `available` questions fit it when it is drawn alone."""

    demand: Demand
    available: int


class Unfillable(Exception):
    """No draw meets all the demands; `shortages` are those that fail alone, none when only together they do."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        super().__init__(f"{len(shortages)} demands cannot be met")
        self.shortages = tuple(shortages)


def reserved_first(candidate: Candidate) -> int:
    """What is drawn first: questions that nobody meets before an exam."""
    return not candidate.reserved


@dataclass(frozen=True, slots=True)
class Urn:
    """Demands with what fits each of them, made ready for many draws: the same draws as `draw` makes."""

    counts: tuple[int, ...]
    slots: tuple[int, ...]
    fitting: tuple[tuple[Candidate, ...], ...]

    @classmethod
    def of(cls, demands: Sequence[Demand], candidates: Sequence[Candidate]) -> "Urn":
        """Raises Unfillable for every demand that fewer questions fit than it asks for."""
        pool = sorted(candidates, key=lambda candidate: candidate.id)
        fitting = tuple(tuple(one for one in pool if demand.takes(one)) for demand in demands)
        shortages = [
            Shortage(demand, len(found))
            for demand, found in zip(demands, fitting, strict=True)
            if len(found) < demand.count
        ]
        if shortages:
            raise Unfillable(shortages)
        slots = [number for number, demand in enumerate(demands) for _ in range(demand.count)]
        # The demand that has the least to choose from chooses first.
        slots.sort(key=lambda number: len(fitting[number]) - demands[number].count)
        return cls(tuple(demand.count for demand in demands), tuple(slots), fitting)

    def draw(self, luck: Random, rank: Callable[[Candidate], int] = reserved_first) -> tuple[int, ...]:
        """The ids of the questions drawn, in the order of the demands; a lower `rank` is drawn first.

        Raises Unfillable.
        """
        shuffled = [sorted(found, key=lambda one: (rank(one), luck.random())) for found in self.fitting]
        taken = _search(self.slots, shuffled, rank)
        if taken is None:
            raise Unfillable(())
        order = sorted(range(len(self.slots)), key=lambda at: self.slots[at])
        return tuple(taken[at].id for at in order)


def draw(demands: Sequence[Demand], candidates: Sequence[Candidate], luck: Random) -> tuple[int, ...]:
    """The ids of the questions drawn, in the order of the demands; each demand gets its own.

    The same demands, candidates (in any order) and state of `luck` give the same draw.
    Raises Unfillable when the demands cannot be met.
    """
    return Urn.of(demands, candidates).draw(luck)


def conflicts(drawn: Sequence[Candidate]) -> Iterator[tuple[int, int]]:
    """The pairs (first, second) of which the first gives the second away, in a list that a teacher chose."""
    ids = {candidate.id for candidate in drawn}
    for candidate in drawn:
        for told in sorted(candidate.gives_away & ids):
            yield candidate.id, told


def _search(
    slots: Sequence[int], fitting: Sequence[Sequence[Candidate]], rank: Callable[[Candidate], int]
) -> list[Candidate] | None:
    """One candidate a slot, by depth first; None when there is no such draw, or none was found in time."""
    taken: list[Candidate] = []
    tries: list[Iterator[Candidate]] = []
    for _ in range(_STEPS):
        if len(taken) == len(slots):
            return taken
        if len(tries) == len(taken):
            tries.append(_possible(fitting[slots[len(taken)]], taken, rank))
        candidate = next(tries[-1], None)
        if candidate is not None:
            taken.append(candidate)
        elif taken:
            tries.pop()
            taken.pop()
        else:
            return None
    return None


def _possible(
    found: Sequence[Candidate], taken: Sequence[Candidate], rank: Callable[[Candidate], int]
) -> Iterator[Candidate]:
    """What may stand beside `taken`: the lowest ranks first, and within these, objectives not examined yet.

    `found` is in the order of ranks. Nearly always no more than the first is asked for: the others are put in order
    only then.
    """
    here = {one.id for one in taken}
    kept_out = here.union(*(one.gives_away for one in taken))
    examined = Counter(one.objective for one in taken)
    free = (one for one in found if one.id not in kept_out and one.gives_away.isdisjoint(here))
    first = _first(free, examined, rank)
    if first is None:
        return
    yield first
    others = [one for one in found if one.id not in kept_out and one.gives_away.isdisjoint(here) and one is not first]
    yield from sorted(others, key=lambda one: (rank(one), examined[one.objective]))


def _first(
    free: Iterable[Candidate], examined: Mapping[str, int], rank: Callable[[Candidate], int]
) -> Candidate | None:
    """The first of what `_possible` yields, without a look at the others where it can be known."""
    best, least = None, 0
    for one in free:
        if best is not None and rank(one) > rank(best):
            break
        times = examined.get(one.objective, 0)
        if best is None or times < least:
            best, least = one, times
        if not least:
            break
    return best
