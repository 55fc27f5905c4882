"""Parallel forms: a few versions of one exam that are as equal and as different as the bank allows.

Each form is a draw that meets the demands. The forms are drawn one after the other, what another form has coming
last; then chains of exchanges (the augmenting paths of H. W. Kuhn, "The Hungarian method", 1955) free the questions
that two forms have while one is left that none has, and exchanges between forms make their expected scores equal.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import fsum
from random import Random

from app.exam.blueprint import Candidate, Urn
from app.exam.difficulty import Worth

FEWEST, MOST = 2, 8
_LETTERS = "ABCDEFGH"
_CHAIN = 4  # exchanges that one question may cause
_TRIES = 4_000
_EQUAL = 1e-9  # of what is made small: expected scores then differ by less than any score shows
_GUESS_WEIGHS = 0.25  # against the expected score


def letter(number: int) -> str:
    """What a form is called; numbers count from 1."""
    return _LETTERS[number - 1]


def parallel(urn: Urn, count: int, worth: Worth, luck: Random) -> tuple[tuple[int, ...], ...]:
    """The ids of the questions of `count` forms, each in the order of the demands. Raises Unfillable.

    No form has two questions of which one gives the other away. The same luck gives the same forms.
    """
    desk = _Desk(urn, worth, luck)
    for _ in range(count):
        desk.draw()
    desk.part()
    desk.level()
    return tuple(tuple(one.id for one in form) for form in desk.forms)


@dataclass(frozen=True, slots=True)
class Compared:
    """Forms beside each other: expected scores and what guessing is worth, from 0 to 1, and what they share.

    `alike` counts, for two forms (numbers from 1, the lower first), the questions that both have.
    """

    expected: tuple[float, ...]
    guessed: tuple[float, ...]
    alike: Mapping[tuple[int, int], int]
    shared: int
    different: int

    @property
    def gap(self) -> float:
        """How far the easiest form is expected to lie above the hardest."""
        return max(self.expected) - min(self.expected)

    def beside(self, form: int) -> dict[int, int]:
        """How many questions a form has in common with each of the others."""
        pairs = [(pair, size) for pair, size in self.alike.items() if form in pair]
        return {sum(pair) - form: size for pair, size in pairs}


def compare(forms: Sequence[Sequence[int]], worth: Worth) -> Compared:
    """What a teacher should know of forms: `shared` questions are in several, of the `different` ones in all."""
    uses = Counter(number for form in forms for number in form)
    pairs = combinations(enumerate(forms, 1), 2)
    return Compared(
        expected=tuple(worth.expected(form) for form in forms),
        guessed=tuple(worth.guessed(form) for form in forms),
        alike={(a, b): len(set(one) & set(other)) for (a, one), (b, other) in pairs},
        shared=sum(times > 1 for times in uses.values()),
        different=len(uses),
    )


def dealt(students: Iterable[int], count: int, luck: Random) -> dict[int, int]:
    """A form (from 1) for each student, by lot; no form has two students more than another."""
    order = sorted(set(students))
    luck.shuffle(order)
    first = luck.randrange(count)  # else A would always be the one that has one more
    return {student: (first + place) % count + 1 for place, student in enumerate(order)}


def least_used(given: Iterable[int], count: int, luck: Random) -> int:
    """The form that the fewest have, of several one by lot: for whoever comes late."""
    uses = Counter(given)
    fewest = min(uses[number] for number in range(1, count + 1))
    return luck.choice([number for number in range(1, count + 1) if uses[number] == fewest])


@dataclass(frozen=True, slots=True)
class _Place:
    """The place of one question: a form and where in it, both from 0."""

    form: int
    at: int


class _Desk:
    """The forms while they are made; every step leaves forms that meet the demands."""

    def __init__(self, urn: Urn, worth: Worth, luck: Random) -> None:
        self.urn, self.worth, self.luck = urn, worth, luck
        self.forms: list[list[Candidate]] = []
        self.rows = [row for row, count in enumerate(urn.counts) for _ in range(count)]
        self.by_id = {one.id: one for found in urn.fitting for one in found}
        self.fits = [{one.id for one in found} for found in urn.fitting]
        self.apart = _apart(self.by_id.values())
        self.won = {number: worth.won(number, worth.facilities[number].mean) for number in self.by_id}
        self.guess = {number: worth.facilities[number].guess for number in self.by_id}

    def draw(self) -> None:
        """Draw one more form, what another one has coming last, and reserved questions first."""
        uses = self._uses()
        drawn = self.urn.draw(self.luck, lambda one: 2 * uses[one.id] + (not one.reserved))
        self.forms.append([self.by_id[number] for number in drawn])

    def part(self) -> None:
        """Put a question that no form has in the place of each that two have, while there is one."""
        for place in reversed([_Place(form, at) for form in range(len(self.forms)) for at in range(len(self.rows))]):
            if self._uses()[self._at(place).id] > 1:
                self._free(place, set(), _CHAIN)

    def level(self) -> None:
        """Make the expected scores equal, and what guessing is worth, by exchanges that share nothing more."""
        if len(self.rows) == 0:
            return
        cost = self._cost()
        for _ in range(_TRIES):
            if cost < _EQUAL:
                return
            before = [list(form) for form in self.forms]
            if not (self._swap() if self.luck.random() < 0.5 else self._replace()):  # noqa: PLR2004 one in two
                continue
            made = self._cost()
            if made < cost:
                cost = made
            else:
                self.forms = before

    def _at(self, place: _Place) -> Candidate:
        return self.forms[place.form][place.at]

    def _put(self, place: _Place, candidate: Candidate) -> None:
        self.forms[place.form][place.at] = candidate

    def _uses(self) -> Counter[int]:
        return Counter(one.id for form in self.forms for one in form)

    def _free(self, place: _Place, seen: set[int], steps: int) -> bool:
        """Give a place a question that is nowhere else, be it by moving one that another place can do without."""
        uses = self._uses()
        for candidate in self._wanted(place, uses):
            if candidate.id in seen or uses[candidate.id] > 1 or not self._stands(candidate, place):
                continue
            seen.add(candidate.id)
            if uses[candidate.id]:
                (holder,) = self._holders(candidate)
                if steps == 0 or not self._free(holder, seen, steps - 1) or not self._stands(candidate, place):
                    continue
            self._put(place, candidate)
            return True
        return False

    def _wanted(self, place: _Place, uses: Mapping[int, int]) -> list[Candidate]:
        """What fits a place: what no form has first, then objectives that its form lacks, then reserved questions."""
        examined = Counter(one.objective for one in self.forms[place.form])
        found = list(self.urn.fitting[self.rows[place.at]])
        self.luck.shuffle(found)
        return sorted(found, key=lambda one: (uses.get(one.id, 0), examined[one.objective], not one.reserved))

    def _holders(self, candidate: Candidate) -> Iterator[_Place]:
        for number, form in enumerate(self.forms):
            for at, one in enumerate(form):
                if one.id == candidate.id:
                    yield _Place(number, at)

    def _stands(self, candidate: Candidate, place: _Place) -> bool:
        """Whether a question may take a place, beside the others of its form."""
        if candidate.id not in self.fits[self.rows[place.at]]:
            return False
        apart = self.apart[candidate.id]
        return not any(
            one.id == candidate.id or one.id in apart for at, one in enumerate(self.forms[place.form]) if at != place.at
        )

    def _repeats(self, form: int) -> int:
        """How often a form asks for an objective again."""
        return len(self.rows) - len({one.objective for one in self.forms[form]})

    def _swap(self) -> bool:
        """Exchange two questions of two forms, if they may be, and neither examines fewer objectives then."""
        one_form, other_form = self.luck.sample(range(len(self.forms)), 2)
        one, other = _Place(one_form, self._some()), _Place(other_form, self._some())
        given, taken = self._at(one), self._at(other)
        if given.id == taken.id or not self._stands(taken, one) or not self._stands(given, other):
            return False
        before = self._repeats(one_form), self._repeats(other_form)
        self._put(one, taken)
        self._put(other, given)
        if self._repeats(one_form) > before[0] or self._repeats(other_form) > before[1]:
            self._put(one, given)
            self._put(other, taken)
            return False
        return True

    def _replace(self) -> bool:
        """Put a question that no form has, as secret as the one it replaces, in some place."""
        place = _Place(self.luck.randrange(len(self.forms)), self._some())
        held, new = self._at(place), self.luck.choice(self.urn.fitting[self.rows[place.at]])
        used = any(one.id == new.id for form in self.forms for one in form)
        if used or new.reserved is not held.reserved or not self._stands(new, place):
            return False
        before = self._repeats(place.form)
        self._put(place, new)
        if self._repeats(place.form) > before:
            self._put(place, held)
            return False
        return True

    def _some(self) -> int:
        return self.luck.randrange(len(self.rows))

    def _cost(self) -> float:
        """How unequal the forms are: squares of what their scores, and guessing, lie from the mean."""
        size = len(self.rows)
        expected = [fsum(self.won[one.id] for one in form) / size for form in self.forms]
        guessed = [fsum(self.guess[one.id] for one in form) / size for form in self.forms]
        return _squares(expected) + _GUESS_WEIGHS * _squares(guessed)


def _apart(candidates: Iterable[Candidate]) -> dict[int, set[int]]:
    """The questions that must not stand beside each one: those it gives away, and those that give it away."""
    found: dict[int, set[int]] = {one.id: set(one.gives_away) for one in candidates}
    for number, told in list(found.items()):
        for other in told:
            found.setdefault(other, set()).add(number)
    return found


def _squares(values: Sequence[float]) -> float:
    mean = fsum(values) / len(values)
    return fsum((value - mean) ** 2 for value in values)
