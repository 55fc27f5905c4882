"""What a plan leads to: before it is kept, beside the one that is, and what would change it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.models import Course, Question
from app.services import cards, foresight, plans
from app.services.foresight import Ahead, Effect, Foreseen, Known
from app.services.plans import Wanted
from app.srs.outlook import Share
from tests.conftest import Clock
from tests.desk import RIGHT, WRONG, Desk

MakeQuestion = Callable[..., Question]
MONDAY = date(2026, 11, 23)
IN_A_MONTH = MONDAY + timedelta(days=30)
WANTED = Wanted(IN_A_MONTH, 20)


@pytest.fixture
def questions(make_question: MakeQuestion) -> list[Question]:
    """Six questions of one topic, then two of another."""
    return [make_question() for _ in range(6)] + [make_question(topic="volumes") for _ in range(2)]


@pytest.fixture
def desk(make_desk: Callable[..., Desk], questions: list[Question]) -> Desk:
    return make_desk()


def keep(desk: Desk, wanted: Wanted) -> None:
    with desk.db.writing() as session:
        plans.keep(session, desk.person, wanted, desk.clock())


def effect(desk: Desk, wanted: Wanted) -> Effect:
    with desk.db.reading() as session:
        return foresight.effect(session, desk.person, wanted, desk.clock())


def ahead(desk: Desk) -> Ahead | None:
    with desk.db.reading() as session:
        return foresight.ahead(session, desk.person, desk.clock())


def known(desk: Desk) -> Known:
    with desk.db.reading() as session:
        return foresight.known(session, desk.person, desk.clock())


def test_an_effect_counts_the_days_of_study_and_the_cards(desk: Desk) -> None:
    found = effect(desk, replace(WANTED, weekdays_off=64))  # Sundays

    assert (found.days, found.study_days, found.cards, found.unseen) == (30, 26, 8, 8)
    assert found.cards_a_day == 60  # twenty minutes at twenty seconds
    assert 0 < found.after.kept.low <= found.after.kept.expected <= found.after.kept.high <= 1


def test_an_effect_stores_nothing(desk: Desk) -> None:
    effect(desk, WANTED)

    assert ahead(desk) is None


def test_a_change_is_set_beside_the_plan_that_is_kept(desk: Desk) -> None:
    keep(desk, WANTED)

    same = effect(desk, WANTED)
    sooner = effect(desk, replace(WANTED, exam_on=MONDAY + timedelta(days=2), minutes_a_day=5))

    assert same.before is None
    assert sooner.before == same.after
    assert sooner.before != sooner.after


def test_a_topic_left_out_counts_in_the_whole_course_only(desk: Desk, questions: list[Question]) -> None:
    found = effect(desk, replace(WANTED, left_out=frozenset({questions[-1].topic_id})))

    assert found.cards == 6
    assert found.after.kept.expected > found.after.whole.expected


def test_when_time_is_short_minutes_or_the_lightest_topic_left_out_are_offered(
    desk: Desk, questions: list[Question]
) -> None:
    short = Wanted(MONDAY + timedelta(days=1), 6)  # 18 units, 24 are needed

    found = effect(desk, short)

    fewer, more = found.offers
    assert found.is_short
    assert (fewer.topics, fewer.wanted.left_out) == ((questions[-1].topic_id,), frozenset({questions[-1].topic_id}))
    assert (more.minutes, more.wanted) == (10, replace(short, minutes_a_day=10))
    assert fewer.room >= 1.5
    assert more.room >= 1.5


def test_with_room_nothing_is_offered(desk: Desk) -> None:
    assert (effect(desk, WANTED).is_short, list(effect(desk, WANTED).offers)) == (False, [])


def test_the_minutes_that_are_enough_lead_there_and_fewer_do_not(desk: Desk) -> None:
    of, wanted = known(desk), Wanted(MONDAY + timedelta(days=3), 120)

    minutes = foresight.enough(of, wanted, MONDAY, target=0.3)

    assert minutes is not None
    place = foresight.MINUTES.index(minutes)
    reached = [
        foresight.foreseen(of, replace(wanted, minutes_a_day=some), MONDAY).kept.expected >= 0.3
        for some in foresight.MINUTES[max(place - 1, 0) : place + 1]
    ]
    assert reached in ([False, True], [True])


@pytest.mark.parametrize("target", [0.1, 0.3, 0.5, 0.6, 0.7, 0.795, 0.9, 0.97])
@pytest.mark.parametrize("minutes", [5, 20, 180])
def test_the_minutes_that_are_enough_are_found_with_few_walks(
    desk: Desk, minutes: int, target: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked = []

    def foreseen(_of: Known, wanted: Wanted, _started_on: date) -> Foreseen:
        walked.append(wanted.minutes_a_day)
        expected = 0.98 / (1 + (15 / wanted.minutes_a_day) ** 1.7)
        share = Share(expected, expected, expected)
        return Foreseen(share, share, {}, 0, {}, 20.0)

    monkeypatch.setattr(foresight, "foreseen", foreseen)
    found = foresight.enough(known(desk), replace(WANTED, minutes_a_day=minutes), MONDAY, target)

    reached = [some for some in foresight.MINUTES if 0.98 / (1 + (15 / some) ** 1.7) >= target]
    assert found == min(reached, default=None)
    assert len(walked) <= 5


def test_up_to_half_an_hour_they_are_told_to_the_minute(desk: Desk) -> None:
    of, wanted = known(desk), Wanted(MONDAY + timedelta(days=3), 5)

    def recalled(minutes: int) -> float:
        return foresight.foreseen(of, replace(wanted, minutes_a_day=minutes), MONDAY).kept.expected

    assert foresight.enough(of, wanted, MONDAY, target=recalled(6)) in {5, 6}
    assert list(foresight.MINUTES[:3]) == [5, 6, 7]


def test_no_minutes_are_enough_for_what_cannot_be(desk: Desk) -> None:
    assert foresight.enough(known(desk), WANTED, MONDAY, target=1.01) is None


def test_the_next_week_end_is_skipped_on_its_days_of_study(desk: Desk) -> None:
    days, after = foresight.weekend(known(desk), replace(WANTED, weekdays_off=64), MONDAY)

    assert days == [MONDAY + timedelta(days=5)]
    assert after is not None


def test_a_week_end_after_the_exam_has_nothing_to_skip(desk: Desk) -> None:
    assert foresight.weekend(known(desk), Wanted(MONDAY + timedelta(days=3), 20), MONDAY) == ([], None)


def test_a_week_end_that_is_all_the_study_left_leads_nowhere_when_skipped(desk: Desk) -> None:
    saturday = MONDAY + timedelta(days=5)
    weekdays = frozenset(MONDAY + timedelta(days=ahead) for ahead in range(5))

    found = foresight.weekend(known(desk), Wanted(saturday + timedelta(days=1), 20, days_off=weekdays), MONDAY)

    assert found == ([saturday], None)


def test_where_the_plan_leads_is_told_topic_by_topic_the_weakest_first(desk: Desk) -> None:
    keep(desk, WANTED)

    found = ahead(desk)

    assert found is not None
    assert {topic.title: topic.cards for topic in found.topics} == {"Network": 6, "Volumes": 2}
    expected = [topic.share.expected for topic in found.topics]
    assert expected == sorted(expected)


def test_what_changed_since_yesterday_is_unknown_on_a_plans_first_day(desk: Desk) -> None:
    keep(desk, WANTED)

    found = ahead(desk)

    assert found is not None
    assert (found.moved, {topic.change for topic in found.topics}) == (None, {None})


def test_a_card_set_aside_counts_for_what_is_known_of_it_and_is_studied_no_more(
    desk: Desk, clock: Clock, questions: list[Question]
) -> None:
    for question in questions[:2]:
        desk.answer(question)
    clock.advance(days=1)
    before = effect(desk, WANTED)
    with desk.db.writing() as session:
        cards.suspend(session, desk.person, questions[0].id)
        cards.suspend(session, desk.person, questions[7].id)

    after = effect(desk, WANTED)

    assert (before.unseen, after.unseen) == (6, 5)
    assert after.cards == before.cards == 8
    assert after.after.kept.expected < before.after.kept.expected - 1 / 8
    assert after.after.never_seen == 0


def test_right_answers_of_yesterday_move_what_is_expected_more_than_wrong_ones(
    make_desk: Callable[..., Desk], clock: Clock, questions: list[Question]
) -> None:
    desks = [make_desk(), make_desk()]
    for desk, response in zip(desks, (RIGHT, WRONG), strict=True):
        keep(desk, replace(WANTED, exam_on=MONDAY + timedelta(days=3), minutes_a_day=5))
        for question in questions:
            desk.answer(question, response)
    clock.advance(days=1)

    right, wrong = (found.moved for desk in desks if (found := ahead(desk)) is not None)

    assert right is not None
    assert wrong is not None
    assert right > max(wrong, 0)


def test_what_is_answered_today_moves_nothing_before_tomorrow(desk: Desk, questions: list[Question]) -> None:
    keep(desk, WANTED)
    before = ahead(desk)
    desk.answer(questions[0])

    assert ahead(desk) == before


def test_an_answer_taken_back_is_forgotten(desk: Desk, clock: Clock, questions: list[Question]) -> None:
    before = effect(desk, WANTED).unseen
    recorded = desk.answer(questions[0])
    clock.advance(days=1)
    seen = effect(desk, WANTED).unseen
    desk.undo(questions[0], recorded.number)

    assert (before, seen, effect(desk, WANTED).unseen) == (8, 7, 8)


def test_from_the_day_of_the_exam_on_nothing_is_ahead(desk: Desk, clock: Clock) -> None:
    keep(desk, Wanted(MONDAY + timedelta(days=1), 20))
    clock.advance(days=1)

    assert ahead(desk) is None


def test_each_course_has_its_own_figures(
    desk: Desk, make_course: Callable[..., Course], make_question: MakeQuestion
) -> None:
    other = make_course("git", ("network",))
    make_question(of=other)
    keep(desk, WANTED)
    desk.move_to(course_id=other.id)

    assert ahead(desk) is None
    assert effect(desk, WANTED).cards == 1
