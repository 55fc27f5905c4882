"""What a plan leads to, kept or only wanted: the recall to expect on the day of the exam, and what would change it.

Everything is worked out from the answers before today, so that a day's figures stand still while one answers. A walk
of the days left (`app.srs.outlook`) takes some hundredths of a second and up: each is kept in memory, and a page asks
for a few at most.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from math import ceil, exp, log

from sqlalchemy.orm import Session

from app.errors import NotFound
from app.services import planning, plans
from app.services.identity import Person
from app.services.kept import Kept
from app.services.plans import FEWEST_MINUTES, MOST_MINUTES, Plan, Wanted
from app.services.queueing import course_of
from app.srs import agenda, memory, outlook
from app.srs.memory import PlannedCard
from app.srs.outlook import ROOM, Learner, Share
from app.srs.plan import NEW_UNITS
from app.srs.sm2 import Grade
from app.stats.past import Past
from app.stats.retention import WINDOW_DAYS

ENOUGH = 0.795  # a page writes it as 80 %
MINUTES = (*range(FEWEST_MINUTES, 31), 35, 40, 45, 50, 60, 75, 90, 120, 150, 180)
_STEP_MINUTES = 5
_BY_THOSE_BEFORE, _STEEP, _FAR = 4, 1.5, 4.0
_USUAL_RECALL = 0.85  # of reviews that a plan asks for, until there are any
_SATURDAY, _WEEK = 5, 7

_KNOWN: Kept["Known"] = Kept(most=64)
_WALKS: Kept["Foreseen"] = Kept(most=2_000)


@dataclass(frozen=True)
class Known:
    """A learner on the morning of `today`: the cards with their answers, the topic of each, the seconds of a unit, and
    the cards that they set aside: the exam asks these too, but they are studied no more."""

    key: Hashable
    today: date
    cards: Sequence[PlannedCard]
    topics: Mapping[int, int]
    unit_s: float
    aside: frozenset[int] = frozenset()

    @cached_property
    def who(self) -> Learner:
        """What the answers say: worked out by the first forecast that asks."""
        return outlook.learner(self.cards)

    @cached_property
    def worker(self) -> Learner:
        """What the answers say of the work to come, for which less needs to be known than for the day of the exam."""
        return outlook.worker(self.cards)

    def under(self, who: Learner, wanted: Wanted) -> Learner:
        """The learner under a plan: of the topics left out, and of the cards set aside, nothing is studied."""
        return who.without({card for card, of in self.topics.items() if of in wanted.left_out} | self.aside)

    def cards_of(self, topic: int) -> list[int]:
        """The cards of one topic."""
        return [card for card, of in self.topics.items() if of == topic]

    def kept(self, wanted: Wanted) -> list[int]:
        """The cards of the topics that are not left out."""
        return [card for card, of in self.topics.items() if of not in wanted.left_out]

    def unseen(self, wanted: Wanted) -> int:
        """How many of the cards kept were never answered, and are not set aside."""
        kept = set(self.kept(wanted)) - self.aside
        return sum(1 for card in self.cards if card.id in kept and not card.history)

    def recalled(self) -> float:
        """The share (0 to 1) of the last four weeks' answers to cards met before that were right."""
        since = self.today - timedelta(days=WINDOW_DAYS)
        told = [grade for card in self.cards for grade in _since(card.history, since)]
        return sum(grade >= Grade.HARD for grade in told) / len(told) if told else _USUAL_RECALL


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What one way to the exam leads to.

    `whole` is the share of all the course's cards to expect on the day, `kept` that of the topics studied;
    `never_seen` cards of these will not have been met; `units_per_day` of `unit_s` seconds are to be expected.
    """

    whole: Share
    kept: Share
    topics: Mapping[int, Share]
    never_seen: int
    units_per_day: Mapping[date, float]
    unit_s: float

    @property
    def seconds(self) -> float:
        """The work of all days."""
        return sum(self.units_per_day.values()) * self.unit_s


@dataclass(frozen=True, slots=True)
class Offer:
    """What could be done when time is short: more minutes a day, or topics left out; and what it leads to."""

    wanted: Wanted
    room: float
    after: Foreseen
    minutes: int = 0
    topics: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """What a plan that is wanted means, beside the one that is kept (None without one, or when it is the same).

    `room` is how many times the cards not yet met could be introduced in the time there is; `cards_a_day` what a
    day's minutes hold.
    """

    wanted: Wanted
    days: int
    study_days: int
    cards: int
    unseen: int
    unit_s: float
    room: float
    cards_a_day: int
    after: Foreseen
    before: Foreseen | None
    offers: Sequence[Offer]

    @property
    def is_short(self) -> bool:
        """Whether the time is short for what is still to be met."""
        return self.room < ROOM


@dataclass(frozen=True, slots=True)
class TopicAhead:
    """A topic of the plan: the share of its cards to expect on the day, and by how much that moved since yesterday
    (None when that is not known)."""

    title: str
    cards: int
    share: Share
    change: float | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """Where the learner's plan leads today, the weakest topic first, and where it led yesterday (None if unknown)."""

    plan: Plan
    now: Foreseen
    yesterday: Foreseen | None
    topics: Sequence[TopicAhead]

    @property
    def moved(self) -> float | None:
        """By how much the expected recall of the plan's topics changed since yesterday."""
        return None if self.yesterday is None else self.now.kept.expected - self.yesterday.kept.expected


def known(session: Session, person: Person, now: datetime) -> Known:
    """What this morning was known of the learner in the course they study. Raises NotFound without a course."""
    course_id = course_of(session, person)
    if course_id is None:
        raise NotFound
    return known_of(session, person, course_id, now)


def known_of(session: Session, person: Person, course_id: int, now: datetime, past: Past | None = None) -> Known:
    """What this morning was known of the learner in one course; `past` are the answers before this week, if they have
    been read already."""
    today = person.today(now)
    earlier, size = planning.version(session, person.id, course_id, today, now)
    aside = planning.set_aside(session, person.id, course_id)
    key = (person.id, course_id, today, earlier, size, aside)

    def read() -> Known:
        deck = planning.deck(session, person.id, course_id, today, earlier, past=past)
        return Known(key, today, deck.cards, deck.topics, deck.unit_s, aside)

    return _KNOWN.get(key, read)


def foreseen(of: Known, wanted: Wanted, started_on: date) -> Foreseen:
    """What following a plan leads to, as it looked this morning."""
    units, off = agenda.budget(wanted.minutes_a_day, of.unit_s), days_off(wanted, of.today)
    key = (of.key, wanted.exam_on, units, off, wanted.left_out, started_on)

    def walk() -> Foreseen:
        walked = outlook.walked(of.under(of.who, wanted), of.today, wanted.exam_on, units, off, started_on)
        topics = {topic: walked.of(of.cards_of(topic)) for topic in dict.fromkeys(of.topics.values())}
        whole = walked.of()
        kept = walked.of(of.kept(wanted)) if wanted.left_out else whole
        return Foreseen(whole, kept, topics, walked.never_seen, walked.units_per_day, of.unit_s)

    return _WALKS.get(key, walk)


def effect(session: Session, person: Person, wanted: Wanted, now: datetime) -> Effect:
    """What `wanted` means; it breaks no rule of `plans.problems`. Raises NotFound without a course."""
    of, plan = known(session, person, now), plans.plan_of(session, person, person.today(now))
    today, unseen = of.today, of.unseen(wanted)
    started_on = started(plan, wanted, today)
    changed = plan is not None and plan.leads(today) and not _same(plan.wanted, wanted, today)
    return Effect(
        wanted=wanted,
        days=(wanted.exam_on - today).days,
        study_days=_study_days(wanted, today),
        cards=len(of.kept(wanted)),
        unseen=unseen,
        unit_s=of.unit_s,
        room=_room(of, wanted),
        cards_a_day=agenda.budget(wanted.minutes_a_day, of.unit_s),
        after=foreseen(of, wanted, started_on),
        before=foreseen(of, plan.wanted, plan.started_on) if plan and changed else None,
        offers=_offers(of, wanted, started_on) if _room(of, wanted) < ROOM else (),
    )


def enough(of: Known, wanted: Wanted, started_on: date, target: float = ENOUGH) -> int | None:
    """The fewest minutes a day, of `MINUTES`, that lead to `target` of the cards kept; None when the most do not."""
    low, high = -1, len(MINUTES)
    here = [place for place, minutes in enumerate(MINUTES) if minutes <= wanted.minutes_a_day]
    tried, place = [], here[-1]  # worked out already, more often than not
    while high - low > 1:
        at = replace(wanted, minutes_a_day=MINUTES[place])
        found = foreseen(of, at, started_on).kept.expected
        tried.append((place, found))
        low, high = (low, place) if found >= target else (place, high)
        place = _next_try(tried, target, low, high)
    return MINUTES[high] if high < len(MINUTES) else None


def _next_try(tried: Sequence[tuple[int, float]], target: float, low: int, high: int) -> int:
    """Which place of `MINUTES` between `low` and `high` to try: each try takes a walk, so the first few go by those
    before, the chance of recall growing with the logarithm of the minutes."""
    if len(tried) > _BY_THOSE_BEFORE:
        return (low + high) // 2
    here, found = tried[-1]
    nearest = sorted(tried, key=lambda one: abs(_odds(one[1]) - _odds(target)))[:2]
    (first, less), (last, more) = min(nearest), max(nearest)
    steep = (_odds(more) - _odds(less)) / log(MINUTES[last] / MINUTES[first]) if len(tried) > 1 else _STEEP
    minutes = MINUTES[here] * exp(max(-_FAR, min(_FAR, (_odds(target) - _odds(found)) / max(steep, 1 / _FAR))))
    enough = bisect_left(MINUTES, minutes)
    return min(max(enough if found < target else enough - 1, low + 1), high - 1)


def _odds(chance: float) -> float:
    """The logarithm of the odds."""
    inside = min(max(chance, 0.001), 0.999)
    return log(inside / (1 - inside))


def weekend(of: Known, wanted: Wanted, started_on: date) -> tuple[Sequence[date], Foreseen | None]:
    """The days of the next weekend before the exam that have study, and what skipping them leads to: None when there
    are none, or when they are all the study there is."""
    ahead = (_SATURDAY - of.today.weekday()) % _WEEK if of.today.weekday() <= _SATURDAY else 0
    first = of.today + timedelta(days=ahead)
    both = [first] if first.weekday() > _SATURDAY else [first, first + timedelta(days=1)]
    off = days_off(wanted, of.today)
    skipped = [day for day in both if day < wanted.exam_on and day not in off]
    if not skipped or len(skipped) == _study_days(wanted, of.today):
        return skipped, None
    return skipped, foreseen(of, replace(wanted, days_off=wanted.days_off | set(skipped)), started_on)


def ahead(session: Session, person: Person, now: datetime) -> Ahead | None:
    """Where the learner's plan leads; None without one that leads today."""
    today = person.today(now)
    plan = plans.plan_of(session, person, today)
    if plan is None or not plan.leads(today):
        return None
    of = known(session, person, now)
    here = foreseen(of, plan.wanted, plan.started_on)
    before = _yesterday(of, plan)
    topics = [
        TopicAhead(title, len(of.cards_of(topic)), here.topics[topic], _change(here, before, topic))
        for topic, title in plans.topics_of(session, person)
        if topic in here.topics and topic not in plan.wanted.left_out
    ]
    return Ahead(plan, here, before, sorted(topics, key=lambda one: one.share.expected))


def days_off(wanted: Wanted, today: date) -> frozenset[date]:
    """The days from `today` to the exam on which nothing is studied."""
    span = (today + timedelta(days=ahead) for ahead in range((wanted.exam_on - today).days))
    return frozenset(day for day in span if is_off(wanted, day))


def is_off(wanted: Wanted, day: date) -> bool:
    """Whether a day is declared to be without study."""
    return day in wanted.days_off or bool(wanted.weekdays_off & 1 << day.weekday())


def started(plan: Plan | None, wanted: Wanted, today: date) -> date:
    """The day from which new cards are paced: today for a plan that is new, or has another date."""
    return plan.started_on if plan and plan.wanted.exam_on == wanted.exam_on else today


def _same(one: Wanted, other: Wanted, today: date) -> bool:
    """Whether two plans ask for the same from `today` on."""
    alike = (one.exam_on, one.minutes_a_day, one.left_out) == (other.exam_on, other.minutes_a_day, other.left_out)
    return alike and days_off(one, today) == days_off(other, today)


def _study_days(wanted: Wanted, today: date) -> int:
    return (wanted.exam_on - today).days - len(days_off(wanted, today))


def _room(of: Known, wanted: Wanted) -> float:
    units = agenda.budget(wanted.minutes_a_day, of.unit_s)
    return outlook.room(_study_days(wanted, of.today), units, of.unseen(wanted))


def _offers(of: Known, wanted: Wanted, started_on: date) -> list[Offer]:
    """Topics left out, lightest first, and minutes added, each as far as the time is no longer short."""
    found = []
    fewer = _trimmed(of, wanted)
    if fewer.left_out != wanted.left_out:
        out = tuple(sorted(fewer.left_out - wanted.left_out))
        found.append(Offer(fewer, _room(of, fewer), foreseen(of, fewer, started_on), topics=out))
    minutes = _longer(of, wanted)
    if minutes > wanted.minutes_a_day:
        more = replace(wanted, minutes_a_day=minutes)
        found.append(Offer(more, _room(of, more), foreseen(of, more, started_on), minutes=minutes))
    return found


def _trimmed(of: Known, wanted: Wanted) -> Wanted:
    """The plan without its lightest topics, those with the fewest cards, until the others have room; one stays."""
    new = {card.id for card in of.cards if not card.history} - of.aside
    kept = [topic for topic in dict.fromkeys(of.topics.values()) if topic not in wanted.left_out]
    for topic in sorted(kept, key=lambda one: (len(of.cards_of(one)), one))[:-1]:
        if _room(of, wanted) >= ROOM:
            break
        if new.intersection(of.cards_of(topic)):
            wanted = replace(wanted, left_out=wanted.left_out | {topic})
    return wanted


def _longer(of: Known, wanted: Wanted) -> int:
    """The minutes a day with which time is short no more, or the most there are."""
    days = _study_days(wanted, of.today)
    needed = ROOM * NEW_UNITS * of.unseen(wanted) / max(days, 1) * of.unit_s / 60
    return min(max(ceil(needed / _STEP_MINUTES) * _STEP_MINUTES, FEWEST_MINUTES), MOST_MINUTES)


def _yesterday(of: Known, plan: Plan) -> Foreseen | None:
    """Where the plan led yesterday morning; None when it was made since."""
    day = of.today - timedelta(days=1)
    if plan.started_on > day:
        return None
    key = (of.key, "yesterday")

    def read() -> Known:
        return Known(key, day, [memory.before(one, day) for one in of.cards], of.topics, of.unit_s, of.aside)

    return foreseen(_KNOWN.get(key, read), plan.wanted, plan.started_on)


def _since(history: Sequence[tuple[date, int]], day: date) -> list[int]:
    """The grades of the answers after a day, the first answer of all apart."""
    begin = bisect_right(history, day, key=lambda answer: answer[0])
    return [grade for _, grade in history[max(begin, 1) :]]


def _change(now: Foreseen, before: Foreseen | None, topic: int) -> float | None:
    if before is None or topic not in before.topics:
        return None
    return now.topics[topic].expected - before.topics[topic].expected
