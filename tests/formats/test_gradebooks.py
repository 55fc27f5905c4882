"""Scores as gradebooks import them."""

import pytest

from app.formats import gradebooks
from app.formats.score_tables import Score, Student


def score(points: int | None, **who: str) -> Score:
    state = "absent" if points is None else "finished"
    return Score(Student("1", "Ada", **who), state, 1, 1, None, None, None, points, 2000, None)


def test_whoever_moodle_cannot_find_is_left_out_so_that_the_others_import() -> None:
    made = gradebooks.moodle("Partiel", [score(1725), score(1000, institution_id="E001")], "fr")

    assert [row[1] for row in made.rows] == ["E001"]


def test_no_score_is_a_dash_with_its_reason() -> None:
    made = gradebooks.moodle("Partiel", [score(None, email="a@example.org")], "en")

    assert [*made.rows] == [["a@example.org", None, "-", "absent"]]


@pytest.mark.parametrize(
    ("title", "shown"), [("Partiel (2026)", "Partiel [2026]"), ("Partiel (mai)", "Partiel (mai)"), ("(1) A", "(1) A")]
)
def test_a_year_in_the_title_is_not_the_number_of_an_assignment(title: str, shown: str) -> None:
    assert gradebooks.canvas_title(title) == shown
