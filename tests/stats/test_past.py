"""The log of the weeks that are over, added up at once or week by week, and as bytes."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.srs import memory, outlook, worlds
from app.srs.memory import Learnt
from app.stats import past_document
from app.stats.past import WEEKS, Answer, Past
from app.stats.retention import Tally

MONDAY = date(2026, 11, 23)
FIRST = MONDAY - timedelta(weeks=60)
TOPICS = {1: (10, FIRST), 2: (10, FIRST + timedelta(30)), 3: (20, MONDAY - timedelta(40))}
ANSWERS: st.SearchStrategy[Sequence[Answer]] = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.integers(0, 60 * 7 - 1).map(lambda ago: FIRST + timedelta(ago)),
        st.sampled_from(("review", "review", "early", "practice", "drill")),
        st.booleans(),
        st.integers(0, 5),
        st.integers(0, 120_000),
    ).map(lambda one: (*one, (one[1] - date(1970, 1, 1)).days * 96 + one[5] % 96)),
    max_size=60,
).map(lambda found: sorted(found, key=lambda one: one[:2]))


def at_once(answers: Sequence[Answer], told: set[int]) -> Past:
    return Past(MONDAY).until(MONDAY, answers, told)


@given(ANSWERS, st.sets(st.integers(1, 4)), st.lists(st.integers(1, 59), max_size=4, unique=True))
def test_added_up_in_steps_it_is_what_it_is_at_once(
    answers: Sequence[Answer], told: set[int], weeks: list[int]
) -> None:
    marks = [FIRST, *(FIRST + timedelta(weeks=ago) for ago in sorted(weeks)), MONDAY]
    found = Past(FIRST)

    for begin, end in pairwise(marks):
        found = found.until(end, [one for one in answers if begin <= one[1] < end], told)

    whole = at_once(answers, told)
    assert found.of(told) == whole.of(told)
    assert list(found.of(told).ready.replays) == list(whole.of(told).ready.replays)


@given(ANSWERS, st.sets(st.integers(1, 4)))
def test_read_again_it_is_what_was_written(answers: Sequence[Answer], told: set[int]) -> None:
    past = at_once(answers, told)
    outlook.learner([Learnt(one, past.histories[one], past.traces[one]) for one in past.entries])

    again = past_document.read(past_document.written(past))

    assert again == past
    assert {one: list(history) for one, history in again.histories.items()} == {
        one: list(history) for one, history in past.histories.items()
    }


@given(ANSWERS, st.sets(st.integers(1, 4)), st.sets(st.integers(1, 4)))
def test_its_readiness_can_be_of_other_cards(answers: Sequence[Answer], told: set[int], others: set[int]) -> None:
    assert at_once(answers, told).of(others) == at_once(answers, others)


@given(ANSWERS)
def test_what_was_recalled_counts_the_reviews_after_the_first_meeting(answers: Sequence[Answer]) -> None:
    found = at_once(answers, set()).recalled(TOPICS)

    told = [
        (TOPICS[question][0], day, grade >= 3)
        for question, day, kind, pushed, grade, *_ in answers
        if kind == "review" and not pushed and question in TOPICS and day > TOPICS[question][1]
        if day >= MONDAY - timedelta(weeks=WEEKS)
    ]
    for day in {day for _, day, _ in told}:
        right = [passed for _, when, passed in told if when == day]
        assert found.days[day] == (len(right), sum(right))
    assert sum(reviews for reviews, _ in found.days.values()) == len(told)
    for topic in found.topics:
        right = [passed for of, _, passed in told if of == topic]
        assert found.topics[topic] == (len(right), sum(right))
        late = Counter(day for of, day, _ in told if of == topic and day >= MONDAY - timedelta(28))
        known = Counter(day for of, day, passed in told if of == topic and passed)
        assert found.lately[topic] == [Tally(day, many, known[day]) for day, many in sorted(late.items())]


@given(ANSWERS, st.integers(0, 60))
def test_a_plan_that_goes_on_from_it_believes_what_the_whole_histories_say(
    answers: Sequence[Answer], weeks: int
) -> None:
    mark = FIRST + timedelta(weeks=weeks)
    past = Past(mark).until(mark, [one for one in answers if one[1] < mark], set())
    whole = {one: list(history) for one, history in at_once(answers, set()).histories.items()}
    later = {one: [answer for answer in history if answer[0] >= mark] for one, history in whole.items()}
    cards = [Learnt(one, past.history_of(one).followed_by(later[one]), past.traces.get(one)) for one in whole]
    same = [Learnt(one, history) for one, history in whole.items()]

    for _ in range(2):  # what was walked through the first time is gone on from the second
        who, plain = outlook.learner(cards), outlook.learner(same)
        assert [list(card.history) for card in cards] == list(whole.values())
        assert (who.known, who.strengths, who.speed) == (plain.known, plain.strengths, plain.speed)


@given(ANSWERS, st.integers(0, 400))
def test_a_card_as_it_was_before_a_day_goes_on_from_what_is_known(answers: Sequence[Answer], ago: int) -> None:
    past, day = at_once(answers, set()), MONDAY - timedelta(ago)
    for one, history in past.histories.items():
        card = memory.before(Learnt(one, history, past.traces[one]), day)

        assert list(card.history) == [answer for answer in history if answer[0] < day]
        if card.history:
            assert memory.replay_of(card) == memory.replayed(card.history)


def test_the_hours_are_those_of_the_zone_on_that_day() -> None:
    quarter = (date(2026, 7, 1) - date(1970, 1, 1)).days * 96 + 4 * 10  # 10:00 in London
    winter = (date(2026, 11, 2) - date(1970, 1, 1)).days * 96 + 4 * 10
    changing = (date(2026, 10, 25) - date(1970, 1, 1)).days * 96  # 00:00 in UTC, an hour before the clocks go back
    past = Past(MONDAY, quarters={quarter: 1, winter: 2, changing: 4, changing + 4: 8})

    paris, india = past.hours("Europe/Paris"), past.hours("Asia/Kolkata")

    assert {hour: count for hour, count in enumerate(paris) if count} == {12: 1, 11: 2, 2: 12}
    assert {hour: count for hour, count in enumerate(india) if count} == {15: 3, 5: 4, 6: 8}


def test_all_worlds_that_a_plan_may_ask_for_can_be_written() -> None:
    past = at_once([(1, FIRST, "review", False, 4, 9_000, 0)], set())
    for _, world in (*worlds.ALL, *worlds.TELLING):
        past.strengths[world] = {1: 2.5}

    assert past_document.read(past_document.written(past)).strengths == past.strengths


@pytest.mark.parametrize(
    ("of", "name", "value"),
    [
        ("app.srs.memory", "_PRIOR", 5.0),
        ("app.srs.memory", "FIRST", {grade: 1.0 for grade in range(6)}),
        ("app.stats.past_document", "WEEKS", 10),
        ("app.stats.past_document", "READY_WEEKS", 10),
        ("app.stats.past_document", "TELLING", frozenset({"review"})),
    ],
)
def test_what_other_rules_made_is_not_read(of: str, name: str, value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{of}.{name}", value)

    assert past_document._rules() != past_document.RULES
