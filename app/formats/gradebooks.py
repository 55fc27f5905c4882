"""Scores as the gradebooks of Moodle and Canvas import them: decimal points, no mark, no formula.

Moodle: one column that finds the student, one of scores, one of comments; "-" is no score, and one unknown
student refuses the whole file. Canvas: the first row and its order are fixed, the second holds the maxima.
Sources: Moodle `grade/import/csv`, Canvas `lib/gradebook_importer.rb`; measured on a Moodle 4.3.
"""

import re
from collections.abc import Iterable, Sequence

from app.formats import score_words
from app.formats.score_tables import Score
from app.formats.tables import Cell, Column, Table, hundredths

NO_SCORE = "-"
_CANVAS_HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_LIKE_AN_ID = re.compile(r"\((\d+)\)\s*$")


def moodle(title: str, scores: Iterable[Score], locale: str) -> Table:
    """The scores for Moodle's import; the comment says, in "fr" or "en", why there is no score.

    Whoever has neither an address nor an institution id cannot be found there, and would refuse everybody else.
    """
    columns = [Column("email"), Column("idnumber"), Column(title, 2), Column(score_words.word("comment", locale))]
    return Table(title, columns, (_moodle_row(one, locale) for one in scores if is_known(one)))


def canvas(title: str, section: str, scale: int, scores: Iterable[Score]) -> Table:
    """The scores for Canvas's import, as a new assignment; `scale` is in hundredths."""
    columns = [*map(Column, _CANVAS_HEAD), Column(canvas_title(title), 2)]
    return Table(title, columns, _canvas_rows(section, scale, scores))


def canvas_title(title: str) -> str:
    """A title that Canvas does not take for one with the number of an assignment: "Partiel [2026]"."""
    return _LIKE_AN_ID.sub(r"[\1]", title)


def is_known(score: Score) -> bool:
    """Whether Moodle can find the student."""
    return bool(score.student.email or score.student.institution_id)


def _moodle_row(one: Score, locale: str) -> Sequence[Cell]:
    if one.score is None:
        return [one.student.email, one.student.institution_id, NO_SCORE, score_words.word(one.state, locale)]
    return [one.student.email, one.student.institution_id, hundredths(one.score), None]


def _canvas_rows(section: str, scale: int, scores: Iterable[Score]) -> Iterable[Sequence[Cell]]:
    yield ["    Points Possible", None, None, None, None, hundredths(scale)]
    for one in scores:
        who, score = one.student, None if one.score is None else hundredths(one.score)
        yield [who.name, None, who.institution_id, who.login, section, score]
