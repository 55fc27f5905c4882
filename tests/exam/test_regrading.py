"""Regrades: values that are computed again, never marks that are overwritten."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from app.bank.schema import Question
from app.exam import marking
from app.exam.regrading import Change, Kind, NotApplicable, amended, credit, is_void

Make = Callable[..., Question]
RIGHT, WRONG = Fraction(1), Fraction(0)


def accept(text: str, **more: str) -> Change:
    return Change(Kind.ACCEPT, {"text": text, **more})


def worth(question: Question, response: dict[str, Any] | None, *changes: Change) -> Fraction | None:
    """What the response is worth after the changes."""
    return credit(marking.credit(question, response or {}), question, response, changes)


@pytest.fixture
def single(make: Make) -> Question:
    choices = [{"id": "a", "text": "host", "correct": True}, {"id": "b", "text": "none"}, {"id": "c", "text": "any"}]
    return make("single", {"choices": choices})


@pytest.fixture
def short(make: Make) -> Question:
    return make("short_answer", {"accept": ["bridge"]})


def test_without_a_change_the_frozen_key_counts(short: Question) -> None:
    assert worth(short, {"text": "bridge"}) == RIGHT
    assert worth(short, {"text": "docker0"}) == WRONG


def test_another_typed_answer_is_accepted_from_everybody_who_typed_it(short: Question) -> None:
    change = accept("docker0")

    assert worth(short, {"text": "  Docker0 "}, change) == RIGHT
    assert worth(short, {"text": "bridge"}, change) == RIGHT
    assert worth(short, {"text": "host"}, change) == WRONG


def test_a_new_key_gives_and_takes(single: Question) -> None:
    new = [{"id": "a", "text": "host"}, {"id": "b", "text": "none", "correct": True}, {"id": "c", "text": "any"}]
    change = Change(Kind.KEY, {"choices": new})

    assert worth(single, {"choice": "b"}, change) == RIGHT
    assert worth(single, {"choice": "a"}, change) == WRONG


def test_either_of_two_choices_may_be_right(single: Question) -> None:
    both = [{"id": name, "text": name, "correct": name != "c"} for name in "abc"]
    change = Change(Kind.KEY, {"choices": both})

    assert [worth(single, {"choice": name}, change) for name in "abc"] == [RIGHT, RIGHT, WRONG]


def test_the_point_for_everybody_is_for_those_who_left_it_empty_too(short: Question) -> None:
    assert worth(short, None, Change(Kind.EVERYBODY, {})) == RIGHT


def test_a_dropped_question_is_worth_nothing_to_anybody_and_asks_nothing(short: Question) -> None:
    assert worth(short, {"text": "bridge"}, Change(Kind.EVERYBODY, {}), Change(Kind.DROP, {})) is None


def test_a_response_that_was_never_given_stays_worth_nothing(short: Question) -> None:
    assert worth(short, None, accept("docker0")) == WRONG


def test_an_answer_for_one_gap_is_accepted_in_that_gap(make: Make) -> None:
    text = {"fr": "{{one}} et {{two}}", "en": "{{one}} and {{two}}"}
    blanks = {"one": {"accept": ["1"]}, "two": {"accept": ["2"]}}
    question = make("cloze", {"text": text, "code": None, "blanks": blanks})

    change = accept("un", blank="one")

    assert worth(question, {"blanks": {"one": "un", "two": "un"}}, change) == Fraction(1, 2)


@pytest.mark.parametrize(
    "change",
    [
        accept("x", blank="nowhere"),
        Change(Kind.KEY, {"text": "another question"}),
        Change(Kind.KEY, {}),
        Change(Kind.KEY, {"accept": []}),
        Change(Kind.ACCEPT, {}),
    ],
)
def test_a_change_that_does_not_fit_is_refused(short: Question, make: Make, change: Change) -> None:
    question = make("cloze") if "blank" in change.details else short

    with pytest.raises(NotApplicable):
        amended(question, [change])


def test_a_choice_is_no_typed_answer(single: Question) -> None:
    with pytest.raises(NotApplicable):
        amended(single, [accept("none")])


@pytest.mark.parametrize(("type_", "right"), [("single", ""), ("multiple", ""), ("multiple", "abcde")])
def test_a_key_by_which_all_are_right_or_wrong_is_refused(make: Make, type_: str, right: str) -> None:
    ids = "abcd" if type_ == "single" else "abcde"
    choices = [{"id": name, "text": f"choice {name}", "correct": name in right} for name in ids]

    with pytest.raises(NotApplicable):
        amended(make(type_), [Change(Kind.KEY, {"choices": choices})])


def swapped(*rights: str) -> Change:
    """A key in which `pid`, `net` and `mnt` go with the words that were those of other ids."""
    pairs = zip(("pid", "net", "mnt"), rights, strict=True)
    return Change(
        Kind.KEY, {"pairs": [{"id": key, "left": f"left {key}", "right": f"right {of}"} for key, of in pairs]}
    )


@pytest.mark.parametrize(
    ("chosen", "rights", "expected"),
    [
        ({"pid": "net", "net": "pid", "mnt": "mnt"}, ("net", "pid", "mnt"), RIGHT),
        ({"pid": "pid", "net": "net", "mnt": "mnt"}, ("net", "pid", "mnt"), Fraction(1, 3)),
        ({"pid": "mem"}, ("mem", "net", "mnt"), Fraction(1, 3)),
        ({"pid": "pid"}, ("mem", "net", "mnt"), WRONG),
        ({"pid": "mem"}, ("pid", "net", "mnt"), WRONG),
    ],
)
def test_a_new_key_of_pairs_is_about_the_words_that_were_chosen(
    make: Make, chosen: dict[str, str], rights: tuple[str, ...], expected: Fraction
) -> None:
    assert worth(make("matching"), {"pairs": chosen}, swapped(*rights)) == expected


DROP, EVERYBODY = Change(Kind.DROP, {}), Change(Kind.EVERYBODY, {})


def test_what_was_made_already_or_leaves_the_key_as_it_is_changes_nothing(single: Question, short: Question) -> None:
    same = [{"id": "a", "text": "host", "correct": True}, {"id": "b", "text": "none"}, {"id": "c", "text": "any"}]

    assert is_void(short, [DROP], DROP)
    assert is_void(short, [EVERYBODY], EVERYBODY)
    assert is_void(single, [], Change(Kind.KEY, {"choices": same}))
    assert is_void(short, [], accept(" BRIDGE"))
    assert is_void(short, [accept("docker0")], accept("docker0"))


def test_what_is_new_changes_something(short: Question) -> None:
    assert not is_void(short, [EVERYBODY], DROP)
    assert not is_void(short, [], accept("docker0"))
    assert not is_void(short, [], Change(Kind.KEY, {"accept": ["host"]}))


def test_an_answer_accepted_in_one_gap_is_new_in_another(make: Make) -> None:
    text = {"fr": "{{a}} et {{b}}", "en": "{{a}} and {{b}}"}
    gaps = make("cloze", {"text": text, "code": None, "blanks": {"a": {"accept": ["x"]}, "b": {"accept": ["y"]}}})

    assert is_void(gaps, [], accept("x", blank="a"))
    assert not is_void(gaps, [], accept("x", blank="b"))
