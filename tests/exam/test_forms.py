"""Parallel forms: each meets the demands, together they are as equal and as different as the bank allows."""

from collections import Counter
from itertools import combinations
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exam.blueprint import Candidate, Demand, Unfillable, Urn, conflicts
from app.exam.difficulty import Facility, Worth
from app.exam.forms import MOST, compare, dealt, least_used, letter, parallel
from tests.exam.test_blueprint import CANDIDATES, DEMANDS


def bank(size: int, luck: Random) -> tuple[list[Candidate], Worth]:
    """Questions of two topics and three levels, each on an objective of its own, and how hard they are."""
    pool = [Candidate(number, "ab"[number % 2], number % 3 + 1, "single", f"o{number}") for number in range(size)]
    known = {one.id: Facility(luck.uniform(0.2, 0.95), 30, 60, luck.choice([0, 0.25, 0.5])) for one in pool}
    return pool, Worth(known)


def flat(candidates: list[Candidate]) -> Worth:
    return Worth({one.id: Facility(0.1 + one.id % 9 / 10) for one in candidates})


@given(DEMANDS, CANDIDATES, st.integers(2, MOST), st.integers())
def test_every_form_is_what_was_asked_and_no_pair_in_it_gives_itself_away(
    demands: list[Demand], candidates: list[Candidate], count: int, seed: int
) -> None:
    try:
        forms = parallel(Urn.of(demands, candidates), count, flat(candidates), Random(seed))
    except Unfillable:
        return

    by_id = {candidate.id: candidate for candidate in candidates}
    asked = [demand for demand in demands for _ in range(demand.count)]
    assert len(forms) == count
    for form in forms:
        assert len(set(form)) == len(form) == len(asked)
        assert all(demand.takes(by_id[number]) for demand, number in zip(asked, form, strict=True))
        assert not [pair for pair in conflicts([by_id[number] for number in form]) if pair[0] != pair[1]]


@given(DEMANDS, CANDIDATES, st.integers())
def test_where_a_draw_can_be_made_so_can_forms(demands: list[Demand], candidates: list[Candidate], seed: int) -> None:
    try:
        Urn.of(demands, candidates).draw(Random(seed))
    except Unfillable:
        return

    # What one draw finds another may search too long for, but not among so few questions.
    assert parallel(Urn.of(demands, candidates), 3, flat(candidates), Random(seed))


@given(st.integers(2, 5), st.integers(1, 8), st.integers(0, 1000))
def test_with_questions_to_spare_no_two_forms_share_one(count: int, size: int, seed: int) -> None:
    pool, worth = bank(2 * count * size * 2, Random(seed))

    forms = parallel(Urn.of([Demand(size, topic="a"), Demand(size)], pool), count, worth, Random(seed))

    assert compare(forms, worth).shared == 0


@given(st.integers(2, 6), st.integers(0, 1000))
def test_no_more_is_shared_than_the_bank_must(count: int, seed: int) -> None:
    candidates = [Candidate(number, "a" if number < 8 else "b", 1, "single", f"o{number}") for number in range(60)]

    forms = parallel(Urn.of([Demand(3), Demand(4, topic="a")], candidates), count, flat(candidates), Random(seed))

    # 4 of 8 questions a form: from three forms on, eight serve all, and everything else is in one form alone.
    found = compare(forms, flat(candidates))
    assert found.different == min(4 * count, 8) + 3 * count


@given(st.integers(2, 5), st.integers(5, 15), st.integers(0, 1000))
def test_forms_lie_nearer_to_each_other_than_draws_do(count: int, size: int, seed: int) -> None:
    pool, worth = bank(count * size * 3, Random(seed))
    urn = Urn.of([Demand(size), Demand(2, level=3)], pool)

    forms = parallel(urn, count, worth, Random(seed))

    luck = Random(seed)
    gaps = [compare([urn.draw(luck) for _ in range(count)], worth).gap for _ in range(20)]
    assert compare(forms, worth).gap <= fmean(gaps)


def test_forms_of_twenty_questions_differ_by_less_than_a_score_shows() -> None:
    pool, worth = bank(300, Random(1))

    found = compare(parallel(Urn.of([Demand(20)], pool), 4, worth, Random(1)), worth)

    assert found.gap < 0.005
    assert max(found.guessed) - min(found.guessed) < 0.02


def test_a_form_examines_as_many_objectives_as_a_draw_does() -> None:
    pool = [Candidate(number, "a", 1, "single", f"o{number % 10}") for number in range(80)]

    forms = parallel(Urn.of([Demand(10)], pool), 4, flat(pool), Random(2))

    assert all(len({number % 10 for number in form}) == 10 for form in forms)


def test_reserved_questions_come_first_until_they_are_used_up() -> None:
    pool = [Candidate(number, "a", 1, "single", f"o{number}", reserved=number < 12) for number in range(80)]

    forms = parallel(Urn.of([Demand(5)], pool), 3, flat(pool), Random(2))

    assert {number for form in forms for number in form} > set(range(12))


def test_the_same_luck_gives_the_same_forms_and_another_gives_others() -> None:
    pool, worth = bank(100, Random(1))
    urn = Urn.of([Demand(10)], pool)

    assert parallel(urn, 3, worth, Random(5)) == parallel(urn, 3, worth, Random(5))
    assert parallel(urn, 3, worth, Random(5)) != parallel(urn, 3, worth, Random(6))


def test_what_two_forms_share_is_counted() -> None:
    worth = Worth({number: Facility(0.5) for number in range(6)})

    found = compare([(0, 1, 2), (1, 2, 3), (4, 5, 0)], worth)

    assert found.alike == {(1, 2): 2, (1, 3): 1, (2, 3): 0}
    assert (found.shared, found.different, found.gap) == (3, 6, 0)
    assert found.beside(3) == {1: 1, 2: 0}


@given(st.sets(st.integers(1, 10_000), max_size=60), st.integers(2, MOST), st.integers())
def test_forms_are_dealt_so_that_none_has_two_students_more_than_another(
    students: set[int], count: int, seed: int
) -> None:
    given_forms = dealt(students, count, Random(seed))

    sizes = Counter(given_forms.values())
    assert given_forms.keys() == students
    assert all(abs(sizes[a] - sizes[b]) <= 1 for a, b in combinations(range(1, count + 1), 2))
    assert set(sizes) <= set(range(1, count + 1))


@given(st.sets(st.integers(1, 100), max_size=30), st.integers(2, MOST), st.integers(1, 20), st.integers())
def test_who_comes_late_keeps_the_sizes_equal(students: set[int], count: int, late: int, seed: int) -> None:
    luck = Random(seed)
    given_forms = list(dealt(students, count, luck).values())
    for _ in range(late):
        given_forms.append(least_used(given_forms, count, luck))

    sizes = Counter(given_forms)
    assert max(sizes[number] for number in range(1, count + 1)) - min(sizes[n] for n in range(1, count + 1)) <= 1


def test_the_order_of_a_class_does_not_say_who_gets_which_form() -> None:
    one, other = dealt(range(30), 2, Random(1)), dealt(range(30), 2, Random(2))

    assert one != other
    assert dealt(reversed(range(30)), 2, Random(1)) == one


@pytest.mark.parametrize(("number", "called"), [(1, "A"), (8, "H")])
def test_forms_are_called_by_letters(number: int, called: str) -> None:
    assert letter(number) == called
