"""CSV as schools export it: whatever the encoding, the separator and the quotes, read without ever raising.

Quotes are those of RFC 4180 (doubled inside). A problem names its line of the file and its column of the table,
as a spreadsheet counts them; what can be read is read all the same.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.formats import headers, signatures
from app.formats.encodings import decode

MOST_BYTES = 500_000
MOST_ROWS = 5_000
MOST_COLUMNS = 300
LONGEST_CELL = 5_000  # characters
SEPARATORS = (";", ",", "\t", "|", ":")
_MOST_PROBLEMS = 100
_FIRST_ROWS = 8  # one of them holds the titles
_SAMPLE_ROWS = 20
_SAMPLE_SIGNS = 64_000
_HALF = 0.5  # of the sampled rows
_DECLARED = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n|$)')  # a first line by which Excel is told the separator
_QUOTED = re.compile(r'"((?:[^"]|"")*+)"')
_NO_SEPARATOR = re.compile(r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?!\d)|://|\bmailto:")  # colons of times and addresses
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing wrong with a file; `code` is stable, `params` fill its translated sentence.

    `line` and `column` count from 1, the column in cells; column 0 is the whole line, line 0 the whole file.
    """

    line: int
    column: int
    code: str
    params: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, without spaces around them, and the line of the file where it begins."""

    line: int
    cells: tuple[str, ...]

    def cell(self, column: int | None) -> str:
        """What stands in a column (from 0); nothing where the row is too short, or for no column."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was read: the row of its titles, and those after it; empty ones are left out.

    The first row is that of the titles, unless another one is known to be: those before it were `skipped`.
    Where there was nothing to read, the head has no cells, and a problem of the whole file says why.
    """

    head: Row
    rows: tuple[Row, ...]
    encoding: str
    separator: str
    problems: tuple[FileProblem, ...] = ()
    skipped: tuple[Row, ...] = ()


@dataclass(slots=True)
class _Reading:
    """How far a text was read; `raw` keeps the spaces around cells."""

    text: str
    separator: str
    at: int = 0
    line: int = 1
    problems: list[FileProblem] = field(default_factory=list)

    def say(self, column: int, code: str, line: int | None = None, **params: str | int) -> None:
        self.problems.append(FileProblem(self.line if line is None else line, column, code, tuple(params.items())))


def read(content: bytes) -> Sheet:
    """The table in a file, with every problem; whatever the bytes, nothing is raised.

    A problem leaves the sheet as far as it could be read: whether that is enough is for the caller to say.
    """
    if code := signatures.told_apart(content):
        return Sheet(Row(1, ()), (), "", SEPARATORS[0], (FileProblem(0, 0, code),))
    decoded = decode(content[:MOST_BYTES])
    text = decoded.text
    declared = _DECLARED.match(text)
    separator = declared[1] if declared and declared[1] in SEPARATORS else _guess(text)
    reading = _Reading(text, separator)
    if declared:
        reading.at, reading.line = declared.end(), 2
    rows = [row for row in _rows(reading, MOST_ROWS + 1) if any(row.cells)]
    if reading.at < len(text):
        reading.say(0, "too_many_rows", most=MOST_ROWS)
    elif len(content) > MOST_BYTES:
        reading.say(0, "file_large", 0, largest=MOST_BYTES // 1000)
    if not rows:
        reading.say(0, "file_empty", 0)
    if decoded.damaged_line:
        reading.say(0, "encoding", decoded.damaged_line)
    at = headers.row_of_titles([row.cells for row in rows[:_FIRST_ROWS]])
    skipped, (head, *others) = rows[:at], rows[at:] or [Row(1, ())]
    _check_widths(reading, head, others)
    found = (one for one in reading.problems if not 0 < one.line < head.line or one.code == "encoding")
    problems = tuple(sorted(found, key=lambda one: (one.line, one.column))[:_MOST_PROBLEMS])
    return Sheet(head, tuple(others), decoded.encoding, separator, problems, tuple(skipped))


def write(rows: Sequence[Sequence[str]], separator: str = ",") -> bytes:
    """Rows as CSV in UTF-8 without a mark, CRLF at the ends of lines, quotes only where they are needed."""
    lines = (separator.join(_written(cell, separator) for cell in row) for row in rows)
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")


def _written(cell: str, separator: str) -> str:
    risky = {separator, '"', "\r", "\n"} & set(cell) or cell != cell.strip()
    return '"' + cell.replace('"', '""') + '"' if risky else cell


def _guess(text: str) -> str:
    """The separator that cuts the first rows into the same number of cells, and into the most."""
    sample, others = text[:_SAMPLE_SIGNS], SEPARATORS[:-1]
    best = max(others, key=lambda one: (_regularity(sample, one), -SEPARATORS.index(one)))
    return ":" if _parts_at_colons(sample, _regularity(sample, best)[0]) else best


def _parts_at_colons(sample: str, share: float) -> bool:
    """Whether colons, which stand in many a text, part cells: better than what cuts the best `share` of the rows.

    They do in the titles first, where no other separator is: those are the first row, or are known.
    """
    sample = _NO_SEPARATOR.sub(lambda found: found[0].replace(":", "."), sample)
    if _regularity(sample, ":")[0] <= max(share, _HALF):
        return False
    rows = list(_sampled(sample, ":"))
    titles = next(row.cells for row in rows if len(row.cells) > 1)
    known = titles == rows[0].cells or any(headers.guess(titles))
    return known and not any(separator in title for title in titles for separator in SEPARATORS)


def _regularity(sample: str, separator: str) -> tuple[float, int]:
    widths = [len(row.cells) for row in _sampled(sample, separator)]
    if not widths:
        return (0.0, 0)
    width, times = Counter(widths).most_common(1)[0]
    return (times / len(widths), width) if width > 1 else (0.0, 0)


def _sampled(sample: str, separator: str) -> Iterator[Row]:
    return (row for row in _rows(_Reading(sample, separator), _SAMPLE_ROWS) if any(row.cells))


def _rows(reading: _Reading, most: int) -> Iterator[Row]:
    for _ in range(most):
        if reading.at >= len(reading.text):
            return
        line = reading.line
        yield Row(line, tuple(_cells(reading)))


def _cells(reading: _Reading) -> Iterator[str]:
    """The cells of one row; the reading then stands at the beginning of the next."""
    column = 0
    while True:
        column += 1
        cell = _cell(reading, column)
        if column <= MOST_COLUMNS:
            yield cell[:LONGEST_CELL].strip()
        elif column == MOST_COLUMNS + 1:
            reading.say(column, "too_many_columns", most=MOST_COLUMNS)
        if len(cell) > LONGEST_CELL:
            reading.say(column, "cell_long", most=LONGEST_CELL)
        if not reading.text.startswith(reading.separator, reading.at):
            break
        reading.at += 1
    if end := _LINE_END.match(reading.text, reading.at):
        reading.at, reading.line = end.end(), reading.line + 1


def _cell(reading: _Reading, column: int) -> str:
    """One cell; the reading then stands at what ends it."""
    if not reading.text.startswith('"', reading.at):
        return _plain(reading)
    quoted = _QUOTED.match(reading.text, reading.at)
    if quoted is None or _closes_elsewhere(reading, quoted):
        reading.say(column, "quote_open")
        return _plain(reading)  # to the end of the line only: one forgotten quote must not swallow the file
    reading.at = quoted.end()
    if (more := _plain(reading)).strip():
        reading.say(column, "quote_inside")
    reading.line += len(_LINE_END.findall(quoted[1]))
    return quoted[1].replace('""', '"') + more


def _closes_elsewhere(reading: _Reading, quoted: re.Match[str]) -> bool:
    """Whether what closes the quote, some lines below, is one that opens another cell."""
    after = reading.text[quoted.end() : quoted.end() + 1]
    return bool(_LINE_END.search(quoted[1])) and after not in ("", "\r", "\n", reading.separator)


def _plain(reading: _Reading) -> str:
    """What stands before the next separator or end of line."""
    found = re.compile(rf"[^\r\n{re.escape(reading.separator)}]*").match(reading.text, reading.at)
    reading.at = found.end() if found else reading.at
    return found[0] if found else ""


def _check_widths(reading: _Reading, head: Row, rows: Sequence[Row]) -> None:
    """A row with more cells than there are titles was cut at a separator inside a text; empty ones do no harm."""
    titled = len(head.cells)
    for row in rows:
        if any(row.cells[titled:]):
            reading.say(titled + 1, "row_long", row.line, cells=len(row.cells), columns=titled)
