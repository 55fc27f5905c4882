"""A learner's log of a course up to a Monday, added up: all that their figures and their plan need of it.

What it holds depends on nothing but that log: not on the topics of the questions, nor on what an exam hides, but for
`ready`, which is of the cards it names. It is added to week by week (`Past.until`), and says the same whether it was
made at once or so.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import overload
from zoneinfo import ZoneInfo

from app.srs import memory, worlds
from app.srs.answering import Kind
from app.srs.memory import Replay, Trace
from app.srs.sm2 import Grade
from app.srs.worlds import World
from app.stats.readiness import Readiness, weekly
from app.stats.retention import WINDOW_DAYS, Tally

WEEKS = 53  # of activity and of hours; what a plan needs of older answers is kept
READY_WEEKS = 26
QUARTER_S = 900  # every zone is a whole number of these off UTC
TELLING = frozenset({Kind.REVIEW.value, Kind.EARLY.value, Kind.PRACTICE.value})  # they say what is known
_HOURS = 24
_QUARTERS = 86_400 // QUARTER_S
_REVIEWED, _FIRST, _GRADE, _DAY = 1, 2, 4, 32  # what an entry is made of

History = Sequence[tuple[date, int]]
Count = tuple[int, int]  # how many reviews, and how many of them of grade 3 or more
# The question, the study day, the kind, whether an exam pushed it, the grade, the milliseconds it took (a pause cut
# off), and the quarter of an hour since 1970; the answers of a card come by study day, then number.
Answer = tuple[int, date, str, bool, int, int, int]


class _Answers(dict[int, tuple[date, int]]):
    """The answers (day, grade) that entries stand for: one object for all that are alike."""

    def __missing__(self, entry: int) -> tuple[date, int]:
        found = self[entry] = date.fromordinal(entry // _DAY), entry % _DAY // _GRADE
        return found


_ANSWERS = _Answers()
NONE: Count = (0, 0)


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


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was recalled of due cards in a year: by day, by topic, and by topic and day in the last four weeks."""

    days: Mapping[date, Count]
    topics: Mapping[int, Count]
    lately: Mapping[int, Sequence[Tally]]


@dataclass(frozen=True)
class Past:
    """The log before the study day `mark`.

    For a year: `activity` is (answers, milliseconds) by day, `quarters` counts answers by quarter of an hour since
    1970, `reviews` the reviews by day and `totals` by question. `entries` has each question's answers of the kinds
    that tell what is known, packed; so many as `answers` says are the first of their day. `ready` is of some of the
    questions, `others` what is believed of the rest; `strengths` see `app.srs.memory.Trace`.
    """

    mark: date
    activity: Mapping[date, tuple[int, int]] = field(default_factory=dict)
    quarters: Mapping[int, int] = field(default_factory=dict)
    reviews: Mapping[date, Count] = field(default_factory=dict)
    totals: Mapping[int, Count] = field(default_factory=dict)
    entries: Mapping[int, "array[int]"] = field(default_factory=dict)
    answers: Mapping[int, int] = field(default_factory=dict)
    ready: Readiness = field(default_factory=Readiness)
    others: Mapping[int, Replay] = field(default_factory=dict)
    strengths: dict[World, dict[int, float]] = field(default_factory=dict)

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
        found = _Sums(self, mark)
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
            {day: count for day, count in found.reviews.items() if day >= mark - timedelta(weeks=WEEKS)},
            found.totals,
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

    def recalled(self, reviewed: Mapping[int, tuple[int, date]]) -> Recalled:
        """What was recalled; `reviewed` has the topic of each question that counts, and the day on which it was met:
        reviews come after."""
        days, topics, lately = dict(self.reviews), dict[int, Count](), dict[int, Counter[int]]()
        year, month = _since(self.mark - timedelta(weeks=WEEKS)), _since(self.mark - timedelta(days=WINDOW_DAYS))
        for question, entries in self.entries.items():
            topic, met = reviewed.get(question, (None, self.mark))
            begin, own = bisect_left(entries, year), bisect_left(entries, _since(met + timedelta(days=1)))
            total = self.totals[question]
            for day, *count in _tallies(entries[begin:own]):
                days[day], total = _less(days[day], count), _less(total, count)
            if topic is not None:
                topics[topic] = more(topics.get(topic, NONE), total)
                lately.setdefault(topic, Counter()).update(entries[max(own, bisect_left(entries, month)) :])
        return Recalled(days, topics, {topic: _by_day(found) for topic, found in lately.items()})

    def hours(self, zone: str) -> Sequence[int]:
        """The answers of a year by the hour of the day in a zone: 24 numbers."""
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

    def __init__(self, begun: Past, mark: date) -> None:
        self.activity, self.quarters = dict(begun.activity), dict(begun.quarters)
        self.reviews, self.totals = dict(begun.reviews), dict(begun.totals)
        self._year = mark - timedelta(weeks=WEEKS)
        self._forget(begun.mark - timedelta(weeks=WEEKS), begun.entries)
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
        if reviewed and day >= self._year:
            count = 1, int(grade >= Grade.HARD)
            self.reviews[day] = more(self.reviews.get(day, NONE), count)
            self.totals[question] = more(self.totals[question], count)

    def _forget(self, since: date, entries: Mapping[int, "array[int]"]) -> None:
        """What was within a year at the last mark and is no more."""
        if since >= self._year:
            return
        begin, end = _since(since), _since(self._year)
        for question, known in entries.items():
            for _, *count in _tallies(known[bisect_left(known, begin) : bisect_left(known, end)]):
                self.totals[question] = _less(self.totals[question], count)

    def _entries_of(self, question: int) -> "array[int]":
        """The entries of a question, a copy of those that were there before."""
        if question not in self._own:
            self._own.add(question)
            self.totals.setdefault(question, NONE)
            self.entries[question] = array("i", self.entries.get(question, ()))
        return self.entries[question]


def first_quarter(mark: date) -> int:
    """The first quarter of an hour that counts for the year before `mark`."""
    return int(datetime(mark.year, mark.month, mark.day, tzinfo=UTC).timestamp()) // QUARTER_S - WEEKS * 7 * _QUARTERS


def _since(day: date) -> int:
    """What no entry of that day or later is below."""
    return day.toordinal() * _DAY


def _tallies(entries: "array[int]") -> list[Tally]:
    """The reviews among the entries, one by one."""
    found = [_ANSWERS[entry] for entry in entries if entry & _REVIEWED]
    return [Tally(day, 1, int(grade >= Grade.HARD)) for day, grade in found]


def _by_day(counts: Mapping[int, int]) -> list[Tally]:
    """The reviews among entries that are there so many times each."""
    found: dict[date, Count] = {}
    for entry, count in counts.items():
        if entry & _REVIEWED:
            day, grade = _ANSWERS[entry]
            found[day] = more(found.get(day, NONE), (count, count if grade >= Grade.HARD else 0))
    return [Tally(day, *count) for day, count in sorted(found.items())]


def more(one: Count, other: Sequence[int]) -> Count:
    """Both together."""
    return one[0] + other[0], one[1] + other[1]


def _less(one: Count, other: Sequence[int]) -> Count:
    return one[0] - other[0], one[1] - other[1]


def _shift(day: int, here: ZoneInfo) -> int | None:
    """How many quarters of an hour a zone is ahead of UTC on a day since 1970; None when that changes on the day."""
    begin = datetime.fromtimestamp(day * 86_400, here).utcoffset()
    end = datetime.fromtimestamp((day + 1) * 86_400, here).utcoffset()
    return int(begin.total_seconds()) // QUARTER_S if begin is not None and begin == end else None
