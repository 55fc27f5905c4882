"""How ready a learner was, week after week: recomputed from the answers as they stood then.

A point is the share of the course's cards that the learner would have recalled that evening, as `app.srs.memory`
estimates it from the answers given until then, at the speed of forgetting that those told. A card never met counts
as not known. It is an estimate, not an observation: what was observed is `app.stats.retention`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from app.srs import memory
from app.srs.memory import Replay

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Point:
    """The evening of `day`: the shares (0 to 1) of the course's cards expected to be recalled, and met until then."""

    day: date
    recalled: float
    seen: float


@dataclass(frozen=True, slots=True)
class Evening:
    """The same as numbers of cards."""

    day: date
    recalled: float
    seen: int

    def among(self, cards: int) -> Point:
        """As shares of a course of so many cards."""
        return Point(self.day, self.recalled / cards, self.seen / cards)


Answer = tuple[date, int, int]  # the study day, the card, the grade (0 to 5)


@dataclass(frozen=True, slots=True)
class Readiness:
    """The evenings of the weeks that are over, and what it takes to go on from the last one."""

    evenings: tuple[Evening, ...] = ()
    replays: Mapping[int, Replay] = field(default_factory=dict)
    surprise: float = 0.0  # of all replays: they tell the learner's speed
    information: float = 0.0

    def points(self, cards: int) -> tuple[Point, ...]:
        """The evenings of a course of so many cards."""
        return tuple(evening.among(cards) for evening in self.evenings)

    def until(self, day: date, later: Iterable[Answer]) -> tuple[Evening, ...]:
        """The evenings, and that of `day`, before which the answers `later` were given.

        Without any answer there is none.
        """
        walk = _Walk(self)
        for answer in sorted(later):
            walk.take(*answer)
        return (*self.evenings, walk.evening(day)) if walk.replays else ()

    def weekly(self, last: date, later: Iterable[Answer], weeks: int) -> "Readiness":
        """Go on with the answers `later`, the last on `last` at the latest: one evening a week, `weeks` at most, the
        last one on `last`; none before the week of the first answer."""
        walk, answers = _Walk(self), sorted(later)
        if not (walk.replays or answers):
            return self
        begun = self.evenings[-1].day + timedelta(days=_WEEK) if self.evenings else answers[0][0]
        span = min(weeks, -(-(last - begun).days // _WEEK) + 1)
        place, found = 0, list(self.evenings)
        for ago in range(span - 1, -1, -1):
            day = last - timedelta(days=_WEEK * ago)
            while place < len(answers) and answers[place][0] <= day:
                walk.take(*answers[place])
                place += 1
            found.append(walk.evening(day))
        return Readiness(tuple(found[-weeks:]), walk.replays, walk.surprise, walk.information)


def weekly(histories: Mapping[int, Sequence[tuple[date, int]]], last: date, weeks: int) -> Readiness:
    """One evening a week, `weeks` at most, the last one on `last`; none before the week of the first answer.

    `histories` has the first answer (day, grade 0 to 5) of each day by card, oldest first; none is later than `last`.
    One pass over the answers, whatever the number of weeks.
    """
    answers = [(day, card, grade) for card, history in histories.items() for day, grade in history]
    return Readiness().weekly(last, answers, weeks)


class _Walk:
    """The cards' replays up to a day, and the sums that tell the learner's speed."""

    def __init__(self, begun: Readiness) -> None:
        self.replays = {card: replace(one) for card, one in begun.replays.items()}
        self.surprise, self.information = begun.surprise, begun.information

    def take(self, day: date, card: int, grade: int) -> None:
        """One more answer."""
        replay = self.replays.get(card)
        if replay is None:
            self.replays[card] = memory.begun(day, grade)
            return
        surprise, information = replay.surprise, replay.information
        memory.go_on(replay, day, grade)
        self.surprise += replay.surprise - surprise
        self.information += replay.information - information

    def evening(self, day: date) -> Evening:
        """What is believed on the evening of `day`."""
        speed = memory.speed_from(self.surprise, self.information)
        recalled = sum(memory.recall((day - one.last).days, speed * one.strength) for one in self.replays.values())
        return Evening(day, recalled, len(self.replays))
