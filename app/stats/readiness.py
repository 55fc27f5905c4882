"""How ready a learner was, week after week: recomputed from the answers as they stood then.

A point is the share of the course's cards that the learner would have recalled that evening, as `app.srs.memory`
estimates it from the answers given until then, at the speed of forgetting that those told. A card never met counts
as not known. It is an estimate, not an observation: what was observed is `app.stats.retention`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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


Answer = tuple[date, int, int]  # the study day, the card by its place in the histories, the grade (0 to 5)


@dataclass(frozen=True, slots=True)
class Readiness:
    """The points of the weeks that are over, and what it takes to go on from the last one."""

    points: tuple[Point, ...]
    _walk: "_Walk"

    def until(self, day: date, later: Iterable[Answer]) -> tuple[Point, ...]:
        """The points, and one of the evening of `day`, before which the answers `later` were given.

        Without any answer there is none.
        """
        walk = self._walk.copy()
        for answer in sorted(later):
            walk.take(*answer)
        return (*self.points, walk.point(day)) if walk.replays else ()


def weekly(histories: Sequence[Sequence[tuple[date, int]]], last: date, weeks: int) -> Readiness:
    """One point a week, `weeks` at most, the last one on `last`; none before the week of the first answer.

    `histories` has one entry for each card of the course: the first answer (day, grade 0 to 5) of each day, oldest
    first, empty for a card never met; none is later than `last`. One pass over the answers, whatever the number of
    weeks.
    """
    answers = sorted((day, card, grade) for card, history in enumerate(histories) for day, grade in history)
    walk = _Walk(len(histories))
    if not answers:
        return Readiness((), walk)
    span = min(weeks, -(-(last - answers[0][0]).days // _WEEK) + 1)
    place, points = 0, []
    for ago in range(span - 1, -1, -1):
        day = last - timedelta(days=_WEEK * ago)
        while place < len(answers) and answers[place][0] <= day:
            walk.take(*answers[place])
            place += 1
        points.append(walk.point(day))
    return Readiness(tuple(points), walk)


class _Walk:
    """The cards' replays up to a day, and the sums that tell the learner's speed."""

    def __init__(self, cards: int) -> None:
        self.cards = cards
        self.replays: dict[int, Replay] = {}
        self.surprise = self.information = 0.0

    def copy(self) -> "_Walk":
        """The same, to go on from without changing this one."""
        other = _Walk(self.cards)
        other.replays = {card: replace(replay) for card, replay in self.replays.items()}
        other.surprise, other.information = self.surprise, self.information
        return other

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

    def point(self, day: date) -> Point:
        """What is believed on the evening of `day`."""
        speed = memory.speed_from(self.surprise, self.information)
        recalled = sum(memory.recall((day - one.last).days, speed * one.strength) for one in self.replays.values())
        return Point(day, recalled / self.cards, len(self.replays) / self.cards)
