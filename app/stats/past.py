"""A learner's log of a course up to a Monday, added up: all that their figures and their plan need of it.

What it holds depends on nothing but that log: not on the topics of the questions, nor on what an exam hides, but for
`ready`, which is of the cards it names. It is added to week by week (`Past.until`), and says the same whether it was
made at once or so.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, overload
from zoneinfo import ZoneInfo

from app.srs import memory, worlds
from app.srs.answering import Kind
from app.srs.memory import Replay, Trace
from app.srs.sm2 import Grade
from app.srs.worlds import World
from app.stats.readiness import Readiness, weekly
from app.stats.retention import Tally

WEEKS = 53  # of activity and of hours; what a plan needs of older answers is kept
READY_WEEKS = 26
QUARTER_S = 900  # every zone is a whole number of these off UTC
TELLING = frozenset({Kind.REVIEW.value, Kind.EARLY.value, Kind.PRACTICE.value})  # they say what is known
_HOURS = 24
_QUARTERS = 86_400 // QUARTER_S
_REVIEWED, _FIRST, _GRADE, _DAY = 1, 2, 4, 32  # what an entry is made of

History = Sequence[tuple[date, int]]
# The question, the study day, the kind, whether an exam pushed it, the grade, the milliseconds it took (a pause cut
# off), and the quarter of an hour since 1970; the answers of a card come by study day, then number.
Answer = tuple[int, date, str, bool, int, int, int]


class _Answers(dict[int, tuple[date, int]]):
    """The answers (day, grade) that entries stand for: one object for all that are alike."""

    def __missing__(self, entry: int) -> tuple[date, int]:
        found = self[entry] = date.fromordinal(entry // _DAY), entry % _DAY // _GRADE
        return found


_ANSWERS = _Answers()


class Packed(Sequence[tuple[date, int]]):
    """A history (day, grade) that is unpacked where it is looked at: of a long one, that is mostly its end."""

    __slots__ = ("_entries",)

    def __init__(self, entries: "array[int]") -> None:
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, place: int) -> tuple[date, int]: ...
    @overload
    def __getitem__(self, place: slice) -> list[tuple[date, int]]: ...
    def __getitem__(self, place: int | slice) -> tuple[date, int] | list[tuple[date, int]]:
        if isinstance(place, slice):
            return [_ANSWERS[entry] for entry in self._entries[place]]
        return _ANSWERS[self._entries[place]]

    def __iter__(self) -> Iterator[tuple[date, int]]:
        return map(_ANSWERS.__getitem__, self._entries)

    def followed_by(self, later: History) -> "Packed":
        """The same with more answers behind it."""
        packed = (day.toordinal() * _DAY + grade * _GRADE + _FIRST for day, grade in later)
        return Packed(self._entries + array("i", packed))


@dataclass(frozen=True)
class Past:
    """The log before the study day `mark`.

    `activity` is (answers, milliseconds) by day, `quarters` counts answers by quarter of an hour since 1970, both for
    a year. `entries` has each question's answers of the kinds that tell what is known, packed; so many as `answers`
    says are the first of their day. `ready` is of some of
    the questions, `others` what is believed of the rest; `strengths` see `app.srs.memory.Trace`.
    """

    mark: date
    activity: Mapping[date, tuple[int, int]] = field(default_factory=dict)
    quarters: Mapping[int, int] = field(default_factory=dict)
    entries: Mapping[int, "array[int]"] = field(default_factory=dict)
    answers: Mapping[int, int] = field(default_factory=dict)
    ready: Readiness = field(default_factory=Readiness)
    others: Mapping[int, Replay] = field(default_factory=dict)
    strengths: dict[World, dict[int, float]] = field(default_factory=dict)
    _asked: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def histories(self) -> Mapping[int, Packed]:
        """By question: the first answer (day, grade) of each day, oldest first."""
        return {question: self._history(question) for question in self.entries}

    @cached_property
    def traces(self) -> Mapping[int, Trace]:
        """By question: what the history left."""
        return {
            question: Trace(many, self.replay_of(question), self.strengths) for question, many in self.answers.items()
        }

    def history_of(self, question: int) -> Packed:
        """The history of one question, empty for one that was never answered."""
        return self.histories.get(question) or Packed(array("i"))

    def _history(self, question: int) -> Packed:
        entries = self.entries[question]
        if len(entries) > self.answers[question]:
            entries = array("i", (entry for entry in entries if entry & _FIRST))
        return Packed(entries)

    def replay_of(self, question: int) -> Replay:
        """What is believed of a question that was answered."""
        found = self.ready.replays.get(question)
        return self.others[question] if found is None else found

    def until(self, mark: date, answers: Iterable[Answer], told: Collection[int]) -> "Past":
        """The log before a later Monday, `answers` being those since; readiness is of the questions `told`."""
        found = _Sums(self)
        for answer in answers:
            found.add(answer)
        last = mark - timedelta(days=1)
        mine = {question for question in found.later if self.is_ready_of(question, told)}
        later = [(day, question, grade) for question in mine for day, grade in found.later[question]]
        grown = {question: history for question, history in found.later.items() if question not in mine}
        return Past(
            mark,
            {day: done for day, done in found.activity.items() if day >= mark - timedelta(weeks=WEEKS)},
            {quarter: count for quarter, count in found.quarters.items() if quarter >= first_quarter(mark)},
            found.entries,
            found.answers,
            self.ready.weekly(last, later, READY_WEEKS),
            {**self.others, **{question: self._replayed(question, history) for question, history in grown.items()}},
            {world: self._stronger(world, known, found.later) for world, known in self.strengths.items()},
        )

    def is_ready_of(self, question: int, told: Collection[int]) -> bool:
        """Whether an answer of the question counts for readiness, of what was met and of what is met from now on."""
        return question in self.ready.replays or (question not in self.others and question in told)

    def of(self, told: Collection[int]) -> "Past":
        """The same with the readiness of the questions `told`, which takes long unless it is already."""
        wanted = {question for question in self.entries if question in told}
        if wanted == self.ready.replays.keys():
            return self
        histories = {question: history for question, history in self.histories.items() if question in wanted}
        ready = weekly(histories, self.mark - timedelta(days=1), READY_WEEKS)
        others = {question: self.replay_of(question) for question in self.entries if question not in wanted}
        return replace(self, ready=ready, others=others)

    def tallies(self, reviewed: Mapping[int, tuple[int, date]]) -> Mapping[int, Sequence[Tally]]:
        """What was recalled of due cards by topic in a year; `reviewed` has each question's topic, and the day on
        which it was met: reviews come after."""
        key = frozenset(reviewed.items())
        if key not in self._asked:
            self._asked[key] = self._tallies(reviewed)
        found: Mapping[int, Sequence[Tally]] = self._asked[key]
        return found

    def _tallies(self, reviewed: Mapping[int, tuple[int, date]]) -> Mapping[int, Sequence[Tally]]:
        since, counts = self.mark - timedelta(weeks=WEEKS), dict[int, Counter[int]]()
        for question, (topic, met) in reviewed.items():
            if question in self.entries:
                entries, after = self.entries[question], max(since, met + timedelta(days=1))
                begin = bisect_left(entries, after.toordinal() * _DAY)
                counts.setdefault(topic, Counter()).update(entries[begin:])
        return {topic: _by_day(found) for topic, found in counts.items()}

    def hours(self, zone: str) -> Sequence[int]:
        """The answers of a year by the hour of the day in a zone: 24 numbers."""
        if zone not in self._asked:
            self._asked[zone] = self._hours(zone)
        found: Sequence[int] = self._asked[zone]
        return found

    def _hours(self, zone: str) -> Sequence[int]:
        here, found, shifts = ZoneInfo(zone), [0] * _HOURS, dict[int, int | None]()
        for quarter, count in self.quarters.items():
            day = quarter // _QUARTERS
            if day not in shifts:
                shifts[day] = _shift(day, here)
            shift = shifts[day]
            if shift is None:
                found[datetime.fromtimestamp(quarter * QUARTER_S, here).hour] += count
            else:
                found[(quarter + shift) // 4 % _HOURS] += count
        return found

    def _replayed(self, question: int, later: History) -> Replay:
        if question not in self.others:
            return memory.replayed(later)
        so_far = replace(self.others[question])
        for day, grade in later:
            memory.go_on(so_far, day, grade)
        return so_far

    def _stronger(self, world: World, known: Mapping[int, float], later: Mapping[int, History]) -> dict[int, float]:
        """The strengths in a world after the answers `later`, of the cards whose are known."""
        return {
            question: worlds.went_on(world, strength, self.replay_of(question), later.get(question, ()))
            for question, strength in known.items()
        }


class _Sums:
    """What grows while answers are added."""

    def __init__(self, begun: Past) -> None:
        self.activity, self.quarters = dict(begun.activity), dict(begun.quarters)
        self.entries, self.answers = dict(begun.entries), dict(begun.answers)
        self.later: dict[int, list[tuple[date, int]]] = {}
        self._own: set[int] = set()

    def add(self, answer: Answer) -> None:
        """One more answer."""
        question, day, kind, pushed, grade, took_ms, quarter = answer
        if not pushed:
            answers, before_ms = self.activity.get(day, (0, 0))
            self.activity[day] = answers + 1, before_ms + took_ms
            self.quarters[quarter] = self.quarters.get(quarter, 0) + 1
        if kind not in TELLING:
            return
        later = self.later.setdefault(question, [])
        first = not later or later[-1][0] < day
        reviewed = kind == Kind.REVIEW and not pushed
        if not (first or reviewed):
            return
        entry = day.toordinal() * _DAY + grade * _GRADE + first * _FIRST + reviewed * _REVIEWED
        if first:
            later.append(_ANSWERS[entry])
            self.answers[question] = self.answers.get(question, 0) + 1
        self._entries_of(question).append(entry)

    def _entries_of(self, question: int) -> "array[int]":
        """The entries of a question, a copy of those that were there before."""
        if question not in self._own:
            self._own.add(question)
            self.entries[question] = array("i", self.entries.get(question, ()))
        return self.entries[question]


def first_quarter(mark: date) -> int:
    """The first quarter of an hour that counts for the year before `mark`."""
    return int(datetime(mark.year, mark.month, mark.day, tzinfo=UTC).timestamp()) // QUARTER_S - WEEKS * 7 * _QUARTERS


def _by_day(counts: Mapping[int, int]) -> list[Tally]:
    found: dict[int, tuple[int, int]] = {}
    for entry, count in counts.items():
        if entry & _REVIEWED:
            reviews, recalled = found.get(entry // _DAY, (0, 0))
            right = count if entry % _DAY // _GRADE >= Grade.HARD else 0
            found[entry // _DAY] = reviews + count, recalled + right
    return [Tally(date.fromordinal(day), *of) for day, of in sorted(found.items())]


def _shift(day: int, here: ZoneInfo) -> int | None:
    """How many quarters of an hour a zone is ahead of UTC on a day since 1970; None when that changes on the day."""
    begin = datetime.fromtimestamp(day * 86_400, here).utcoffset()
    end = datetime.fromtimestamp((day + 1) * 86_400, here).utcoffset()
    return int(begin.total_seconds()) // QUARTER_S if begin is not None and begin == end else None
