"""The words of a page: in its own language, what is put into them escaped, whatever was said in another page before."""

import pytest
from flask import Flask, render_template_string

NAME = "L’été à 100 % <b>d'ici</b> & %(total)s"
ESCAPED = "L’été à 100 % &lt;b&gt;d&#39;ici&lt;/b&gt; &amp; %(total)s"
COUNTED = '{{ _("Question %(place)s of %(total)s", place=name, total=9) }}'


def rendered(app: Flask, source: str, language: str) -> str:
    with app.test_request_context(headers={"Accept-Language": language}):
        return render_template_string(source, name=NAME)


def test_each_page_has_the_words_of_its_own_language(app: Flask) -> None:
    pages = [rendered(app, '{{ _("Start") }}', language) for language in ("fr", "en", "fr", "en")]

    assert pages == ["Commencer", "Start"] * 2


@pytest.mark.parametrize(("language", "of"), [("fr", "sur"), ("en", "of")])
def test_what_is_put_into_words_is_escaped_once(app: Flask, language: str, of: str) -> None:
    assert rendered(app, COUNTED, language) == f"Question {ESCAPED} {of} 9"


def test_words_may_take_a_value_of_any_name(app: Flask) -> None:
    assert rendered(app, '{{ _("%(page)s: %(message)s", page=1, message=name) }}', "en") == f"1: {ESCAPED}"
