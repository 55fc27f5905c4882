"""YAML as people write it: what is refused, where it is told, and that nothing is ever raised."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.bank import positions
from app.bank.loader import load_questions

CUTS_APART = 7  # bytes; a prime, so that every kind of place is met
SURPRISES = [
    (
        "80:80",
        '1:3: 80:80 means different things to different YAML readers (write "80:80" for the text, or a plain number)',
    ),
    (
        "22:22",
        '1:3: 22:22 means different things to different YAML readers (write "22:22" for the text, or a plain number)',
    ),
    ("012", '1:3: 012 means different things to different YAML readers (write "012" for the text, or a plain number)'),
    ("1e3", "1:3: 1e3 means different things"),
    ("1_000", "1:3: 1_000 means different things"),
    ("0x1F", "1:3: 0x1F means different things"),
    (".5", "1:3: .5 means different things"),
    (".inf", "1:3: .inf means different things"),
    ("2026-11-23", "1:3: 2026-11-23 means different things"),
    ("~", "1:3: ~ means different things"),
    ("no", '1:3: no is a word or a truth value (write "no" for the word, or false)'),
    ("on", '1:3: on is a word or a truth value (write "on" for the word, or true)'),
    ("True", '1:3: True is a word or a truth value (write "True" for the word, or true)'),
    ("", "1:2: there is no value here (write one, or remove the key)"),
    ("yes: x", '1:3: yes is a word or a truth value (write "yes" for the word, or true)'),
    ("1: x", '1:3: the key 1 is not a text (write "1")'),
]
REFUSED = [
    ("- &a x", "1:3: anchors and aliases are not read here (write the value out, or quote it)"),
    ("- *a", "1:3: anchors and aliases are not read here (write the value out, or quote it)"),
    ("- {a: x, <<: y}", '1:10: << means different things to different YAML readers (write "<<"'),
    ("- !!str x", "1:3: tags are not read here (quote a value that begins with !)"),
    ("- !important x", "1:3: tags are not read here (quote a value that begins with !)"),
    ("- x\n---\n- y", "2:1: a second document starts here (a file holds one)"),
    ("- {a: x, a: y}", "1:10: the key “a” is there twice (line 1 has it already)"),
    ("- a: x\n  b: y\n  a: z", "3:3: the key “a” is there twice (line 1 has it already)"),
    ("- {[x]: y}", "1:4: a key must be a word (quote a value that contains { or [)"),
    ("[" * 21, "1:21: more than 20 levels deep (a question needs five)"),
    ("[" * 9_000, "1:21: more than 20 levels deep (a question needs five)"),
    ("- x\n\t- y", "2:1: this is not YAML: "),
    (
        "- a:\n\tb: x",
        "2:1: this is not YAML: found character that cannot start any token (indent with spaces, not tabs)",
    ),
    (
        "- a: b: c",
        "1:7: this is not YAML: mapping values are not allowed in this context (quote a text that contains a colon",
    ),
    ("- `x`", "1:3: this is not YAML: found character that cannot start any token (quote a text that begins with `)"),
    ("- é: 'œ' x", "1:10: this is not YAML: "),
    ("- x\n- y\0", "2:4: an invisible character stands here (U+0000) (delete it)"),
    ("- x\u202ey", "1:4: an invisible character stands here (U+202E) (delete it)"),
    ("- x\u2028y", "1:4: an invisible character stands here (U+2028) (delete it)"),
    ('- "x\\0"', "1:3: an invisible character is in this text (U+0000) (remove it)"),
]


def _problems(data: bytes) -> list[str]:
    return [
        str(problem).removeprefix("f:").replace(" error: ", " ", 1) for problem in positions.read("f", data).problems
    ]


@pytest.mark.parametrize(("value", "expected"), SURPRISES)
def test_a_word_that_readers_disagree_about_must_be_quoted(value: str, expected: str) -> None:
    assert _problems(f"- {value}".encode())[0].startswith(expected)


@pytest.mark.parametrize("value", ["80:80", "no", "012", "1.10", "2026-11-23", "~", "", "true", "8"])
def test_a_quoted_word_is_a_text(value: str) -> None:
    located = positions.read("f", f'- "{value}"'.encode())

    assert (located.value, located.problems) == ([value], [])


def test_plain_words_and_numbers_are_what_they_look_like() -> None:
    located = positions.read("f", b"[true, false, 8, -8, 1.10, 1.2.3, 8080:80/tcp, nginx:1.27, no way, 5m]")

    assert located.problems == []
    assert located.value == [True, False, 8, -8, Decimal("1.10"), "1.2.3", "8080:80/tcp", "nginx:1.27", "no way", "5m"]
    assert str(located.value[4]) == "1.10"


@pytest.mark.parametrize(("text", "expected"), REFUSED)
def test_what_a_bank_does_not_need_is_refused(text: str, expected: str) -> None:
    assert _problems(text.encode())[0].startswith(expected)


def test_a_byte_that_is_not_utf_8_is_told_at_its_place() -> None:
    assert _problems("- œuvre\n- caf".encode() + b"\xe9") == ["2:6: this byte is not UTF-8 (save the file as UTF-8)"]


def test_a_file_over_a_megabyte_is_refused_without_reading_it() -> None:
    assert _problems(b"- x\n" * 250_001) == ["1:1: the file has more than 1000000 bytes (split it)"]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    located = positions.read("f", b"\xef\xbb\xbf- a: x\r\n  b: y\r\n")

    assert (located.value, located.problems) == ([{"a": "x", "b": "y"}], [])
    assert (located.place((0, "b")), located.key((0, "b"))) == ((2, 6), (2, 3))


def test_a_value_that_is_missing_stands_where_its_owner_does() -> None:
    located = positions.read("f", b"- a:\n    b: x\n")

    assert located.place((0, "a", "c", "d")) == (2, 5)


def test_a_file_cut_anywhere_keeps_whole_questions_only_and_never_raises(every_type: bytes) -> None:
    whole = [loaded.question.id for loaded in load_questions("f", every_type).questions]

    for cut in range(0, len(every_type), CUTS_APART):
        found = [loaded.question.id for loaded in load_questions("f", every_type[:cut]).questions]
        assert found == whole[: len(found)]


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_flipped_bytes_never_raise(every_type: bytes, data: st.DataObject) -> None:
    flipped = bytearray(every_type)
    for _ in range(data.draw(st.integers(1, 4))):
        flipped[data.draw(st.integers(0, len(flipped) - 1))] = data.draw(st.integers(0, 255))

    found = load_questions("f", bytes(flipped))

    assert all(problem.line >= 1 and problem.column >= 1 for problem in found.problems)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=200) | st.text(alphabet="-:{}[]\"'|>&*!%#?,@`~<= \n\tax1", max_size=80).map(str.encode))
def test_any_bytes_are_either_questions_or_problems(data: bytes) -> None:
    found = load_questions("f", data)

    assert found.problems or found.questions or positions.read("f", data).value == []


def test_a_hostile_file_is_refused_quickly(told: Callable[[str], list[str]]) -> None:
    levels = "".join(
        f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )

    assert told(f"a: &a [x]\n{levels}") == [
        "1:4: anchors and aliases are not read here (write the value out, or quote it)"
    ]
    assert len(told("- {}\n" * 200_000)) < 600
