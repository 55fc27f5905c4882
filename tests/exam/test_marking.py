"""What responses are worth, type by type."""

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank.schema import Question
from app.exam import marking, numerals
from app.exam.differences import CODES, Fate
from tests.effort import takes_at_most

Make = Callable[..., Question]

TYPES = (
    "single",
    "multiple",
    "true_false",
    "short_answer",
    "command",
    "numerical",
    "cloze",
    "ordering",
    "matching",
    "flashcard",
)
KEYS: dict[str, dict[str, object]] = {
    "single": {"choice": "a"},
    "multiple": {"choices": ["a", "b"]},
    "true_false": {"value": False},
    "short_answer": {"text": "bridge"},
    "command": {"text": "docker run --detach --name web nginx"},
    "numerical": {"text": "1 024,5 Mo"},
    "cloze": {"blanks": {"from": "--from=0", "to": "/b", "noun": "Namespace"}},
    "ordering": {"order": ["from", "workdir", "copy", "run"]},
    "matching": {"pairs": {"pid": "pid", "net": "net", "mnt": "mnt"}},
}


@pytest.mark.parametrize("type_", KEYS)
def test_the_key_is_worth_1(make: Make, type_: str) -> None:
    assert marking.credit(make(type_), KEYS[type_]) == 1


@pytest.mark.parametrize("type_", TYPES)
def test_no_response_is_worth_0(make: Make, type_: str) -> None:
    assert marking.credit(make(type_), {}) == 0


@pytest.mark.parametrize("type_", KEYS)
def test_not_knowing_is_worth_0_and_shows_the_key(make: Make, type_: str) -> None:
    marked = marking.mark(make(type_), {"dont_know": True})

    assert (marked.credit, marked.dont_know) == (Fraction(0), True)
    assert marked.expected or marked.choices or marked.blanks or marked.pairs or type_ == "ordering"


@pytest.mark.parametrize(
    ("chosen", "credit"),
    [
        (["a"], Fraction(1, 2)),
        (["a", "c"], Fraction(1, 6)),
        (["a", "b", "c"], Fraction(2, 3)),
        (["c"], 0),
        (["a", "b", "c", "d", "e"], 0),
        (["a", "a"], Fraction(1, 2)),
        (["a", "nothing"], Fraction(1, 2)),
    ],
)
def test_a_multiple_choice_loses_for_each_wrong_one(make: Make, chosen: list[str], credit: Fraction) -> None:
    assert marking.credit(make("multiple"), {"choices": chosen}) == credit


def test_a_wrong_single_choice_is_worth_0(make: Make) -> None:
    assert marking.credit(make("single"), {"choice": "b"}) == 0


def test_each_choice_says_whether_it_was_chosen_and_right(make: Make) -> None:
    marks = marking.mark(make("single"), {"choice": "b"}).choices

    assert [(mark.id, mark.chosen, mark.correct) for mark in marks][:2] == [("a", False, True), ("b", True, False)]


@pytest.mark.parametrize(
    "typed",
    [
        "Bridge",
        "  bridge ",
        "bridge.",
        "`bridge`",
        "« bridge »",
        "“bridge”",
        "Reseau  Bridge",
        "réseau\u00a0bridge",
        "re\u0301seau bridge",
        "BRI\u00adDGE",
    ],
)
def test_a_short_answer_forgives_what_a_keyboard_chooses(make: Make, typed: str) -> None:
    assert marking.credit(make("short_answer"), {"text": typed}) == 1


@pytest.mark.parametrize("typed", ["host", "bridges", "", "brid ge", "."])
def test_another_short_answer_is_wrong(make: Make, typed: str) -> None:
    assert marking.credit(make("short_answer"), {"text": typed}) == 0


@pytest.mark.parametrize(
    ("typed", "credit"),
    [
        ("--network none", 1),
        ("--network  none", 1),
        ("—network none", 1),
        ("––network none", 1),
        ("−−network none", 1),
        ("'--network none'", 1),
        ("--Network none", 0),
        ("--network none.", 0),
        ("-network none", 0),
    ],
)
def test_an_exact_short_answer_forgives_only_what_a_phone_changes(make: Make, typed: str, credit: int) -> None:
    question = make("short_answer", {"accept": ["--network none"], "case": "exact"})

    assert marking.credit(question, {"text": typed}) == credit


@pytest.mark.parametrize(("typed", "credit"), [("côte", 1), ("cote", 0), ("COTE", 0), ("co\u0302te", 1)])
def test_an_exact_answer_keeps_its_accents(make: Make, typed: str, credit: int) -> None:
    question = make("short_answer", {"accept": ["côte"], "case": "exact"})

    assert marking.credit(question, {"text": typed}) == credit


@pytest.mark.parametrize(("typed", "code"), [("CÔTE", "case_differs"), ("cote", "accents_differ")])
def test_feedback_says_that_only_the_case_or_the_accents_differ(make: Make, typed: str, code: str) -> None:
    question = make("short_answer", {"accept": ["côte"], "case": "exact"})

    assert [cause.code for cause in marking.mark(question, {"text": typed}).diff.causes] == [code]


def test_a_wrong_short_answer_is_shown_word_by_word(make: Make) -> None:
    diff = marking.mark(make("short_answer"), {"text": "réseau host"}).diff

    assert [(token.text, token.kind) for token in diff.given] == [("réseau", Fate.SAME), ("host", Fate.DIFFERENT)]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("8", "8"),
        ("+8", "8"),
        ("-8", "-8"),
        ("−8", "-8"),
        (" 8 ", "8"),
        ("8.", "8"),
        ("0,5", "0.5"),
        ("0.5", "0.5"),
        (",5", "0.5"),
        ("1 024", "1024"),
        ("1\u202f024", "1024"),
        ("1\u00a0024,5", "1024.5"),
        ("1 000 000", "1000000"),
        ("007", "7"),
        ("1,000", "1"),
        ("512 Mo", "512"),
        ("512Mo", "512"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, value: str) -> None:
    numeral = numerals.read(typed)

    assert numeral is not None
    assert numeral.value == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    ["", "eight", "1e3", "1E3", "1e+3", "1.2.3", "1,2,3", "1 02", "0x10", "--8", "1,234.5", "∞", "NaN", "9" * 99, "²"],
)
def test_what_is_not_clearly_a_number_is_not_read(typed: str) -> None:
    numeral = numerals.read(typed)

    assert numeral is None or numeral.unit


@pytest.mark.parametrize(
    ("typed", "credit"),
    [
        ("1024", 1),
        ("1025", 1),
        ("1023,99", 0),
        ("1025,01", 0),
        ("1025.000", 1),
        ("1024,5 Mo", 1),
        ("1024,5 MB", 1),
        ("1024,5 mo", 1),
        ("1024,5 Go", 0),
        ("1024,5e0", 0),
    ],
)
def test_a_number_is_right_within_its_tolerance_and_unit(make: Make, typed: str, credit: int) -> None:
    assert marking.credit(make("numerical"), {"text": typed}) == credit


@pytest.mark.parametrize(("typed", "code"), [("many", "not_a_number"), ("1024 Go", "wrong_unit")])
def test_feedback_says_why_a_number_was_not_taken(make: Make, typed: str, code: str) -> None:
    assert [cause.code for cause in marking.mark(make("numerical"), {"text": typed}).diff.causes] == [code]


@pytest.mark.parametrize("typed", ["1024,5", "1024.5 MB", "7", ""])
def test_a_number_that_can_be_compared_is_not_misread(make: Make, typed: str) -> None:
    assert marking.misread(make("numerical"), {"text": typed}) is None


@pytest.mark.parametrize(
    ("value", "language", "shown"), [("1024.50", "fr", "1024,5"), ("8", "en", "8"), ("0", "fr", "0")]
)
def test_a_number_is_shown_as_the_language_writes_it(value: str, language: str, shown: str) -> None:
    assert numerals.show(Decimal(value), language) == shown


def test_a_cloze_is_worth_its_right_gaps(make: Make) -> None:
    response = {"blanks": {"from": "--from=build", "to": "/B"}}

    assert marking.credit(make("cloze"), response) == Fraction(1, 3)


def test_a_gap_in_code_keeps_its_case_and_one_in_prose_folds_it(make: Make) -> None:
    marked = marking.mark(make("cloze"), {"blanks": {"from": "--FROM=build", "noun": "NAMESPACE"}})

    assert {mark.id: mark.right for mark in marked.blanks} == {"noun": True, "from": False, "to": False}


def test_gaps_are_numbered_as_they_were_shown(make: Make) -> None:
    marked = marking.mark(make("cloze"), {})

    assert [(mark.id, mark.number) for mark in marked.blanks] == [("noun", "1"), ("from", "2"), ("to", "3")]


@pytest.mark.parametrize(
    ("order", "credit"),
    [
        (["workdir", "copy", "run", "from"], Fraction(2, 3)),
        (["run", "copy", "workdir", "from"], 0),
        (["from", "copy", "workdir", "run"], 0),
        (["from", "workdir", "run", "copy"], Fraction(1, 3)),
        (["from", "workdir", "copy"], 0),
        (["from", "workdir", "copy", "run", "run"], 0),
    ],
)
def test_an_order_is_worth_its_right_neighbours(make: Make, order: list[str], credit: Fraction) -> None:
    assert marking.credit(make("ordering"), {"order": order}) == credit


def test_each_line_says_whether_it_is_in_its_place(make: Make) -> None:
    marks = marking.mark(make("ordering"), {"order": ["from", "copy", "run", "workdir"]}).items

    assert [(mark.id, mark.in_place, mark.follows) for mark in marks] == [
        ("from", True, True),
        ("copy", False, False),
        ("run", False, True),
        ("workdir", False, False),
    ]


def test_matching_is_worth_its_right_pairs_and_decoys_never_count(make: Make) -> None:
    assert marking.credit(make("matching"), {"pairs": {"pid": "pid", "net": "mem"}}) == Fraction(1, 3)


def test_two_right_hand_sides_with_the_same_words_are_the_same_answer(make: Make) -> None:
    pairs = [{"id": key, "left": key, "right": "the kernel"} for key in ("a", "b")]
    question = make("matching", {"pairs": pairs, "decoys": []})

    assert marking.credit(question, {"pairs": {"a": "b", "b": "a"}}) == 1


def test_a_command_shows_the_accepted_one_it_was_compared_with(make: Make) -> None:
    question = make("command", {"accept": ["docker stop web", "docker kill web"]})

    marked = marking.mark(question, {"text": "docker kill db"})

    assert (marked.credit, marked.expected) == (Fraction(0), "docker stop web")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["a", "b", "from", "pid"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["choice", "choices", "value", "text", "blanks", "order", "pairs", "dont_know"])


@pytest.mark.parametrize("type_", TYPES)
@given(response=st.dictionaries(FIELDS, JUNK, max_size=4))
def test_marking_never_fails_and_stays_between_0_and_1(make: Make, type_: str, response: dict[str, Any]) -> None:
    marked = marking.mark(make(type_), response)

    assert 0 <= marked.credit <= 1


@pytest.mark.parametrize("type_", ["short_answer", "command", "numerical", "cloze"])
@given(text=st.text(max_size=80))
def test_causes_always_fill_the_sentences_of_their_codes(make: Make, type_: str, text: str) -> None:
    marked = marking.mark(make(type_), {"text": text, "blanks": {"from": text}})

    diffs = [marked.diff, *(blank.diff for blank in marked.blanks)]
    assert all(tuple(cause.params) == CODES[cause.code] for diff in diffs for cause in diff.causes)


@pytest.mark.parametrize("type_", ["short_answer", "command", "numerical", "cloze"])
@pytest.mark.parametrize("piece", ["a", "1", "1 ", " 111", "e\u0301", "\u00a0", "'", "- ", "a b ", "œ"])
def test_two_thousand_characters_are_marked_in_bounded_time(make: Make, type_: str, piece: str) -> None:
    text = (piece * 2000)[:2000]
    question, response = make(type_), {"text": text, "blanks": {"from": text, "to": text, "noun": text}}

    assert takes_at_most(1, lambda: marking.mark(question, response))


def test_credits_are_exact(make: Make) -> None:
    credit = marking.credit(make("multiple"), {"choices": ["a", "c"]})

    assert json.dumps([credit.numerator, credit.denominator]) == "[1, 6]"
