"""What the questions of a course cover, and what they do not yet."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank import coverage
from app.bank.coverage import Coverage, Covered, Entry, Goal, Lack, Part
from app.bank.loader import load_course
from app.bank.schema import MODELS

PARTS = [Part("knots", core=True), Part("winds")]
GOALS = [
    Goal("winds.breeze", "winds", "Air", 2),
    Goal("winds.trade", "winds", "Air", 3),
    Goal("knots.bowline", "knots", "Rope > Knots", 3),
    Goal("knots.reef", "knots", "Rope > Knots", 1),
]


def ask(*objectives: str, kind: str = "single", level: int = 1, **more: bool) -> Entry:
    """A question that examines the first of `objectives`."""
    return Entry("q", kind, level, objectives, **more)


def covering(*entries: Entry) -> Coverage:
    """The coverage of the little course by these questions."""
    return coverage.measure(PARTS, GOALS, entries)


def of(found: Coverage, name: str) -> Covered:
    """One objective of it."""
    return next(one for one in found.objectives if one.goal.id == name)


def names(objectives: Sequence[Covered]) -> list[str]:
    """Their ids."""
    return [one.goal.id for one in objectives]


def test_holes_come_first_the_weightiest_before_the_others_core_topics_before_the_rest() -> None:
    found = covering(ask("winds.breeze"))

    assert names(found.objectives) == ["knots.bowline", "winds.trade", "knots.reef", "winds.breeze"]
    assert names(found.holes) == ["knots.bowline", "winds.trade", "knots.reef"]


def test_an_objective_that_is_only_touched_is_a_hole_that_says_by_how_many() -> None:
    found = covering(ask("knots.reef", "knots.bowline", "knots.bowline"), ask("winds.trade", "knots.bowline"))

    assert (of(found, "knots.bowline").is_hole, of(found, "knots.bowline").touched) == (True, 2)


def test_a_weighty_objective_needs_two_questions() -> None:
    assert of(covering(ask("winds.trade")), "winds.trade").lacks == (Lack("questions", 1, 2),)
    assert of(covering(ask("winds.trade"), ask("winds.trade")), "winds.trade").lacks == ()


def test_a_weighty_objective_of_a_core_topic_needs_three_of_two_types_and_levels_and_one_with_code() -> None:
    alike = [ask("knots.bowline")] * 3
    varied = [ask("knots.bowline"), ask("knots.bowline", kind="command", level=3, code=True), ask("knots.bowline")]

    assert of(covering(*alike), "knots.bowline").lacks == (
        Lack("types", 1, 2),
        Lack("levels", 1, 2),
        Lack("code", 0, 1),
    )
    assert of(covering(*varied), "knots.bowline").lacks == ()


def test_a_draft_covers_nothing_and_touches_nothing() -> None:
    found = covering(ask("knots.reef", "winds.breeze", draft=True))

    assert of(found, "knots.reef").is_hole
    assert of(found, "winds.breeze").touched == 0
    assert (found.total.tally.questions, found.total.tally.drafts) == (0, 1)


def test_what_is_kept_for_exams_alone_cannot_be_studied() -> None:
    found = covering(ask("knots.reef", reserved=True))

    assert not of(found, "knots.reef").is_hole
    assert of(found, "knots.reef").lacks == (Lack("studied", 0, 1),)
    assert names(found.thin) == ["knots.reef"]


def test_topics_and_sections_count_their_own_questions_in_the_courses_order() -> None:
    found = coverage.measure(PARTS, GOALS, [ask("knots.reef", level=2), ask("winds.breeze")], ["Rope", "Rope > Knots"])

    assert [(group.id, group.objectives, group.covered) for group in found.topics] == [("knots", 2, 1), ("winds", 2, 1)]
    assert [group.id for group in found.sections] == ["Rope > Knots", "Air"]
    assert found.sections[0].tally.levels == {2: 1}
    assert found.total.covered == 2


def test_every_question_of_the_files_is_counted_as_it_is(make_folder: Callable[..., Path], every_type: bytes) -> None:
    folder = make_folder(knots=every_type.decode())
    loaded = load_course(folder)
    assert loaded.course is not None

    found = coverage.of_course(loaded.course, (item.question for item in loaded.questions))

    assert set(found.total.tally.types) == set(MODELS)
    assert found.total.tally.code == sum(
        item.question.type == "command" or item.question.code is not None for item in loaded.questions
    )
    assert [group.id for group in found.sections] == ["Cordages", "Cordages > Nœuds"]


def test_the_document_is_json_whose_counts_are_those_of_the_coverage() -> None:
    found = covering(ask("knots.reef", reserved=True), ask("winds.trade", kind="command", level=3, code=True))

    told = json.loads(json.dumps(coverage.document(found)))

    assert list(told) == ["total", "objectives", "topics", "sections"]
    assert told["total"] == {
        "objectives": 4,
        "covered": 2,
        "enough": 0,
        "questions": 2,
        "studied": 1,
        "reserved": 1,
        "drafts": 0,
        "types": {"command": 1, "single": 1},
        "levels": {"1": 1, "3": 1},
        "code": 1,
    }
    assert told["objectives"][0]["id"] == "knots.bowline"
    assert told["objectives"][0]["lacks"] == [{"what": "questions", "have": 0, "want": 3}]


ENTRIES = st.lists(
    st.builds(
        Entry,
        id=st.just("q"),
        type=st.sampled_from(sorted(MODELS)),
        level=st.integers(1, 3),
        objectives=st.lists(st.sampled_from([goal.id for goal in GOALS]), min_size=1, max_size=3).map(tuple),
        code=st.booleans(),
        reserved=st.booleans(),
        draft=st.booleans(),
    ),
    max_size=30,
)


@given(ENTRIES)
def test_the_parts_add_up_to_the_whole(entries: list[Entry]) -> None:
    found = coverage.measure(PARTS, GOALS, entries)

    for groups in (found.topics, found.sections):
        assert sum(group.objectives for group in groups) == len(GOALS)
        assert sum(group.covered for group in groups) == found.total.covered
        assert sum(group.tally.questions for group in groups) == found.total.tally.questions
        assert sum(group.tally.drafts for group in groups) == found.total.tally.drafts
    assert found.total.tally.questions + found.total.tally.drafts == len(entries)
    assert found.total.tally.studied + found.total.tally.reserved == found.total.tally.questions
    assert len(found.holes) + len(found.thin) + found.total.enough == len(GOALS)


@given(ENTRIES, ENTRIES)
def test_another_question_never_covers_less(entries: list[Entry], more: list[Entry]) -> None:
    before = {one.goal.id: one for one in coverage.measure(PARTS, GOALS, entries).objectives}
    after = {one.goal.id: one for one in coverage.measure(PARTS, GOALS, [*entries, *more]).objectives}

    for name, one in after.items():
        assert one.is_hole <= before[name].is_hole
        assert before[name].is_hole or len(one.lacks) <= len(before[name].lacks)


@pytest.mark.parametrize(("weight", "core", "questions"), [(1, True, 1), (2, True, 1), (3, False, 2), (3, True, 3)])
def test_what_is_enough_depends_on_weight_and_topic(weight: int, core: bool, questions: int) -> None:
    assert coverage.target(weight, core).questions == questions
