"""The bank's Markdown where a page takes no markup."""

import pytest

from app.web.markup import phrase, plain, prose, unbroken


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Un **réseau** `bridge`", "Un réseau bridge"),
        ("Le\u00a0réseau\u202f: 80\u00a0%", "Le\u00a0réseau\u202f: 80\u00a0%"),
        ("`a < b && c > d`", "a < b && c > d"),
        ("`&lt;x&gt;` et `&amp;nbsp;`", "&lt;x&gt; et &amp;nbsp;"),
        ("&lt;x&gt; &copy; &quot;y&quot;", '<x> © "y"'),
        ("<b>gras</b>", "<b>gras</b>"),
    ],
)
def test_words_alone_are_what_a_reader_of_the_markup_sees(text: str, words: str) -> None:
    assert plain(text) == words


def test_short_code_stays_as_it_is() -> None:
    assert phrase("`docker run --rm`") == "<code>docker run --rm</code>"


def test_the_words_of_long_code_stay_whole() -> None:
    shown = phrase("`apt-get install -y --no-install-recommends`")

    assert shown.startswith('<code class="long"><span class="whole">apt-get</span> <span class="whole">install</span>')
    assert '<span class="whole">--no-install-recommends</span></code>' in shown


def test_code_is_long_by_what_a_reader_sees_of_it() -> None:
    assert phrase("`a < b && c > d && e`") == "<code>a &lt; b &amp;&amp; c &gt; d &amp;&amp; e</code>"


def test_a_listing_inside_a_text_keeps_its_lines() -> None:
    assert "whole" not in prose("```\ndocker run --rm alpine:3.21 true && true\n```")


def test_the_words_of_a_typed_command_stay_whole_and_bring_no_markup() -> None:
    assert unbroken("echo <b>") == '<span class="whole">echo</span> <span class="whole">&lt;b&gt;</span>'
