"""What changed between two versions, told field by field."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank import rewording
from app.bank.loader import load_questions
from app.bank.rewording import Change, Piece
from app.bank.schema import content_hash, from_document, to_document

DOCUMENT: dict[str, Any] = {
    "id": "knots-loop",
    "type": "single",
    "objectives": ["knots.bowline"],
    "level": 2,
    "text": {"fr": "Quel nœud fait une boucle ?", "en": "Which knot makes a loop?"},
    "choices": [
        {"id": "a", "text": {"fr": "Le plat", "en": "The reef knot"}, "correct": False},
        {"id": "b", "text": {"fr": "La chaise", "en": "The bowline"}, "correct": True},
    ],
    "explanation": {"fr": "Il ne serre pas.", "en": "It does not slip."},
}


def changed(**fields: Any) -> list[Change]:
    """What the little question's new fields change."""
    return rewording.changes(DOCUMENT, {**copy.deepcopy(DOCUMENT), **fields})


def words(pieces: tuple[Piece, ...]) -> str:
    """The pieces as text, what differs between brackets."""
    return "".join(f"[{piece.text}]" if piece.changed else piece.text for piece in pieces)


def test_the_same_words_have_no_change() -> None:
    assert changed() == []


def test_a_text_that_changed_is_told_word_by_word_in_its_language() -> None:
    [change] = changed(text=DOCUMENT["text"] | {"en": "Which knot ties a loop?"})

    assert change.path == ("text", "en")
    assert words(change.before) == "Which knot [makes] a loop?"
    assert words(change.after) == "Which knot [ties] a loop?"


def test_what_changed_alike_in_both_languages_is_told_once() -> None:
    choices = copy.deepcopy(DOCUMENT["choices"])
    choices[0]["text"] = {"fr": "`reef`", "en": "`reef`"}
    before = copy.deepcopy(DOCUMENT)
    before["choices"][0]["text"] = {"fr": "`knot`", "en": "`knot`"}

    [change] = rewording.changes(before, {**DOCUMENT, "choices": choices})

    assert (change.path, words(change.before), words(change.after)) == (
        ("choices", "a", "text"),
        "[`knot`]",
        "[`reef`]",
    )


def test_a_key_that_moved_names_both_choices() -> None:
    choices = copy.deepcopy(DOCUMENT["choices"])
    choices[0]["correct"], choices[1]["correct"] = True, False

    found = changed(choices=choices)

    assert [(change.path, words(change.after)) for change in found] == [
        (("choices", "a", "correct"), "[true]"),
        (("choices", "b", "correct"), "[false]"),
    ]


def test_a_new_choice_has_no_text_before_and_no_order_is_told() -> None:
    new = {"id": "c", "text": {"fr": "Le huit", "en": "The eight"}, "correct": False}

    found = changed(choices=[*DOCUMENT["choices"], new])

    assert [(change.path, change.before) for change in found] == [
        (("choices", "c", "text", "fr"), ()),
        (("choices", "c", "text", "en"), ()),
        (("choices", "c", "correct"), ()),
    ]


def test_the_same_parts_in_another_order_are_told() -> None:
    [change] = changed(choices=list(reversed(DOCUMENT["choices"])))

    assert change.path == ("choices", "order")


def test_the_spaces_of_a_listing_are_kept() -> None:
    before = {**DOCUMENT, "code": {"language": "yaml", "text": "a:\n  b: 1\n"}}

    [change] = rewording.changes(before, {**before, "code": {"language": "yaml", "text": "a:\n    b: 1\n"}})

    assert words(change.before) == "a:\n  [b:] 1\n"


@pytest.mark.parametrize("field", [{"objectives": ["x"]}, {"see_also": ["y"]}, {"reserved": True}, {"status": "draft"}])
def test_what_makes_no_version_is_no_change(field: dict[str, Any]) -> None:
    assert changed(**field) == []


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_make_up_both_texts(old: str, new: str) -> None:
    found = rewording.changes({"text": old}, {"text": new})

    assert bool(found) == (old != new)
    for change in found:
        assert "".join(piece.text for piece in change.before) == old
        assert "".join(piece.text for piece in change.after) == new


def test_two_documents_differ_exactly_when_their_hashes_do(every_type: bytes) -> None:
    documents = [to_document(one.question) for one in load_questions("knots.yaml", every_type).questions]

    for document in documents:
        reworded = {**document, "explanation": {"fr": "Autre.", "en": "Other."}}
        assert rewording.changes(document, document) == []
        assert rewording.changes(document, reworded) != []
        assert content_hash(from_document(document)) != content_hash(from_document(reworded))
