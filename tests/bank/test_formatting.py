"""`bank format`: one way to write a file, the same meaning, every comment kept."""

from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from app.bank import positions
from app.bank.formatting import ORDER, Unformattable, format_file
from app.bank.loader import load_course_file, load_questions
from app.bank.schema import MODELS

QUESTION = "- id: one\n  type: true_false\n  objectives: [a]\n  level: 1\n"


def formatted(text: str) -> str:
    """The canonical form of a file that says `text`."""
    return format_file("publish.yaml", text.encode())


def test_fields_come_in_one_order() -> None:
    mixed = "- level: 1\n  explanation: {fr: oui, en: yes it is}\n  type: true_false\n  id: one\n  objectives: [a]\n"

    keys = list(positions.read("", formatted(mixed).encode()).value[0])

    assert keys == ["id", "type", "objectives", "level", "explanation"]


def test_every_field_of_the_bank_has_its_place_in_the_order() -> None:
    fields = {name for model in MODELS.values() for name in model.model_fields}

    assert fields == set(ORDER)


def test_a_field_that_nobody_knows_is_kept_at_the_end() -> None:
    assert formatted(QUESTION.replace("type:", "colour: blue\n  type:")) == QUESTION + "  colour: blue\n"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ('"two words"', "two words"),
        ("'80:80'", "'80:80'"),
        ('"80:80"', "'80:80'"),
        ('"no"', "'no'"),
        ('"12"', "'12'"),
        ("12", "12"),
        ("1.50", "1.50"),
        ("true", "true"),
        ('"true"', "'true'"),
        ("'it''s'", "it's"),
        ("'''none'''", "\"'none'\""),
        ('"- dash"', "'- dash'"),
        ('"a: b"', "'a: b'"),
        ('"a # b"', "'a # b'"),
        ("'`code`'", "'`code`'"),
        ("' led by a space'", "' led by a space'"),
        ('"L’hôte"', "L’hôte"),
    ],
)
def test_quotes_stand_where_they_are_needed_only(written: str, canonical: str) -> None:
    assert formatted(f"{QUESTION}  text: {written}\n") == f"{QUESTION}  text: {canonical}\n"


def test_a_comma_is_quoted_between_brackets_only() -> None:
    given_ = f'{QUESTION}  text: "one, two"\n  accept: ["one, two"]\n'

    assert formatted(given_) == f"{QUESTION}  text: one, two\n  accept: ['one, two']\n"


@pytest.mark.parametrize("written", ["What is it?", "'What is it?'"])
def test_a_question_mark_is_quoted_between_brackets_for_readers_other_than_ours(written: str) -> None:
    formatted_text = formatted(f"{QUESTION}  text: {{fr: Quoi, en: {written}}}\n")

    assert formatted_text == f"{QUESTION}  text: {{fr: Quoi, en: 'What is it?'}}\n"
    assert yaml.load(formatted_text, Loader=yaml.SafeLoader)[0]["text"]["en"] == "What is it?"


def test_a_snippet_is_a_block() -> None:
    given_ = QUESTION + '  code: {language: console, text: "docker ps\\ndocker images\\n"}\n'

    expected = QUESTION + "  code:\n    language: console\n    text: |\n      docker ps\n      docker images\n"
    assert formatted(given_) == expected


def test_what_fits_on_one_line_stays_there() -> None:
    given_ = QUESTION + "  text: {fr: Vrai, en: True enough}\n"

    assert formatted(given_) == given_


def test_no_line_that_could_be_spread_is_wider_than_120() -> None:
    words = "word " * 12 + "end"

    lines = formatted(f"{QUESTION}  text: {{fr: {words}, en: {words}}}\n").splitlines()

    assert lines[-3:] == ["  text:", f"    fr: {words}", f"    en: {words}"]


def test_one_blank_line_parts_two_questions() -> None:
    second = QUESTION.replace("one", "two")

    assert formatted(QUESTION + second) == f"{QUESTION}\n{second}"
    assert formatted(f"{QUESTION}\n\n\n{second}\n\n") == f"{QUESTION}\n{second}"


def test_comments_stay_where_they_stood() -> None:
    given_ = (
        "# the licence\n\n# ---- ports ----\n\n# about one\n"
        "- id: one # its name\n  # its type\n  type: true_false\n  level: 1 # easy\n"
        "# about two\n- id: two\n  level: 2\n  # the end of two\n# the end\n"
    )

    expected = (
        "# the licence\n\n# ---- ports ----\n\n# about one\n\n"
        "- id: one # its name\n  # its type\n  type: true_false\n  level: 1 # easy\n\n"
        "# about two\n\n- id: two\n  level: 2\n  # the end of two\n\n# the end\n"
    )
    assert formatted(given_) == expected
    assert formatted(expected) == expected


@pytest.mark.parametrize("between", ["", "\n"])
@pytest.mark.parametrize("after", ["", QUESTION.replace("one", "two")])
def test_a_comment_after_a_value_between_brackets_stays_in_its_question(between: str, after: str) -> None:
    first = QUESTION + "  explanation: {fr: oui, en: yes it is}\n"

    once = formatted(first + between + "  # mend this\n" + after)

    assert once == first + "  # mend this\n" + ("\n" + after if after else "")
    assert formatted(once) == once


def test_a_comment_beside_what_is_spread_stays_beside_its_first_line() -> None:
    given_ = '- {id: one, level: 1} # easy\n- id: two\n  choices:\n  - {id: a, text: "b\\nc"} # right\n'

    expected = (
        "- id: one # easy\n  level: 1\n\n- id: two\n  choices:\n  - id: a # right\n    text: |-\n      b\n      c\n"
    )
    assert formatted(given_) == expected


def test_a_file_that_would_lose_a_comment_is_left_alone() -> None:
    given_ = QUESTION + "  text: {fr: oui, # not sure\n    en: yes it is}\n"

    with pytest.raises(Unformattable) as caught:
        formatted(given_)

    assert [str(problem) for problem in caught.value.problems] == [
        "publish.yaml:5:19: error: putting the file in order would lose this comment"
        " (put it above the question, on a line of its own)"
    ]


def test_windows_line_ends_and_a_byte_order_mark_go() -> None:
    given_ = b"\xef\xbb\xbf" + QUESTION.replace("\n", "\r\n").encode()

    assert format_file("publish.yaml", given_) == QUESTION


def test_a_course_file_keeps_its_order_and_comments() -> None:
    given_ = '# who\nid: "ports"\ntitle: Ports\ntopics:\n- {id: publish, title: "Publish"}\n'

    assert formatted(given_) == "# who\nid: ports\ntitle: Ports\ntopics:\n- {id: publish, title: Publish}\n"


@pytest.mark.parametrize("data", [b"- id: 80:80\n", b"- id: [\n", b"- id: a\n  id: b\n", b"\xff", b"[{id: a}]\n"])
def test_what_cannot_be_read_is_told_with_its_place(data: bytes) -> None:
    with pytest.raises(Unformattable) as caught:
        format_file("publish.yaml", data)

    assert str(caught.value.problems[0]).startswith("publish.yaml:1:") or caught.value.problems[0].line == 2


@pytest.mark.parametrize("name", ["publish.yaml", "course.yaml"])
@pytest.mark.parametrize("data", [b"", b"# to be written\n", b"some words\n"])
def test_a_file_that_holds_nothing_is_told_as_the_check_tells_it(name: str, data: bytes) -> None:
    checked = load_course_file(name, data)[2] if name == "course.yaml" else load_questions(name, data).problems

    with pytest.raises(Unformattable) as caught:
        format_file(name, data)

    assert caught.value.problems == tuple(checked)
    assert "expected" in checked[0].message


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cf", "Cn", "Co"]), max_size=40
)
LINES = st.lists(WORDS, min_size=1, max_size=3).map("\n".join)
VALUES = st.recursive(
    LINES | st.integers(-9999, 9999) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["fr", "en", "id"]), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(st.dictionaries(st.sampled_from(ORDER), VALUES, min_size=1), min_size=1, max_size=4),
    st.sampled_from([None, False]),
)
def test_the_meaning_stays_and_twice_is_once(questions: list[dict[str, Any]], flow: bool | None) -> None:
    source = yaml.safe_dump(questions, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=flow)
    assume(not positions.read("", source.encode()).problems)

    once = formatted(source)

    assert positions.read("", once.encode()).value == positions.read("", source.encode()).value
    assert formatted(once) == once


@given(
    st.lists(st.dictionaries(st.sampled_from(ORDER), VALUES, min_size=1), min_size=1, max_size=4),
    st.sampled_from([None, False]),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6) | st.none()), min_size=1, max_size=4),
)
def test_no_comment_disappears(
    questions: list[dict[str, Any]], flow: bool | None, places: list[tuple[int, int | None]]
) -> None:
    """Comments beside a line (None) or on one of their own, so many columns from the margin."""
    source = "".join(
        yaml.safe_dump([one], allow_unicode=True, width=10_000, default_flow_style=flow) for one in questions
    )
    lines = source.splitlines()
    for number, (at, column) in enumerate(places):
        note = f"#~{number}~"
        if column is None:
            lines[at % len(lines)] += f" {note}"
        else:
            lines.insert(at % (len(lines) + 1), " " * column + note)
    commented = "\n".join(lines) + "\n"
    was, now = positions.read("", source.encode()), positions.read("", commented.encode())
    assume(not was.problems and not now.problems and was.value == now.value)

    try:
        once = formatted(commented)
    except Unformattable:
        return

    assert all(once.count(f"#~{number}~") == 1 for number in range(len(places)))
