"""Tables: rows to match, columns of opposites to tell apart, commands to type for what they do."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from app.bank.extract.blocks import Table, plain
from app.bank.extract.drafting import Draft, bare, explained, is_usable, words
from app.bank.extract.languages import Language
from app.bank.extract.outline import Section
from app.bank.extract.shell import is_typeable, single_command

_MOST_ROWS = 8
_FEWEST_ROWS = 3
_MOST_COLUMNS = 5
_LEFT_WORDS = 8
_LETTERS = "abcdefgh"


def drafts(sections: Sequence[Section], language: Language) -> Iterator[Draft]:
    """The questions that the tables of the sections answer."""
    for section in sections:
        for table in (block for block in section.blocks if isinstance(block, Table)):
            if _opposites(table, language):
                yield from _columns(table, section, language)
            else:
                yield from _rows(table, section, language)
                yield from _commands(table, section, language)


def _opposites(table: Table, language: Language) -> bool:
    """Whether the two columns are lists of opposites (for and against), whose rows have nothing in common."""
    if len(table.header) != 2:  # noqa: PLR2004 two columns
        return False
    left, right = (plain(cell) for cell in table.header)
    return any(
        one.match(left) and other.match(right)
        for one, other in ((language.good, language.bad), (language.bad, language.good))
    )


def _columns(table: Table, section: Section, language: Language) -> Iterator[Draft]:
    """Which of the entries of both columns stand in the first."""
    columns = [[bare(row[side]) for row in table.rows if len(row) > side and row[side].strip()] for side in (0, 1)]
    entries = [*columns[0], *columns[1]]
    if not all(columns) or len(entries) > len(_LETTERS) or len(entries) < _FEWEST_ROWS:
        return
    if len(set(entries)) < len(entries) or not all(is_usable(entry) for entry in entries):
        return
    mixed = sorted((bool(entry in columns[0]), entry) for entry in entries)
    mixed = [*mixed[::2], *mixed[1::2]]
    choices = [
        {"id": letter, "text": language.text(words(entry)), **({"correct": True} if right else {})}
        for letter, (right, entry) in zip(_LETTERS, mixed, strict=False)
    ]
    question = {
        "type": "multiple",
        "text": language.ask("which", left=words(table.header[0]), about=words(section.title)),
        "choices": choices,
        "explanation": explained(language, section),
    }
    about = f"{words(section.title)} ({words(table.header[0])}) : {', '.join(words(one) for one in columns[0])}"
    fact = language.sentence(about)
    yield Draft("columns", section.title, section, table.line, "0.75", _source(table), fact, 1, question)


def _rows(table: Table, section: Section, language: Language) -> Iterator[Draft]:
    """The first column matched with each of the others whose entries are all different."""
    if not 2 <= len(table.header) <= _MOST_COLUMNS or _are_alternatives(table, language):  # noqa: PLR2004 two columns
        return
    for side in range(1, len(table.header)):
        yield from _pairs(table, side, section, language)


def _are_alternatives(table: Table, language: Language) -> bool:
    """Whether neither header of two columns says what its entries are to the others: "Sailing boat", "Motor boat"."""
    headers = [plain(cell) for cell in table.header]
    named = any(language.attributes.search(header) for header in headers if header)
    return len(headers) == 2 and all(headers) and not named  # noqa: PLR2004 two columns


def _pairs(table: Table, side: int, section: Section, language: Language) -> Iterator[Draft]:
    header = (bare(table.header[0]), bare(table.header[side]))
    if not header[1]:
        return
    rows = _distinct([(bare(row[0]), bare(row[side])) for row in table.rows if len(row) > side])
    count = -(-len(rows) // _MOST_ROWS)
    for number in range(count):
        group = rows[number::count]
        if len(group) < _FEWEST_ROWS:
            continue
        pairs = [
            {"id": letter, "left": language.text(words(left)), "right": language.text(words(right))}
            for letter, (left, right) in zip(_LETTERS, group, strict=False)
        ]
        left_name = words(header[0] or section.title)
        question = {
            "type": "matching",
            "text": language.ask("match_table", left=left_name, right=words(header[1]), about=words(section.title)),
            "pairs": pairs,
            "explanation": explained(language, section),
        }
        fact = language.ask("table_fact", left=left_name, right=words(header[1]), about=words(section.title))
        confidence = "0.9" if len(table.header) == 2 else "0.7"  # noqa: PLR2004 two columns
        source = f"{header[0]} / {header[1]}\n" + "\n".join(f"{left}: {right}" for left, right in group)
        subject = f"{section.title} {header[1]}"
        yield Draft("table", subject, section, table.line, confidence, source, fact[language.code], 1, question)


def _distinct(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The rows that can be told apart: short on the left, full, and no value twice in the table."""
    lefts, rights = Counter(left.lower() for left, _ in rows), Counter(right.lower() for _, right in rows)
    return [
        (left, right)
        for left, right in rows
        if is_usable(left)
        and is_usable(right)
        and len(left.split()) <= _LEFT_WORDS
        and lefts[left.lower()] == rights[right.lower()] == 1
        and not (len(left) > 3 and left.lower() in right.lower())  # noqa: PLR2004 a shorter one is in anything
        and re.search(r"\w", right)
    ]


def _commands(table: Table, section: Section, language: Language) -> Iterator[Draft]:
    """The command to type, for each row of a table of commands and what they do."""
    if len(table.header) != 2:  # noqa: PLR2004 two columns
        return
    for position, row in enumerate(table.rows):
        code = re.fullmatch(r"`([^`]+)`", plain(row[0]))
        command = single_command(code[1]) if code else None
        purpose = bare(row[1]) if len(row) > 1 else ""
        if not command or not is_typeable(command) or not is_usable(purpose) or len(purpose.split()) < 2:  # noqa: PLR2004
            continue
        question = {
            "type": "command",
            "text": language.ask("command_does", purpose=words(purpose)),
            "accept": [command],
            "explanation": explained(language, section),
        }
        fact = language.sentence(f"`{command}` : {words(purpose)}")
        source = f"{command}: {purpose}"
        yield Draft("command", command, section, table.line + 2 + position, "0.8", source, fact, 3, question)


def _source(table: Table) -> str:
    return "\n".join(" | ".join(plain(cell) for cell in row) for row in (table.header, *table.rows))
