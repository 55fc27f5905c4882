"""A device marks as the server does, for the questions of the packaged course and what may be typed to them."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page

from app.bank.loader import load_course
from app.bank.schema import (
    ClozeQuestion,
    CommandQuestion,
    FlashcardQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericalQuestion,
    OrderingQuestion,
    Question,
    ShortAnswerQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)
from app.exam import keys, marking, presentation, responses

Fields = dict[str, list[str]]
COURSE = Path(__file__).resolve().parents[2] / "questions" / "docker"
TYPED = ("short_answer", "command", "numerical", "cloze")
TRIES = 4  # responses to each question
_MARK = """async (cases) => {
    const { credit } = await import("/static/js/offline-marking.js");
    return cases.map(([key, fields]) => credit(key, fields));
}"""
# What hands and keyboards make of a right answer, and of a number.
_SLIPS: list[Callable[[str], str]] = [
    str,
    str.upper,
    str.title,
    lambda text: f"  {text} ",
    lambda text: text.replace(" ", "  "),
    lambda text: text.replace(" ", "\N{NO-BREAK SPACE}"),
    lambda text: text.replace("-", "\N{EN DASH}"),
    lambda text: text.replace("--", "\N{EM DASH}"),
    lambda text: text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}"),
    lambda text: text.replace("é", "e"),
    lambda text: f'"{text}"',
    lambda text: f"{text}.",
    lambda text: f"{text}\N{ZERO WIDTH SPACE}",
    lambda text: f"{text}x",
    lambda text: text[:-1],
    lambda text: text[::-1],
    lambda text: f"sudo {text}",
    lambda text: text.replace(".", ","),
    lambda text: f"+{text}",
    lambda text: f"0{text}",
    lambda text: f"{text} Mo",
]


class Case(NamedTuple):
    """One response: what a device marks it by, what the server makes of it (None: it refuses it)."""

    question: Question
    fields: Fields
    key: dict[str, Any]
    earned: Fraction | None


def case(question: Question, fields: Fields, seed: str) -> Case:
    """A response as both sides see it."""
    sent = {name: kept for name, values in fields.items() if (kept := [value for value in values if value])}
    response = responses.parse(question, sent, seed)
    refused = marking.misread(question, response) is not None
    earned = None if refused else marking.credit(question, response)
    return Case(question, sent, keys.device_key(question, seed), earned)


def given(question: Question, seed: str, luck: Random) -> Fields:
    """One response to a question, as its form sends it: right, wrong, or in between."""
    places = presentation.place(question, seed)
    right = responses.to_fields(question, keys.right(question), seed)
    match question:
        case SingleQuestion():
            return {"choice": [str(luck.randint(1, len(places.choices)))]}
        case MultipleQuestion():
            chosen = luck.sample(range(1, len(places.choices) + 1), luck.randint(1, len(places.choices)))
            return {"choices": [str(place) for place in chosen]}
        case TrueFalseQuestion():
            return {"value": [luck.choice(["true", "false"])]}
        case ShortAnswerQuestion() | CommandQuestion():
            return {"text": [slip(luck.choice(question.accept), luck)]}
        case NumericalQuestion():
            steps = luck.choice([0, 1, -1, 3])
            number = question.answer + question.tolerance * steps
            return {"text": [slip(f"{number + luck.choice([0, 0, 1]):f}", luck)]}
        case ClozeQuestion():
            blanks = (luck.choice(question.blanks[name].accept) for name in places.blanks)
            typed = [slip(str(word), luck) if luck.random() < 0.3 else str(word) for word in blanks]
            return {f"blank-{number}": [word] for number, word in enumerate(typed, 1)}
        case OrderingQuestion():
            return {"order": luck.sample(right["order"], len(right["order"]))}
        case MatchingQuestion():
            rights = range(1, len(places.rights) + 1)
            return {name: place if luck.random() < 0.6 else [str(luck.choice(rights))] for name, place in right.items()}
        case FlashcardQuestion():
            return {}


def slip(text: str, luck: Random) -> str:
    """The text as it may be typed."""
    return luck.choice(_SLIPS)(luck.choice(_SLIPS)(text))


def cases() -> Iterator[Case]:
    """The right response to every question of the packaged course that is marked, "I don't know", and others."""
    luck = Random(2026)
    for found in load_course(COURSE).questions:
        question, seed = found.question, str(luck.random())
        if not isinstance(question, FlashcardQuestion):
            yield case(question, responses.to_fields(question, keys.right(question), seed), seed)
            yield case(question, {"dont_know": ["1"]}, seed)
            yield from (case(question, given(question, seed, luck), seed) for _ in range(TRIES))


@pytest.fixture(scope="module")
def compared(browser: Any, live: Any) -> Iterable[tuple[Case, float | None]]:
    """Every case with the mark of the device."""
    page: Page = browser.new_page(base_url=live.url)
    page.goto("/account/log-in")
    made = list(cases())
    pairs = [[one.key, [[name, value] for name, values in one.fields.items() for value in values]] for one in made]
    marks = page.evaluate(_MARK, pairs)
    page.close()
    return list(zip(made, marks, strict=True))


def test_the_device_never_tells_another_credit_than_the_server(compared: list[tuple[Case, float | None]]) -> None:
    told = [(one, mark) for one, mark in compared if mark is not None]

    assert [one for one, mark in told if one.earned is None or abs(mark - one.earned) > 1e-9] == []
    assert len(told) > 2000


def test_only_what_is_typed_is_ever_left_to_the_server(compared: list[tuple[Case, float | None]]) -> None:
    assert {one.question.type for one, mark in compared if mark is None} == set(TYPED)


def test_the_answer_that_the_bank_gives_is_known_to_be_right(compared: list[tuple[Case, float | None]]) -> None:
    right = compared[:: TRIES + 2]

    assert {(one.earned, mark) for one, mark in right} == {(Fraction(1), 1)}


def test_a_number_is_compared_without_rounding(browser: Any, live: Any) -> None:
    page: Page = browser.new_page(base_url=live.url)
    page.goto("/account/log-in")
    key = {"number": {"answer": "0.3", "tolerance": "0.1"}}

    marks = page.evaluate(_MARK, [[key, [["text", text]]] for text in ("0.4", "0,2", "0.40000000000000000001", "-0.3")])

    page.close()
    assert marks == [1, 1, 0, 0]


def test_spaces_inside_quotes_are_part_of_a_command(browser: Any, live: Any) -> None:
    page: Page = browser.new_page(base_url=live.url)
    page.goto("/account/log-in")
    key = {"texts": {"text": {"accept": ['docker exec web sh -c "a  b"'], "exact": True}}}

    marks = page.evaluate(_MARK, [[key, [["text", f'docker exec web sh -c "a{gap}b"']]] for gap in ("  ", " ")])

    page.close()
    assert marks == [1, None]
