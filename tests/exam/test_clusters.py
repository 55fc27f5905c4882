"""Typed answers that marking takes for one are one cluster, and accepting one accepts them all."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank.schema import Question
from app.exam import marking
from app.exam.clusters import Cluster, Typed, gather
from app.exam.regrading import Change, Kind, amended

Make = Callable[..., Question]
WRONG = Fraction(0)


def clusters(question: Question, *texts: str, blank: str = "") -> tuple[Cluster, ...]:
    """The clusters of wrong answers, each of another student."""
    return gather(question, [Typed(text, f"student {at}", WRONG, blank) for at, text in enumerate(texts)])


def counts(found: tuple[Cluster, ...]) -> list[tuple[str, int]]:
    return [(one.text, len(one.who)) for one in found]


def test_case_accents_and_spaces_do_not_separate_words(make: Make) -> None:
    found = clusters(make("short_answer"), "Réseau hôte", "reseau  hote", "hôte", "Réseau hôte")

    assert counts(found) == [("Réseau hôte", 3), ("hôte", 1)]
    assert found[0].spellings == ("Réseau hôte", "reseau hote")


def test_who_typed_it_in_two_attempts_is_one_person_and_two_of_one_name_are_two(make: Make) -> None:
    typed = [Typed("hôte", "Jean Martin", WRONG, whose=whose) for whose in ("#1", "#1", "#2")]

    found = gather(make("short_answer"), typed)[0]

    assert (found.who, found.times) == (("Jean Martin", "Jean Martin"), 3)


def test_where_case_counts_it_separates(make: Make) -> None:
    assert len(clusters(make("short_answer", {"case": "exact"}), "Bridge", "bridge")) == 2


def test_commands_are_gathered_by_their_parts(make: Make) -> None:
    same = ("docker run -p 80:80 -d nginx", "docker run --detach --publish=80:80 nginx", "docker run -dp 80:80 nginx")

    found = clusters(make("command"), *same, "docker run -d nginx -p 80:80")

    assert counts(found) == [("docker run --detach --publish=80:80 nginx", 3), ("docker run -d nginx -p 80:80", 1)]


def test_options_that_do_not_count_do_not_separate(make: Make) -> None:
    assert len(clusters(make("command"), "docker run --name web -d nginx", "docker run -d nginx")) == 1


def test_numbers_are_gathered_by_their_value(make: Make) -> None:
    assert counts(clusters(make("numerical"), "1 024,0 Mo", "1024 mo", "1024 Mo", "mille")) == [
        ("1 024,0 Mo", 3),
        ("mille", 1),
    ]


def test_each_gap_has_its_own(make: Make) -> None:
    question = make("cloze")
    typed = [Typed("--from=0", "Alice", Fraction(1), "from"), Typed("cgroup", "Alice", WRONG, "noun")]

    found = gather(question, [*typed, Typed("Cgroup", "Bruno", WRONG, "noun")])

    assert [(one.blank, one.who, one.right) for one in found] == [
        ("from", ("Alice",), True),
        ("noun", ("Alice", "Bruno"), False),
    ]


def test_right_and_wrong_stay_apart(make: Make) -> None:
    found = gather(make("short_answer"), [Typed("pont", "Alice", Fraction(1)), Typed("pont", "Bruno", WRONG)])

    assert {one.right for one in found} == {True, False}


def test_an_empty_answer_is_none(make: Make) -> None:
    assert clusters(make("short_answer"), "", "  ") == ()


@given(
    st.lists(st.sampled_from(["-d", "--detach", "-p 80:80", "--publish=80:80", "--rm", "-it"]), max_size=4), st.data()
)
def test_accepting_a_cluster_accepts_all_its_commands(make: Make, options: list[str], data: st.DataObject) -> None:
    question = make("command")
    other = data.draw(st.permutations(options))
    lines = [f"docker run {' '.join(each)} alpine" for each in (options, other)]

    for cluster in clusters(question, *lines):
        key = amended(question, [Change(Kind.ACCEPT, {"text": cluster.text})])
        assert all(marking.credit(key, {"text": text}) == 1 for text in cluster.spellings)


@given(st.lists(st.text(alphabet="aéEÉ .-—’'", min_size=1, max_size=6), min_size=1, max_size=6))
def test_accepting_a_cluster_accepts_all_its_words(make: Make, texts: list[str]) -> None:
    question = make("short_answer")

    for cluster in clusters(question, *texts):
        key = amended(question, [Change(Kind.ACCEPT, {"text": cluster.text})])
        assert all(marking.credit(key, {"text": text}) == 1 for text in cluster.spellings)


@pytest.mark.parametrize("type_", ["short_answer", "command", "numerical"])
def test_the_largest_cluster_comes_first(make: Make, type_: str) -> None:
    assert counts(clusters(make(type_), "1", "2", "2"))[0] == ("2", 2)
