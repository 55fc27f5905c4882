"""What a learner may see before answering."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank.schema import Question, from_document, to_document
from app.exam.presentation import Segment, place, present

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
CANARY = "zq7canary"


def _ids(question: Question) -> list[str]:
    """Every id of the bank in a question."""
    document = to_document(question)
    parts = [part for name in ("choices", "items", "pairs", "decoys") for part in document.get(name, [])]
    return [*(part["id"] for part in parts), *document.get("blanks", {}), document["id"]]


def _renamed(question: Question) -> Question:
    """The same question with ids and keys that can be recognised wherever they leak."""
    document: dict[str, Any] = json.loads(json.dumps(to_document(question)))
    for name in ("choices", "items", "pairs", "decoys"):
        for part in document.get(name, []):
            part["id"] = f"{CANARY}-{part['id']}"
            if name == "choices" and not part.get("correct"):
                part["why"] = {"fr": CANARY, "en": CANARY}
    document["explanation"] = {"fr": CANARY, "en": CANARY}
    if question.type in ("short_answer", "command"):
        document["accept"] = [f"docker {CANARY}"]
    if question.type == "flashcard":
        document["answer"] = {"fr": CANARY, "en": CANARY}
    if question.type == "numerical":
        document["answer"] = "987654"
    for name, blank in list(document.get("blanks", {}).items()):
        blank["accept"] = [CANARY]
        document["blanks"][f"{CANARY}-{name}"] = document["blanks"].pop(name)
        document["text"] = {
            key: text.replace(f"{{{{{name}", f"{{{{{CANARY}-{name}") for key, text in document["text"].items()
        }
        document["code"]["text"] = document["code"]["text"].replace(f"{{{{{name}", f"{{{{{CANARY}-{name}")
    return from_document(document)


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_key_explanation_or_id_is_shown(make: Make, type_: str, language: str) -> None:
    question = _renamed(make(type_))

    shown = present(question, language, "seed").to_json()

    assert CANARY not in shown
    assert "987654" not in shown
    assert "correct" not in shown


@pytest.mark.parametrize("answer", [True, False])
def test_a_statement_is_shown_alike_whether_it_holds_or_not(make: Make, answer: bool) -> None:
    shown = present(make("true_false", {"answer": answer}), "fr", "seed")

    assert shown == present(make("true_false", {"answer": not answer}), "fr", "seed")


@pytest.mark.parametrize("type_", TYPES)
@given(seed=st.text(max_size=20))
def test_the_same_seed_shows_the_same_thing_again(make: Make, type_: str, seed: str) -> None:
    assert present(make(type_), "fr", seed) == present(make(type_), "fr", seed)


@pytest.mark.parametrize("type_", TYPES)
@given(seed=st.text(max_size=20))
def test_every_place_has_one_id_and_every_id_one_place(make: Make, type_: str, seed: str) -> None:
    question = make(type_)
    places = place(question, seed)

    shown = [places.choices, places.items, places.lefts, places.rights, places.blanks]
    assert {key for ids in shown for key in ids} == set(_ids(question)) - {question.id}
    assert all(len(set(ids)) == len(ids) for ids in shown)


def test_another_seed_gives_another_order(make: Make) -> None:
    orders = {place(make("single"), str(seed)).choices for seed in range(50)}

    assert len(orders) > 10


def test_choices_that_must_not_be_shuffled_keep_their_order(make: Make) -> None:
    question = make("single", {"shuffle": False})

    assert {place(question, str(seed)).choices for seed in range(10)} == {("a", "b", "c", "d")}


@given(seed=st.text(max_size=20))
def test_lines_to_order_are_never_shown_in_the_right_order(make: Make, seed: str) -> None:
    assert place(make("ordering"), seed).items != ("from", "workdir", "copy", "run")


@given(seed=st.text(max_size=20))
def test_the_order_of_the_file_does_not_matter_to_what_is_shown(make: Make, seed: str) -> None:
    choices = [{"id": key, "text": f"choice {key}", "correct": key == "a"} for key in "dcba"]

    reversed_ = present(make("single", {"choices": choices}), "fr", seed)

    assert reversed_ == present(make("single"), "fr", seed)


def test_places_are_numbered_from_1(make: Make) -> None:
    shown = present(make("matching"), "en", "seed")

    assert [line.value for line in shown.rights] == ["1", "2", "3", "4"]


def test_decoys_are_among_the_right_hand_sides(make: Make) -> None:
    shown = present(make("matching"), "en", "seed")

    assert {line.text for line in shown.rights} == {"right pid", "right net", "right mnt", "right mem"}


def test_gaps_lose_their_names_and_know_their_line(make: Make) -> None:
    shown = present(make("cloze"), "en", "seed")

    assert shown.text == "A {{1}} isolates."
    assert shown.code_segments == (
        Segment("FROM scratch\nCOPY ", line=1),
        Segment("", "2", 2, 12),
        Segment(" /a ", line=2),
        Segment("", "3", 2, 12),
    )


def test_all_gaps_have_one_width_which_is_a_multiple_of_4(make: Make) -> None:
    shown = present(make("cloze"), "en", "seed")

    gaps = [each for each in (*shown.text_segments, *shown.code_segments) if each.blank]
    assert {each.width for each in gaps} == {12}


def test_a_unit_is_shown_in_the_language_of_the_page(make: Make) -> None:
    units = [present(make("numerical"), language, "seed").unit for language in ("fr", "en")]

    assert units == ["Mo", "MB"]


@pytest.mark.parametrize("type_", TYPES)
def test_what_is_shown_is_json(make: Make, type_: str) -> None:
    shown = present(make(type_), "fr", "seed")

    assert json.loads(shown.to_json()) == json.loads(json.dumps(asdict(shown)))
