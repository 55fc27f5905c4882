"""The key of a question, for whoever shows or marks it elsewhere than here."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from app.bank.schema import Question
from app.exam import keys, marking, responses
from tests.exam.conftest import _DOCUMENTS

Make = Callable[..., Question]
SEED = "a seed"
MARKED = sorted(set(_DOCUMENTS) - {"flashcard"})


@pytest.mark.parametrize("kind", MARKED)
def test_the_right_response_earns_full_credit(make: Make, kind: str) -> None:
    question = make(kind)

    assert marking.credit(question, keys.right(question)) == Fraction(1)


@pytest.mark.parametrize(("kind", "field"), [("single", "choice"), ("multiple", "choices")])
def test_the_key_of_choices_is_the_places_a_form_sends(make: Make, kind: str, field: str) -> None:
    question = make(kind)

    places = keys.device_key(question, SEED)["choices"]

    assert marking.credit(question, responses.parse(question, {field: places}, SEED)) == 1


def test_the_key_of_an_order_is_the_places_a_form_sends(make: Make) -> None:
    question = make("ordering")

    order = keys.device_key(question, SEED)["order"]

    assert marking.credit(question, responses.parse(question, {"order": order}, SEED)) == 1


def test_the_key_of_pairs_takes_each_right_hand_side_with_the_same_words(make: Make) -> None:
    pairs = [{"id": key, "left": f"left {key}", "right": "same" if key != "mnt" else "other"} for key in ("a", "b")]
    question = make("matching", {"pairs": [*pairs, {"id": "mnt", "left": "left mnt", "right": "other"}], "decoys": []})

    fits = keys.device_key(question, SEED)["pairs"]

    assert sorted(len(places) for places in fits.values()) == [1, 2, 2]
    for places in zip(*(fits[f"pair-{number}"][::-1] for number in (1, 2, 3)), strict=False):
        fields = {f"pair-{number}": [place] for number, place in enumerate(places, 1)}
        assert marking.credit(question, responses.parse(question, fields, SEED)) == 1


def test_the_key_of_typed_answers_says_where_case_counts(make: Make) -> None:
    assert keys.device_key(make("short_answer"), SEED) == {
        "texts": {"text": {"accept": ["réseau bridge", "bridge"], "exact": False}}
    }
    assert [text["exact"] for text in keys.device_key(make("cloze"), SEED)["texts"].values()] == [False, True, True]


def test_the_key_of_a_number_has_its_tolerance(make: Make) -> None:
    assert keys.device_key(make("numerical"), SEED) == {"number": {"answer": "1024.5", "tolerance": "0.5"}}


def test_a_flashcard_has_no_key(make: Make) -> None:
    assert keys.device_key(make("flashcard"), SEED) == {}
