"""A question that accepts many answers: what was typed is read once, and the credit is as with each of them alone."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank.schema import MOST_ACCEPTED
from app.exam import comparison, folding, shell

MANY = [f"docker run -d -p {8000 + number}:80 nginx:1.27" for number in range(MOST_ACCEPTED)]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The lines that were read."""
    lines: list[str] = []
    split = shell.split

    def told(text: str, *more: object) -> object:
        lines.append(text)
        return split(text, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(shell, "split", told)
    comparison._expected.cache_clear()
    yield lines
    comparison._expected.cache_clear()


def test_a_typed_command_is_read_once_for_all_that_are_accepted(read: list[str]) -> None:
    comparison.compare_best(MANY, "docker run -d nginx:1.27")

    assert sorted(read) == sorted([*MANY, "docker run -d nginx:1.27"])


def test_an_accepted_command_is_read_once_for_all_that_are_typed(read: list[str]) -> None:
    for number in range(5):
        comparison.compare_best(MANY[:2], f"docker run nginx:{number}")

    assert [read.count(one) for one in MANY[:2]] == [1, 1]


def test_behind_an_equal_command_no_other_is_looked_at(read: list[str]) -> None:
    assert comparison.compare_best(MANY, MANY[2]).accepted == MANY[2]
    assert set(read) == set(MANY[:3])


LINES = ["docker run -d nginx", "docker run nginx", "docker ps -a", "docker volume rm -f web", "docker rnu nginx", ""]


@given(st.lists(st.sampled_from(LINES[:-1]), min_size=1, max_size=5), st.sampled_from(LINES))
def test_the_best_comparison_is_the_first_that_earns_most(accepted: list[str], typed: str) -> None:
    alone = [(comparison.compare(one, typed), one) for one in accepted]
    best, of = max(alone, key=lambda pair: pair[0].credit)

    found = comparison.compare_best(accepted, typed)

    assert (found.accepted, found.credit, found.diff) == (of, best.credit, best.diff)


def test_the_first_answer_that_is_the_same_is_told() -> None:
    assert folding.first_same("ÉTÉ.", ["hiver", "été", "ete"]) == "été"
    assert folding.first_same("ÉTÉ.", ["hiver", "été", "ete"], exact=True) is None
