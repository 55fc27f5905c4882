"""course.yaml: its parts hang together."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.bank.loader import load_course
from tests.bank.conftest import COURSE

MakeFolder = Callable[..., Path]

BROKEN = [
    ("{id: winds, title", "{id: knots, title", "7:8: “knots” is used twice (keep one, or give it another id)"),
    ("{id: rope/hitches", "{id: rope", "10:8: “rope” is used twice (keep one, or give it another id)"),
    ("{id: winds.trade", "{id: knots.bowline", "13:8: “knots.bowline” is used twice (keep one, or give it another id)"),
    ("topic: winds,", "topic: wind,", "13:28: “wind” is not one of the topics"),
    ("section: Cordages, w", "section: Cordage, w", "13:44: “Cordage” is not in the outline (write the titles of"),
    ("weight: 1", "weight: 4", "13:62: weight: this must be at most 3"),
    ("licence: CC BY-SA 4.0\n", "", "1:1: “licence” is missing"),
    ("credit: A sailor", "credit: 4.0", '4:9: credit: a text is expected, not 4.0 (put it in quotes: "4.0")'),
    ("level: 2}", "level: 2, lien: x}", "10:46: unknown key “lien” (known: id, title, level)"),
    ("fr: Voile, ", "", "2:1: “fr” is missing (both languages are required)"),
    (
        "id: boats",
        "id: Boats",
        "1:5: id: “Boats” has characters that may not stand here (use lower-case letters, digits",
    ),
    ("core: true", "core: yes", '6:52: yes is a word or a truth value (write "yes" for the word, or true)'),
]


@pytest.mark.parametrize(("old", "new", "expected"), BROKEN)
def test_a_mistake_in_course_yaml_is_told_at_its_place(
    old: str, new: str, expected: str, make_folder: MakeFolder
) -> None:
    folder = make_folder()
    file = folder / "course.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")

    told = [
        str(problem).removeprefix(f"{file}:").replace(" error: ", " ", 1) for problem in load_course(folder).problems
    ]

    assert any(one.startswith(expected) for one in told), told


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("L'ancre", "the apostrophe is ’ (U+2019)"),
        ("L’ancre : le mouillage", "a no-break space (U+00A0) goes before a colon"),
        ("L’ancre: le mouillage", "a no-break space (U+00A0) goes before a colon"),
        ("Où mouiller ?", "a narrow no-break space (U+202F) goes before ?, ! and a semicolon"),
        ("Le « noir »", "a no-break space (U+00A0) goes inside « »"),
        ("Ancre - mouillage", "a dash between words is – (U+2013)"),
        ("Et cetera...", "the ellipsis is … (U+2026)"),
    ],
)
def test_a_title_that_is_not_set_as_french_is_a_warning(title: str, message: str, make_folder: MakeFolder) -> None:
    course = COURSE.replace("title: Cordages,", f'title: "{title}",').replace("section: Cordages", f'section: "{title}')
    folder = make_folder(course=course.replace(" > Nœuds,", ' > Nœuds",').replace(", weight: 1", '", weight: 1'))

    loaded = load_course(folder)

    assert [(one.line, one.column, one.severity) for one in loaded.problems] == [(9, 21, "warning")]
    assert loaded.problems[0].message == f"{message}: “{title}”"
    assert loaded.course is not None


def test_a_title_in_english_is_not_held_to_french(make_folder: MakeFolder) -> None:
    course = COURSE.replace("id: boats\n", "id: boats\nlanguage: en\n").replace("Cordages", "A sailor's rope")

    assert load_course(make_folder(course=course)).problems == ()


def test_the_path_of_a_heading_goes_through_those_above_it(make_folder: MakeFolder) -> None:
    folder = make_folder()
    file = folder / "course.yaml"
    extra = "- {id: sail, title: Voiles, level: 1}\n- {id: sail/jib, title: Foc, level: 3}\n"
    file.write_text(
        file.read_text(encoding="utf-8").replace("objectives:\n", f"{extra}objectives:\n"), encoding="utf-8"
    )

    course = load_course(folder).course

    assert course is not None
    assert course.section_paths() == ("Cordages", "Cordages > Nœuds", "Voiles", "Voiles > Foc")
