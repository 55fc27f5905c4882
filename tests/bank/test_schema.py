"""What a question may be, and how it is stored."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.bank.loader import load_questions
from app.bank.schema import (
    MODELS,
    ClozeQuestion,
    NumericalQuestion,
    SingleQuestion,
    content_hash,
    from_document,
    to_document,
)

Written = Callable[[str], str]


def _read(text: str) -> Any:
    found = load_questions("knots.yaml", text.encode())
    assert found.problems == ()
    return found.questions[0].question


@pytest.mark.parametrize("kind", MODELS)
def test_a_question_of_each_type_is_read(kind: str, written: Written) -> None:
    question = _read(written(kind))

    assert question.type == kind


def test_the_file_with_every_type_is_sound(every_type: bytes) -> None:
    found = load_questions("every_type.yaml", every_type)

    assert found.problems == ()
    assert {loaded.question.type for loaded in found.questions} == set(MODELS)


def test_every_type_survives_the_way_to_the_database_and_back(every_type: bytes) -> None:
    questions = [loaded.question for loaded in load_questions("every_type.yaml", every_type).questions]

    stored = [json.loads(json.dumps(to_document(question))) for question in questions]

    assert [from_document(document) for document in stored] == questions
    assert [content_hash(from_document(document)) for document in stored] == [content_hash(one) for one in questions]


def test_a_plain_string_is_the_same_text_in_both_languages(written: Written) -> None:
    question = _read(written("multiple"))

    assert (question.choices[0].text.in_("fr"), question.choices[0].text.in_("en")) == ("A", "A")


def test_a_language_the_bank_does_not_have_is_french(written: Written) -> None:
    assert _read(written("single")).text.in_("de") == "Quel nœud\u202f?"


def test_a_number_keeps_the_digits_that_were_written(written: Written) -> None:
    question = _read(written("numerical").replace("answer: 8", "answer: 1.50\n  tolerance: 0.1"))

    assert isinstance(question, NumericalQuestion)
    assert (str(question.answer), question.tolerance) == ("1.50", Decimal("0.1"))
    assert to_document(question)["answer"] == "1.50"


def test_a_gap_in_code_keeps_case_and_a_gap_in_prose_folds_it(written: Written) -> None:
    text = written("cloze").replace("en: Which knot?", "en: 'A {{word}}, `{{tick}}`'")
    text = text.replace("fr: Quel nœud\u202f?", "fr: 'Un {{word}}, `{{tick}}`'")
    question = _read(text.replace("blanks: {", "blanks: {word: {accept: [a]}, tick: {accept: [b]}, "))

    assert isinstance(question, ClozeQuestion)
    assert {name: question.case_of(name) for name in question.blanks} == {
        "word": "fold",
        "tick": "exact",
        "gap": "exact",
    }


def test_a_gap_says_for_itself_whether_case_counts(written: Written) -> None:
    question = _read(written("cloze").replace("accept: [x]", "accept: [x], case: fold"))

    assert isinstance(question, ClozeQuestion)
    assert question.case_of("gap") == "fold"


def test_a_template_of_docker_inspect_is_no_gap(written: Written) -> None:
    question = _read(written("cloze").replace("a {{gap}}", "docker inspect -f {{.Id}} {{json .Mounts}} {{gap}}"))

    assert isinstance(question, ClozeQuestion)
    assert list(question.blanks) == ["gap"]


def test_the_last_newline_of_a_snippet_does_not_count(written: Written) -> None:
    block = written("flashcard") + "  code:\n    language: text\n    text: |\n      ls\n"
    quoted = written("flashcard") + "  code: {language: text, text: ls}\n"

    assert content_hash(_read(block)) == content_hash(_read(quoted))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("level: 2\n", "level: 2\n  reserved: false\n"),
        ("level: 2\n", "level: 2\n  reserved: true\n  status: draft\n  see_also: [other]\n"),
        ("{fr: Quel nœud\u202f?, en: Which knot?}", '\n    en: "Which knot?"\n    fr: >-\n      Quel nœud\u202f?'),
        ("knots.bowline", "knots.hitch"),
        ("knots-loop", "knots-other"),
    ],
)
def test_spelling_order_and_filing_do_not_change_the_content(old: str, new: str, written: Written) -> None:
    before = written("single")

    assert content_hash(_read(before.replace(old, new))) == content_hash(_read(before))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Which knot?", "Which knot"),
        ("}, correct: true}", "}}"),
        ("It does not slip.", "It never slips."),
        ("level: 2", "level: 3"),
        ("level: 2\n", "level: 2\n  shuffle: false\n"),
        ("{id: a,", "{id: c,"),
    ],
)
def test_words_and_key_change_the_content(old: str, new: str, written: Written) -> None:
    before = written("single")
    changed = before.replace(old, new)
    if "correct" not in changed:
        changed = changed.replace("The reef knot}", "The reef knot}, correct: true")

    assert content_hash(_read(changed)) != content_hash(_read(before))


def test_a_stored_version_is_readable_under_stricter_rules(written: Written) -> None:
    document = to_document(_read(written("single")))
    document["choices"][0]["correct"] = True

    question = from_document(document)

    assert isinstance(question, SingleQuestion)
    assert [choice.correct for choice in question.choices] == [True, True]


def test_a_question_never_changes(written: Written) -> None:
    question = _read(written("single"))

    with pytest.raises(ValidationError, match="frozen"):
        question.level = 1
