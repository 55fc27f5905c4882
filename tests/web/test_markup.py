"""The bank's Markdown where a page takes no markup."""

import pytest

from app.web.markup import plain


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
