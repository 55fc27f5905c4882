"""Scores as the gradebooks of Moodle and Canvas import them: decimal points, no mark, no formula.

Moodle: one column that finds the student, one of scores, one of comments; "-" is no score, and one unknown student,
or one with nothing in that column, refuses the whole file. Canvas: the first row and its order are fixed, the second
holds the maxima. Sources: Moodle `grade/import/csv`, Canvas `lib/gradebook_importer.rb`; measured on a Moodle 4.3.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from app.formats import score_words
from app.formats.csv_file import harmless
from app.formats.score_tables import Score, Student
from app.formats.tables import Cell, Column, Table, hundredths

NO_SCORE = "-"
MOODLE_KEYS = ("idnumber", "email", "username")  # what Moodle can find a student by, in its own words
LACKING, COMPUTED, SHARED = "lacking", "computed", "shared"
_CANVAS_HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_LIKE_AN_ID = re.compile(r"\((\d+)\)\s*$")


@dataclass(frozen=True, slots=True)
class Left:
    """A student whom a file for Moodle leaves out, for they would refuse everybody else's score or take another's.

    `why`: LACKING, nothing in the column; COMPUTED, what stands there would be changed on its way, for spreadsheets
    run it as a formula; SHARED, Moodle takes somebody else's for the same.
    """

    student: Student
    why: str


def left_out(people: Iterable[Student], key: str) -> list[Left]:
    """Whom Moodle cannot find by `key` (one of MOODLE_KEYS), in the order given."""
    everybody = [(one, _found_by(one, key)) for one in people]
    counted = Counter(_folded(text, key) for _, text in everybody if text)
    found = []
    for one, text in everybody:
        if not text:
            found.append(Left(one, LACKING))
        elif harmless(text) != text:
            found.append(Left(one, COMPUTED))
        elif counted[_folded(text, key)] > 1:
            found.append(Left(one, SHARED))
    return found


def moodle(title: str, scores: Iterable[Score], locale: str, key: str, left: Collection[Left]) -> Table:
    """The scores for Moodle's import, told by `key`; the comment says, in "fr" or "en", why there is no score.

    `left` are those of `left_out`, which have no row.
    """
    columns = [Column(key), Column(title, 2), Column(score_words.word("comment", locale))]
    unknown = {one.student.id for one in left}
    return Table(title, columns, (_moodle_row(one, key, locale) for one in scores if one.student.id not in unknown))


def canvas(title: str, section: str, scale: int, scores: Iterable[Score]) -> Table:
    """The scores for Canvas's import, as a new assignment; `scale` is in hundredths."""
    columns = [*map(Column, _CANVAS_HEAD), Column(canvas_title(title), 2)]
    return Table(title, columns, _canvas_rows(section, scale, scores))


def canvas_title(title: str) -> str:
    """A title that Canvas does not take for one with the number of an assignment: "Partiel [2026]"."""
    return _LIKE_AN_ID.sub(r"[\1]", title)


def _found_by(student: Student, key: str) -> str | None:
    return {"idnumber": student.institution_id, "email": student.email, "username": student.login}[key]


def _folded(text: str, key: str) -> str:
    """What is one for Moodle: case counts in ID numbers only."""
    return text if key == "idnumber" else text.casefold()


def _moodle_row(one: Score, key: str, locale: str) -> Sequence[Cell]:
    if one.score is None:
        return [_found_by(one.student, key), NO_SCORE, score_words.word(one.state, locale)]
    return [_found_by(one.student, key), hundredths(one.score), None]


def _canvas_rows(section: str, scale: int, scores: Iterable[Score]) -> Iterable[Sequence[Cell]]:
    yield ["    Points Possible", None, None, None, None, hundredths(scale)]
    for one in scores:
        who, score = one.student, None if one.score is None else hundredths(one.score)
        yield [who.name, None, who.institution_id, who.login, section, score]
