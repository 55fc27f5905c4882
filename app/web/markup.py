"""From the bank's Markdown to safe HTML: parsed without raw HTML, highlighted, then sanitised again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

import nh3
from flask import Flask
from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from app.bank.schema import Question
from app.exam.presentation import Segment, Shown, present

_LONG_CODE = 22  # inline code over this length may wrap; shorter code never breaks
_TAGS = {"p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "span"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_ATTRIBUTES = {"code": {"class"}, "span": {"class"}}
_FORMATTER = HtmlFormatter(nowrap=True)
_LEXERS = {"console": "bash", "dockerfile": "docker"}

_NOTHING = Markup("")
_TAG = re.compile(r"<[^>]*>")
_INLINE_CODE = re.compile(r"(?<!<pre>)<code>(.*?)</code>", re.DOTALL)
_WORD = re.compile(r"\S+")
_GAP = re.compile(r"\{\{\d+\}\}")
_GAP_MARK = "GAPx"  # a word that no listing has, which the lexers leave whole
_GAP_CUT = re.compile(rf"({_GAP_MARK}\d+x)")

_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def init(app: Flask) -> None:
    """Offer the filters for texts and listings to templates."""
    for function in (prose, phrase, code, plain, unbroken, presented, without_gaps, code_pieces):
        app.add_template_filter(function)


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


def unbroken(text: str) -> Markup:
    """A command or an answer in words that stay whole: a browser breaks a line after the hyphens of `--rm`."""
    return Markup(_whole_words(str(escape(text))))  # noqa: S704 escaped just here


def plain(text: str) -> str:
    """The words alone, for places that take no markup: a menu, a title."""
    return unescape(_TAG.sub("", str(phrase(text))))


def presented(question: Question, language: str) -> Shown:
    """A question as a student sees it, without its key; what is shuffled has one order."""
    return present(question, language, "")


def without_gaps(text: str) -> str:
    """A text whose gaps are drawn as an ellipsis."""
    return _GAP.sub("…", text)


@dataclass(frozen=True, slots=True)
class CodePiece:
    """A highlighted stretch of a listing, or the gap `blank`, `width` characters wide, on line `line`."""

    html: Markup = _NOTHING
    blank: str = ""
    line: int = 1
    width: int = 0


def code_pieces(segments: Sequence[Segment], language: str) -> list[CodePiece]:
    """A listing with gaps, highlighted as a whole and cut at its gaps."""
    gaps = {f"{_GAP_MARK}{segment.blank}x": segment for segment in segments if segment.blank}
    joined = "".join(f"{_GAP_MARK}{segment.blank}x" if segment.blank else segment.text for segment in segments)
    pieces: list[CodePiece] = []
    for part in _GAP_CUT.split(str(code(joined, language))):
        if part in gaps:
            gap = gaps[part]
            pieces.append(CodePiece(blank=gap.blank, line=gap.line, width=gap.width))
        else:
            pieces.append(CodePiece(html=Markup(part)))  # noqa: S704 pieces of what the formatter escaped
    return pieces


def _safe(html: str) -> Markup:
    marked = _mark_long_code(html)
    return Markup(nh3.clean(marked, tags=_TAGS, attributes=_ATTRIBUTES))  # noqa: S704 sanitised just here


def _mark_long_code(html: str) -> str:
    return _INLINE_CODE.sub(lambda found: f"<code{_wrapping(found[1])}</code>", html)


def _wrapping(inside: str) -> str:
    """What follows `<code` for an inline code that holds `inside`."""
    return f' class="long">{_whole_words(inside)}' if len(unescape(inside)) > _LONG_CODE else f">{inside}"


def _whole_words(escaped: str) -> str:
    return _WORD.sub(r'<span class="whole">\g<0></span>', escaped)
