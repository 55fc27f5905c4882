"""What is written is read back as it was, and stands as the bank's own files do."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.bank import formatting, positions, writing
from app.bank.positions import without_invisible

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t:-#'\"{}[],&*!|>%@` ")).map(
    without_invisible
)
SURPRISES = st.sampled_from(
    [
        "80:80",
        "no",
        "Yes",
        "1.10",
        "1e3",
        "012",
        "0x1f",
        "2024-01-01",
        "~",
        "null",
        "true",
        "-",
        "",
        " ",
        "=",
        "<<",
        ".5",
    ]
)
NUMBERS = st.integers(-(10**17), 10**17) | st.decimals(0, 1000, places=2)
VALUES = st.recursive(
    WORDS | SURPRISES | NUMBERS | st.booleans(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(WORDS | SURPRISES, inside, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(WORDS, VALUES, min_size=1, max_size=5))
def test_whatever_is_written_is_read_back_by_the_strict_reader(document: dict[str, Any]) -> None:
    located = positions.read("a.yaml", writing.entry(document).encode())

    assert located.problems == []
    assert located.value == [document]


# No question has a tab in it, or a key that is no word.
KEYS = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
PARTS = st.recursive(
    WORDS.filter(lambda text: "\t" not in text) | SURPRISES | NUMBERS | st.booleans(),
    lambda inside: st.lists(inside, min_size=1, max_size=4) | st.dictionaries(KEYS, inside, min_size=1, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, PARTS, min_size=1, max_size=5))
def test_what_is_written_needs_no_formatting(document: dict[str, Any]) -> None:
    written = writing.question(document)

    assert formatting.format_file("a.yaml", written.encode()) == written


def test_parts_written_one_after_the_other_are_one_file() -> None:
    assert writing.part({"id": "a"}) + writing.part({"title": {"fr": "B"}}) == "id: a\ntitle: {fr: B}\n"


def test_a_question_stands_as_in_the_files_of_the_bank() -> None:
    written = writing.entry(
        {
            "id": "a-b",
            "type": "single",
            "objectives": ["x.y", "x.z"],
            "text": {"fr": "Laquelle\u202f?", "en": "Which one?"},
            "code": {"language": "console", "text": "docker ps\n"},
            "choices": [{"id": "a", "text": "80:80", "correct": True}, {"id": "b", "text": {"fr": "a" * 60}}],
            "explanation": {"fr": "b" * 70, "en": "c" * 70},
            "origin": {"section": "a/b", "line": 3, "confidence": Decimal("0.8")},
        }
    )

    assert written == (
        "- id: a-b\n"
        "  type: single\n"
        "  objectives: [x.y, x.z]\n"
        "  text: {fr: 'Laquelle\u202f?', en: 'Which one?'}\n"
        "  code:\n"
        "    language: console\n"
        "    text: |\n"
        "      docker ps\n"
        "  choices:\n"
        "  - {id: a, text: '80:80', correct: true}\n"
        f"  - {{id: b, text: {{fr: {'a' * 60}}}}}\n"
        "  explanation:\n"
        f"    fr: {'b' * 70}\n"
        f"    en: {'c' * 70}\n"
        "  origin: {section: a/b, line: 3, confidence: 0.8}\n"
    )
