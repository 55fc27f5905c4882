"""The draw of an exam: what was asked, never twice, never a question beside the one that it gives away."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exam.blueprint import Candidate, Demand, Unfillable, conflicts, draw

ANY = Demand(1)


def bank(*topics: str, **same: object) -> list[Candidate]:
    """One candidate a topic named, of level 1, each on an objective of its own."""
    fields: dict[str, object] = {"level": 1, "type": "single"} | same
    return [
        Candidate(id=number, topic=topic, objective=f"o{number}", **fields)  # type: ignore[arg-type]
        for number, topic in enumerate(topics, 1)
    ]


def test_a_demand_gets_as_many_questions_as_it_asks_for_of_its_kind() -> None:
    candidates = bank("network", "volumes", "network", "network")

    drawn = draw([Demand(2, topic="network")], candidates, Random(1))

    assert len(set(drawn)) == 2
    assert set(drawn) <= {1, 3, 4}


def test_the_same_seed_gives_the_same_draw_whatever_the_order_of_the_bank() -> None:
    candidates = bank(*["network"] * 30)

    one = draw([Demand(10)], candidates, Random(5))
    other = draw([Demand(10)], candidates[::-1], Random(5))

    assert one == other


def test_another_seed_gives_another_draw() -> None:
    candidates = bank(*["network"] * 30)

    assert draw([Demand(10)], candidates, Random(5)) != draw([Demand(10)], candidates, Random(6))


def test_flashcards_are_never_drawn() -> None:
    with pytest.raises(Unfillable):
        draw([ANY], bank("network", type="flashcard"), Random(1))


def test_reserved_questions_come_first() -> None:
    candidates = [*bank(*["network"] * 9), Candidate(10, "network", 1, "single", "o10", reserved=True)]

    for seed in range(20):
        assert 10 in draw([Demand(1)], candidates, Random(seed))


def test_objectives_are_spread() -> None:
    candidates = [Candidate(number, "network", 1, "single", f"o{number % 3}") for number in range(1, 10)]

    for seed in range(20):
        drawn = draw([Demand(3)], candidates, Random(seed))
        assert {number % 3 for number in drawn} == {0, 1, 2}


def test_of_two_questions_that_tell_each_other_one_is_drawn() -> None:
    teller = Candidate(1, "network", 1, "single", "a", gives_away=frozenset({2}))
    told = Candidate(2, "network", 1, "single", "b")
    third = Candidate(3, "network", 1, "single", "c")

    for seed in range(20):
        assert set(draw([Demand(2)], [teller, told, third], Random(seed))) != {1, 2}


def test_a_question_that_only_a_narrow_demand_takes_is_left_to_it() -> None:
    candidates = [*bank(*["network"] * 3), Candidate(9, "network", 3, "command", "o9")]

    for seed in range(20):
        drawn = draw([Demand(3, topic="network"), Demand(1, type="command")], candidates, Random(seed))
        assert drawn[3] == 9


def test_every_demand_that_cannot_be_met_is_told_with_what_there_is() -> None:
    with pytest.raises(Unfillable) as caught:
        draw([Demand(2, topic="network"), Demand(1, level=3), Demand(1)], bank("network"), Random(1))

    assert [(one.demand, one.available) for one in caught.value.shortages] == [
        (Demand(2, topic="network"), 1),
        (Demand(1, level=3), 0),
    ]


def test_demands_that_only_together_ask_too_much_are_refused() -> None:
    with pytest.raises(Unfillable) as caught:
        draw([Demand(1), Demand(1, topic="network")], bank("network"), Random(1))

    assert caught.value.shortages == ()


def test_a_teachers_own_list_is_told_its_conflicts() -> None:
    teller = Candidate(1, "network", 1, "single", "a", gives_away=frozenset({2, 7}))

    assert list(conflicts([teller, Candidate(2, "network", 1, "single", "b")])) == [(1, 2)]


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 40),
        topic=st.sampled_from("ab"),
        level=st.integers(1, 3),
        type=st.sampled_from(["single", "command", "flashcard"]),
        objective=st.sampled_from("xyz"),
        reserved=st.booleans(),
        gives_away=st.frozensets(st.integers(1, 40), max_size=2),
    ),
    max_size=25,
    unique_by=lambda one: one.id,
)
DEMANDS = st.lists(
    st.builds(
        Demand,
        st.integers(0, 4),
        st.sampled_from([None, "a", "b"]),
        st.sampled_from([None, 1, 2, 3]),
        st.sampled_from([None, "single", "command"]),
    ),
    max_size=4,
)


@given(DEMANDS, CANDIDATES, st.integers())
def test_whatever_is_drawn_is_what_was_asked(demands: list[Demand], candidates: list[Candidate], seed: int) -> None:
    try:
        drawn = draw(demands, candidates, Random(seed))
    except Unfillable:
        return

    by_id = {candidate.id: candidate for candidate in candidates}
    asked = [demand for demand in demands for _ in range(demand.count)]
    assert len(set(drawn)) == len(drawn) == len(asked)
    assert all(demand.takes(by_id[number]) for demand, number in zip(asked, drawn, strict=True))
    assert not [pair for pair in conflicts([by_id[number] for number in drawn]) if pair[0] != pair[1]]
