"""Simulated students: three published models of memory, each with differences between people and cards.

They rank policies and judge forecasts; they are no data, and foretell nobody's mark. Grades are SM-2's.

- Fsrs: FSRS-6 with its published parameters (Open Spaced Repetition, "The Algorithm");
- ActR: traces that decay the faster the more active the memory was (Pavlik & Anderson 2005, Cognitive Science 29);
- HalfLife: exponential forgetting whose half-life grows with practice (Settles & Meeder 2016, ACL).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp, expm1, log
from random import Random

from app.srs.answering import answer, kind_of
from app.srs.sm2 import NEW, CardState, Grade

DAY0 = date(2026, 1, 1)
_FIRST_CUTS = (
    -0.706,
    -0.431,
    0.950,
)  # normal quantiles of 24, 33 and 83 %: first answers, as FSRS's simulator has them
_GRADES = (Grade.WRONG, Grade.HARD, Grade.GOOD, Grade.EASY)


class Student:
    """Somebody, with what sets them apart from others; one random stream."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed)
        self.ability = self.random.gauss(0, 0.5)
        self.pace, self.gain = self.random.gauss(0, 1), self.random.gauss(0, 1)


class Mind:
    """One card in a student's head: `recall` on a day, and `learn` from an answer of that day."""

    def __init__(self, who: Student, hardness: float) -> None:
        self.who, self.seen, self.last = who, False, 0
        self.easiness = who.random.gauss(hardness, 0.35)
        self.bent = who.ability + self.easiness
        self._first = self.bent + who.random.gauss(0, 0.6)

    def recall(self, day: float) -> float:
        """The chance that it is recalled on `day`, 0 while it was never seen."""
        return self._recall(day) if self.seen else 0.0

    def answer(self, day: int) -> Grade:
        """What the student answers on `day`, who learns from it (a failed or new card is drilled at once)."""
        grade = self._known(day) if self.seen else _GRADES[sum(self._first > cut for cut in _FIRST_CUTS)]
        self._learn(day, grade)
        self.seen, self.last = True, day
        return grade

    def _known(self, day: int) -> Grade:
        chance, noise = self.recall(day), self.who.random.gauss(0, 0.7)
        if self.who.random.random() >= chance:
            return Grade.WRONG
        felt = self.bent + 2 * (chance - 0.85) + noise
        return Grade.HARD if felt < -0.85 else Grade.EASY if felt > 1.15 else Grade.GOOD

    def _recall(self, day: float) -> float:
        raise NotImplementedError

    def _learn(self, day: int, grade: Grade) -> None:
        raise NotImplementedError


class Fsrs(Mind):
    """Difficulty, stability, retrievability."""

    W = (0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614)
    W += (0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542)

    def __init__(self, who: Student, hardness: float, decay: float = 1.0) -> None:
        super().__init__(who, hardness)
        self.decay = decay * self.W[20] * exp(0.25 * who.pace)
        self.factor = 0.9 ** (-1 / self.decay) - 1
        self.start = exp(0.4 * who.gain + who.random.gauss(0, 0.35))
        self.offset = who.random.gauss(0, 1.1)
        self.stability = self.difficulty = 1.0

    def _recall(self, day: float) -> float:
        return float((1 + self.factor * (day - self.last) / self.stability) ** -self.decay)

    def _learn(self, day: int, grade: Grade) -> None:
        w, mark = self.W, _GRADES.index(grade) + 1
        if not self.seen:
            self.stability = w[mark - 1] * self.start
            self.difficulty = self._difficulty(mark) + self.offset
        else:
            self.stability = self._lapsed(day) if mark == 1 else self._grown(day, mark)
            damped = self.difficulty - w[6] * (mark - 3) * (10 - self.difficulty) / 9
            self.difficulty = w[7] * self._difficulty(4) + (1 - w[7]) * damped
        self.difficulty = min(max(self.difficulty, 1), 10)
        if mark == 1:  # drilled the same day, "good" in the end
            self.stability *= max(1.0, exp(w[17] * w[18]) * self.stability ** -w[19])

    def _difficulty(self, mark: int) -> float:
        return self.W[4] - exp(self.W[5] * (mark - 1)) + 1

    def _grown(self, day: int, mark: int) -> float:
        w, s = self.W, self.stability
        felt = {2: w[15], 4: w[16]}.get(mark, 1.0)
        lost = expm1((1 - self.recall(day)) * w[10])
        return s * (1 + exp(w[8]) * (11 - self.difficulty) * s ** -w[9] * lost * felt)

    def _lapsed(self, day: int) -> float:
        w, s = self.W, self.stability
        after = w[11] * self.difficulty ** -w[12] * ((s + 1) ** w[13] - 1) * exp((1 - self.recall(day)) * w[14])
        return max(min(after, s / exp(w[17] * w[18])), 0.001)


class ActR(Mind):
    """Each practice leaves a trace of power-law decay; the threshold and noise are Pavlik & Anderson's."""

    SCALE, LEAST, THRESHOLD, NOISE, WARMUP = 0.217, 0.177, -0.704, 0.255, 60.0
    TEST, SUCCESS = 1.0, 1.75
    LAG = 600.0  # seconds until the drill

    def __init__(self, who: Student, hardness: float, hour: float = 45.0) -> None:
        super().__init__(who, hardness)
        self.day = 24 * hour * exp(0.3 * who.pace)  # seconds of "inner" time that a day outside the session lasts
        self.bias = 0.30 * self.bent + 0.22
        self.traces: list[tuple[float, float, float]] = []

    def _strength(self, day: float) -> float:
        return sum(weight * ((day - then) * self.day + self.WARMUP) ** -decay for then, decay, weight in self.traces)

    def _recall(self, day: float) -> float:
        active = log(self._strength(day)) + self.bias
        return 1 / (1 + exp((self.THRESHOLD - active) / self.NOISE))

    def _learn(self, day: int, grade: Grade) -> None:
        before, right = self._strength(day), grade >= Grade.HARD
        reward = self.SUCCESS if right else self.TEST
        self._trace(day, before, reward if self.seen else self.TEST)
        if not (self.seen and right):  # new or failed: once more within the session
            self._trace(day, before + self.LAG**-self.LEAST, reward)

    def _trace(self, day: int, strength: float, weight: float) -> None:
        self.traces.append((day, self.SCALE * strength * exp(self.bias) + self.LEAST, weight))


class HalfLife(Mind):
    """p = 2^(-t/h): a success multiplies h, the more the nearer it was to loss; a failure halves it."""

    LAPSE, LONGEST_LAPSED = 0.45, 20.0

    def __init__(self, who: Student, hardness: float, first: float = 3.0, power: float = 0.5) -> None:
        super().__init__(who, hardness)
        self.start = first * exp(0.6 * self.bent + who.random.gauss(0, 0.3))
        self.growth = 3.5 * exp(0.25 * who.gain + 0.25 * self.easiness)
        self.power, self.half = power, 1.0

    def _recall(self, day: float) -> float:
        return float(2 ** ((self.last - day) / self.half))

    def _learn(self, day: int, grade: Grade) -> None:
        if not self.seen:
            self.half = self.start * (0.8 if grade < Grade.HARD else 1.0)
        elif grade >= Grade.HARD:
            self.half *= 1 + self.growth * (1 - self.recall(day)) ** self.power
        else:
            self.half = min(max(self.LAPSE * self.half, min(self.start, self.half)), self.LONGEST_LAPSED)


MODELS: dict[str, Callable[[Student, float], Mind]] = {"FSRS-6": Fsrs, "ACT-R": ActR, "half-life": HalfLife}


@dataclass(slots=True)
class Card:
    """What the application keeps of a card, as `app.srs.plan` reads it."""

    id: int
    state: CardState = NEW
    history: list[tuple[date, int]] = field(default_factory=list)

    @property
    def ef(self) -> float:
        """SM-2's E-factor."""
        return self.state.ease_permille / 1000

    @property
    def interval(self) -> int:
        """Days, 0 while new."""
        return self.state.interval_days

    @property
    def repetitions(self) -> int:
        """SM-2's number of successes in a row."""
        return self.state.streak

    @property
    def last_review(self) -> date | None:
        """The day of the last answer."""
        return self.history[-1][0] if self.history else None

    @property
    def due(self) -> date | None:
        """When SM-2 asks again."""
        return self.state.due

    def answered(self, grade: Grade, day: date) -> None:
        """Note the first answer of `day`."""
        self.state = answer(self.state, kind_of(self.state, False, day), grade, day)
        self.history.append((day, int(grade)))


Policy = Callable[[date, date, int, Sequence[Card]], Sequence[int]]


@dataclass(slots=True)
class Course:
    """A student before an exam: cards in the application, minds in the head, days of so many units."""

    minds: list[Mind]
    cards: list[Card]
    days: int
    budget: int

    @classmethod
    def of(cls, model: str, cards: int, days: int, budget: int, seed: str) -> "Course":
        """A student of that model; the same seed gives the same student and deck whatever the policy."""
        who, deck = Student(f"{seed} {model}"), Random(f"deck {seed} {cards}")
        minds = [MODELS[model](who, deck.gauss(0, 0.5)) for _ in range(cards)]
        return cls(minds, [Card(number) for number in range(cards)], days, budget)

    @property
    def exam(self) -> date:
        """The day of the exam."""
        return DAY0 + timedelta(self.days)

    def follow(self, policy: Policy) -> Iterator[date]:
        """Study day after day by `policy`; yields each morning."""
        for number in range(self.days):
            today = DAY0 + timedelta(number)
            yield today
            self.study(policy(today, self.exam, self.budget, self.cards), today)

    def study(self, ids: Sequence[int], today: date) -> int:
        """Answer these cards until the next would overrun the budget; the units spent (new 2, right 1, wrong 2)."""
        spent, number = 0, (today - DAY0).days
        for id_ in ids:
            mind, card = self.minds[id_], self.cards[id_]
            if spent + 2 > self.budget:
                break
            new = not mind.seen
            grade = mind.answer(number)
            spent += 2 if new or grade < Grade.HARD else 1
            card.answered(grade, today)
        return spent

    def recall(self) -> list[float]:
        """The chance of recall of each card on the exam day."""
        return [mind.recall(self.days) for mind in self.minds]


def sm2(today: date, exam: date, budget: int, cards: Sequence[Card]) -> list[int]:
    """Plain SM-2: what is due, the most overdue first, then new cards while there is time."""
    due = sorted((card.due, card.id) for card in cards if card.due and card.due <= today)
    return [id_ for _, id_ in due] + [card.id for card in cards if not card.history]


def rotation(today: date, exam: date, budget: int, cards: Sequence[Card]) -> list[int]:
    """Cramming: new cards first, then round and round, all the budget."""
    known = sorted((card.last_review, card.id) for card in cards if card.last_review and card.last_review < today)
    return [card.id for card in cards if not card.history] + [id_ for _, id_ in known]
