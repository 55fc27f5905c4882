"""Who is ready and who slips."""

from dataclasses import replace
from typing import Any

import pytest

from app.stats.mastery import Reach
from app.stats.shares import Share
from app.stats.slipping import Reason, Standing, is_ready, reasons, urgency

STEADY = Standing(
    answered=True,
    silent_days=1,
    reach=Reach(total=100, seen=90, mature=40, due=10, recalled=80.0),
    recent=Share(18, 20),
    before=Share(54, 60),
    usual_seen=80,
)


def standing(**changed: Any) -> Standing:
    return replace(STEADY, **changed)


def test_who_works_and_recalls_does_not_slip_and_is_ready() -> None:
    assert reasons(STEADY) == ()
    assert is_ready(STEADY)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"silent_days": 7}, Reason.SILENT),
        ({"silent_days": 7, "answered": False}, Reason.NEVER),
        ({"recent": Share(14, 20)}, Reason.FALLING),
        ({"recent": Share(12, 20), "before": Share(40, 60)}, Reason.FORGETTING),
        ({"reach": Reach(total=100, seen=90, due=46)}, Reason.OVERDUE),
        ({"reach": Reach(total=100, seen=39)}, Reason.BEHIND),
    ],
)
def test_each_rule_names_its_reason_and_nobody_ready_slips(changed: dict[str, Any], reason: Reason) -> None:
    of = standing(**changed)

    assert reasons(of) == (reason,)
    assert not is_ready(of)


@pytest.mark.parametrize(
    "changed",
    [
        {"silent_days": 6},
        {"recent": Share(10, 19)},  # too few answers to tell
        {"before": Share(19, 19), "recent": Share(14, 20)},
        {"recent": Share(14, 20), "before": Share(42, 60)},
        {"reach": Reach(total=100, seen=90, due=45)},
        {"reach": Reach(total=30, seen=30, due=19), "usual_seen": 30},
        {"reach": Reach(total=100, seen=40)},
        {"reach": Reach(total=100, seen=1), "usual_seen": 9},
    ],
)
def test_a_step_short_of_a_rule_nobody_slips(changed: dict[str, Any]) -> None:
    assert reasons(standing(**changed)) == ()


def test_somebody_new_is_left_a_week_to_begin() -> None:
    assert reasons(standing(answered=False, silent_days=6, reach=Reach(100), recent=Share(), before=Share())) == ()


def test_of_who_is_silent_nothing_else_is_said() -> None:
    assert reasons(standing(silent_days=30, reach=Reach(total=100, seen=30, due=30))) == (Reason.SILENT,)


def test_several_reasons_come_gravest_first() -> None:
    of = standing(recent=Share(8, 20), reach=Reach(total=100, seen=30, due=25))

    assert reasons(of) == (Reason.FALLING, Reason.OVERDUE, Reason.BEHIND)


@pytest.mark.parametrize(
    "changed",
    [
        {"reach": Reach(total=100, seen=90, due=16)},
        {"recent": Share(15, 20), "before": Share(45, 60)},
        {"recent": Share(9, 9), "before": Share(10, 10)},
    ],
)
def test_who_knows_too_little_or_too_few_answers_of_whom_are_known_is_not_ready(changed: dict[str, Any]) -> None:
    assert not is_ready(standing(**changed))


def test_the_gravest_reason_comes_first_then_the_longest_silence_then_what_is_due() -> None:
    late = standing(reach=Reach(total=100, seen=90, due=60))
    later = standing(reach=Reach(total=100, seen=90, due=70))
    gone, long_gone = standing(silent_days=8), standing(silent_days=20)

    found = sorted([late, gone, later, long_gone], key=lambda of: urgency(reasons(of), of))

    assert found == [long_gone, gone, later, late]
