"""From the bank's Markdown to safe HTML: parsed without raw HTML, highlighted, then sanitised again."""

from functools import lru_cache

import nh3
from flask import Flask
from markdown_it import MarkdownIt
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

_LONG_CODE = 22  # inline code over this length may wrap; shorter code never breaks
_TAGS = {"p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "span", "table", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {"code": {"class"}, "span": {"class"}}
_FORMATTER = HtmlFormatter(nowrap=True)
_LEXERS = {"console": "bash", "dockerfile": "docker"}

_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def init(app: Flask) -> None:
    """Offer the filters `prose`, `phrase` and `code` to templates."""
    app.add_template_filter(prose)
    app.add_template_filter(phrase)
    app.add_template_filter(code)


@lru_cache(maxsize=4096)
def prose(text: str) -> Markup:
    """A text of several paragraphs as HTML."""
    return _safe(_markdown.render(text))


@lru_cache(maxsize=4096)
def phrase(text: str) -> Markup:
    """A text inside a line, without its paragraph."""
    return _safe(_markdown.renderInline(text))


@lru_cache(maxsize=1024)
def code(text: str, language: str) -> Markup:
    """A listing with the classes of its language's tokens; an unknown language stays plain."""
    try:
        lexer = get_lexer_by_name(_LEXERS.get(language, language), stripnl=False, ensurenl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", stripnl=False, ensurenl=False)
    return Markup(highlight(text, lexer, _FORMATTER))  # noqa: S704 the formatter escapes the text


def _safe(html: str) -> Markup:
    marked = _mark_long_code(html)
    return Markup(nh3.clean(marked, tags=_TAGS, attributes=_ATTRIBUTES))  # noqa: S704 sanitised just here


def _mark_long_code(html: str) -> str:
    pieces = html.split("<code>")
    marked = [pieces[0]]
    for piece in pieces[1:]:
        inside = piece.split("</code>", 1)[0]
        marked.append(('<code class="long">' if len(inside) > _LONG_CODE else "<code>") + piece)
    return "".join(marked)
