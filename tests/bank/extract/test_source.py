"""The bytes of a course become lines; what is no Markdown leaves an empty one behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank.extract import blocks, source
from app.bank.extract.blocks import Heading, Paragraph


def lines(text: str) -> list[str]:
    return list(source.read("c.md", text.encode()).lines)


def headings(text: str) -> list[str]:
    return [block.text for block in blocks.parse(lines(text)) if isinstance(block, Heading)]


def told(data: bytes) -> str:
    [problem] = source.read("c.md", data).problems
    return str(problem)


def test_bytes_of_windows_are_told_with_their_line_and_column() -> None:
    assert told("# Été\r\nle ".encode() + b"caf\xe9") == (
        "c.md:2:7: error: this byte is not UTF-8 (0xE9): the file looks like Windows-1252 or Latin-1 (save it as UTF-8)"
    )


def test_a_huge_file_is_refused() -> None:
    assert "more than 2000000 bytes" in told(b"a" * (source.MAX_BYTES + 1))


def test_what_is_no_text_is_refused() -> None:
    assert told(b"a\nb\0").startswith("c.md:2:1: error: this is not a text file")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines_and_a_byte_order_mark_are_all_alike(end: str) -> None:
    assert lines(f"\ufeff# A{end}b{end}") == ["# A", "b", ""]


def test_the_front_matter_is_read_and_its_lines_left_empty() -> None:
    read = source.read("c.md", b"---\ntitle: 'It''s: a course'\nlicense: MIT # free\ntags:\n- x\n---\n# A")

    assert (read.about["title"], read.about["license"]) == ("It's: a course", "MIT")
    assert read.lines == ("", "", "", "", "", "", "# A")


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert headings("---\n\n# A\n") == ["A"]


@pytest.mark.parametrize(
    "text",
    [
        "A sentence that ends a slide.\n---\n\n# B",
        "- a bullet that ends it\n---\n# B",
        "key: value\n---\n# B",
        "two lines\nof text\n---\n# B",
        "words\n--\n# B",
    ],
)
def test_dashes_that_end_a_slide_make_no_title_of_the_line_above(text: str) -> None:
    assert headings(text) == ["B"]


def test_underlined_titles_are_titles() -> None:
    assert headings("Title\n=====\n\ntext\n\nPart two\n--------\n") == ["Title", "Part two"]


def test_the_front_matter_of_a_slide_is_no_text() -> None:
    found = blocks.parse(lines("# A\n\n---\nlayout: two-cols\nclass: big\n---\n\ntext\n"))

    assert [block.text for block in found if isinstance(block, Paragraph)] == ["text"]


@pytest.mark.parametrize(
    "markup",
    [
        ":::tip\nkept\n:::",
        "::: {.callout-note}\nkept\n:::",
        '!!! note "Title"\n    kept',
        "> [!WARNING]\n> kept",
        "{% hint %}\nkept\n{% endhint %}",
        "<!-- gone\n\ngone -->\n\nkept",
        "import X from 'y'\n\nkept",
        '<div class="caption">gone</div>\n\nkept',
        "kept <!-- .element: class='gone' -->",
        "![gone](gone.png) kept",
        "kept[^1]\n\n[^1]: gone words here",
        "kept\n\n- [ ] gone",
        "kept\n\n~~gone~~ gone",
    ],
)
def test_markup_goes_and_the_words_of_the_course_stay(markup: str) -> None:
    found = blocks.parse(lines(f"# A\n\n{markup}\n"))
    paragraphs = [block.text for block in found if isinstance(block, Paragraph)]

    assert paragraphs == ["kept"]
    assert "gone" not in str(found)


def test_notes_for_the_speaker_of_a_deck_are_no_text() -> None:
    deck = "# A\n<!-- .slide: x -->\n\nkept\n\nNote: gone\ngone too\n\n---\n\n# B\n\nkept\n\n---\n\n# C\n\n---\n"

    assert "gone" not in str(blocks.parse(lines(deck)))
    assert str(blocks.parse(lines(deck))).count("kept") == 2


def test_a_note_of_a_page_is_text() -> None:
    assert "kept" in str(blocks.parse(lines("# A\n\nNote: kept\n")))


def test_code_is_left_as_it_is() -> None:
    code = "```yaml\n---\n::: x\n{% a %}\nNote: b\n```"

    assert lines(code) == code.split("\n")


def test_other_peoples_words_are_no_facts() -> None:
    assert blocks.parse(lines("> **Docker**: a whale\n")) == []


def test_emoji_icons_and_trademarks_go() -> None:
    assert headings("## 🚀 Docker® \U000f0d6b :rocket: ⚠️\n") == ["Docker"]


@given(st.text(max_size=400))
def test_any_text_keeps_its_number_of_lines(text: str) -> None:
    read = source.read("c.md", text.encode("utf-8", "replace"))

    if not read.problems:
        ends = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").count("\n")
        assert len(read.lines) == ends + 1
        blocks.parse(read.lines)
