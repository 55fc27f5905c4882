"""How far one learner came with their cards, as the pages of their classes add it up: on any day, by any topics.

The cards are told in columns: a class of 200 has some ten thousand, added up at the first look of a day.
"""

import zlib
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import compress, groupby
from operator import truediv
from typing import NamedTuple

from app.srs.memory import recall
from app.stats import numbers
from app.stats.mastery import MATURE_DAYS, Reach

FORMAT = 2
NEVER = 2**31 - 1  # a day that does not come
_UNSEEN, _SEEN, _MATURE = 0, 1, 2
_HEAD = [FORMAT, MATURE_DAYS]
_INTS, _REALS = 4, 2  # columns of each kind
_CHECKSUM_BYTES = 4


class Card(NamedTuple):
    """One card: its question, by id, and `version`, which goes up at every change.

    Days are ordinals: it is owed from the first on which it is due and neither set aside nor put off (NEVER without
    one); the last is that of its last answer (0 without). `answered_at` is the instant of that, in days since 1970.
    `interval_days` is 0 while it was not reviewed; it is `missed` when its last review was, whatever followed that day.
    """

    question: int
    version: int
    interval_days: int
    missed: bool
    owed_from: int
    last_day: int
    answered_at: float

    @property
    def strength_days(self) -> int:
        """How many days after its last answer it is recalled nine times in ten; 0 where nothing says that it is.

        A card that was missed has shown nothing since: that the drill was right minutes after its feedback does not.
        """
        return 0 if self.missed else self.interval_days


@dataclass(slots=True)
class Cards:
    """The cards of one learner, one in each place of the columns.

    A card can be expected to be recalled at an instant as likely as its scale is part of that plus its offset: the
    scale is nine strengths (`app.srs.memory.recall`), the offset that less the instant of the last answer. Both are
    0.0 for a card without. `latest` is no sooner than any last answer.
    """

    questions: "array[int]"
    versions: "array[int]"
    owed_from: "array[int]"
    last_days: "array[int]"
    scales: "array[float]"
    offsets: "array[float]"
    latest: float
    stages: bytearray

    @classmethod
    def of(cls, cards: Iterable[Card], topic_of: Callable[[int], int | None]) -> "Cards":
        """These cards, those of a topic side by side: as long as they are, adding up is quick."""
        found = cls(array("i"), array("i"), array("i"), array("i"), array("d"), array("d"), 0.0, bytearray())
        for card in sorted(cards, key=lambda one: (topic_of(one.question) or 0, one.question)):
            found._add(card)
        return found

    @classmethod
    def read(cls, content: bytes) -> "Cards":
        """What was `written`. Raises ValueError for bytes that are damaged, or written by other rules."""
        told, checksum = content[:-_CHECKSUM_BYTES], content[-_CHECKSUM_BYTES:]
        head = numbers.written(_HEAD)
        count, rest = divmod(len(told) - len(head) - 8, 4 * _INTS + 8 * _REALS + 1)
        if count < 0 or rest or not told.startswith(head) or _checksum(told) != checksum:
            raise ValueError("what was stored is damaged, or of another format")
        ints = numbers.read(told[len(head) : len(head) + 4 * _INTS * count])
        reals = numbers.read_reals(told[len(head) + 4 * _INTS * count : len(told) - count])
        questions, versions, owed_from, last_days = (ints[one * count : (one + 1) * count] for one in range(_INTS))
        stages = bytearray(told[len(told) - count :])
        scales, offsets = reals[1 : count + 1], reals[count + 1 :]
        return cls(questions, versions, owed_from, last_days, scales, offsets, reals[0], stages)

    def written(self) -> bytes:
        """The bytes that `read` understands."""
        ints = b"".join(map(numbers.written, (_HEAD, self.questions, self.versions, self.owed_from, self.last_days)))
        reals = b"".join(map(numbers.written_reals, ([self.latest], self.scales, self.offsets)))
        told = ints + reals + bytes(self.stages)
        return told + _checksum(told)

    def put(self, changed: Iterable[Card]) -> None:
        """Put these cards in place of what was known of them; of one that comes several times, the last is it."""
        places = {question: place for place, question in enumerate(self.questions)}
        for card in changed:
            if card.question in places:
                self._set(places[card.question], card)
            else:
                places[card.question] = len(self.questions)
                self._add(card)

    def reached(
        self, topic_of: Callable[[int], int | None], totals: Mapping[int, int], today: int, at: float
    ) -> tuple[dict[int, Reach], int]:
        """By topic what was met, settled and is owed on the day `today`, and the last day of all.

        `Reach.recalled` is for the instant `at`, in days since 1970; `totals` are how many cards a topic has. What is
        None for `topic_of` is left out; topics are 1 or more.
        """
        topics = list(map(topic_of, self.questions))
        chances, owed = self._chances(at), bytes(map(today.__ge__, self.owed_from))
        found: dict[int, Reach] = {}
        begin = 0
        for topic, run in groupby(topics):
            end = begin + len(list(run))
            if topic is not None:
                seen = end - begin - self.stages.count(_UNSEEN, begin, end)
                mature = self.stages.count(_MATURE, begin, end)
                due, recalled = owed.count(1, begin, end), sum(chances[begin:end])
                if (before := found.get(topic)) is not None:
                    seen, mature = seen + before.seen, mature + before.mature
                    due, recalled = due + before.due, recalled + before.recalled
                found[topic] = Reach(totals.get(topic, 0), seen, mature, due, recalled)
            begin = end
        return found, max(compress(self.last_days, topics), default=0)

    def _chances(self, at: float) -> list[float]:
        """How likely each card is recalled at an instant, 0.0 for one without strength."""
        if self.latest > at:
            told = zip(self.scales, self.offsets, strict=True)
            return [recall(at + offset - scale, scale / 9) if scale else 0.0 for scale, offset in told]
        # Half of the time it takes to add up a class: functions of C alone, and no loop of Python.
        return list(map(truediv, self.scales, map(at.__add__, self.offsets)))

    def _add(self, card: Card) -> None:
        for column in (self.questions, self.versions, self.owed_from, self.last_days, self.stages):
            column.append(0)
        for reals in (self.scales, self.offsets):
            reals.append(0.0)
        self._set(len(self.questions) - 1, card)

    def _set(self, place: int, card: Card) -> None:
        self.questions[place] = card.question
        self.versions[place] = card.version
        self.owed_from[place] = card.owed_from
        self.last_days[place] = card.last_day
        scale = self.scales[place] = 9.0 * card.strength_days
        self.offsets[place] = scale - card.answered_at if scale else 0.0
        self.latest = max(self.latest, card.answered_at)
        settled = _MATURE if card.interval_days >= MATURE_DAYS else _SEEN
        self.stages[place] = settled if card.interval_days else _UNSEEN


def _checksum(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(_CHECKSUM_BYTES, "little")
