"""What the pages of a plan say of a change, in both languages."""

import pytest
from flask import Flask
from flask_babel import force_locale

from app.web.plan.wording import in_points, plural


@pytest.mark.parametrize(
    ("locale", "change", "words"),
    [
        ("fr", 0.0131, "+1,3\u00a0point"),
        ("fr", -0.0204, "−2,0\u00a0points"),
        ("en", 0.01, "+1.0 points"),
        ("en", 0.0004, "0.0 points"),
    ],
)
def test_a_change_has_its_sign_and_the_plural_of_its_language(
    app: Flask, locale: str, change: float, words: str
) -> None:
    with app.test_request_context("/"), force_locale(locale):
        assert in_points(change) == words


def test_the_plural_is_that_of_the_number_as_it_is_shown() -> None:
    assert (plural(1.94), plural(1.96)) == (0, 2)
