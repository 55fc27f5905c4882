"""Whole days as a learner lives them: the count goes down by one, stays, or comes back, and always ends."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.srs.answering import Kind, kind_of
from app.srs.queue import DRILL_AFTER, Item, Limits, Queue, build
from app.srs.replay import NOTHING, Entry, Totals, replay
from app.srs.sm2 import Grade
from tests.srs.logs import GRADES, MORNING, TODAY

MISSES = st.sampled_from([Grade.BLACKOUT, Grade.WRONG, Grade.CLOSE, Grade.HARD])
SUCCESSES = st.sampled_from([Grade.GOOD, Grade.EASY])


@dataclass
class Learner:
    """One learner, whose every answer comes a minute after the one before."""

    questions: list[Item]
    limits: Limits
    today: date = TODAY
    logs: dict[int, list[Entry]] = field(default_factory=dict)
    given: list[tuple[int, int]] = field(default_factory=list)  # (question, number), what undo takes back
    minutes: int = 0

    def items(self) -> list[Item]:
        return [replace(item, totals=self.totals(item.question)) for item in self.questions]

    def totals(self, question: int) -> Totals | None:
        return replay(self.logs[question]) if question in self.logs else None

    def queue(self) -> Queue:
        return build(self.items(), self.today, self.limits)

    def answer(self, question: int, grade: Grade) -> Kind:
        totals = self.totals(question) or NOTHING
        kind = kind_of(totals.state, totals.drill_day == self.today, self.today)
        self.given.append((question, self._append(question, kind, grade, None)))
        return kind

    def undo(self, which: int = -1) -> None:
        question, number = self.given.pop(which)
        self._append(question, Kind.UNDO, None, number)

    def sleep(self, days: int = 1) -> None:
        self.today += timedelta(days)
        self.given.clear()

    def _append(self, question: int, kind: Kind, grade: Grade | None, undoes: int | None) -> int:
        self.minutes += 1
        log = self.logs.setdefault(question, [])
        at = MORNING + (self.today - TODAY) + timedelta(minutes=self.minutes)
        log.append(Entry(len(log) + 1, kind, grade, self.today, undoes, at))
        return len(log)


COURSES = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 5)), min_size=1, max_size=14).map(
    lambda rows: [Item(n, topic, objective, n) for n, (topic, objective) in enumerate(rows)]
)
LIMITS = st.builds(Limits, st.integers(0, 8), st.integers(0, 8))
PAST = st.lists(st.tuples(st.integers(1, 4), st.lists(GRADES, max_size=8)), max_size=4)  # days slept, grades given


@st.composite
def learners(draw: st.DrawFn) -> Learner:
    """A learner on some morning, after a few days of which none need have been finished."""
    learner = Learner(draw(COURSES), draw(LIMITS))
    for days, grades in draw(PAST):
        for grade in grades:
            question = learner.queue().next
            if question is not None:
                learner.answer(question, grade)
        learner.sleep(days)
    return learner


@given(learners(), st.lists(GRADES, max_size=20))
def test_a_success_takes_one_off_what_is_left_and_a_miss_leaves_it(learner: Learner, grades: list[Grade]) -> None:
    queue = learner.queue()

    for grade in grades:
        if queue.next is None:
            break
        learner.answer(queue.next, grade)
        before, queue = queue, learner.queue()

        assert queue.left == before.left - (grade >= Grade.GOOD)


@given(learners(), st.lists(GRADES, max_size=12), st.data())
def test_the_cards_left_may_be_answered_in_any_order(
    learner: Learner, grades: list[Grade], data: st.DataObject
) -> None:
    queue = learner.queue()

    for grade in grades:
        if not queue.upcoming:
            break
        learner.answer(data.draw(st.sampled_from(queue.upcoming)), grade)
        before, queue = queue, learner.queue()

        assert queue.left == before.left - (grade >= Grade.GOOD)


@given(learners(), st.lists(GRADES, min_size=1, max_size=12))
def test_undoing_brings_back_every_queue_there_was(learner: Learner, grades: list[Grade]) -> None:
    seen: list[Queue] = []
    for grade in grades:
        queue = learner.queue()
        if queue.next is None:
            break
        seen.append(queue)
        learner.answer(queue.next, grade)

    for queue in reversed(seen):
        learner.undo()

        assert learner.queue() == queue


@given(learners(), st.lists(GRADES, min_size=1, max_size=10), st.data())
def test_the_count_goes_on_rightly_after_undoing_any_answer_of_the_day(
    learner: Learner, grades: list[Grade], data: st.DataObject
) -> None:
    for grade in grades:
        question = learner.queue().next
        if question is not None:
            learner.answer(question, grade)
    for _ in range(len(learner.given) // 2):
        learner.undo(data.draw(st.integers(0, len(learner.given) - 1)))

    counts = [learner.queue().left]
    while (question := learner.queue().next) is not None:
        learner.answer(question, Grade.GOOD)
        counts.append(learner.queue().left)

    assert counts == list(range(counts[0], -1, -1))


@given(learners())
def test_a_day_without_a_miss_asks_each_card_once(learner: Learner) -> None:
    left = learner.queue().left
    order: list[int] = []

    while (question := learner.queue().next) is not None:
        learner.answer(question, Grade.GOOD)
        order.append(question)

    assert len(order) == len(set(order)) == left


@given(learners(), st.lists(MISSES, max_size=10))
def test_a_day_ends_once_every_miss_was_answered_well(learner: Learner, misses: list[Grade]) -> None:
    left = learner.queue().left
    answers = 0

    while (question := learner.queue().next) is not None:
        learner.answer(question, misses.pop() if misses else Grade.EASY)
        answers += 1

    assert left <= answers <= left + 10


@given(learners(), st.lists(GRADES, max_size=30))
def test_a_miss_is_asked_again_after_three_others_or_when_only_misses_are_left(
    learner: Learner, grades: list[Grade]
) -> None:
    order: list[int] = []

    for grade in grades:
        queue = learner.queue()
        if queue.next is None:
            break
        if queue.next in order:
            since = order[len(order) - order[::-1].index(queue.next) :]
            assert len(set(since)) >= DRILL_AFTER or queue.drills == queue.left
        learner.answer(queue.next, grade)
        order.append(queue.next)


@given(learners(), st.lists(GRADES, max_size=30))
def test_no_day_goes_beyond_its_limits(learner: Learner, grades: list[Grade]) -> None:
    new: set[int] = set()
    reviewed: set[int] = set()

    for grade in grades:
        question = learner.queue().next
        if question is None:
            break
        fresh = learner.totals(question) is None
        if learner.answer(question, grade) is Kind.REVIEW:
            (new if fresh else reviewed).add(question)

    assert len(new) <= learner.limits.new_per_day
    assert len(reviewed) <= learner.limits.reviews_per_day


@given(learners())
def test_drills_end_with_the_day(learner: Learner) -> None:
    for question in learner.queue().upcoming:
        learner.answer(question, Grade.WRONG)

    learner.sleep()

    assert learner.queue().drills == 0


def test_the_smallest_limits_still_introduce_every_card_in_time() -> None:
    learner = Learner([Item(n, n % 2, n, n) for n in range(6)], Limits(new_per_day=1, reviews_per_day=1))

    for _ in range(6):
        while (question := learner.queue().next) is not None:
            learner.answer(question, Grade.GOOD)
        learner.sleep()

    assert sorted(learner.logs) == [0, 1, 2, 3, 4, 5]
