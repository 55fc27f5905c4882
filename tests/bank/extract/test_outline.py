"""Headings become sections with stable names, and propose topics."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.bank.extract import blocks, source
from app.bank.extract.blocks import Heading, Paragraph
from app.bank.extract.outline import Section, sections, slugify, topics, unused
from app.bank.schema import SectionId, Slug

TITLES = st.text(max_size=120)
HEADINGS = st.lists(st.tuples(TITLES, st.integers(1, 6)), max_size=25)


def made(text: str) -> list[Section]:
    return sections(blocks.parse(source.read("c.md", text.encode()).lines), "The course")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Architecture d'une machine virtuelle", "architecture-d-une-machine-virtuelle"),
        ("Paravirtualisation (conteneurs)", "paravirtualisation-conteneurs"),
        ("Œuvres & Cœurs", "oeuvres-coeurs"),
        ("漢字", "section"),
        ("a" * 80, "a" * 60),
        ("word " * 20, "word-word-word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_a_title_becomes_a_name(title: str, slug: str) -> None:
    assert slugify(title) == slug


@given(TITLES)
def test_any_title_gives_a_valid_name_that_stays_itself(title: str) -> None:
    slug = slugify(title)

    assert TypeAdapter(Slug).validate_python(slug) == slug
    assert slugify(slug) == slug
    assert len(slug) <= 60


@given(TITLES, st.lists(TITLES, max_size=8))
def test_a_name_that_is_taken_gets_a_number(title: str, others: list[str]) -> None:
    taken = [slugify(other) for other in others]

    assert unused(slugify(title), taken) not in taken


@given(HEADINGS)
def test_every_heading_has_a_valid_name_of_its_own_below_its_parent(headings: list[tuple[str, int]]) -> None:
    found = sections([Heading(text, level, line) for line, (text, level) in enumerate(headings, 1)], "Course")

    assert len({one.id for one in found}) == len(found)
    for one in found:
        assert TypeAdapter(SectionId).validate_python(one.id) == one.id


@given(HEADINGS, HEADINGS)
def test_what_follows_a_heading_does_not_change_its_name(
    before: list[tuple[str, int]], after: list[tuple[str, int]]
) -> None:
    blocks_of = [Heading(text, level, line) for line, (text, level) in enumerate([*before, *after], 1)]

    whole, part = sections(blocks_of, "C"), sections(blocks_of[: len(before)], "C")

    assert [one.id for one in whole[: len(part)]] == [one.id for one in part]


def test_a_title_under_two_headings_is_told_apart_by_its_path() -> None:
    assert [one.id for one in made("# A\n## Use\n# B\n## Use\n")] == ["a", "a/use", "b", "b/use"]


def test_the_same_title_twice_in_one_place_gets_a_number() -> None:
    assert [one.id for one in made("# A\n## Use\n## Other\n## Use\n")] == ["a", "a/use", "a/other", "a/use-2"]


def test_a_title_repeated_on_the_next_slide_goes_on() -> None:
    found = made("## Volumes\n\none\n\n---\n\n## Volumes (suite)\n\ntwo\n\n---\n\n## Volumes (3/3)\n\nthree\n")

    assert [one.id for one in found] == ["volumes"]
    assert len([block for block in found[0].blocks if isinstance(block, Paragraph)]) == 3


def test_numbers_before_a_title_are_not_part_of_its_name() -> None:
    assert [one.id for one in made("# 1. Install\n# 2.3 Use\n# 3 reasons\n")] == ["install", "use", "3-reasons"]


def test_a_course_without_headings_is_one_section() -> None:
    [one] = made("Words.\n")

    assert (one.id, one.title, one.level, one.path) == ("the-course", "The course", 1, "The course")


def test_what_stands_before_the_first_heading_is_a_section_beside_it() -> None:
    assert [(one.path, one.level) for one in made("Words.\n\n## A\n")] == [("The course", 2), ("A", 2)]


@pytest.mark.parametrize(
    ("title", "aside"),
    [
        ("Ressources", True),
        ("📚 References & links", True),
        ("Exercice 3 : les volumes", True),
        ("License", True),
        ("v1.2.0 (2024-01-02)", True),
        ("Common myths about containers", True),
        ("Idées reçues", True),
        ("Status codes", False),
        ("Support vector machines", False),
        ("Sources of energy", False),
        ("Plan de masse", False),
        ("Community ecology", False),
    ],
)
def test_links_credits_exercises_and_myths_hold_no_facts(title: str, aside: bool) -> None:
    assert made(f"# {title}\n")[0].aside is aside


def test_what_stands_below_an_aside_is_aside() -> None:
    assert [one.aside for one in made("# Resources\n## Docker\n# Docker\n")] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A\n## B\n# C\n", ["a", "c"]),
        ("# Title\n## A\n### A1\n## B\n", ["a", "b"]),
        ("# Title\n\nWords.\n\n## A\n## B\n", ["title", "a", "b"]),
        ("## A\n# B\n## B1\n", ["a", "b"]),
        ("# A\n# Resources\n", ["a"]),
        ("# Course\n# Course notes\n", ["course-2", "course-notes"]),
    ],
)
def test_the_highest_headings_propose_the_topics(text: str, expected: list[str]) -> None:
    assert [topic.id for topic in topics(made(text))] == expected


@given(HEADINGS)
def test_every_section_that_is_no_aside_has_one_topic(headings: list[tuple[str, int]]) -> None:
    found = sections([Heading(text, level, line) for line, (text, level) in enumerate(headings, 1)], "Course")

    proposed = topics(found)

    covered = [section for topic in proposed for section in topic.sections]
    assert len(covered) == len(set(covered))
    assert all(re.fullmatch(r"[a-z0-9-]+", topic.id) and topic.id != "course" for topic in proposed)
    assert len({topic.id for topic in proposed}) == len(proposed)


DECKS = sorted((Path(__file__).parents[1] / "data" / "decks").rglob("*.md"))


@pytest.mark.parametrize("deck", DECKS, ids=lambda deck: deck.stem)
def test_the_line_of_a_section_is_the_line_of_its_heading(deck: Path) -> None:
    lines = deck.read_text("utf-8").splitlines()

    for section in made(deck.read_text("utf-8")):
        assert section.title.split()[0].strip("`") in lines[section.line - 1] or section.title == "The course"
