"""Markdown as a list of blocks: headings, paragraphs, lists, tables and code, each with its line.

Text inside a block is Markdown made simple: `code` keeps its backticks, strong words stand between
STRONG and END, emphasised ones between EM and END. Emoji, links and HTML are gone, their words stay.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from app.bank.extract.languages import is_doubtful

STRONG, EM, END = "\x01", "\x02", "\x03"
# Emoji, dingbats, private characters (icon fonts) and what joins or colours them; trademarks, which are no words.
_PICTURES = re.compile(
    r"[\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\ue000-\uf8ff\ufe0e\ufe0f\u200d\u20e3®™"
    r"\U0001f000-\U0001faff\U000e0020-\U000e007f\U000f0000-\U0010ffff]|(?<!\S):[a-z0-9_+-]+:(?!\S)"
)
_FOOTNOTE = re.compile(r"\[\^[^\]]+\]")
_ATTRIBUTES = re.compile(r"\s*\{[#.:][^{}]*\}\s*$")
_TASK = re.compile(r"\[[ xX]\]\s")
_ALERT = re.compile(
    r"\s*\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION|INFO|DANGER|EXAMPLE)\](?P<title>[^\n]*)\n?", re.IGNORECASE
)
_STRUCK = re.compile(r"(?<!~)~(?=\S)[^~\n]*\S~(?!~)")
_CODE = re.compile(r"(`+)(.+?)\1")
_MARKS = str.maketrans("", "", STRONG + EM + END)
# A word struck out taints the whole text: nobody can say what is left of the sentence.
_TAINT = "\0"
_INLINE_NAMES = {"strong": STRONG, "em": EM, "s": _TAINT}


@dataclass(frozen=True, slots=True)
class Heading:
    """A title, without emoji, code marks and numbers of its own; `level` is 1 for the highest."""

    text: str
    level: int
    line: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a line break of the file is a newline."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list, and the lists below it; `plain` says that it holds nothing else."""

    text: str
    line: int
    below: tuple["Listing", ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; `lead` is the text that announces it, when one does."""

    items: tuple[Item, ...]
    ordered: bool
    line: int
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of the header and of each row."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    line: int
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Fence:
    """Code, with the language that the fence names; `line` is that of its first line."""

    language: str
    code: str
    line: int
    lead: str = ""


Block = Heading | Paragraph | Listing | Table | Fence


def plain(text: str) -> str:
    """The words of a block's text, without the marks of strong and emphasised ones."""
    return " ".join(text.translate(_MARKS).split())


def without_pictures(text: str) -> str:
    """The text without emoji, icons and trademarks."""
    return " ".join(_PICTURES.sub("", text).split())


def parse(lines: Sequence[str]) -> list[Block]:
    """The blocks of a course, in its order; quotations, pictures and HTML are left out."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    root = SyntaxTreeNode(markdown.parse("\n".join(lines)))
    return list(_blocks(root.children))


def _blocks(nodes: Iterable[SyntaxTreeNode]) -> Iterator[Block]:
    lead = ""
    for node in nodes:
        made = list(_block(node, lead))
        yield from made
        last = made[-1] if made else None
        if node.type != "html_block":
            lead = last.text if isinstance(last, Paragraph) else ""


def _block(node: SyntaxTreeNode, lead: str) -> Iterator[Block]:
    line = node.map[0] + 1 if node.map else 1
    if node.type == "heading":
        yield Heading(_title(_inline(node)), int(node.tag[1:]), line)
    elif node.type == "paragraph":
        if (text := _inline(node)) and not _FOOTNOTE.match(node.children[0].content):
            yield Paragraph(text, line)
    elif node.type in ("bullet_list", "ordered_list"):
        yield _listing(node, lead)
    elif node.type == "table":
        yield _table(node, line, lead)
    elif node.type in ("fence", "code_block"):
        info = node.info.split()
        yield Fence(
            info[0].strip("{}.").lower() if info else "", node.content.rstrip("\n"), line + (node.type == "fence"), lead
        )
    elif node.type == "blockquote":
        yield from _alert(node)


def _alert(node: SyntaxTreeNode) -> Iterator[Block]:
    """The blocks of a quotation that is a note (> [!NOTE]); other people's words are no facts of the course."""
    blocks = list(_blocks(node.children))
    first = blocks[0] if blocks else None
    if isinstance(first, Paragraph) and (mark := _ALERT.match(first.text)):
        if is_doubtful(mark["title"]):
            return
        rest = first.text[mark.end() :]
        yield from [Paragraph(rest, first.line + 1)] if rest else []
        yield from blocks[1:]


def _listing(node: SyntaxTreeNode, lead: str) -> Listing:
    return Listing(
        tuple(item for child in node.children for item in _item(child)),
        node.type == "ordered_list",
        node.map[0] + 1 if node.map else 1,
        lead,
    )


def _item(node: SyntaxTreeNode) -> Iterator[Item]:
    blocks = list(_blocks(node.children))
    texts = [block.text for block in blocks if isinstance(block, Paragraph)]
    if texts and not _TASK.match(texts[0]):
        below = tuple(block for block in blocks if isinstance(block, Listing))
        yield Item(texts[0], node.map[0] + 1 if node.map else 1, below)


def _table(node: SyntaxTreeNode, line: int, lead: str) -> Table:
    rows = [
        tuple(_inline(cell).replace("\n", " ") for cell in row.children)
        for part in node.children
        for row in part.children
    ]
    return Table(rows[0], tuple(rows[1:]), line, lead)


def _title(text: str) -> str:
    return _ATTRIBUTES.sub("", plain(text).replace("`", "")).strip(" #:-–—")


def _inline(node: SyntaxTreeNode) -> str:
    """The text of a heading, a paragraph or a cell; nothing when part of it is struck out."""
    pieces = [piece for child in node.children for piece in _pieces(child.children)]
    text = "".join(pieces)
    if _TAINT in text or _STRUCK.search(_CODE.sub("", text)):
        return ""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line).replace(f" {END}", END)


def _pieces(nodes: Iterable[SyntaxTreeNode]) -> Iterator[str]:
    for node in nodes:
        if node.type in _INLINE_NAMES:
            yield from (_INLINE_NAMES[node.type], *_pieces(node.children), END)
        elif node.type in _LEAVES:
            yield _LEAVES[node.type](node.content)
        elif node.type != "image":
            yield from _pieces(node.children)


_LEAVES: Mapping[str, Callable[[str], str]] = {
    "text": lambda words: _FOOTNOTE.sub("", _PICTURES.sub("", words)),
    "code_inline": lambda code: f"`{code}`" if "`" not in code else f"`` {code} ``",
    "softbreak": lambda _: "\n",
    "hardbreak": lambda _: "\n",
    "html_inline": lambda tag: " " if tag.startswith("<br") else "",
}
