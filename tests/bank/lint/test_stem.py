"""The rules of the question itself: each finds what it is for, and leaves good sentences alone."""

from typing import Any

import pytest

from tests.bank.lint.conftest import Remarks, Rules, choice, question

LONG = " ".join(["mot"] * 61)

FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("whole-stem", question(text={"fr": "Nommer ce nœud de marin", "en": "Name this knot of sailors."})),
    ("whole-stem", question(text={"fr": "Nommer ce nœud de marin.", "en": "Name this knot of sailors"})),
    ("short-stem", question(text={"fr": "Ce nœud\u202f?", "en": "Which knot makes a fixed loop?"})),
    ("short-stem", question(text={"fr": "Quel nœud forme une boucle fixe\u202f?", "en": "Which knot?"})),
    ("long-stem", question(text={"fr": f"{LONG}.", "en": "Which knot makes a fixed loop?"})),
    ("long-stem", question(text={"fr": "Quel nœud forme une boucle fixe\u202f?", "en": f"{LONG}."})),
    (
        "one-question",
        question(text={"fr": "Quel est ce nœud\u202f? Tient-il\u202f?", "en": "Which knot is this? Does it hold?"}),
    ),
    ("negative-stem", question(text={"fr": "Quel nœud n’est pas fixe\u202f?", "en": "Which knot makes a loop?"})),
    ("negative-stem", question(text={"fr": "Quel nœud tient bien\u202f?", "en": "Which of these knots is not fixed?"})),
    ("negative-stem", question(text={"fr": "Quel nœud tient bien\u202f?", "en": "Which knot never holds a boat?"})),
    (
        "double-negative",
        question(
            text={"fr": "Quel nœud **ne** tient **pas**\u202f?", "en": "Which knot does **not** hold?"},
            choices=[
                choice("a", "Celui qui n’est pas serré", "The loose one", correct=True),
                choice("b", "Celui qui est mouillé", "The wet one"),
                choice("c", "Celui qui est serré", "The tight one"),
            ],
        ),
    ),
    (
        "double-negative",
        question(
            "true_false",
            text={"fr": "Un nœud tient quand il est serré.", "en": "A knot that is not tight does not hold."},
        ),
    ),
    ("article-clue", question(text={"fr": "Ce nœud de marin est une\u00a0:", "en": "This knot of sailors holds:"})),
    ("article-clue", question(text={"fr": "Ce nœud de marin tient\u00a0:", "en": "This knot of sailors is an:"})),
    (
        "gap-article",
        question("cloze", text={"fr": "On fait la {{knot}} du marin.", "en": "One makes {{knot}} of sailors."}),
    ),
    ("gap-article", question("cloze", text={"fr": "On fait {{knot}} du marin.", "en": "One makes an {{knot}} here."})),
]
GOOD: list[dict[str, Any]] = [
    question(text={"fr": "Lire ce nœud de `a`", "en": "Read this knot of `a`"}),
    question("flashcard", text={"fr": "Un nœud\u202f?", "en": "A knot?"}),
    question(text={"fr": "Ce nœud\u202f?", "en": "This knot?"}, code={"language": "text", "text": "8"}),
    question("flashcard", text={"fr": "Ce nœud tient-il\u202f? Pourquoi\u202f?", "en": "Does it hold? Why?"}),
    question(text={"fr": "Quel nœud **n’est pas** fixe\u202f?", "en": "Which knot is **not** fixed?"}),
    question(text={"fr": "Quel nœud tient bien\u202f?", "en": "Which knot is NOT fixed?"}),
    question(
        text={
            "fr": "Quel nœud choisir pour que la corde ne glisse pas\u202f?",
            "en": "Which knot is needed so that the rope does not slip?",
        }
    ),
    question(
        text={
            "fr": "La corde ne tient pas. Quel nœud faut-il faire\u202f?",
            "en": "The rope does not hold. Which knot is needed?",
        }
    ),
    question(text={"fr": "Pourquoi ce nœud ne tient-il pas\u202f?", "en": "Why does this knot not hold?"}),
    question(
        "true_false",
        text={"fr": "Un nœud mouillé ne glisse jamais.", "en": "A wet knot never slips."},
    ),
    question(
        "true_false",
        text={
            "fr": "La corde n’a pas de nœud et n’en a jamais eu. Elle glisse.",
            "en": "The rope does not have a knot and never had one. It slips.",
        },
    ),
    question("cloze", text={"fr": "Les {{knot}} du marin tiennent.", "en": "The {{knot}} of sailors hold."}),
    question(text={"fr": f"`{LONG}` est-il un nœud\u202f?", "en": f"Is `{LONG}` a knot?"}),
]


@pytest.mark.parametrize(("rule", "spoilt"), FAULTS)
def test_a_fault_of_the_question_is_found(rule: str, spoilt: dict[str, Any], rules: Rules) -> None:
    assert rules(spoilt) == {rule}


@pytest.mark.parametrize("good", GOOD)
def test_a_good_question_is_left_alone(good: dict[str, Any], rules: Rules) -> None:
    assert rules(good) == set()


def test_a_remark_stands_at_the_words_to_mend(remarks: Remarks) -> None:
    (remark,) = remarks(question(text={"fr": "Nommer ce nœud de marin.", "en": "Name this knot of sailors"}))

    assert (remark.line, remark.rule, remark.severity) == (10, "whole-stem", "warning")
