"""The rules that look at a whole bank: pairs of questions, positions, balances."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.bank.loader import load_course
from tests.bank.lint.conftest import CHOICES, Fields, Remarks, Rules, question

SUBJECTS = [
    "haul",
    "jib",
    "wind",
    "mast",
    "boom",
    "keel",
    "stern",
    "bow",
    "rudder",
    "tiller",
    "sheet",
    "halyard",
    "cleat",
    "winch",
    "buoy",
    "anchor",
    "tide",
    "reef",
    "hull",
    "deck",
    "galley",
    "compass",
    "chart",
    "lantern",
    "barrel",
    "cannon",
    "parrot",
    "island",
    "gull",
    "whale",
    "squid",
    "lobster",
    "oyster",
    "pearl",
    "coral",
    "lagoon",
]


def many(count: int, make: Callable[[int], Fields]) -> list[Fields]:
    """So many questions, each about something else unless `make` gives them a text."""
    made = []
    for number in range(count):
        subject = SUBJECTS[number % len(SUBJECTS)]
        text = {"fr": f"Que dire ici de {subject} {number}\u202f?", "en": f"What of {subject} {number} here?"}
        one = make(number)
        own = {} if one["text"] != question()["text"] else {"text": text}
        made.append({**one, **own, "id": f"{subject}-{number}"})
    return made


def at(position: int, **fields: Any) -> Fields:
    """A question whose right choice stands at `position`; each choice is as long as the others."""
    words = ["Un mât | A mast", "Un fil | A line", "Un bac | A boat", "Un lac | A lake"]
    choices = [
        {"id": letter, "text": dict(zip(("fr", "en"), told.split(" | "), strict=True)), "why": CHOICES[0]["why"]}
        for letter, told in zip("abcd", words, strict=True)
    ]
    choices[position]["correct"] = True
    return question(choices=choices, **fields)


def linked(first: Fields, second: Fields, **link: Any) -> list[Fields]:
    """The two questions, the second with a link to the first."""
    return [first, {**second, "id": "knots-second", **link}]


ANCHOR = question(
    text={
        "fr": "Quel lien tressé retient une ancre lourde\u202f?",
        "en": "Which braided line holds a heavy anchor?",
    }
)
ANCHOR_AGAIN = question(
    text={
        "fr": "Quel lien tressé retient cette ancre lourde\u202f?",
        "en": "Which braided line holds this heavy anchor?",
    }
)
SHOWN = question("command", accept=["docker ps --all"])
SHOWING = question(
    "true_false",
    text={"fr": "La commande `docker ps --all` liste tout.", "en": "The command `docker ps --all` lists everything."},
)


def others() -> list[Fields]:
    """Enough other questions for words to be rare or common."""
    kinds = ("short_answer", "flashcard", "numerical", "single")
    return many(24, lambda number: at(number // 4 % 4) if number % 4 == 3 else question(kinds[number % 4]))


def test_a_question_asked_twice_is_found(rules: Rules) -> None:
    assert rules(*linked(ANCHOR, ANCHOR_AGAIN), *others()) == {"near-duplicate"}


def test_four_copies_in_a_small_bank_are_found(remarks: Remarks) -> None:
    copies = [{**ANCHOR, "id": f"copy-{number}"} for number in range(4)]

    found = [remark for remark in remarks(*copies, *others()[:4]) if remark.rule == "near-duplicate"]

    assert len({remark.line for remark in found}) >= len(copies) - 1


@pytest.mark.parametrize(
    ("first", "second", "found"), [("a", "a", "same-stem"), ("a", "b", "same-words"), (None, None, "same-stem")]
)
def test_the_same_words_with_other_answers_are_found(
    first: str | None, second: str | None, found: str, rules: Rules
) -> None:
    """Whatever the choices; with other code it is an info at most."""
    pair = []
    for number, snippet in enumerate((first, second)):
        code = {"code": {"language": "text", "text": snippet}} if snippet else {}
        pair.append(question("short_answer", id=f"twin-{number}", accept=[f"answer{number}"], **code))

    assert found in rules(*pair, *others())


@pytest.mark.parametrize("link", ["see_also", "gives_away"])
def test_questions_that_name_each_other_may_be_alike(link: str, rules: Rules) -> None:
    assert rules(*linked(ANCHOR, ANCHOR_AGAIN, **{link: ["knots-loop"]}), *others()) == set()


def test_questions_alike_in_one_language_only_are_left_alone(rules: Rules) -> None:
    other = {"fr": "Où la tortue pond-elle en hiver, au port\u202f?", "en": ANCHOR_AGAIN["text"]["en"]}

    assert rules(*linked(ANCHOR, question("flashcard", text=other)), *others()) == set()


def test_an_answer_that_another_question_shows_is_found(rules: Rules, remarks: Remarks) -> None:
    assert rules(*linked(SHOWN, SHOWING)) == {"given-away"}
    (remark,) = remarks(*linked(SHOWN, SHOWING))
    assert "“knots-loop”" in remark.message


def test_an_answer_given_away_and_said_so_is_left_alone(rules: Rules) -> None:
    assert rules(*linked(SHOWN, SHOWING, gives_away=["knots-loop"])) == set()


def test_a_longer_command_does_not_show_a_shorter_word(rules: Rules) -> None:
    longer = question(
        "true_false",
        text={"fr": "La commande `docker ps --all-of-it` liste.", "en": "The command `docker ps --all-of-it` lists."},
    )

    assert rules(*linked(SHOWN, longer)) == set()


def test_one_command_is_too_short_to_be_given_away(rules: Rules) -> None:
    assert rules(*linked(question("command", accept=["docker ps"]), SHOWING)) == set()


def test_a_question_in_the_words_of_its_objective_is_found(rules: Rules, make_folder: Callable[..., Path]) -> None:
    course = load_course(make_folder()).course
    assert course is not None
    sentence = "The bowline is the knot that makes a fixed loop at the end of a rope"
    fact = course.objectives[0].model_copy(update={"text": course.title.model_copy(update={"en": sentence})})
    stated = course.model_copy(update={"objectives": (fact,)})
    taken = question("true_false", text={"fr": "Ce nœud fait une boucle.", "en": f"{sentence}."})

    assert rules(taken, course=stated) == {"course-words"}
    assert rules(question("true_false"), course=stated) == set()


def test_a_question_in_the_words_of_the_course_is_found(rules: Rules) -> None:
    course = "# Nœuds\n\nLe nœud de chaise fait une boucle fixe au bout d'une corde mouillée."
    taken = {"fr": "Le nœud de chaise fait une boucle fixe au bout d’une corde.", "en": "A bowline makes a loop."}

    assert rules(question("true_false", text=taken), source=course) == {"course-words"}
    assert rules(question("true_false"), source=course) == set()


def test_keys_that_stand_at_one_position_are_found(rules: Rules) -> None:
    assert rules(*many(24, lambda _: at(1))) == {"written-position"} | {"type-mix"}
    assert rules(*many(24, lambda _: at(1, shuffle=False))) == {"written-position", "pinned-position", "type-mix"}


def test_keys_that_stand_everywhere_are_left_alone(rules: Rules) -> None:
    assert rules(*many(24, lambda number: at(number % 4, shuffle=False))) == {"type-mix"}


def test_keys_that_are_often_the_longest_are_found(rules: Rules) -> None:
    def longer(number: int) -> Fields:
        made = at(number % 4)
        made["choices"][number % 4]["text"] = {"fr": "Un grand mât", "en": "A big mast"}
        return made

    assert rules(*many(24, longer)) == {"longest-often", "type-mix"}


def test_keys_that_are_often_the_shortest_are_found(rules: Rules) -> None:
    def shorter(number: int) -> Fields:
        made = at(number % 4)
        for place, choice in enumerate(made["choices"]):
            if place != number % 4:
                choice["text"] = {"fr": f"Un grand mât {place}", "en": f"A big mast {place}"}
        return made

    assert "shortest-often" in rules(*many(24, shorter))


@pytest.mark.parametrize(("true", "found"), [(10, {"true-false"}), (0, {"true-false"}), (5, set()), (6, set())])
def test_statements_are_about_as_often_true_as_false(true: int, found: set[str], rules: Rules) -> None:
    assert rules(*many(10, lambda number: question("true_false", answer=number < true))) == found


@pytest.mark.parametrize(("absolute_true", "found"), [(0, {"absolute-statements"}), (4, set())])
def test_absolute_words_do_not_tell_true_from_false(absolute_true: int, found: set[str], rules: Rules) -> None:
    def statement(number: int) -> Fields:
        words = ("toujours", "always") if number < 8 else ("vraiment", "really")
        answer = number < absolute_true or (number >= 8 and (number % 2 == 0 or absolute_true == 0))
        name = SUBJECTS[number]
        text = {"fr": f"Le cap {name} tient {words[0]}.", "en": f"Cape {name} {words[1]} holds."}
        return question("true_false", answer=answer, text=text)

    assert rules(*many(16, statement)) == found


@pytest.mark.parametrize(("applied", "found"), [(2, {"level-mix"}), (10, set())])
def test_a_fair_share_of_the_questions_asks_to_apply(applied: int, found: set[str], rules: Rules) -> None:
    kinds = ("short_answer", "flashcard", "numerical", "single")
    made = many(
        24,
        lambda number: (
            (at(number // 4 % 4) if number % 4 == 3 else question(kinds[number % 4]))
            | {"level": 3 if number < applied else 2}
        ),
    )

    assert rules(*made) == found


def test_drafts_are_not_judged(rules: Rules) -> None:
    assert rules(question(status="draft", text={"fr": "Nommer", "en": "Name"})) == set()


@pytest.mark.parametrize(
    ("fr", "en", "kind", "found"),
    [
        ("Quel lien tressé retient le canot lourd", "Which braided line holds the heavy dinghy", "single", {"alike"}),
        ("Quel lien retient le canot du port", "Which braided line stops the grey dinghy", "single", {"twin"}),
        ("Quel lien retient le canot du port", "Which braided line stops the grey dinghy", "flashcard", set()),
        ("Quelle tortue pond ses œufs au port", "Which turtle lays eggs in the harbour", "single", set()),
    ],
)
def test_questions_somewhat_alike_are_found(fr: str, en: str, kind: str, found: set[str], rules: Rules) -> None:
    second = question(kind, text={"fr": f"{fr}\u202f?", "en": f"{en}?"})

    assert rules(*linked(ANCHOR, second), *others()) == found
