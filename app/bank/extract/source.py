"""A course's file as text: decoded, its front matter read, and what is not Markdown blanked out.

Lines keep their numbers: whatever is taken out leaves an empty line behind.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.bank.extract.languages import is_doubtful
from app.bank.positions import without_invisible
from app.bank.problems import Problem

MAX_BYTES = 2_000_000
_MAX_FRONT_MATTER = 200
_END_OF_LINE = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(r" {0,3}(?:[-*+>]\s+|\d+[.)]\s+)*(`{3,}|~{3,})(.*)")
_ENTRY = re.compile(r"([A-Za-z][\w-]*)\s*[:=]\s*(.*)")
# ::: tip, :::, and the one-line tags of Jekyll, Hugo, GitBook and MDX.
_MARKUP_LINE = re.compile(r"\s*(:{3,}.*|\{%.*%\}|\{\{[<%].*[%>]\}\}|import\s.+\sfrom\s['\"].+|export\s+default\s.+)\s*")
_ADMONITION = re.compile(r"(\s*)(?:!!!|\?\?\?\+?)\s+\w+(?P<title>.*)")
_BOX = re.compile(r"\s*:{3,}\s*[\w{.]+(?P<title>\W.*)")
_BOX_ENDS = re.compile(r"\s*:{3,}\s*")
# A line of dashes is a heading's underline for Markdown, and the end of a slide for most people who write slides.
_DASHES = re.compile(r"\s{0,3}-{2,}\s*")
_RULE = "***"
_PLAIN_TITLE = re.compile(r"(?=.*\w)[^`*_:;.!?…|>]{2,60}")
_NOTES = re.compile(r"\s{0,3}notes?\s*:.*", re.IGNORECASE)
_SLIDES = re.compile(r"<!--\s*\.?(slide|element|_?class)\b|^marp:\s*true|^--$", re.MULTILINE)
_MIN_SEPARATORS = 3
_HIDDEN = re.compile(r"(?:<!--.*|<section\b.*|^#.*\{.*)\b(?:data-)?visibility\s*=\s*[\"']?hidden\b")
_HEADING = re.compile(r" {0,3}#{1,6} ")


@dataclass(frozen=True)
class Source:
    """The lines of a course, with what its front matter says; `problems` not empty means that it was not read."""

    lines: tuple[str, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read(name: str, data: bytes) -> Source:
    """Read the bytes of the file called `name`; nothing is raised for what they are."""
    if len(data) > MAX_BYTES:
        return _refused(name, 1, 1, f"the file has more than {MAX_BYTES} bytes", "split the course")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        lines = _END_OF_LINE.split(before)
        message = f"this byte is not UTF-8 (0x{data[error.start]:02X}): the file looks like Windows-1252 or Latin-1"
        return _refused(name, len(lines), len(lines[-1]) + 1, message, "save it as UTF-8")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        return _refused(name, line, 1, "this is not a text file", "give the Markdown file of the course")
    lines = [without_invisible(line) for line in _END_OF_LINE.split(text)]
    about, first = _front_matter(lines)
    return Source(tuple([""] * first + _cleaned(lines[first:])), about)


def _refused(name: str, line: int, column: int, message: str, hint: str) -> Source:
    return Source(problems=(Problem(name, line, column, message, hint),))


def _front_matter(lines: list[str]) -> tuple[dict[str, str], int]:
    """The entries of one line at the top of the file, by lower-case name, and the number of lines it takes."""
    fence = lines[0].rstrip()
    if fence not in ("---", "+++"):
        return {}, 0
    for position, line in enumerate(lines[1:_MAX_FRONT_MATTER], start=1):
        if line.rstrip() in (fence, "..."):
            entries = (_ENTRY.match(line) for line in lines[1:position])
            return {entry[1].lower(): _unquoted(entry[2]) for entry in entries if entry}, position + 1
    return {}, 0


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1].replace("''", "'") if value[0] == "'" else value[1:-1].replace('\\"', '"')
    return value.partition(" #")[0].strip()


def _cleaned(lines: list[str]) -> list[str]:
    """The lines with markup of slides and site generators blanked out, code fences left alone."""
    slides = _are_slides(lines)
    kept: list[str] = []
    fence, notes, dedent, doubted = "", False, 0, False
    for position, line in enumerate(lines):
        fence, inside = _fenced(line, fence)
        if inside:
            kept.append("" if notes or doubted else line[dedent:] if line[:dedent].isspace() else line)
            continue
        if admonition := _ADMONITION.fullmatch(line):
            dedent, doubted = len(admonition[1]) + 4, is_doubtful(admonition["title"])
            kept.append("")
            continue
        if dedent and line.strip() and not line[:dedent].isspace():
            dedent, doubted = 0, False
        if box := _BOX.fullmatch(line):
            doubted = is_doubtful(box["title"])
        elif _BOX_ENDS.fullmatch(line):
            doubted = False
        dashes = bool(_DASHES.fullmatch(line))
        notes = slides and not dashes and (notes or bool(_NOTES.fullmatch(line)))
        kept.append("" if notes or doubted or _MARKUP_LINE.fullmatch(line) else _line(lines, position, dashes)[dedent:])
    return _without_hidden_slides(_without_slide_matter(kept))


def _without_hidden_slides(lines: list[str]) -> list[str]:
    """The lines without the slides that nobody is shown: up to the next one, or heading if a heading says so."""
    kept = list(lines)
    for position, line in enumerate(lines):
        if not _HIDDEN.search(line):
            continue
        by_heading = bool(_HEADING.match(line))
        starts = (at + 1 for at in range(position - 1, -1, -1) if lines[at] == _RULE)
        start = position if by_heading else next(starts, 0)
        later = range(position + 1, len(lines))
        end = next((at for at in later if lines[at] == _RULE or (by_heading and _HEADING.match(lines[at]))), len(lines))
        kept[start:end] = [""] * (end - start)
    return kept


def _are_slides(lines: list[str]) -> bool:
    separators = sum(bool(_DASHES.fullmatch(line)) for line in lines)
    return separators >= _MIN_SEPARATORS and bool(_SLIDES.search("\n".join(lines)))


def _fenced(line: str, fence: str) -> tuple[str, bool]:
    """The fence that is open after `line`, and whether the line belongs to fenced code."""
    found = _FENCE.fullmatch(line)
    if not fence:
        opens = found and not (found[1][0] == "`" and "`" in found[2])
        return (found[1], True) if found and opens else ("", False)
    closes = found and found[1].startswith(fence) and not found[2].strip()
    return ("" if closes else fence), True


def _line(lines: list[str], position: int, dashes: bool) -> str:
    """The line as Markdown should see it: dashes that separate slides are not the underline of a title."""
    line = lines[position]
    if not dashes:
        return line
    above = lines[position - 1].strip() if position else ""
    before = lines[position - 2].strip() if position > 1 else ""
    is_title = above and not before and _PLAIN_TITLE.fullmatch(above) and len(line.strip()) != 2  # noqa: PLR2004 reveal.js
    return line if is_title else _RULE


def _without_slide_matter(lines: list[str]) -> list[str]:
    """The lines without the front matter that Slidev puts between two separators at the head of each slide."""
    kept = list(lines)
    opened: int | None = None
    for position, line in enumerate(lines):
        if line == _RULE:
            if opened is not None and position > opened + 1:
                kept[opened + 1 : position + 1] = [""] * (position - opened)
                opened = None
            else:
                opened = position
        elif opened is not None and not re.fullmatch(r"[a-z][\w-]*:( .*)?|\s+\S.*", line):
            opened = None
    return kept
