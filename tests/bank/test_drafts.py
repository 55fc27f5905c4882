"""A draft may be written in one language; what is missing is told, and only a draft may."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.bank.loader import load_course, load_questions
from app.bank.schema import content_hash, from_document, to_document

Written = Callable[[str], str]
MakeFolder = Callable[..., Path]

ORIGIN = "  origin: {section: rope/hitches, line: 12, confidence: 0.75, fingerprint: 0123456789ab}\n"


def french(text: str) -> str:
    """The question of the tests without its English."""
    for words in ("Which knot?", "The reef knot", "The bowline", "It does not slip."):
        text = text.replace(f", en: {words}", "")
    return text


def test_a_draft_in_one_language_loads_with_its_words_in_both(written: Written) -> None:
    loaded = load_questions("knots.yaml", (french(written("single")) + "  status: draft\n").encode())

    assert [problem.severity for problem in loaded.problems] == ["info"]
    assert loaded.questions[0].question.explanation.en == "Il ne serre pas."


def test_what_a_draft_lacks_is_told_once_at_the_first_place(written: Written, told: Callable[[str], list[str]]) -> None:
    problems = told(french(written("single")) + "  status: draft\n")

    assert problems == [
        "5:9: info: a draft: “en” is missing in 4 texts (write it, read the whole, then remove “status: draft”)"
    ]


def test_without_the_mark_both_languages_are_required(written: Written, told: Callable[[str], list[str]]) -> None:
    problems = told(french(written("single")))

    assert len(problems) == 4
    assert all("“en” is missing (both languages are required)" in problem for problem in problems)


def test_a_complete_draft_is_no_news(written: Written, told: Callable[[str], list[str]]) -> None:
    assert told(written("single") + "  status: draft\n") == []


def test_where_a_draft_comes_from_is_not_part_of_its_content(written: Written) -> None:
    plain, marked = (
        load_questions("knots.yaml", (written("single") + more).encode()).questions[0].question
        for more in ("", f"  status: draft\n{ORIGIN}")
    )

    assert content_hash(plain) == content_hash(marked)
    assert from_document(to_document(marked)) == marked


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("line: 12", "line: 0", "line: this must be at least 1"),
        ("confidence: 0.75", "confidence: 2", "confidence: this must be at most 1"),
        ("0123456789ab", "'0123'", "fingerprint: “0123” has characters"),
        ("line: 12, ", "", "“line” is missing"),
    ],
)
def test_an_origin_is_checked(
    old: str, new: str, expected: str, written: Written, told: Callable[[str], list[str]]
) -> None:
    [problem] = told(written("single") + ORIGIN.replace(old, new))

    assert expected in problem


def test_each_part_of_a_course_has_a_mark_of_its_own(make_folder: MakeFolder) -> None:
    folder = make_folder()
    file = folder / "course.yaml"
    text = file.read_text("utf-8").replace("title: {fr: Voile, en: Sailing}", "title: {fr: Voile}\nstatus: draft")
    text = text.replace("{id: winds, title: {fr: Vents, en: Winds}}", "{id: winds, status: draft, title: {en: Winds}}")
    file.write_text(text.replace("complement: true, text: {fr: Un fait., en", "text: {en"), "utf-8")

    told = [str(problem).removeprefix(f"{file}:") for problem in load_course(folder).problems]

    assert [one.partition(" (")[0] for one in told] == ["14:65: error: “fr” is missing"]


def test_what_the_drafts_of_a_course_lack_is_told(make_folder: MakeFolder) -> None:
    folder = make_folder()
    file = folder / "course.yaml"
    text = file.read_text("utf-8").replace("title: {fr: Voile, en: Sailing}", "title: {fr: Voile}\nstatus: draft")
    file.write_text(text.replace("title: {fr: Vents, en: Winds}", "status: draft, title: {en: Winds}"), "utf-8")

    told = [str(problem).removeprefix(f"{file}:") for problem in load_course(folder).problems]

    assert [one.partition(" (")[0] for one in told] == [
        "2:8: info: a draft: “en” is missing in one text",
        "8:37: info: a draft: “fr” is missing in one text",
    ]
