"""What is wrong with a list, as its teacher reads it."""

import pytest
from flask import Flask

from app.formats.delimited import FileProblem
from app.web.teach.file_words import said


def words(app: Flask, language: str, code: str, **params: str | int) -> str:
    with app.test_request_context(headers={"Accept-Language": language}):
        return said(FileProblem(2, 0, code, tuple(params.items()))).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(("language", "most"), [("fr", "5\u202f000"), ("en", "5,000")])
@pytest.mark.parametrize("code", ["too_many_rows", "too_many_columns", "cell_long"])
def test_a_bound_is_written_as_the_language_writes_numbers(app: Flask, language: str, most: str, code: str) -> None:
    assert f" {most} " in words(app, language, code, most=5_000)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_number_of_a_line_is_written_as_an_editor_does(app: Flask, language: str) -> None:
    assert " 1234 " in words(app, language, "id_twice", first=1234)


@pytest.mark.parametrize(
    ("language", "columns", "counted"), [("fr", 1, "1 titre :"), ("fr", 2, "2 titres :"), ("en", 1, "1 title:")]
)
def test_one_title_is_in_the_singular(app: Flask, language: str, columns: int, counted: str) -> None:
    assert counted in words(app, language, "row_long", cells=3, columns=columns)


@pytest.mark.parametrize("code", ["formula", "extra_unclear"])
def test_what_stands_in_a_cell_is_repeated_as_it_is(app: Flask, code: str) -> None:
    assert "“5000”" in words(app, "en", code, found="5000")
