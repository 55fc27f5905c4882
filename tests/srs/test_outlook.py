"""What the exam will find, and how sure that is."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.srs import outlook as module
from app.srs import worlds
from app.srs.outlook import Share, budget_for, learner, outlook, room, walked, worker
from app.srs.plan import WORTH, PlannedCard, choices, quota
from app.srs.worlds import Flat, HalfLives, Power, World
from tests.bench.forecasts import Forecast, coverage, deciles, forecasts
from tests.srs.decks import DECKS, EXAMS, card
from tests.srs.logs import TODAY

EXAM = TODAY + timedelta(14)
NEW = [card(number) for number in range(40)]
BUDGETS = st.integers(0, 60)


@given(DECKS, EXAMS, BUDGETS)
def test_every_card_has_a_chance_and_every_day_its_work(deck: Sequence[PlannedCard], exam: date, budget: int) -> None:
    seen = outlook(TODAY, exam, budget, deck)

    assert seen.recall.keys() == {one.id for one in deck}
    assert all(0 <= chance <= 1 for chance in seen.recall.values())
    assert [*seen.units_per_day] == [TODAY + timedelta(ahead) for ahead in range((exam - TODAY).days)]
    assert all(0 <= units <= budget for units in seen.units_per_day.values())


@given(DECKS, EXAMS, BUDGETS)
def test_what_is_expected_lies_in_its_interval(deck: Sequence[PlannedCard], exam: date, budget: int) -> None:
    seen = outlook(TODAY, exam, budget, deck)

    for share in (seen.of(), seen.of([one.id for one in deck[:3]])):
        assert 0 <= share.low <= share.expected <= share.high <= 1


@given(DECKS, EXAMS, BUDGETS)
def test_more_time_expects_no_less(deck: Sequence[PlannedCard], exam: date, budget: int) -> None:
    less, more = (outlook(TODAY, exam, units, deck).of().expected for units in (budget, 2 * budget + 2))

    assert more >= less - 0.05


@given(DECKS, EXAMS, BUDGETS)
def test_a_forecast_changes_nothing_and_remembers_nothing(deck: Sequence[PlannedCard], exam: date, budget: int) -> None:
    first = outlook(TODAY, exam, budget, deck)
    outlook(TODAY, exam, budget + 5, deck[::2])

    assert outlook(TODAY, exam, budget, deck) == first


def test_without_time_unseen_cards_stay_unseen() -> None:
    seen = outlook(TODAY, EXAM, 0, NEW)

    assert (seen.never_seen, seen.of().expected, set(seen.units_per_day.values())) == (40, 0, {0})


def test_the_first_day_is_the_plan_s_own() -> None:
    deck = [*NEW, card(40, (6, 4)), card(41, (3, 1))]
    begun = TODAY - timedelta(6)

    worth = [choice.units for choice in choices(TODAY, EXAM, deck, begun) if not choice.is_new and choice.gain >= WORTH]
    first_day = outlook(TODAY, EXAM, 20, deck, start=begun).units_per_day[TODAY]

    assert 2 * quota(len(NEW), begun, TODAY, EXAM) + sum(worth) <= 20
    assert first_day == pytest.approx(20, abs=2)


def test_a_day_off_has_no_work_and_costs_recall() -> None:
    week_end = {TODAY + timedelta(5), TODAY + timedelta(6)}

    off, on = outlook(TODAY, EXAM, 8, NEW, week_end), outlook(TODAY, EXAM, 8, NEW)

    assert {day for day, units in off.units_per_day.items() if not units} == week_end
    assert off.of().expected < on.of().expected


def test_what_was_spent_today_is_gone() -> None:
    assert outlook(TODAY, EXAM, 8, NEW, spent_today=8).units_per_day[TODAY] == 0


def test_on_the_exam_day_there_is_only_what_is_known() -> None:
    seen = outlook(TODAY, TODAY, 50, [card(1, (1, 4)), card(2)])

    assert (seen.recall[2], seen.units_per_day, seen.never_seen) == (0, {}, 1)
    assert seen.recall[1] > 0.7


def test_nothing_is_uncertain_of_no_card() -> None:
    assert outlook(TODAY, EXAM, 50, NEW).of([]) == outlook(TODAY, EXAM, 50, []).of() == Share(0, 0, 0)


def test_a_card_counts_once_and_cards_of_other_courses_not() -> None:
    seen = outlook(TODAY, EXAM, 10, NEW)

    assert seen.of([3, 3, 999, 4]) == seen.of([3, 4])


def test_answers_narrow_the_interval() -> None:
    told = [card(number, (9, 4), (6, 4), (2, 1 if number % 4 == 0 else 4)) for number in range(40)]

    few, many = (outlook(TODAY, EXAM, 10, deck).of() for deck in ([*told[:2], *NEW[2:]], told))

    assert many.high - many.low < few.high - few.low


def test_who_fails_more_is_expected_to_recall_less() -> None:
    right, wrong = ([card(number, (9, 4), (6, grade), (2, grade)) for number in range(40)] for grade in (4, 1))

    assert outlook(TODAY, EXAM, 10, wrong).of().high < outlook(TODAY, EXAM, 10, right).of().low


@pytest.mark.parametrize("target", [0.3, 0.6, 0.8])
def test_the_budget_for_a_target_is_the_smallest(target: float) -> None:
    units = budget_for(target, TODAY, EXAM, NEW)

    assert units is not None
    assert outlook(TODAY, EXAM, units, NEW).of().expected >= target
    assert outlook(TODAY, EXAM, units - 1, NEW).of().expected < target


@given(st.floats(0.2, 400), st.floats(1.3, 3.2), st.integers(0, 300), st.integers(1, 14))
def test_a_review_that_is_passed_over_for_some_days_is_worth_its_time_on_none_of_them(
    strength: float, ease: float, gap: int, ahead: int
) -> None:
    state = module._State(0, ease, strength, ())

    _, _, days = module._worth(state, gap, ahead)

    assert not any(module._worth(state, gap + later, ahead)[0] for later in range(days))


@pytest.mark.parametrize(("seen", "budget"), [(700, 20), (690, 60)])
def test_a_large_course_is_foretold_as_if_every_card_were_walked_alone(
    seen: int, budget: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw, deck = Random(7), [card(number) for number in range(seen, 700)]
    for number in range(seen):
        days_ago = sorted(draw.sample(range(1, 200), k=draw.randint(1, 6)), reverse=True)
        deck.append(card(number, *((day, draw.choice([1, 4, 4, 5])) for day in days_ago)))
    who, exam = learner(deck), TODAY + timedelta(300)

    together = walked(who, TODAY, exam, budget)
    monkeypatch.setattr(module, "_MANY", 10**9)
    alone = walked(who, TODAY, exam, budget)

    assert together.recall != alone.recall
    assert together.of().expected == pytest.approx(alone.of().expected, abs=0.01)
    assert together.of().low == pytest.approx(alone.of().low, abs=0.01)
    assert sum(together.units_per_day.values()) == pytest.approx(sum(alone.units_per_day.values()), rel=0.01)


@pytest.mark.parametrize(("seen", "grades"), [(60, (3, 4, 5)), (40, (1, 4, 5)), (30, (1, 1, 4)), (0, (4,))])
def test_the_work_of_the_days_needs_no_word_of_how_memory_may_work(seen: int, grades: tuple[int, ...]) -> None:
    draw, deck = Random(seen), [card(number) for number in range(seen, 60)]
    for number in range(seen):
        days_ago = sorted(draw.sample(range(1, 90), k=draw.randint(1, 6)), reverse=True)
        deck.append(card(number, *((day, draw.choice(grades)) for day in days_ago)))
    exam = TODAY + timedelta(40)

    light, whole = walked(worker(deck), TODAY, exam, 15), walked(learner(deck), TODAY, exam, 15)

    assert (light.units_per_day, light.never_seen) == (whole.units_per_day, whole.never_seen)


def test_a_target_beyond_any_day_has_no_budget() -> None:
    assert budget_for(0.99, TODAY, TODAY + timedelta(2), NEW, days_off={TODAY, TODAY + timedelta(1)}) is None


def test_a_target_of_nothing_needs_no_time() -> None:
    assert budget_for(0, TODAY, EXAM, NEW) == 0


def test_room_is_how_often_the_deck_could_be_introduced() -> None:
    assert (room(14, 20, 100), room(14, 20, 0)) == (1.4, float("inf"))


def test_cards_left_out_keep_what_is_known_of_them() -> None:
    who = learner([card(1, (3, 4)), card(2)])

    seen = walked(who.without([1, 2]), TODAY, EXAM, 20)

    assert seen.recall[1] > 0
    assert (seen.recall[2], seen.never_seen, set(seen.units_per_day.values())) == (0, 0, {0})


@pytest.mark.parametrize("world", [Power(0.5), Power(2, 0.25), HalfLives(1.5), Flat(0.7)])
@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_a_world_s_curve_can_be_turned_round(world: World, days: int, chance: float) -> None:
    assert world.recall(days, world.strength(days, chance)) == pytest.approx(chance)


@pytest.mark.parametrize("truth", [Power(0.4), HalfLives(1), Flat(1)])
def test_the_world_that_gave_the_answers_is_found(truth: World) -> None:
    draw, histories = Random(7), []
    for _ in range(300):
        strength, day, history = truth.first(4), TODAY - timedelta(60), [(TODAY - timedelta(60), 4)]
        for gap in draw.choices([1, 3, 7, 14], k=3):
            right, day = draw.random() < truth.recall(gap, strength), day + timedelta(gap)
            strength = truth.right(strength, gap, 2.5) if right else truth.wrong(strength)
            history.append((day, 4 if right else 1))
        histories.append(history)

    weights = worlds.likely(histories)

    assert sum(weight for weight, _ in weights) == pytest.approx(1)
    assert type(max(weights, key=lambda row: row[0])[1]) is type(truth)


@pytest.fixture(scope="module")
def students() -> list[Forecast]:
    """What was foretold to students of three kinds of memory, and what became of it."""
    return [
        found
        for model in ("FSRS-6", "ACT-R", "half-life")
        for number in range(8)
        for found in forecasts(model, 60, 14, 20, f"suite {number}", mornings=(0, 5, 10))
    ]


def test_nine_intervals_in_ten_hold(students: list[Forecast]) -> None:
    assert 0.85 <= coverage(students) <= 1


def test_of_cards_foretold_alike_as_many_are_recalled(students: list[Forecast]) -> None:
    for decile in deciles(students):
        assert decile.cards < 100 or abs(decile.foretold - decile.found) < 0.15, decile
