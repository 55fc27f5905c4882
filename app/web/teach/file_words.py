"""What is wrong with a list that a teacher sent, in the language of the page."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from app.formats.delimited import FileProblem, Row, Sheet
from app.web.i18n import number

Numbers = Mapping[str, str | int]

_SENTENCES: dict[str, Callable[[Numbers], str]] = {
    "file_large": lambda n: _("The file has more than %(largest)s kB; what comes after was not read.", **n),
    "file_empty": lambda n: _("There is nothing in this file."),
    "workbook": lambda n: _("This is an Excel workbook: save it there as “CSV UTF-8”, and send that file."),
    "not_text": lambda n: _(
        "This is no text file: open the list in a spreadsheet, save it as “CSV UTF-8”, and send that file."
    ),
    "encoding": lambda n: _("Some signs could not be read: save the file as “CSV UTF-8”."),
    "too_many_rows": lambda n: _("There are more than %(most)s lines; those from here on were not read.", **n),
    "too_many_columns": lambda n: _("There are more than %(most)s columns; those from here on were not read.", **n),
    "cell_long": lambda n: _("At most %(most)s characters fit here.", **n),
    "quote_open": lambda n: _("A quotation mark is opened and not closed."),
    "quote_inside": lambda n: _("Something stands after the closing quotation mark: double those inside a text."),
    "row_long": lambda n: ngettext(
        "This line has %(cells)s cells for %(columns)s title: one holds the separator.",
        "This line has %(cells)s cells for %(columns)s titles: one holds the separator.",
        int(n["columns"]),  # at most MOST_COLUMNS: no separator is in it
        **n,
    ),
    "column_twice": lambda n: _("Another column was already chosen for this."),
    "no_name_column": lambda n: _("No column holds names: choose one below."),
    "name_missing": lambda n: _("There is no name."),
    "extra_unclear": lambda n: _("“%(found)s” is no extra time: write 1/3, 33 %%, 20 (minutes an hour) or yes.", **n),
    "formula": lambda n: _(
        "“%(found)s” begins with = + - or @: remove the sign, spreadsheets run it as a formula.", **n
    ),
    "email_shape": lambda n: _("“%(found)s” is no e-mail address.", **n),
    "id_twice": lambda n: _("Line %(first)s has the same id.", **n),
    "email_twice": lambda n: _("Line %(first)s has the same e-mail address.", **n),
    "name_twice": lambda n: _("Line %(first)s has the same name: give both an id or an e-mail address.", **n),
    "name_characters": lambda n: _("A name holds no invisible characters: type it rather than paste it."),
    "name_long": lambda n: _("At most %(longest)s characters.", **n),
    "id_of_member": lambda n: _("%(name)s has the id %(id)s in this class: link them to the line, or change it.", **n),
    "no_key_column": lambda n: _("There is neither an e-mail address nor an id: the import could not tell who is who."),
}
_LONGEST_HEADING = 80
_LINES = frozenset({"first"})  # lines of the file, which an editor numbers without separators


def said(problem: FileProblem) -> str:
    """What is wrong, and what to do; numbers are written as the page's language writes them."""
    told = {name: number(of) if isinstance(of, int) and name not in _LINES else of for name, of in problem.params}
    return _SENTENCES[problem.code](told)


def place(problem: FileProblem, head: Row) -> str:
    """Where it is wrong: "line 4, column 2 (Courriel)"; nothing for the whole file."""
    title = head.cell(problem.column - 1) if problem.column else ""
    numbers = {"line": problem.line, "column": problem.column}
    if not problem.line:
        return ""
    if not problem.column:
        return _("line %(line)s", **numbers)
    if not title:
        return _("line %(line)s, column %(column)s", **numbers)
    return _("line %(line)s, column %(column)s (%(title)s)", title=title[:40], **numbers)


def skipped(sheet: Sheet) -> str:
    """What stands before the titles and was not read; nothing where they come first."""
    if not sheet.skipped:
        return ""
    text = " ".join(cell for row in sheet.skipped for cell in row.cells if cell)
    shown = text if len(text) <= _LONGEST_HEADING else f"{text[:_LONGEST_HEADING]}…"
    return _(
        "The titles are on line %(line)s: what stands before them, “%(text)s”, was skipped.",
        line=sheet.head.line,
        text=shown,
    )
