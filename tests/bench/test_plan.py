"""What planning is worth, and how true its forecast is, on simulated students of three kinds of memory."""

import time

import pytest

from app.srs.outlook import budget_for, outlook
from app.srs.plan import choices
from tests.bench import plans
from tests.bench.conftest import Report
from tests.bench.forecasts import coverage, deciles, planned
from tests.bench.memory import DAY0, MODELS, Course

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

TIMES = 7


@pytest.fixture(scope="module")
def found() -> plans.Found:
    """The whole measurement, printed."""
    measured = plans.measure()
    print(f"\n{plans.tables(measured)}\n")
    return measured


@pytest.mark.parametrize(("model", "least"), [("FSRS-6", 1.12), ("ACT-R", 1.12), ("half-life", 1.01)])
def test_the_plan_is_worth_more_than_plain_sm2(found: plans.Found, model: str, least: float) -> None:
    assert found.recall["the plan", model] >= least * found.recall["plain SM-2", model]


@pytest.mark.parametrize("model", MODELS)
def test_the_plan_loses_little_to_cramming_and_wins_where_forgetting_is_fast(found: plans.Found, model: str) -> None:
    assert found.recall["the plan", model] >= found.recall["cramming, round and round", model] - 0.01


@pytest.mark.parametrize("model", MODELS)
def test_intervals_hold_for_every_kind_of_memory(found: plans.Found, model: str) -> None:
    told = [one for one in found.forecasts if one.model == model]

    assert coverage(told) >= 0.85
    assert coverage(told, topics=True) >= 0.85


def test_forecasts_are_true_in_the_mean_of_the_models(found: plans.Found) -> None:
    assert all(abs(tenth.foretold - tenth.found) < 0.15 for tenth in deciles(found.forecasts))


def test_the_time_a_page_waits(report: Report) -> None:
    course = Course.of("FSRS-6", 500, 60, 100, "time")
    for today in course.follow(planned):
        if (today - DAY0).days == 30:
            break
    work = {
        "the plan of a day, 500 cards": lambda: choices(today, course.exam, course.cards),
        "the outlook, 500 cards and 30 days": lambda: outlook(today, course.exam, 100, course.cards),
        "the time for 80 %, 500 cards and 30 days": lambda: budget_for(0.8, today, course.exam, course.cards),
    }

    for name, call in work.items():
        took = []
        for _ in range(TIMES):
            began = time.process_time()
            call()
            took.append((time.process_time() - began) * 1000)
        report(name, "ms", took)
