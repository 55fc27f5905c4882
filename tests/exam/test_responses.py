"""Form fields to responses and back."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank.schema import Question
from app.exam import responses
from app.exam.presentation import place
from app.exam.responses import InvalidResponse

Make = Callable[..., Question]

SEED = "a seed"
TYPED = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40).map(str.strip).filter(bool)
RESPONSES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "single": st.fixed_dictionaries({"choice": st.sampled_from("abcd")}),
    "multiple": st.fixed_dictionaries({"choices": st.sets(st.sampled_from("abcde"), min_size=1).map(sorted)}),
    "true_false": st.fixed_dictionaries({"value": st.booleans()}),
    "short_answer": st.fixed_dictionaries({"text": TYPED}),
    "command": st.fixed_dictionaries({"text": TYPED}),
    "numerical": st.fixed_dictionaries({"text": TYPED}),
    "cloze": st.fixed_dictionaries(
        {"blanks": st.dictionaries(st.sampled_from(["from", "to", "noun"]), TYPED, min_size=1)}
    ),
    "ordering": st.fixed_dictionaries({"order": st.permutations(["from", "workdir", "copy", "run"])}),
    "matching": st.fixed_dictionaries(
        {
            "pairs": st.dictionaries(
                st.sampled_from(["pid", "net", "mnt"]), st.sampled_from(["pid", "net", "mnt", "mem"]), min_size=1
            )
        }
    ),
    "flashcard": st.just({}),
}


@pytest.mark.parametrize("type_", RESPONSES)
@given(data=st.data(), seed=st.text(max_size=10))
def test_a_form_filled_again_reads_as_the_same_response(make: Make, type_: str, data: st.DataObject, seed: str) -> None:
    response = data.draw(RESPONSES[type_] | st.just({}) | st.just({"dont_know": True}))
    question = make(type_)

    fields = responses.to_fields(question, response, seed)

    assert responses.parse(question, fields, seed) == response


@pytest.mark.parametrize("type_", RESPONSES)
def test_no_field_is_no_response(make: Make, type_: str) -> None:
    response = responses.parse(make(type_), {}, SEED)

    assert (response, responses.is_empty(response)) == ({}, True)


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        ("single", {"choice": [""]}),
        ("multiple", {"choices": []}),
        ("true_false", {"value": [""]}),
        ("short_answer", {"text": ["   "]}),
        ("cloze", {"blank-1": [""], "blank-2": [" "]}),
        ("ordering", {"order": [""]}),
        ("matching", {"pair-1": [""]}),
    ],
)
def test_empty_fields_are_no_response(make: Make, type_: str, fields: dict[str, list[str]]) -> None:
    assert responses.is_empty(responses.parse(make(type_), fields, SEED))


def test_false_is_a_response(make: Make) -> None:
    response = responses.parse(make("true_false"), {"value": ["false"]}, SEED)

    assert (response, responses.is_empty(response)) == ({"value": False}, False)


def test_not_knowing_is_a_response_whatever_else_was_typed(make: Make) -> None:
    response = responses.parse(make("short_answer"), {"text": ["bridge"], "dont_know": ["1"]}, SEED)

    assert (response, responses.is_empty(response)) == ({"dont_know": True}, False)


def test_a_position_is_read_with_the_seed_it_was_shown_with(make: Make) -> None:
    question = make("single")

    response = responses.parse(question, {"choice": ["2"]}, SEED)

    assert response == {"choice": place(question, SEED).choices[1]}


def test_an_order_may_come_separated_by_commas(make: Make) -> None:
    question = make("ordering")

    assert responses.parse(question, {"order": ["2,1,4,3"]}, SEED) == responses.parse(
        question, {"order": ["2", "1", "4", "3"]}, SEED
    )


def test_a_typed_text_keeps_its_inner_lines(make: Make) -> None:
    response = responses.parse(make("command"), {"text": [" docker run \\\r\n  nginx\r\n"]}, SEED)

    assert response == {"text": "docker run \\\n  nginx"}


@pytest.mark.parametrize(
    ("type_", "fields", "field", "code"),
    [
        ("single", {"choice": ["9"]}, "choice", "unknown_position"),
        ("single", {"choice": ["0"]}, "choice", "unknown_position"),
        ("single", {"choice": ["a"]}, "choice", "unknown_position"),
        ("single", {"choice": ["01"]}, "choice", "unknown_position"),
        ("single", {"choice": ["1", "2"]}, "choice", "repeated"),
        ("multiple", {"choices": ["1", "1"]}, "choices", "repeated"),
        ("multiple", {"choices": ["1", "-1"]}, "choices", "unknown_position"),
        ("true_false", {"value": ["maybe"]}, "value", "not_boolean"),
        ("true_false", {"value": ["true", "false"]}, "value", "repeated"),
        ("command", {"text": ["a" * 2001]}, "text", "too_long"),
        ("cloze", {"blank-2": ["a" * 2001]}, "blank-2", "too_long"),
        ("ordering", {"order": ["1,2,3"]}, "order", "incomplete"),
        ("ordering", {"order": ["1,2,3,3"]}, "order", "repeated"),
        ("ordering", {"order": ["1,2,3,5"]}, "order", "unknown_position"),
        ("matching", {"pair-1": ["5"]}, "pair-1", "unknown_position"),
        ("matching", {"pair-1": ["1", "2"]}, "pair-1", "repeated"),
    ],
)
def test_fields_that_no_form_sends_are_refused(
    make: Make, type_: str, fields: dict[str, list[str]], field: str, code: str
) -> None:
    with pytest.raises(InvalidResponse) as refusal:
        responses.parse(make(type_), fields, SEED)

    assert (field, code) in {(problem.field, problem.code) for problem in refusal.value.problems}


def test_two_thousand_characters_are_not_too_long(make: Make) -> None:
    response = responses.parse(make("command"), {"text": ["a" * 2000]}, SEED)

    assert len(str(response["text"])) == 2000


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("docker\x00 ps\x1b", "docker ps"),
        ("docker\x0bps\x0c-a\x85--size", "docker ps -a --size"),
        ("a\ud800b\tc\nd\x07", "ab\tc\nd"),
        ("\x00", None),
    ],
)
def test_signs_that_came_with_a_paste_are_left_out(make: Make, pasted: str, kept: str | None) -> None:
    assert responses.parse(make("short_answer"), {"text": [pasted]}, SEED) == ({"text": kept} if kept else {})


def test_every_problem_is_named_at_once(make: Make) -> None:
    with pytest.raises(InvalidResponse) as refusal:
        responses.parse(make("cloze"), {"blank-1": ["a" * 2001], "blank-2": ["b" * 2001]}, SEED)

    assert [problem.field for problem in refusal.value.problems] == ["blank-1", "blank-2"]


NAMES = st.sampled_from(["choice", "choices", "value", "text", "blank-1", "order", "pair-1", "dont_know", "other"])


@pytest.mark.parametrize("type_", RESPONSES)
@given(fields=st.dictionaries(NAMES, st.lists(st.text(max_size=6) | st.sampled_from("1234"), max_size=3), max_size=4))
def test_any_fields_are_a_response_or_refused(make: Make, type_: str, fields: dict[str, list[str]]) -> None:
    question = make(type_)
    try:
        response = responses.parse(question, fields, SEED)
    except InvalidResponse as refusal:
        assert refusal.problems
    else:
        assert responses.parse(question, responses.to_fields(question, response, SEED), SEED) == response
