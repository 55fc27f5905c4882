"""How ready a learner was, week after week: recomputed from the answers as they stood then.

A point is the share of the course's cards that the learner would have recalled that evening, as `app.srs.memory`
estimates it from the answers given until then, at the speed of forgetting that those told. A card never met counts
as not known. It is an estimate, not an observation: what was observed is `app.stats.retention`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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


def weekly(histories: Sequence[Sequence[tuple[date, int]]], last: date, weeks: int) -> tuple[Point, ...]:
    """One point a week, `weeks` at most, the last one on `last`; none before the week of the first answer.

    `histories` has one entry for each card of the course: the first answer (day, grade 0 to 5) of each day, oldest
    first, empty for a card never met. One pass over the answers, whatever the number of weeks.
    """
    answers = sorted((day, card, grade) for card, history in enumerate(histories) for day, grade in history)
    if not answers or answers[0][0] > last:
        return ()
    span = min(weeks, -(-(last - answers[0][0]).days // _WEEK) + 1)
    walk = _Walk(len(histories))
    place, points = 0, []
    for ago in range(span - 1, -1, -1):
        day = last - timedelta(days=_WEEK * ago)
        while place < len(answers) and answers[place][0] <= day:
            walk.take(*answers[place])
            place += 1
        points.append(walk.point(day))
    return tuple(points)


class _Walk:
    """The cards' replays up to a day, and the sums that tell the learner's speed."""

    def __init__(self, cards: int) -> None:
        self.cards = cards
        self.replays: dict[int, Replay] = {}
        self.surprise = self.information = 0.0

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
